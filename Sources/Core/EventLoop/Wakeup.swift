/// The one place where a task waits for a loop: whoever holds the value must resume it exactly
/// once.
///
/// Costs no allocation when the task prefers the loop's executor.
package struct Wakeup<Value: Sendable, Failure: Error>: Sendable {
    private let continuation: UnsafeContinuation<Result<Value, Failure>, Never>

    /// Hands a wake-up to `body` and waits until it is resumed.
    ///
    /// - Throws: what the wake-up was resumed with.
    package static func wait(
        _ body: (Wakeup<Value, Failure>) -> Void
    ) async throws(Failure) -> Value {
        let result = await withUnsafeContinuation { continuation in
            body(Wakeup(continuation: continuation))
        }
        return try result.get()
    }

    /// Lets the task go on with `value`.
    package func resume(returning value: Value) {
        continuation.resume(returning: .success(value))
    }

    /// Lets the task go on with an error.
    package func resume(throwing failure: Failure) {
        continuation.resume(returning: .failure(failure))
    }

    /// Lets the task go on with what `result` holds.
    package func resume(with result: Result<Value, Failure>) {
        continuation.resume(returning: result)
    }
}

extension Wakeup where Value == Void {
    /// Lets the task go on.
    package func resume() {
        resume(returning: ())
    }
}
