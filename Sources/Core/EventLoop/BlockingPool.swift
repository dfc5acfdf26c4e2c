import Glibc
import Synchronization

/// Why the pool did not take a piece of work.
package enum PoolFault: Error, Equatable {
    /// As many pieces wait as the pool allows; try again when some are done.
    case full(limit: Int)
    /// The pool has been stopped.
    case stopped
}

/// Threads for work that blocks (libgit2, files, names), so that no loop ever does.
package final class BlockingPool: Sendable {
    private struct State {
        var queue: [@Sendable () -> Void] = []
        var head = 0
        var isStopped = false
        var threads: [pthread_t] = []
    }

    /// How many pieces of work may wait for a thread.
    package let queueLimit: Int

    private let state = Mutex(State())
    private let waiting = Semaphore()

    /// Starts `threads` threads that are called `name`.
    package init(threads: Int, queueLimit: Int, name: String) {
        precondition(threads > 0 && queueLimit > 0, "a pool has threads and a queue")
        self.queueLimit = queueLimit
        let started = (0..<threads).map { index in
            startThread(named: "\(name)-\(index)") { [weak self, waiting] in
                while true {
                    waiting.wait()
                    guard let body = self?.takeNext() else { return }
                    body()
                }
            }
        }
        state.withLock { $0.threads = started }
    }

    /// Runs `body` on one of the pool's threads; the caller goes on on its own executor.
    ///
    /// - Throws: what `body` throws, or `PoolFault` when it was never run.
    package func run<Value: Sendable>(
        _ body: @escaping @Sendable () throws -> Value
    ) async throws -> Value {
        try await Wakeup<Value, any Error>.wait { wakeup in
            let fault = add { wakeup.resume(with: Result(catching: body)) }
            if let fault { wakeup.resume(throwing: fault) }
        }
    }

    /// Ends the threads after the work that waits is done, and waits for them.
    ///
    /// Once.
    package func stop() {
        let threads = state.withLock { state in
            state.isStopped = true
            defer { state.threads = [] }
            return state.threads
        }
        for _ in threads { waiting.signal() }
        for thread in threads { pthread_join(thread, nil) }
    }

    private func add(_ body: @escaping @Sendable () -> Void) -> PoolFault? {
        let fault: PoolFault? = state.withLock { state in
            if state.isStopped { return .stopped }
            if state.queue.count - state.head >= queueLimit { return .full(limit: queueLimit) }
            state.queue.append(body)
            return nil
        }
        if fault == nil { waiting.signal() }
        return fault
    }

    private func takeNext() -> (@Sendable () -> Void)? {
        state.withLock { state in
            guard state.head < state.queue.count else { return nil }
            let body = state.queue[state.head]
            state.head += 1
            if state.head == state.queue.count {
                state.queue.removeAll(keepingCapacity: true)
                state.head = 0
            }
            return body
        }
    }
}
