import EventLoop
import Testing

@testable import Jobs
@testable import Storage

struct ScanTests {
    private static func moment(_ seconds: Double) -> MonotonicTime {
        MonotonicTime(nanoseconds: UInt64(seconds * 1e9))
    }

    /// A claim at `seconds` that takes `duration` seconds; where it started.
    private func claim(
        _ scan: inout Scan,
        at seconds: Double,
        took duration: Double = 0.001,
        _ answer: Claim = Claim()
    ) -> Int64 {
        let begun = Self.moment(seconds)
        let start = scan.begin(at: begun)
        scan.end(answer, from: start, begun: begun, now: Self.moment(seconds + duration))
        return start
    }

    private func full(upTo floor: Int64?) -> Claim {
        var claim = Claim()
        claim.floor = floor
        claim.mayHaveMore = true
        return claim
    }

    @Test func `claims go on where the last one ended, and search once a second`() {
        var scan = Scan()
        #expect(claim(&scan, at: 1, full(upTo: 100)) == 0)
        #expect(claim(&scan, at: 1.1, full(upTo: 200)) == 100)
        #expect(claim(&scan, at: 1.2) == 200)
        #expect(claim(&scan, at: 2.1) == 0)
    }

    @Test func `after a search the next one waits many times as long as it took`() {
        var scan = Scan()
        #expect(claim(&scan, at: 1, took: 0.1, full(upTo: 100)) == 0)
        scan.isWanted = true
        #expect(claim(&scan, at: 2.9) == 100)
        #expect(scan.nextSearch == Self.moment(1.1).advanced(by: .milliseconds(1_900)))
    }

    @Test func `a search begins at the oldest unfinished job, known for a while`() {
        var scan = Scan()
        #expect(claim(&scan, at: 1, took: 0.5, full(upTo: 900)) == 0)
        scan.learn(oldest: 50, at: Self.moment(10))
        scan.learn(oldest: 60, at: Self.moment(12))
        #expect(scan.oldest == 0)
        scan.learn(oldest: 70, at: Self.moment(15))
        #expect(scan.oldest == 50)
        // One from the very start still rests, for the half minute that it rests at most.
        #expect(claim(&scan, at: 20, took: 0) == 50)
        #expect(claim(&scan, at: 32, took: 0) == 0)
    }

    @Test func `what a long transaction brought late is gone through from where it lies`() {
        var scan = Scan()
        #expect(claim(&scan, at: 1, full(upTo: 5_000)) == 0)
        scan.learn(oldest: 4_000, at: Self.moment(5))
        scan.learn(oldest: 4_000, at: Self.moment(10))
        #expect(claim(&scan, at: 11, full(upTo: 300)) == 0)
        #expect(claim(&scan, at: 11.1, full(upTo: 600)) == 300)
        #expect(claim(&scan, at: 11.2) == 600)
    }

    @Test func `what was passed over is searched for again`() {
        var scan = Scan()
        #expect(claim(&scan, at: 1, full(upTo: 100)) == 0)
        scan.isWanted = true
        #expect(claim(&scan, at: 1.5, full(upTo: nil)) == 0)
        #expect(scan.isWanted)
    }
}
