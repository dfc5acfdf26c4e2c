import EventLoop
import Synchronization

/// What became of one incarnation of an object.
package enum ObjectChange: Sendable, Equatable {
    /// It is there in this state.
    case updated(KubernetesObject)
    /// It is gone; the last state that was seen.
    case removed(KubernetesObject)

    /// The object as it is or was.
    package var object: KubernetesObject {
        switch self {
        case .updated(let object), .removed(let object): object
        }
    }
}

/// Changes that have come together since the last look.
package struct ChangeBatch: Sendable, Equatable {
    /// The latest change of each incarnation, in the order in which they changed first.
    package var changes: [ObjectChange]
    /// Whether there were more changes than are kept: forget what was told before, the changes
    /// are everything that is there.
    package var isIncomplete: Bool
}

/// Tells one reader what changes in an informer, beginning with everything that is there.
///
/// A reader that is slow sees the last state only; it holds nobody up.
package final class ChangeFeed: Sendable {
    private struct Incarnation: Hashable {
        let key: ObjectKey
        let uid: String
    }

    private struct State: Sendable {
        var order: [Incarnation] = []
        var latest: [Incarnation: ObjectChange] = [:]
        var isIncomplete = false
        var isReady: Bool { !order.isEmpty || isIncomplete }
    }

    private let state = Mutex(State())
    private let readers = WaitList()
    private let changesMax: Int
    private let refill: @Sendable (ChangeFeed) -> Void

    /// A feed that keeps so many changes for its reader.
    ///
    /// `refill`: calls `replace` with everything that is there.
    init(changesMax: Int, refill: @escaping @Sendable (ChangeFeed) -> Void) {
        self.changesMax = changesMax
        self.refill = refill
    }

    /// What has changed since the last call, as soon as there is something.
    package func next() async throws(CancellationError) -> ChangeBatch {
        while true {
            if state.withLock(\.isIncomplete) { refill(self) }
            if let batch = taken() { return batch }
            try await readers.wait { state.withLock(\.isReady) }
        }
    }

    func add(_ changes: [ObjectChange]) {
        guard !changes.isEmpty else { return }
        state.withLock { state in
            for change in changes where !state.isIncomplete {
                let incarnation = Incarnation(key: change.object.key, uid: change.object.uid)
                if state.latest.updateValue(change, forKey: incarnation) == nil {
                    state.order.append(incarnation)
                }
                guard state.order.count > changesMax else { continue }
                state.order = []
                state.latest = [:]
                state.isIncomplete = true
            }
        }
        readers.wakeAll()
    }

    /// Everything that is there stands in for what was left out.
    func replace(by objects: [KubernetesObject]) {
        state.withLock { state in
            state = State()
            state.isIncomplete = true
            for object in objects {
                let incarnation = Incarnation(key: object.key, uid: object.uid)
                state.order.append(incarnation)
                state.latest[incarnation] = .updated(object)
            }
        }
    }

    private func taken() -> ChangeBatch? {
        state.withLock { state in
            guard state.isReady else { return nil }
            let changes = state.order.compactMap { state.latest[$0] }
            let batch = ChangeBatch(changes: changes, isIncomplete: state.isIncomplete)
            state = State()
            return batch
        }
    }
}
