import EventLoop
import Synchronization

/// The way from the main thread, which blocks, to the loops, which do not.
enum MainThread {
    /// Runs `body` on `loop` and blocks the calling thread until it has ended.
    ///
    /// - Throws: what `body` throws.
    static func run<Value: Sendable>(
        on loop: EventLoop,
        _ body: @escaping @Sendable () async throws -> Value
    ) throws -> Value {
        precondition(EventLoop.current == nil, "a loop never blocks")
        let done = Semaphore()
        let outcome = Outcome<Value>()
        // Awaited by the semaphore; the program ends with it.
        Task(executorPreference: loop) {
            do {
                outcome.set(.success(try await body()))
            } catch {
                outcome.set(.failure(error))
            }
            done.signal()
        }
        done.wait()
        return try outcome.take().get()
    }

    private final class Outcome<Value: Sendable>: Sendable {
        private let result = Mutex<Result<Value, any Error>?>(nil)

        func set(_ value: Result<Value, any Error>) {
            result.withLock { $0 = value }
        }

        func take() -> Result<Value, any Error> {
            guard let value = result.withLock({ $0 }) else {
                preconditionFailure("the semaphore is signalled after the result is set")
            }
            return value
        }
    }
}
