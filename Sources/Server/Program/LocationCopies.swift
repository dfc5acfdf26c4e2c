import Catalog
import Contract
import Domain
import Git
import GitOps
import Ingest
import Outbound
import Secrets
import Storage

/// The repositories of locations: those that this server keeps, and copies of others.
///
/// Copies are made for the platform and for each tenant apart: what one may read says nothing of
/// what another may.
struct LocationCopies: LocationRepositories {
    /// The owner of the copies; no tenant can have the name.
    static let owner = "_locations"

    let git: GitService
    let layout: RepositoryLayout
    let storage: Storage
    let hosts: StoredHosts
    let sealer: Sealer
    /// Why a repository is not read at an address.
    let refusal: @Sendable (String) -> String?
    /// Where repositories are, and where the forges are that admins connected.
    let limits: (repositories: AddressLimits, forges: AddressLimits)
    let pins: PinnedHosts

    func bring(
        _ target: LocationTarget,
        for tenant: TenantReference?,
        isTrusted: Bool,
        isAsked: Bool,
        within duration: Duration
    ) async throws(ProviderFault) -> String {
        if let owner = ownTenant(of: target) {
            guard tenant?.name == owner.text || tenant == nil && isTrusted else {
                throw .refused(reason: "there is no repository \(target.repository)")
            }
            return layout.platform(of: owner)
        }
        let name = Self.name(of: target, tenant?.id)
        let copy = RememberedRefusals.Copy(
            name: name,
            page: target.page,
            repository: target.repositoryKey,
            tenant: tenant?.id
        )
        let path = layout.path(owner: Self.owner, name: name)
        let remote = try await remote(of: target, for: tenant, isTrusted: isTrusted)
        let (addresses, left) = try await pins.addresses(
            of: remote.url,
            within: remote.limits,
            in: duration
        )
        let fetch = FetchRequest(
            source: remote.url,
            destination: path,
            credential: remote.credential,
            deadline: left,
            addresses: addresses
        )
        let refusals = RememberedRefusals(store: storage.locations)
        try await refusals.fetching(copy, isAsked: isAsked) {
            () async throws(RememberedRefusals.Failure) in
            try await update(fetch, of: target, for: tenant?.id)
        }
        return path
    }

    /// Brings a copy up to date, within the room of its owner.
    private func update(
        _ fetch: FetchRequest,
        of target: LocationTarget,
        for tenant: TenantID?
    ) async throws(RememberedRefusals.Failure) {
        var isOfTheRepository = false
        do throws(GitFault) {
            let room = try await git.room(
                for: fetch.destination,
                beside: Self.prefix(tenant),
                bytesMax: CatalogLocation.copiesBytesMax,
                unleasedFor: CatalogLocation.copiesInUse
            )
            guard room > 0 else { throw .tooLarge(Self.fullSentence) }
            let most = min(room, CatalogLocation.copyBytesMax)
            do throws(GitFault) {
                try await git.copy(CopyRequest(fetch, of: target.revisions, bytesMax: most))
            } catch .tooLarge where most < CatalogLocation.copyBytesMax {
                throw .tooLarge(Self.fullSentence)
            } catch .tooLarge(let sentence) {
                isOfTheRepository = true
                throw .tooLarge(sentence)
            }
        } catch {
            let fault: ProviderFault =
                if case .busy = error {
                    .busy(reason: "whoever changes the copy just now to be done")
                } else {
                    .refused(reason: "\(target.page) cannot be read: \(error.sentence)")
                }
            throw RememberedRefusals.Failure(fault: fault, isOfTheRepository: isOfTheRepository)
        }
    }

    /// The tenant whose repository this server keeps at the address; nil where it keeps none.
    private func ownTenant(of target: LocationTarget) -> TenantName? {
        let prefix = LocationTarget.key(ofRepository: layout.baseURL) + "/"
        guard target.repositoryKey.hasPrefix(prefix) else { return nil }
        let parts = target.repositoryKey.dropFirst(prefix.count).split(separator: "/")
        guard parts.count == 2, parts[1] == RepositoryLayout.platformName else { return nil }
        return try? TenantName(parsing: String(parts[0]))  // No such name, no such tenant.
    }

    private func remote(
        of target: LocationTarget,
        for tenant: TenantReference?,
        isTrusted: Bool
    ) async throws(ProviderFault) -> Remote {
        if let tenant, let own = try await hosted(target, of: tenant) {
            return Remote(url: own.url, credential: own.credential, limits: limits.forges)
        }
        if let refusal = refusal(target.repository) { throw .refused(reason: refusal) }
        if tenant == nil, isTrusted, let credential = try await credential(for: target) {
            return Remote(url: target.repository, credential: credential, limits: limits.forges)
        }
        return Remote(url: target.repository, credential: .none, limits: limits.repositories)
    }

