import Domain
import Git
import HTTP
import Storage

extension Tenant {
    /// Where the repository is that this server does not keep; nil for one that it does.
    fileprivate var elsewhere: String? {
        spec.repository.map { status.repository?.cloneURL ?? "\($0.owner)/\($0.name)" }
    }
}

/// Whether a caller may read or write a repository, and where it is.
///
/// In a tenant every role reads; `tenant-admin`, `developer` and `ci` push, the last because
/// pipelines write the versions that they have built. The management repository and the
/// blueprints are for platform roles; blueprints are Slipway's copies and take no push.
struct GitAccess {
    let call: Invocation
    private let owner: String
    private let repository: String

    init(reading inputs: Inputs) throws(Problem) {
        call = inputs.call
        owner = inputs.path("owner")
        let name = inputs.path("repository")
        guard name.hasSuffix(".git") else { throw .notFound }
        repository = String(name.dropLast(4))
    }

    /// Where an exchange takes place.
    struct Site {
        /// The folder of the repository.
        let path: String
        /// The tenant whose it is.
        let tenant: TenantID?
        /// Whether the default branch is not the caller's to move.
        let isGuarded: Bool
    }

    /// Where the repository is.
    ///
    /// - Throws: `not-found` where there is none or the caller may not do this.
    func site(for service: GitExchange.Service) async throws -> Site {
        let (place, tenant) = try await place(for: service)
        guard let folder = call.services.git.folder(place, repository) else {
            throw Problem.notFound
        }
        let owner = tenant.map { tenant in
            RepositoryOwner(id: tenant.id.description, isKnown: tenant.repository != nil)
        }
        // Git's backend cannot tell a missing repository from other failures.
        let isOurs = try await call.services.git.service.open(folder) {
            (repository) throws(GitFault) in
            guard let owner else { return true }
            return try repository.belongs(to: owner)
        }
        guard isOurs else { throw Problem.notFound }
        return Site(path: folder, tenant: tenant?.id, isGuarded: try isGuarded(from: tenant))
    }

    /// A protected branch is for those who may change the tenant, which could take it back.
    private func isGuarded(from tenant: StoredTenant?) throws -> Bool {
        guard let tenant, !call.access.allows(.updateTenant, in: tenant.id) else { return false }
        return try tenant.tenant().spec.protectsRepository
    }

    private func place(
        for service: GitExchange.Service
    ) async throws -> (owner: APIGit.Owner, tenant: StoredTenant?) {
        let isPush = service == .receivePack
        switch owner {
        case "_platform":
            guard call.access.allows(isPush ? .changePlatform : .readPlatform) else { break }
            return (.platform, nil)
        case "_blueprints":
            guard !isPush, call.access.allows(.readPlatform),
                // What is no name names no blueprint.
                let name = try? BlueprintName(parsing: repository),
                // The mirror of one that is gone waits for its removal.
                try await call.services.storage.blueprints.find(name, as: call.access) != nil
            else { break }
            return (.blueprints, nil)
        default:
            // What is no name names no tenant.
            guard let name = try? TenantName(parsing: owner) else { break }
            let found = try await call.services.storage.tenants.find(name, as: call.access)
            let permission: Permission = isPush ? .pushRepository : .pullRepository
            guard let found, call.access.allows(permission, in: found.id) else { break }
            if let address = try found.tenant().elsewhere {
                throw Problem(.stateConflict, "The repository is on a forge: \(address).")
            }
            return (.tenant(found.name), found)
        }
        throw Problem.notFound
    }

    /// What Git's backend needs to know.
    func exchange(
        _ service: GitExchange.Service,
        _ phase: GitExchange.Phase,
        at site: Site,
        hear: @escaping @Sendable ([UInt8]) -> Void = { _ in },
        write: @escaping @Sendable ([UInt8]) async throws -> Void
    ) throws(Problem) -> GitExchange {
        let headers = call.request.headers
        let coding = headers[.contentEncoding]?.lowercased() ?? "identity"
        guard coding == "identity" || coding == "gzip" || coding == "x-gzip" else {
            throw Problem(
                .unsupportedContentEncoding,
                "Send the body as it is, or with gzip."
            )
        }
        let body = call.request.body
        var exchange = GitExchange(
            service: service,
            phase: phase,
            repository: site.path,
            protocolHeader: headers[.gitProtocol],
            caller: sharer,
            isCompressed: coding != "identity",
            read: { try await body.next() },
            hear: hear,
            write: write
        )
        exchange.isGuarded = site.isGuarded
        return exchange
    }

    /// All tokens of a tenant share what one caller gets of Git; a token of the platform is alone.
    private var sharer: String {
        guard let caller = call.caller else { preconditionFailure("Git needs a caller") }
        return caller.tenant.map { "\($0)" } ?? "\(caller.token)"
    }
}
