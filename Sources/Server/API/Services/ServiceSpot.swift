import Domain
import Storage

/// Where a service is to be, and what can be said of that place.
struct ServiceSpot {
    /// What follows are the kinds that the account of a namespace may not apply.
    static let refusal = "The namespace's accounts may not apply"
    /// What helps where they may not.
    static let remedy =
        "Whoever runs the management cluster may give them, kinds of the whole cluster aside, by a "
        + "ClusterRole with the label `\(ClusterRole.aggregateLabel)`."
    /// What holds a tenant's namespace in its bounds.
    private static let fence = (group: "networking.k8s.io", kind: "NetworkPolicy")

    let environment: EnvironmentName?
    /// The cluster; nil where it is not there yet.
    let cluster: Cluster?
    /// Why nobody knows which kinds the cluster serves; nil where that is known.
    private(set) var unchecked: String?
    private var kinds: [Offering.Place: APIOrdering.Kinds] = [:]

    /// Looks up what is served there.
    init(
        _ cluster: Cluster?,
        for environment: EnvironmentName?,
        _ call: Invocation
    ) async throws {
        self.environment = environment
        self.cluster = cluster
        guard let cluster else {
            unchecked = "The cluster is not there yet, so that nobody knows which kinds it serves."
            return
        }
        for place in Offering.Place.allCases {
            do throws(ClusterAccessFault) {
                kinds[place] = try await call.services.ordering.kinds(cluster, place)
            } catch {
                unchecked = Problem(error).detail
            }
        }
    }

    /// Why the kinds of an offering cannot be applied here, each with its code; empty where they
    /// can, and where nobody knows.
    func kindFaults(of release: OfferingRelease) -> [(code: String, detail: String)] {
        guard let here = kinds[release.offering.place] else { return [] }
        var faults: [(code: String, detail: String)] = []
        let missing = release.kinds.union(release.offering.requires).subtracting(here.served)
        if !missing.isEmpty {
            let names = Self.list(missing)
            let detail = "The cluster does not serve \(names); the operator is missing."
            faults.append(("not-served", detail))
        }
        let refused = release.kinds.intersection(here.refused)
        if !refused.isEmpty {
            let needsFence = refused.contains {
                $0.group == Self.fence.group && $0.kind == Self.fence.kind
            }
            let remedy =
                needsFence
                ? "A NetworkPolicy there is the platform's: order it in a cluster of another kind."
                : Self.remedy
            let detail = "\(Self.refusal) \(Self.list(refused)). \(remedy)"
            faults.append(("not-allowed", detail))
        }
        return faults
    }

    private static func list(_ kinds: Set<ManifestKind>) -> String {
        kinds.map(\.description).sorted().joined(separator: ", ")
    }

    /// Why an offering cannot be ordered here; empty where it can.
    func reasons(against release: OfferingRelease, _ call: Invocation) async throws -> [String] {
        let offering = release.offering
        var reasons: [String] = []
        let owner: Offering.Owner = environment == nil ? .tenant : .environment
        if !offering.owners.contains(owner) {
            reasons.append(
                owner == .tenant
                    ? "It is ordered for an environment." : "It is ordered for the tenant."
            )
        }
        if let kind = cluster?.spec.kind, !offering.clusters.contains(kind) {
            let kinds = ClusterKind.allCases.filter(offering.clusters.contains).map(\.rawValue)
            reasons.append(
                "It works in clusters of the kind \(kinds.joined(separator: " or ")), and this "
                    + "one is a \(kind.rawValue)."
            )
        }
        reasons += kindFaults(of: release).map(\.detail)
        return reasons
    }
}
