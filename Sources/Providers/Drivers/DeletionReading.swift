package import Domain

/// What holds up a deletion.
package struct DeletionReading {
    /// How long a deletion may take before it counts as stuck.
    package static let deadline = Duration.seconds(30 * 60)

    private let root: SeenObject
    private let seen: SeenObjects

    /// The deletion of a root object; nil where it stays.
    package init?(of root: SeenObject?, among seen: SeenObjects) {
        guard let root, root.deletedAt != nil else { return nil }
        self.root = root
        self.seen = seen
    }

    /// What the deletion waits on, with its deadline.
    package func stage(from now: Instant) -> Stage {
        let since = root.deletedAt ?? now
        guard let object = blocker else {
            let why = explanation(of: root).map { ": \($0)" } ?? "."
            return Stage(
                .fails("Ready", "Deleting", "\(root.title) is going\(why)"),
                on: "\(root.title) to go\(why == "." ? "" : why)",
                since: since,
                deadline: Self.deadline,
                releasedBy: why == "." ? nil : "the controllers of the finalizers named"
            )
        }
        let finalizers = object.finalizers.joined(separator: ", ")
        let why = explanation(of: object).map { ": \($0)" } ?? ""
        return Stage(
            .fails("Ready", "Deleting", "\(object.title) keeps its finalizer \(finalizers)\(why)"),
            on: "\(object.title) to give up its finalizer \(finalizers)",
            since: since,
            deadline: Self.deadline,
            releasedBy: "the controller of \(finalizers), or whoever repairs what it waits on"
        )
    }

    /// The object at the end of the chain: it is going, has finalizers, and nothing of its own is
    /// still going.
    private var blocker: SeenObject? {
        let going = seen.all.filter { $0.deletedAt != nil && !$0.finalizers.isEmpty }
        let owners = Set(going.flatMap(\.owners))
        let leaves = going.filter { object in !(object.uid.map(owners.contains) ?? false) }
        return leaves.min { left, right in
            let (first, second) = (left.deletedAt, right.deletedAt)
            // The root is named only where nothing else is.
            let (isRoot, isOther) = (left.uid == root.uid, right.uid == root.uid)
            if isRoot != isOther { return isOther }
            guard let first, let second, first != second else { return left.title < right.title }
            return first < second
        }
    }

    private func explanation(of object: SeenObject) -> String? {
        let types = [
            "Deleting", "NamespaceFinalizersRemaining", "NamespaceContentRemaining",
            "NamespaceDeletionContentFailure", "NamespaceDeletionDiscoveryFailure",
        ]
        let told = types.compactMap { type in
            object.condition(type).flatMap { $0.isTrue && !$0.message.isEmpty ? $0.message : nil }
        }
        guard told.isEmpty else { return told.joined(separator: "; ") }
        return object.condition("Ready").flatMap { $0.message.isEmpty ? nil : $0.message }
    }
}