    /// A repository elsewhere, how it is read and where it may be.
    private struct Remote {
        let url: String
        let credential: FetchRequest.Credential
        let limits: AddressLimits
    }

    /// How the tenant's own repository is read where it is on a forge.
    private func hosted(
        _ target: LocationTarget,
        of reference: TenantReference
    ) async throws(ProviderFault) -> GitRemote? {
        let tenant = try await asking { () async throws(StorageFault) in
            try await storage.tenants.find(reference.id, as: .system).map {
                stored throws(StorageFault) in try stored.tenant()
            }
        }
        guard let tenant, let address = tenant.repository?.address,
            LocationTarget.key(ofRepository: address.webURL) == target.repositoryKey
        else { return nil }
        return try await hosts.remote(of: tenant)
    }

    /// The platform's own locations are read with the token of the forge that they are on; nil
    /// where they are on none that is connected.
    private func credential(
        for target: LocationTarget
    ) async throws(ProviderFault) -> FetchRequest.Credential? {
        let found = try await asking { () async throws(StorageFault) in
            let page = try await storage.forges.list(
                ListQuery(limit: Forge.countMax),
                as: .system
            )
            let forge = page.items.first {
                target.repositoryKey.hasPrefix(
                    LocationTarget.key(ofRepository: $0.spec.webURL) + "/"
                )
            }
            guard let forge else { return nil as ForgeAccess? }
            return try await storage.forges.access(forge.name)
        }
        guard let found else { return nil }
        guard let sealed = found.token else { return FetchRequest.Credential.none }
        do throws(SealFault) {
            let context = found.forge.id.tokenContext
            let token = try sealer.open(SealedSecret(parsing: sealed), context: context)
            let user = found.forge.spec.kind == .github ? "x-access-token" : "oauth2"
            return .basic(user: user, password: token.revealedText())
        } catch {
            throw .refused(
                reason: "the token of forge \(found.forge.name) cannot be opened with this "
                    + "installation's key; send it again"
            )
        }
    }

    /// The name of a copy, which nobody can choose: there is one for each revision.
    static func name(of target: LocationTarget, _ tenant: TenantID?) -> String {
        let parts = [target.repositoryKey] + target.revisions
        return prefix(tenant) + Hex.encode(SHA256.hash(Array(parts.joined(separator: "|").utf8)))
    }

    /// What the names of an owner's copies begin with.
    static func prefix(_ tenant: TenantID?) -> String { "\(tenant?.description ?? "platform")-" }

    private static let fullSentence =
        "the copies of the repositories that your locations read have "
        + "\(CatalogLocation.copiesBytesMax >> 30) GiB, and no more are kept: delete locations, "
        + "or name fewer repositories and revisions"

    /// Removes the copies that nobody has read for long, and what is known of repositories that
    /// nobody looks at any more; returns how many copies.
    func removeUnused() async throws -> Int {
        var count = 0
        for name in try await git.names(in: "\(layout.root)/\(Self.owner)") {
            let path = layout.path(owner: Self.owner, name: name)
            let isGone = try await git.removeUnleased(
                at: path,
                after: CatalogLocation.copiesKept
            )
            if isGone { count += 1 }
        }
        _ = try await storage.locations.removeOldRefusals()
        return count
    }

    private func asking<Value>(
        _ body: () async throws(StorageFault) -> Value
    ) async throws(ProviderFault) -> Value {
        do throws(StorageFault) { return try await body() } catch { throw error.providerFault }
    }
}

extension LocationStore {
    /// Makes locations of the repositories of tenants that are none yet; returns how many.
    func discover(in layout: RepositoryLayout) async throws -> Int {
        let found = try await undiscovered()
        for tenant in found {
            // A stored name was checked before.
            guard let name = try? TenantName(parsing: tenant.tenant.name) else { continue }
            let page = tenant.webURL ?? layout.platformURL(of: name)
            let repository = page.hasSuffix(".git") ? page : page + ".git"
            let files = "\(repository)//**/\(LocationTarget.fileName)?ref=\(tenant.branch)"
            // An address that is none cannot be read either.
            guard let target = try? LocationTarget(parsing: files) else { continue }
            let now = Moment.now()
            var random = SecureRandom()
            try await discover(
                CatalogLocation(
                    id: LocationID(at: now, using: &random),
                    tenant: tenant.tenant,
                    isDiscovered: true,
                    target: target,
                    createdAt: now,
                    updatedAt: now
                )
            )
        }
        return found.count
    }
}
