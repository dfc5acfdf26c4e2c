import Domain
import JSON
import Synchronization

/// Which process runs the controllers: whoever holds a `Lease` in the management cluster.
final class ControllerLease: Sendable {
    /// After so long without a renewal another process takes over: 15 s.
    private static let lifetime = Duration.seconds(15)
    /// How often it is renewed: every 5 s.
    private static let renewal = Duration.seconds(5)
    private static let key = SandboxKey(
        SandboxKind("coordination.k8s.io", "Lease"),
        "kube-system",
        "slipway-sandbox-controllers"
    )

    private let cluster: SandboxCluster
    private let holder: String
    private let renewedAt = Mutex<Instant?>(nil)

    init(_ server: SandboxServer, holder: String) {
        cluster = server.cluster(SandboxServer.management)
        self.holder = holder
    }

    /// Whether this process holds the lease; takes or renews it where it can.
    func holds() async throws(SandboxStatus) -> Bool {
        let now = cluster.now
        if let renewed = renewedAt.withLock({ $0 }), now - renewed < Self.renewal { return true }
        let isOurs = try await take(at: now)
        renewedAt.withLock { $0 = isOurs ? now : nil }
        return isOurs
    }

    /// Lets another process take over at once.
    func release() async {
        guard renewedAt.withLock({ $0.take() }) != nil else { return }
        // Lost, it lapses by itself.
        _ = try? await write(holder: "", at: cluster.now, expecting: { $0 == self.holder })
    }

    private func take(at now: Instant) async throws(SandboxStatus) -> Bool {
        guard let lease = try await cluster.get(Self.key) else {
            let spec = JSON.object(Self.spec(holder, now))
            let object: JSON = [
                "apiVersion": "coordination.k8s.io/v1", "kind": "Lease",
                "metadata": [
                    "name": .string(Self.key.name), "namespace": .string("kube-system"),
                ],
                "spec": spec,
            ]
            do throws(SandboxStatus) {
                try await cluster.create(object, as: "slipway-sandbox")
                return true
            } catch {
                // Another was faster, or there is no management cluster yet.
                guard error.reason == .alreadyExists || error.reason == .notFound else {
                    throw error
                }
                return false
            }
        }
        let owner = lease.spec["holderIdentity"]?.string ?? ""
        // What is no time has lapsed.
        let renewed = lease.spec["renewTime"]?.string.flatMap { try? Instant(parsing: $0) }
        let isLapsed = renewed.map { now - $0 >= Self.lifetime } ?? true
        guard owner == holder || owner.isEmpty || isLapsed else { return false }
        return try await write(holder: holder, at: now) { $0 == owner }
    }

    private func write(
        holder: String,
        at now: Instant,
        expecting isExpected: (String) -> Bool
    ) async throws(SandboxStatus) -> Bool {
        var isWritten = false
        try await cluster.update(Self.key, as: "slipway-sandbox") { lease in
            isWritten = isExpected(lease.spec["holderIdentity"]?.string ?? "")
            if isWritten { lease.spec = Self.spec(holder, now) }
        }
        return isWritten
    }

    private static func spec(_ holder: String, _ now: Instant) -> JSONObject {
        var spec = JSONObject()
        spec["holderIdentity"] = .string(holder)
        spec["leaseDurationSeconds"] = 15
        spec["renewTime"] = .string(now.description)
        return spec
    }
}
