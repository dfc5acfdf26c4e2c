/// Why a wish about a cluster is refused, whoever asks.
package enum ClusterRefusal: Error, Equatable, Sendable {
    /// The cluster is being deleted; nothing about it changes any more.
    case isDeleting
    /// The tenant is being deleted; it gets nothing more.
    case tenantIsDeleting
    /// The cluster is protected; `spec.deleteProtection` must be taken back first.
    case isProtected
    /// The order cannot be met; everything that is wrong with it.
    case invalid([ClusterFault])
    /// The tenant would have more than it may; every limit that is in the way.
    case overQuota([QuotaStanding])
    /// The management cluster takes no more; why, as a sentence.
    case noRoom(reason: String)
}

/// One thing that is wrong with an order, and where.
package struct ClusterFault: Error, Sendable, Hashable {
    /// Where in the body the fault is.
    package enum Place: Sendable, Hashable {
        /// The member `name`.
        case name
        /// A member of `spec`, by its path.
        case spec([String])

        /// A member right in `spec`.
        package static func spec(_ member: String) -> Place { .spec([member]) }
    }

    /// Where the fault is.
    package var place: Place
    /// A word for programs, such as `fixed`.
    package var code: String
    /// A sentence for the caller.
    package var detail: String

    /// A fault at that place.
    package init(_ place: Place, _ code: String, _ detail: String) {
        self.place = place
        self.code = code
        self.detail = detail
    }
}

extension ManagementCluster {
    /// Why no cluster of that kind can be put here; nil where one can.
    ///
    /// `used` is how many of the kind there are.
    package func refusal(of kind: ClusterKind, used: Int) -> ClusterRefusal? {
        if status.phase == .deleting {
            return .noRoom(reason: "The management cluster \(name) is being removed.")
        }
        if spec.isCordoned {
            return .noRoom(
                reason: "The management cluster \(name) is cordoned: it takes no new clusters. "
                    + "Name another, or ask the platform's admins."
            )
        }
        guard let limit = spec.capacity[kind], used >= limit else { return nil }
        return .noRoom(
            reason: "The management cluster \(name) is full: it holds \(used) of at most \(limit) "
                + "of kind \(kind.rawValue). Name another, or ask the platform's admins."
        )
    }
}
