package import EventLoop

/// The time that a client lives by; tests have one of their own.
package protocol KubernetesClock: Sendable {
    /// Now.
    var now: MonotonicTime { get }
    /// Waits that long.
    func wait(for delay: Duration) async throws(CancellationError)
}

/// The machine's time; waits on the event loop where the caller is on one.
package struct SystemClock: KubernetesClock {
    /// The machine's time.
    package init() {}

    /// What the kernel says.
    package var now: MonotonicTime { .now() }

    /// Waits on the loop's timers, or on those of the language's runtime elsewhere.
    package func wait(for delay: Duration) async throws(CancellationError) {
        if let loop = EventLoop.current { return try await loop.sleep(for: delay) }
        do { try await Task.sleep(for: delay) } catch { throw CancellationError() }
    }
}
