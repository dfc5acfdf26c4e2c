/// Plays one of Kubernetes' controllers in every sandbox cluster.
package protocol SandboxController: Sendable {
    /// Its name: the field manager of what it writes, and what logs call it.
    var name: String { get }

    /// The kinds whose objects it is asked about; none for every kind.
    var kinds: [SandboxKind] { get }

    /// Whether there is work for it in that cluster.
    func runs(in cluster: String) -> Bool

    /// The objects to reconcile when one of `kinds` has changed or is gone; the object itself
    /// unless said otherwise (a ReplicaSet for its Pod, say).
    func keys(for change: SandboxChange) -> [SandboxKey]

    /// Brings one object nearer to what it is to be.
    ///
    /// Called again after every change, after what it returned last, and with growing delays
    /// after it threw; never twice at once for one key of one cluster. The object may be gone.
    func reconcile(
        _ key: SandboxKey,
        in cluster: SandboxCluster
    ) async throws(SandboxStatus) -> SandboxRequeue
}

extension SandboxController {
    /// In every cluster.
    package func runs(in cluster: String) -> Bool { true }

    /// The object itself.
    package func keys(for change: SandboxChange) -> [SandboxKey] { [change.object.key] }
}

/// An object that changed.
package struct SandboxChange: Sendable {
    /// The cluster's name.
    package let cluster: String
    /// The object as it is, or as it was last.
    package let object: SandboxObject
    /// Whether it is gone.
    package let isDeleted: Bool
    /// Whether it has not changed since it was made.
    package let isNew: Bool

    /// That change.
    package init(
        cluster: String,
        object: SandboxObject,
        isDeleted: Bool,
        isNew: Bool = false
    ) {
        self.cluster = cluster
        self.object = object
        self.isDeleted = isDeleted
        self.isNew = isNew
    }
}

/// When an object is to be looked at again, beside whenever it changes.
package enum SandboxRequeue: Sendable, Equatable {
    /// When it changes.
    case none
    /// After that time.
    case after(Duration)
}
