import Domain
import JSON
import Storage

/// The clusters that are made from a class, when it is to change under them.
struct ClusterClassUse {
    /// Clusters that are tried: 100, of which each takes some milliseconds.
    private static let triedMax = 100

    let call: Invocation

    /// Refuses a class from which a cluster can no longer be made that can be made now.
    func check(_ next: ClusterClass) async throws {
        let place = try call.services.renderings.enter(for: call.tokenID)
        defer { withExtendedLifetime(place) {} }
        let storage = call.services.storage
        let rehearse = call.services.clusters.rehearse
        var faults: [Fault] = []
        for stored in try await storage.clusters.made(from: next.id, most: Self.triedMax) {
            let cluster = try stored.cluster()
            let owner = try await storage.tenants.find(cluster.tenant, as: .system)?.tenant()
            guard cluster.status.phase != .deleting, let owner,
                let reason = await rehearse(cluster, owner, next),
                await rehearse(cluster, owner, nil) == nil
            else { continue }
            faults.append(
                Fault(
                    .body(JSONPointer(["spec"])),
                    code: "breaks-cluster",
                    detail: "\(cluster.tenantName)/\(cluster.name): \(reason)"
                )
            )
        }
        guard !faults.isEmpty else { return }
        throw Problem(
            .invalidInput,
            "Clusters that are made from the class could no longer be made; see `errors`. Make "
                + "another class for new ones, or change these first.",
            faults: faults
        )
    }
}
