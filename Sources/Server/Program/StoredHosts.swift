import Clusters
import Contract
import Domain
import Forges
import Git
import GitOps
import Outbound
import Secrets
import Storage

/// The forges that keep repositories of tenants, over their APIs, with what is known of them in
/// PostgreSQL.
struct StoredHosts: Sendable {
    /// How often is looked for what a forge makes by and by.
    private static let comingRecheck = Duration.seconds(2)
    /// How long a forge is left alone that does not answer and does not say how long.
    private static let awayRecheck = Duration.seconds(30)
    /// The longest pause that a forge is granted.
    private static let awayRecheckMax = Duration.seconds(900)

    let store: ForgeStore
    let sealer: Sealer
    let outbound: OutboundClient

    /// Ends the calls under way.
    func close() async { await outbound.close() }

    /// One tenant's repository, and the forge that keeps it.
    private struct Case {
        let choice: RepositoryChoice
        let access: ForgeAccess
        let rule: ForgeRepositories
        let place: ForgePlace
        let keeping: RepositoryKeeping
    }

    private func find(_ tenant: Tenant) async throws(ProviderFault) -> Case {
        guard let choice = tenant.spec.repository else {
            throw .refused(reason: "the tenant's repository is on no forge")
        }
        let access = try await asking { () async throws(StorageFault) in
            try await store.access(choice.forge)
        }
        guard let access, let rule = access.forge.spec.repositories,
            let place = access.forge.spec.place(owner: choice.owner, name: choice.name)
        else {
            throw .refused(
                reason: "forge \(choice.forge) keeps no repositories of tenants any more: give it "
                    + "its spec.repositories again, then retry the job"
            )
        }
        let token = try open(access.token, access.forge.id.tokenContext, "token", of: choice.forge)
        let spec = access.forge.spec
        let client = ForgeClient(spec.kind, at: spec.url, token: token, through: outbound) {
            Moment.now()
        }
        return Case(
            choice: choice,
            access: access,
            rule: rule,
            place: place,
            keeping: RepositoryKeeping(client, of: tenant.id, tenant.name, choice, rule.visibility)
        )
    }

    private func open(
        _ sealed: String?,
        _ context: String,
        _ what: String,
        of forge: ForgeName
    ) throws(ProviderFault) -> SecretBytes {
        do throws(SealFault) {
            if let sealed {
                return try sealer.open(SealedSecret(parsing: sealed), context: context)
            }
        } catch {
            throw .refused(
                reason: "the \(what) of forge \(forge) cannot be opened with this installation's "
                    + "key; send it again"
            )
        }
        throw .away(
            reason: "forge \(forge) has no \(what)",
            releasedBy: "a platform admin, by sending it",
            retryAfter: Self.awayRecheck
        )
    }

    /// Calls a forge; who acts next where that fails.
    private func calling<Value>(
        _ forge: ForgeName,
        _ body: () async throws(ForgeFault) -> Value
    ) async throws(ProviderFault) -> Value {
        do throws(ForgeFault) { return try await body() } catch {
            switch error {
            case .away(let reason, let asked):
                throw .away(
                    reason: "forge \(forge): \(reason)",
                    releasedBy: "whoever runs the forge",
                    retryAfter: min(asked ?? Self.awayRecheck, Self.awayRecheckMax)
                )
            case .refused(let reason, _) where error.isDenial:
                throw .away(
                    reason: "forge \(forge) refuses its token: \(reason)",
                    releasedBy: "a platform admin, by sending another or giving it the right",
                    retryAfter: Self.awayRecheck
                )
            case .refused(let reason, _): throw .refused(reason: "forge \(forge): \(reason)")
            case .cancelled: throw .cancelled
            }
        }
    }

    private func asking<Value>(
        _ body: () async throws(StorageFault) -> Value
    ) async throws(ProviderFault) -> Value {
        do throws(StorageFault) { return try await body() } catch { throw error.providerFault }
    }
}

extension StoredHosts: RepositoryHosts {
    func place(of tenant: Tenant) async throws(ProviderFault) -> ForgePlace {
        try await find(tenant).place
    }

    func make(for tenant: Tenant) async throws(ProviderFault) {
        let found = try await find(tenant)
        let known = try await hosted(tenant).remoteID
        let sight = try await calling(found.choice.forge) { () async throws(ForgeFault) in
            try await found.keeping.make(known: known)
        }
        switch sight {
        case .there(let id):
            guard id != known else { return }
            try await asking { () async throws(StorageFault) in
                try await store.keep(HostedRepository(remoteID: id), of: tenant.id)
            }
        case .coming:
            throw .away(
                reason: "forge \(found.choice.forge) makes the repository \(found.place.path)",
                releasedBy: "the forge",
                retryAfter: Self.comingRecheck
            )
        case .foreign(let reason):
            throw .refused(
                reason: "forge \(found.choice.forge): \(reason); put that right, then retry the job"
            )
        }
    }

