import JSON
import Testing

@testable import Domain

/// What tests of clusters begin with: a management cluster, two classes, and moments.
enum ClusterTrial {
    static let start = occasion(1)
    static let later = occasion(2)
    static let owner = TenantID(high: 3, low: 1)

    static func occasion(_ number: Int64) -> Occasion {
        Occasion(
            at: Instant(microseconds: number * 1_000_000),
            job: JobID(high: 1, low: UInt64(number)),
            event: EventID(high: 2, low: UInt64(number))
        )
    }

    static func management(
        _ name: StaticString,
        _ edit: (inout ManagementClusterSpec) -> Void = { _ in }
    ) -> ManagementCluster {
        var spec = ManagementClusterSpec(connection: .sandbox)
        edit(&spec)
        return ManagementCluster.creation(
            id: ManagementClusterID(high: 5, low: 1),
            name: ManagementClusterName(name),
            labels: Labels(),
            spec: spec,
            on: start
        ).management
    }

    static let small = ClusterClassPolicy(
        id: ClusterClassID(high: 6, low: 1),
        name: ClusterClassName("small"),
        kubernetesVersions: ["1.33.5", "1.34", "1.34.2", "1.36.0"],
        sizes: ["small", "large"],
        clustersMax: 2,
        nodesMax: 10
    )

    static let places = ClusterSurroundings(management: [management("main")], classes: [small])

    static func order(
        _ kind: ClusterKind?,
        _ edit: (inout ClusterSpec) -> Void = { _ in }
    ) -> ClusterOrder {
        var spec = ClusterSpec(kind: .vcluster, managementCluster: ClusterOrder.nowhere)
        edit(&spec)
        return ClusterOrder(kind: kind, managementCluster: nil, rest: spec)
    }

    static func creation(
        _ order: ClusterOrder,
        named name: String = "web",
        in places: ClusterSurroundings = places
    ) throws -> Cluster.Decision {
        try Cluster.creation(
            id: ClusterID(high: 7, low: 1),
            name: ClusterName(parsing: name),
            of: owner,
            named: TenantName("acme"),
            labels: Labels(),
            order: order,
            in: places,
            on: start
        )
    }

    /// A cluster that stands at its spec.
    static func settled(
        _ kind: ClusterKind,
        _ edit: (inout ClusterSpec) -> Void = { _ in }
    ) throws -> Cluster {
        var cluster = try creation(order(kind, edit)).cluster
        cluster.status.phase = .ready
        cluster.status.observedGeneration = 1
        return cluster
    }

    /// The places of the faults, as `member.member`.
    static func faults(_ body: () throws -> Void) -> [String] {
        do {
            try body()
            return []
        } catch ClusterRefusal.invalid(let faults) {
            return faults.map { fault in
                switch fault.place {
                case .name: "name \(fault.code)"
                case .spec(let path): "\(path.joined(separator: ".")) \(fault.code)"
                }
            }
        } catch {
            return ["\(error)"]
        }
    }
}
