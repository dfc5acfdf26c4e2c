package import Domain
package import JSON

/// One cluster of the sandbox, for those who play its controllers: reads and writes with the
/// rules of the API server, without asking for permission.
///
/// Every function throws what the API would answer; an outage of the records is
/// `.unavailable`.
package struct SandboxCluster: Sendable {
    let server: SandboxServer
    /// The cluster's name; `SandboxServer.management` for the management cluster.
    package let name: String

    /// What happens to the dependents of an object that is deleted.
    package enum Propagation: String, Sendable {
        /// The object goes first.
        case background = "Background"
        /// The dependents go first.
        case foreground = "Foreground"
        /// The dependents stay, without this owner.
        case orphan = "Orphan"
    }

    /// Now, by the server's clock.
    package var now: Instant { server.settings.clock() }

    /// Where the cluster is reached from outside.
    package var url: String { "\(server.settings.baseURL)/\(name)" }

    /// The object under a key; nil where there is none.
    package func get(_ key: SandboxKey) async throws(SandboxStatus) -> SandboxObject? {
        preconditionFailure("not built yet")
    }

    /// All objects of a kind, by namespace and name.
    package func list(
        _ kind: SandboxKind,
        namespace: String? = nil,
        labels: LabelSelector = .everything
    ) async throws(SandboxStatus) -> [SandboxObject] {
        preconditionFailure("not built yet")
    }

    /// The objects that name this one as an owner.
    package func dependents(
        of owner: SandboxObject
    ) async throws(SandboxStatus) -> [SandboxObject] {
        preconditionFailure("not built yet")
    }

    /// Makes an object; apiVersion, kind and name must be there, and its namespace too.
    ///
    /// - Throws: `.alreadyExists` where there is one.
    @discardableResult
    package func create(
        _ object: JSON,
        as manager: String = "sandbox"
    ) async throws(SandboxStatus) -> SandboxObject {
        preconditionFailure("not built yet")
    }

    /// Server-side apply, with force: makes the object or changes what differs.
    @discardableResult
    package func apply(
        _ object: JSON,
        as manager: String
    ) async throws(SandboxStatus) -> SandboxObject {
        preconditionFailure("not built yet")
    }

    /// Changes everything but the status, again and again while others change the object
    /// meanwhile; nil where there is none. What changes nothing is not written.
    @discardableResult
    package func update(
        _ key: SandboxKey,
        as manager: String = "sandbox",
        _ change: (inout SandboxObject) -> Void
    ) async throws(SandboxStatus) -> SandboxObject? {
        preconditionFailure("not built yet")
    }

    /// Changes the status alone, as `update` does the rest.
    @discardableResult
    package func updateStatus(
        _ key: SandboxKey,
        as manager: String = "sandbox",
        _ change: (inout SandboxObject) -> Void
    ) async throws(SandboxStatus) -> SandboxObject? {
        preconditionFailure("not built yet")
    }

    /// Deletes an object: with finalizers it stays, marked, until the last of them is removed.
    ///
    /// Nothing happens where there is none, or where it is another incarnation.
    package func delete(
        _ key: SandboxKey,
        uid: String? = nil,
        propagation: Propagation = .background
    ) async throws(SandboxStatus) {
        preconditionFailure("not built yet")
    }

    /// Makes the cluster itself, with its first namespaces; nothing where it is there.
    package func make() async throws(SandboxStatus) {
        preconditionFailure("not built yet")
    }

    /// Removes the cluster with everything in it; nothing where it is not there.
    package func remove() async throws(SandboxStatus) {
        preconditionFailure("not built yet")
    }

    /// A bearer token that may do everything, for the cluster's admin kubeconfig.
    package func adminToken(validFor duration: Duration) -> String {
        preconditionFailure("not built yet")
    }

    /// A kubeconfig of that token.
    ///
    /// Where the sandbox is served without TLS, kubectl sends no token; one in the server's URL
    /// (`http://slipway:TOKEN@…`) it does send, so a kubeconfig for people has it there.
    package func kubeconfig(token: String, user: String, forPeople: Bool = true) -> [UInt8] {
        preconditionFailure("not built yet")
    }
}
