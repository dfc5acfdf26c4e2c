import Domain
import JSON

extension Problem {
    /// Why a wish about a cluster is refused.
    init(_ refusal: ClusterRefusal) {
        switch refusal {
        case .isDeleting:
            self.init(
                .stateConflict,
                "The cluster is being deleted; nothing about it changes any more."
            )
        case .tenantIsDeleting:
            self.init(.stateConflict, "The tenant is being deleted; it gets no more clusters.")
        case .isProtected:
            self.init(.deleteProtected, "Set `spec.deleteProtection` to false first.")
        case .invalid(let faults):
            self.init(invalid: faults.map(Fault.init))
        case .overQuota(let standings): self.init(beyond: standings)
        case .noRoom(let reason):
            self.init(.noRoom, reason)
        }
    }

    /// Which limits are in the way, and what could be given up for it.
    init(beyond standings: [QuotaStanding]) {
        let limits = standings.map { standing in
            "\(standing.name): \(standing.used) of \(standing.limit) are used, this would "
                + "make it \(standing.after). \(standing.remedy)"
        }
        self.init(
            .quotaExceeded,
            limits.joined(separator: " "),
            faults: zip(standings, limits).map(Fault.init)
        )
    }

    /// Why there is no way into a cluster.
    init(_ fault: ClusterAccessFault) {
        switch fault {
        case .notReady(let reason):
            self.init(.stateConflict, "The cluster cannot be used yet: \(reason).", retryAfter: 5)
        case .unreachable(let reason):
            self.init(
                .clusterUnreachable,
                "The cluster gave no usable answer: \(reason).",
                retryAfter: 5
            )
        case .refused(let reason):
            self.init(.stateConflict, "The cluster gives no such access: \(reason).")
        }
    }
}

extension Fault {
    /// A limit, at the member of the order that touches it.
    fileprivate init(_ standing: QuotaStanding, _ detail: String) {
        let member =
            switch standing.name {
            case "nodes": "nodePools"
            case "awakeVirtualClusters", "environments.awake": "asleep"
            case "environments.perService": "service"
            case "services.total", "services.perOffering": "offering"
            case "environments.total": "type"
            default: "kind"
            }
        self.init(.body(JSONPointer(["spec", member])), code: standing.name, detail: detail)
    }

    init(_ fault: ClusterFault) {
        let pointer =
            switch fault.place {
            case .name: JSONPointer(["name"])
            case .spec(let path): JSONPointer(["spec"] + path)
            }
        self.init(.body(pointer), code: fault.code, detail: fault.detail)
    }
}
