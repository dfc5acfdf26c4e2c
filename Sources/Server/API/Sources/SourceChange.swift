import Domain
import JSON
import Secrets
import Storage

/// The source that a path names.
struct SourceTarget {
    let tenant: TenantName
    let name: SourceName

    init(reading inputs: Inputs) throws(Problem) {
        tenant = try inputs.name("tenant")
        name = try inputs.name("source")
    }

    /// The source, if the caller may see it.
    func find(_ call: Invocation) async throws -> Source? {
        try await call.services.storage.sources.find(name, of: tenant, as: call.access)
    }

    /// The source.
    ///
    /// - Throws: `not-found` where there is none that the caller may see.
    func found(_ call: Invocation) async throws -> Source {
        guard let source = try await find(call) else { throw Problem.notFound }
        return source
    }

    /// Brings a source that exists to another wish.
    func change(
        _ source: Source,
        to wish: SourceWish,
        _ call: Invocation,
        isDryRun: Bool
    ) async throws -> Answer {
        let decision = source.change(
            labels: wish.labels,
            spec: wish.spec,
            on: try await wish.forge(for: tenant, call),
            renewsSecret: wish.secret != nil,
            at: call.occasion
        )
        guard let decision else {
            return try Unchanged(
                resource: SourceView.bytes(source, secret: nil),
                revision: source.revision,
                job: nil
            ).answer(call, .changed, isDryRun: isDryRun, wish: source.wish)
        }
        let change = SettledChange(
            effect: .changed,
            resource: SourceView.bytes(decision.source, secret: nil),
            revision: decision.source.revision,
            before: try source.wish(),
            after: try decision.source.wish()
        )
        let sealed = wish.secret.map { source.id.sealed($0, by: call.services.sealer) }
        return try await change.answer(call, isDryRun: isDryRun) {
            circumstances throws(StorageFault) in
            try await call.services.storage.sources.store(
                decision,
                secret: sealed,
                replacing: source.revision,
                for: circumstances
            )
        }
    }
}

/// What POST and a PUT on a new name have in common.
struct SourceCreation {
    let tenant: TenantName
    let name: SourceName
    let wish: SourceWish

    /// A secret that Slipway makes is shown in the first answer and never again.
    func answer(_ call: Invocation, isDryRun: Bool) async throws -> Answer {
        let storage = call.services.storage
        guard let owner = try await storage.tenants.find(tenant, as: call.access) else {
            throw Problem.notFound
        }
        var random = SecureRandom()
        let decision = Source.creation(
            id: SourceID(at: call.now, using: &random),
            name: name,
            of: TenantReference(id: owner.id, name: owner.name),
            labels: wish.labels,
            spec: wish.spec,
            on: try await wish.forge(for: tenant, call),
            at: call.occasion
        )
        let source = decision.source
        // A plan says what would happen, and that would be a refusal.
        if isDryRun, try await storage.sources.find(name, of: tenant, as: call.access) != nil {
            throw StorageFault.nameTaken
        }
        let made = SourceSecret.made()
        let change = SettledChange(
            effect: .created(at: "/v1/tenants/\(tenant)/sources/\(name)"),
            resource: SourceView.bytes(source, secret: nil),
            revision: source.revision,
            before: .null,
            after: try source.wish(),
            revealed: wish.secret == nil ? SourceView.bytes(source, secret: made) : nil
        )
        let secret = wish.secret ?? SecretBytes(made)
        let sealed = source.id.sealed(secret, by: call.services.sealer)
        return try await change.answer(call, isDryRun: isDryRun) {
            circumstances throws(StorageFault) in
            try await storage.sources.create(decision, secret: sealed, for: circumstances)
        }
    }
}

/// Secrets of sources that Slipway makes.
enum SourceSecret {
    private static let byteCount = 32

    /// A new one, in letters and digits: every forge takes those.
    static func made() -> String { Hex.encode(SecureRandom.bytes(byteCount)) }
}

extension SourceWish {
    /// The program that the forge of the wish runs.
    ///
    /// - Throws: `invalid-input` where there is no such forge, or the tenant may have no source of
    ///   the repository: what Slipway reports there, it reports with the platform's token.
    fileprivate func forge(for tenant: TenantName, _ call: Invocation) async throws -> ForgeKind {
        let forges = call.services.storage.forges
        guard let found = try await forges.find(spec.forge, as: .system) else {
            throw Problem(invalidSpec: "forge", "unknown", "There is no such forge.")
        }
        guard found.spec.allows(source: spec.repository, of: tenant) else {
            throw Problem(
                invalidSpec: "repository",
                "not-allowed",
                "The forge does not let this tenant have it as a source. A platform admin adds it "
                    + "to the forge's `sources`."
            )
        }
        guard try await !forges.keeps(spec.repository, on: found.id) else {
            throw Problem(
                invalidSpec: "repository",
                "not-allowed",
                "Slipway keeps this repository for a tenant; sources are those of services."
            )
        }
        return found.spec.kind
    }
}

extension SourceID {
    /// A secret of this source as it is stored.
    func sealed(_ secret: SecretBytes, by sealer: Sealer) -> String {
        sealer.seal(secret.revealed(), context: secretContext).text
    }
}