    func remote(of tenant: Tenant) async throws(ProviderFault) -> GitRemote {
        let found = try await find(tenant)
        let forge = found.access.forge
        guard found.rule.push == .ssh else {
            let context = forge.id.tokenContext
            let token = try open(found.access.token, context, "token", of: forge.name)
            let user = forge.spec.kind == .github ? "x-access-token" : "oauth2"
            return GitRemote(
                url: found.place.pushURL,
                credential: .basic(user: user, password: token.revealedText())
            )
        }
        let key = try open(found.access.key, forge.id.keyContext, "SSH key", of: forge.name)
        return GitRemote(
            url: found.place.pushURL,
            credential: .key(key.revealedText(), knownHosts: found.rule.knownHostsText)
        )
    }

    func hosted(_ tenant: Tenant) async throws(ProviderFault) -> HostedRepository {
        try await asking { () async throws(StorageFault) in try await store.hosted(tenant.id) }
    }

    func keep(root: ObjectID, of tenant: Tenant) async throws(ProviderFault) {
        var hosted = try await hosted(tenant)
        hosted.root = root.hex
        let known = hosted
        try await asking { () async throws(StorageFault) in
            try await store.keep(known, of: tenant.id)
        }
    }

    func retire(_ tenant: Tenant) async throws(ProviderFault) -> String? {
        guard let ending = tenant.spec.repository?.onDelete, ending != .keep else { return nil }
        let found = try await find(tenant)
        let known = try await hosted(tenant).remoteID
        let isOver = try await calling(found.choice.forge) { () async throws(ForgeFault) in
            try await found.keeping.retire(ending, known: known)
        }
        return isOver
            ? nil : "forge \(found.choice.forge) to \(ending.rawValue) \(found.place.path)"
    }

    func forget(_ tenant: TenantID) async throws(ProviderFault) {
        try await asking { () async throws(StorageFault) in try await store.forget(tenant) }
    }
}

// MARK: - With what clusters read

extension StoredHosts {
    /// With what a cluster reads its tenant's repository: the credential that the forge has for
    /// it, or a new one.
    func reader(
        of cluster: ClusterSlug,
        for tenant: Tenant
    ) async throws(ProviderFault) -> ReadToken {
        let found = try await find(tenant)
        if let stored = try await reader(of: cluster, tenant), let id = stored.remoteID,
            try await has(id, of: cluster, found)
        {
            let context = stored.id.credentialContext
            let secret = try open(stored.credential, context, "credential", of: found.choice.forge)
            return token(stored, secret, found)
        }
        let known = try await hosted(tenant).remoteID
        let made = try await calling(found.choice.forge) { () async throws(ForgeFault) in
            try await found.keeping.makeReader(for: cluster, known: known)
        }
        guard let made else {
            throw .transient(reason: "forge \(found.choice.forge) does not say what it made")
        }
        var random = SecureRandom()
        let id = TokenID(at: Moment.now(), using: &random)
        let sealed = sealer.seal(made.secret.revealed(), context: id.credentialContext)
        let kept = ForgeReader(
            id: id,
            remoteID: made.id,
            username: made.username,
            credential: sealed.text
        )
        try await asking { () async throws(StorageFault) in
            try await store.keep(kept, of: cluster, tenant.id)
        }
        return token(kept, made.secret, found)
    }

    /// Whether that credential is the cluster's, and the forge has it still.
    func isGood(
        _ token: TokenID,
        of cluster: ClusterSlug,
        for tenant: Tenant
    ) async throws(ProviderFault) -> Bool {
        guard let stored = try await reader(of: cluster, tenant), stored.id == token,
            let id = stored.remoteID
        else { return false }
        do throws(ProviderFault) {
            return try await has(id, of: cluster, try await find(tenant))
        } catch .away {
            // What cannot be told now is looked at again with the cluster's next job.
            return true
        }
    }

    /// Removes everything with which the cluster reads.
    func removeReaders(
        of cluster: ClusterSlug,
        for tenant: Tenant
    ) async throws(ProviderFault) {
        let found = try await find(tenant)
        let known = try await hosted(tenant).remoteID
        try await calling(found.choice.forge) { () async throws(ForgeFault) in
            try await found.keeping.removeReaders(of: cluster, known: known)
        }
        try await asking { () async throws(StorageFault) in
            try await store.forgetReader(of: cluster, tenant.id)
        }
    }

    private func reader(
        of cluster: ClusterSlug,
        _ tenant: Tenant
    ) async throws(ProviderFault) -> ForgeReader? {
        try await asking { () async throws(StorageFault) in
            try await store.reader(of: cluster, tenant.id)
        }
    }

    private func has(
        _ id: String,
        of cluster: ClusterSlug,
        _ found: Case
    ) async throws(ProviderFault) -> Bool {
        try await calling(found.choice.forge) { () async throws(ForgeFault) in
            try await found.keeping.hasReader(id, of: cluster)
        }
    }

    private func token(
        _ stored: ForgeReader,
        _ secret: SecretBytes,
        _ found: Case
    ) -> ReadToken {
        ReadToken(
            id: stored.id,
            username: stored.username,
            secret: secret,
            knownHosts: found.access.forge.spec.readsByKey ? found.rule.knownHostsText : nil,
            expiresAt: nil
        )
    }
}

extension TokenID {
    /// What the sealed credential of a cluster is bound to.
    fileprivate var credentialContext: String { "forge-reader/\(self)" }
}

extension ForgeRepositories {
    /// The file that ssh(1) reads.
    fileprivate var knownHostsText: String { knownHosts.map { $0.line + "\n" }.joined() }
}
