import EventLoop

/// The objects of one kind as they were last seen; says what each step changed.
struct InformerStore: Sendable {
    private(set) var objects: [ObjectKey: KubernetesObject] = [:]

    /// Everything there is, all at once: what is not in the list is gone.
    mutating func replaced(by list: [KubernetesObject]) -> [ObjectChange] {
        var left = objects
        var changes: [ObjectChange] = []
        for object in list {
            let known = left.removeValue(forKey: object.key)
            changes += update(object, instead: known)
        }
        for (key, object) in left {
            objects[key] = nil
            changes.append(.removed(object))
        }
        return changes
    }

    /// One event of a watch.
    mutating func received(_ event: WatchEvent) -> [ObjectChange] {
        switch event {
        case .added(let object), .modified(let object):
            return update(object, instead: objects[object.key])
        case .deleted(let object):
            // What is there now may be another incarnation, seen by a list meanwhile.
            guard let known = objects[object.key], known.uid == object.uid else { return [] }
            objects[object.key] = nil
            return [.removed(object)]
        case .bookmark:
            return []
        }
    }

    private mutating func update(
        _ object: KubernetesObject,
        instead known: KubernetesObject?
    ) -> [ObjectChange] {
        if let known, known.uid == object.uid, known.resourceVersion == object.resourceVersion {
            return []
        }
        objects[object.key] = object
        guard let known, known.uid != object.uid else { return [.updated(object)] }
        return [.removed(known), .updated(object)]
    }
}

/// Waits that grow with each failure in a row.
struct Backoff: Sendable, Equatable {
    static let first = Duration.milliseconds(800)
    static let max = Duration.seconds(30)

    private var failures = 0

    /// Half of the wait is fixed and half is chance, so that many do not come back together.
    mutating func next(_ random: Double, atLeast asked: Duration? = nil) -> Duration {
        let grown = min(Self.first * (1 << min(failures, 10)), Self.max)
        failures += 1
        return Swift.max(grown / 2 + grown * (random / 2), asked ?? .zero)
    }

    mutating func reset() { failures = 0 }
}
