import EventLoop
import Testing

@testable import API

@Suite struct ChangeSignalTests {
    /// Runs a body on a loop of its own.
    private func onLoop(_ body: @escaping @Sendable () async -> Void) async throws {
        let group = try EventLoopGroup(count: 1)
        group.start()
        await Task(executorPreference: group.loops[0]) { await body() }.value
        group.stop()
    }

    @Test(.timeLimit(.minutes(1)))
    func `closing wakes who waits, and nobody waits afterwards`() async throws {
        let signal = ChangeSignal()
        try await onLoop {
            async let waiting: Void = signal.wait(since: signal.generation, upTo: .seconds(600))
            await Task.yield()
            signal.close()
            await waiting
            await signal.wait(since: signal.generation, upTo: .seconds(600))
        }
        #expect(signal.isClosed)
    }
}
