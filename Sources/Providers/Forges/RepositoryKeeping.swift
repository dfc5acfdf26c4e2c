package import Domain
package import Secrets

/// Makes, finds and ends the repository of one tenant on its forge.
///
/// Every call may be made twice. What was made for somebody else is never touched.
package struct RepositoryKeeping: Sendable {
    /// How a look ended.
    package enum Sight: Sendable, Equatable {
        /// The repository is there and can be pushed to.
        case there(id: String)
        /// The forge is not done with it.
        case coming
        /// Another repository is there, or ours is somewhere else; why, in a sentence.
        case foreign(String)
    }

    private let client: ForgeClient
    private let tenant: TenantID
    private let order: RepositoryOrder

    /// The repository of that tenant, as its spec wants it.
    package init(
        _ client: ForgeClient,
        of tenant: TenantID,
        _ name: TenantName,
        _ choice: RepositoryChoice,
        _ visibility: ForgeRepositories.Visibility
    ) {
        self.client = client
        self.tenant = tenant
        order = RepositoryOrder(
            owner: choice.owner,
            name: choice.name,
            description: "Platform repository of tenant \(name), kept by Slipway. "
                + Self.marker(of: tenant),
            visibility: visibility
        )
    }

    /// What tells the repository of one tenant from every other, until its id is known.
    private static func marker(of tenant: TenantID) -> String { "slipway:\(tenant)" }

    /// Makes the repository unless it is there; `known` is the id that it had.
    package func make(known: String?) async throws(ForgeFault) -> Sight {
        var found = try await client.find(order.path)
        if found == nil, let known, let moved = try await client.find(id: known) {
            return .foreign(
                "the repository was renamed to \(moved.path): give it its name again"
            )
        }
        if found == nil {
            do throws(ForgeFault) {
                found = try await client.make(order)
            } catch .refused(let reason, let status) where [400, 409, 422].contains(status) {
                // Somebody was faster, or an earlier attempt of ours of which no answer came.
                found = try await client.find(order.path)
                if found == nil { throw .refused(reason: reason, status: status) }
            }
        }
        guard let found else { return .coming }
        if let refusal = refusal(of: found, known: known) { return .foreign(refusal) }
        return try await client.isReady(found.path) ? .there(id: found.id) : .coming
    }

    private func refusal(of found: ForgeRepository, known: String?) -> String? {
        guard known == found.id || found.description.contains(Self.marker(of: tenant)) else {
            return "there is a repository \(found.path) already, which was not made for this "
                + "tenant and is left alone"
        }
        guard !found.isLeaving else { return "the forge is about to delete \(found.path)" }
        return found.isArchived ? "\(found.path) is archived" : nil
    }

    /// Archives or deletes the repository, and looks whether it is.
    ///
    /// - Returns: whether it is so; also where it is gone or another one has its name.
    package func retire(
        _ ending: RepositoryChoice.Ending,
        known: String?
    ) async throws(ForgeFault) -> Bool {
        guard ending != .keep, let found = try await ours(known: known) else { return true }
        if isRetired(found, ending) { return true }
        switch ending {
        case .keep: return true
        case .archive: try await client.archive(found.path)
        case .delete: try await client.delete(found.path)
        }
        guard let left = try await client.find(id: found.id) else { return true }
        return isRetired(left, ending)
    }

    private func isRetired(
        _ found: ForgeRepository,
        _ ending: RepositoryChoice.Ending
    ) -> Bool {
        found.isLeaving || ending == .archive && found.isArchived
    }

    /// The repository that was made for the tenant, wherever it is now.
    private func ours(known: String?) async throws(ForgeFault) -> ForgeRepository? {
        if let known, let found = try await client.find(id: known) {
            // An id alone says nothing once a forge was set up anew and counts from 1 again.
            return found.path == order.path || found.description.contains(Self.marker(of: tenant))
                ? found : nil
        }
        guard known == nil, let found = try await client.find(order.path),
            found.description.contains(Self.marker(of: tenant))
        else { return nil }
        return found
    }
}

// MARK: - With what clusters read

extension RepositoryKeeping {
    /// A credential that the forge has.
    package struct Credential: Sendable {
        /// What the forge calls it.
        package let id: String
        /// The name to say along with it.
        package let username: String
        /// A token or a private key.
        package let secret: SecretBytes
    }

    /// Makes a credential with which a cluster reads; the ones of the cluster that there are go.
    ///
    /// `known` is the id of the repository: one that only has its name gets none.
    package func makeReader(
        for cluster: ClusterSlug,
        known: String?
    ) async throws(ForgeFault) -> Credential? {
        guard let found = try await ours(known: known), found.path == order.path else {
            throw .refused(
                reason: "\(order.path) is not the repository that was made for the tenant",
                status: 404
            )
        }
        try await removeReaders(of: cluster, in: found)
        let pair = client.kind == .gitlab ? nil : SSHKeyPair.generate()
        let title = Self.title(of: cluster)
        let made = try await client.makeReader(
            titled: title,
            key: pair?.publicLine(comment: title),
            of: found.path
        )
        guard let made else { return nil }
        if let pair {
            return Credential(id: made.id, username: "git", secret: pair.privateText())
        }
        guard let token = made.token else { return nil }
        return Credential(
            id: made.id,
            username: made.username ?? "oauth2",
            secret: SecretBytes(token)
        )
    }

    /// Whether the forge still has the credential.
    package func hasReader(
        _ id: String,
        of cluster: ClusterSlug
    ) async throws(ForgeFault) -> Bool {
        try await client.readers(titled: Self.title(of: cluster), of: order.path).contains(id)
    }

    /// Removes every credential with which the cluster reads, whatever the repository is called
    /// by now; one that only has its name is left alone.
    package func removeReaders(
        of cluster: ClusterSlug,
        known: String?
    ) async throws(ForgeFault) {
        guard let found = try await ours(known: known) else { return }
        try await removeReaders(of: cluster, in: found)
    }

    private func removeReaders(
        of cluster: ClusterSlug,
        in found: ForgeRepository
    ) async throws(ForgeFault) {
        for id in try await client.readers(titled: Self.title(of: cluster), of: found.path) {
            try await client.removeReader(id, of: found.path)
        }
    }

    private static func title(of cluster: ClusterSlug) -> String { "slipway cluster \(cluster)" }
}
