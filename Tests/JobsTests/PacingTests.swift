import Domain
import EventLoop
import Jobs
import Testing

struct PacingTests {
    @Test func `delays double, end at the longest, and are spread over half of it`() {
        let policy = RetryPolicy()
        #expect(policy.delay(afterAttempt: 1, wanted: nil, jitter: 0) == .milliseconds(500))
        #expect(policy.delay(afterAttempt: 1, wanted: nil, jitter: 1) == .seconds(1))
        #expect(policy.delay(afterAttempt: 4, wanted: nil, jitter: 1) == .seconds(8))
        #expect(policy.delay(afterAttempt: 100, wanted: nil, jitter: 1) == .seconds(300))
        #expect(policy.delay(afterAttempt: 1, wanted: .seconds(60), jitter: 1) == .seconds(60))
    }

    @Test func `long jobs are claimed one for each place`() {
        let start = MonotonicTime(nanoseconds: 0)
        var intake = Intake(runningMax: 8, heldMax: 100, now: start)
        #expect(intake.room(held: 0, done: 0, now: start) == 8)
        let later = start.advanced(by: .seconds(1))
        #expect(intake.room(held: 6, done: 2, now: later) == 2)
    }

    @Test func `short jobs are claimed as many as a twentieth of a second takes`() {
        let start = MonotonicTime(nanoseconds: 0)
        var intake = Intake(runningMax: 8, heldMax: 500, now: start)
        let later = start.advanced(by: .milliseconds(100))
        #expect(intake.room(held: 0, done: 400, now: later) == 200)
        let last = later.advanced(by: .milliseconds(100))
        #expect(intake.room(held: 100, done: 10_400, now: last) == 400)
    }
}
