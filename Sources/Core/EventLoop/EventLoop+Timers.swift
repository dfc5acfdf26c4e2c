extension EventLoop {
    /// Calls `body` on the loop when `delay` has passed.
    ///
    /// Loop thread only.
    package func schedule(after delay: Duration, _ body: @escaping () -> Void) -> Timer {
        assertCurrent()
        return timers.add(at: MonotonicTime.now().advanced(by: delay), body)
    }

    /// Forgets a timer that has not fired.
    ///
    /// Loop thread only.
    package func cancel(_ timer: Timer) {
        assertCurrent()
        timers.cancel(timer)
    }

    /// Lets the calling task wait on this loop's timers.
    ///
    /// Any thread.
    ///
    /// - Throws: `CancellationError` as soon as the task is cancelled.
    package func sleep(for delay: Duration) async throws(CancellationError) {
        let sleeper = Sleeper(loop: self)
        let result: Result<Void, CancellationError> = await withTaskCancellationHandler {
            do throws(CancellationError) {
                return .success(
                    try await Wakeup<Void, CancellationError>.wait { wakeup in
                        sleeper.onLoop { sleeper.begin(wakeup, delay) }
                    }
                )
            } catch {
                return .failure(error)
            }
        } onCancel: {
            self.execute { sleeper.cancel() }
        }
        try result.get()
    }
}

/// One task's wait for one timer.
// Safety: touched only on its loop's thread.
private final class Sleeper: @unchecked Sendable {
    private let loop: EventLoop
    private var timer: Timer?
    private var wakeup: Wakeup<Void, CancellationError>?
    private var isCancelled = false

    init(loop: EventLoop) {
        self.loop = loop
    }

    func onLoop(_ body: @escaping @Sendable () -> Void) {
        if loop.isCurrent { body() } else { loop.execute(body) }
    }

    func begin(_ wakeup: Wakeup<Void, CancellationError>, _ delay: Duration) {
        guard !isCancelled else { return wakeup.resume(throwing: CancellationError()) }
        self.wakeup = wakeup
        timer = loop.schedule(after: delay) { [self] in
            self.wakeup = nil
            wakeup.resume()
        }
    }

    func cancel() {
        isCancelled = true
        guard let wakeup, let timer else { return }
        self.wakeup = nil
        loop.cancel(timer)
        wakeup.resume(throwing: CancellationError())
    }
}
