import ArgumentParser
import Domain
import EventLoop
import Postgres
import Secrets
import Storage

/// `slipway token`: tokens without the API, for the day on which nobody has one.
struct TokenCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "token",
        abstract: "Create, list and revoke tokens directly in the database.",
        subcommands: [Create.self, List.self, Revoke.self]
    )

    /// Opens the database for one command, off the API.
    static func withStorage(
        _ flags: DatabaseFlags,
        _ body: @escaping @Sendable (Storage) async throws -> Void
    ) throws {
        try Installation.open(flags.given, for: .using) { installation in
            try installation.database.requireSchema()
            let group = try EventLoopGroup(count: 1)
            group.start()
            defer { group.stop() }
            let database = Database(
                group: group,
                connection: installation.database.connection,
                logger: installation.log.logger("slipway.postgres")
            )
            try MainThread.run(on: group.loops[0]) {
                try await database.start()
                do {
                    try await body(Storage(database))
                } catch {
                    await database.stop()
                    throw error
                }
                await database.stop()
            }
        }
    }
}

extension TokenCommand {
    struct Create: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Create a token and print it; it is shown this once only."
        )

        @OptionGroup var flags: DatabaseFlags

        @Argument(help: "What the token is for.")
        var name: String

        @Option(help: "\(Role.allCases.map(\.rawValue).joined(separator: ", ")).")
        var role = Role.platformAdmin.rawValue

        @Option(help: "The tenant of a tenant's role.")
        var tenant: String?

        @Option(help: "Days until it expires.")
        var days = 90

        func run() throws {
            guard let role = Role(rawValue: role) else {
                throw ValidationError("--role must be one of \(Role.allCases.map(\.rawValue))")
            }
            guard role.isTenantRole == (tenant != nil) else {
                throw ValidationError("--tenant goes with the roles of a tenant, and only those")
            }
            let daysMax = Int(AccessToken.lifetimeMax.components.seconds) / 86_400
            guard days > 0, days <= daysMax else {
                throw ValidationError("--days must be from 1 to \(daysMax)")
            }
            let lifetime = Duration.seconds(days * 86_400)
            guard (1...AccessToken.nameLengthMax).contains(name.unicodeScalars.count) else {
                throw ValidationError(
                    "the name must have from 1 to \(AccessToken.nameLengthMax) characters"
                )
            }
            let (name, tenant) = (name, tenant)
            try TokenCommand.withStorage(flags) { storage in
                let reference = try await Self.reference(tenant, in: storage)
                let secret = Token.generate(role == .ci ? .service : .person)
                let now = Moment.now()
                var random = SecureRandom()
                let token = AccessToken(
                    id: TokenID(at: now, using: &random),
                    name: name,
                    prefix: secret.hint,
                    role: role,
                    tenant: reference,
                    createdAt: now,
                    createdBy: "system",
                    expiresAt: now.advanced(by: lifetime)
                )
                let call = Call.system("token create", requestID: "command", at: now)
                _ = try await storage.tokens.create(
                    token,
                    hash: secret.hash,
                    event: EventID(at: now, using: &random),
                    for: call
                )
                print(secret.revealedText())
            }
        }

        private static func reference(
            _ name: String?,
            in storage: Storage
        ) async throws -> TenantReference? {
            guard let name else { return nil }
            // What is no name names no tenant.
            guard let parsed = try? TenantName(parsing: name),
                let found = try await storage.tenants.find(parsed, as: .system)
            else { throw StartFault("there is no tenant named \(name)") }
            return TenantReference(id: found.id, name: name)
        }
    }

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "List tokens: id, state, role, tenant and name."
        )

        @OptionGroup var flags: DatabaseFlags

        func run() throws {
            try TokenCommand.withStorage(flags) { storage in
                var query = ListQuery(limit: ListQuery.limitMax)
                while true {
                    let page = try await storage.tokens.list(query, as: .system)
                    for stored in page.items { print(Self.line(stored.token)) }
                    guard page.hasMore, let last = page.items.last else { return }
                    query.after = last.position(by: query.order.key)
                }
            }
        }

        private static func line(_ token: AccessToken) -> String {
            let isExpired = token.expiresAt.map { $0 <= Moment.now() } ?? false
            let state = token.revokedAt != nil ? "revoked" : isExpired ? "expired" : "active"
            let fields = [
                "\(token.id)", state, token.role.rawValue, token.tenant?.name ?? "-", token.name,
            ]
            return fields.joined(separator: "\t")
        }
    }

    struct Revoke: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Revoke a token; it stops working within a second everywhere."
        )

        @OptionGroup var flags: DatabaseFlags

        @Argument(help: "The token's id, as 'token list' prints it.")
        var id: String

        func run() throws {
            // What is no id names no token.
            guard let id = try? TokenID(parsing: id) else {
                throw ValidationError("'\(id)' is no id of a token; 'token list' prints them")
            }
            try TokenCommand.withStorage(flags) { storage in
                guard let found = try await storage.tokens.find(id, as: .system) else {
                    throw StartFault("there is no token \(id)")
                }
                let now = Moment.now()
                var random = SecureRandom()
                _ = try await storage.tokens.revoke(
                    found.token,
                    replacing: found.token.revision,
                    event: EventID(at: now, using: &random),
                    for: .system("token revoke", requestID: "command", at: now)
                )
                print("revoked \(id)")
            }
        }
    }
}
