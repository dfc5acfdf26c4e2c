import EventLoop
import HTTP
import JSON
import Postgres
import Secrets
import Storage
import Testing

@testable import API

/// The small readers of the conventions, without a database.
@Suite struct ConventionsTests {
    @Test(arguments: [
        ("*", true, true), ("\"7\"", true, true), ("W/\"7\"", false, true),
        ("\"1\", \"7\"", true, true), (",, \"7\" ,", true, true), ("\"70\"", false, false),
    ])
    func `entity tags are compared strongly and weakly`(
        text: String,
        strongly: Bool,
        weakly: Bool
    ) throws {
        let condition = try #require(EntityTagCondition(parsing: [text]))
        #expect(condition.holdsStrongly(for: "7") == strongly)
        #expect(condition.holdsWeakly(for: "7") == weakly)
    }

    @Test(arguments: ["", "7", "\"7", "\"7\" \"8\"", "*, \"7\"", "w/\"7\"", "\"a\"b"])
    func `what is no list of entity tags is refused`(text: String) {
        #expect(EntityTagCondition(parsing: [text]) == nil)
    }

    @Test(arguments: [
        ("wait=10", 10), ("respond-async, wait=\"5\"", 5), ("wait=100000", 60),
        ("wait=+5", nil), ("wait", nil), ("wait=3; x=y, wait=9", 3), ("WAIT = 4", 4),
    ])
    func `preferences are read and unknown ones ignored`(text: String, wait: Int?) {
        #expect(Preferences(parsing: [text]).wait == wait)
    }

    @Test func `a query knows its names and decodes once`() throws {
        let query = try Query(parsing: "a=%2541+b&c", known: ["a", "c"])
        #expect(query["a"] == "%41 b")
        #expect(query["c"] == "")
        for text in ["x=1", "a=1&a=2", "a=%G1", "a=%FF", "a=%00"] {
            #expect(throws: Problem.self, "\(text)") {
                try Query(parsing: text, known: ["a", "c"])
            }
        }
    }

    @Test func `a cursor opens for its own list only and never when touched`() throws {
        let seal = CursorSeal(key: HMACSHA256(key: Array(1...32)))
        let list = ListIdentity(operation: "list", path: ["a"], filters: [("b", "c")])
        let other = ListIdentity(operation: "list", path: ["a"], filters: [("b", "d")])
        let cursor = seal.seal([1, 2, 3], of: list)
        #expect(try seal.open(cursor, of: list) == [1, 2, 3])
        #expect(throws: Problem.self) { try seal.open(cursor, of: other) }
        let bytes = try #require(Base64URL.decode(cursor))
        for place in bytes.indices {
            var touched = bytes
            touched[place] ^= 1
            #expect(throws: Problem.self) {
                try seal.open(Base64URL.encode(touched), of: list)
            }
        }
    }

    @Test func `an allowance is used up and fills again`() throws {
        let limiter = RateLimiter(RateLimit(perSecond: 10, burst: 3))
        let start = MonotonicTime(nanoseconds: 1_000_000_000)
        let first = (0..<4).compactMap { _ in limiter.take(42, at: start) }
        #expect(first.map(\.isAllowed) == [true, true, true, false])
        #expect(first.map(\.remaining) == [2, 1, 0, 0])
        #expect(first.last?.reset == 1)
        #expect(limiter.take(43, at: start)?.isAllowed == true)
        let later = start.advanced(by: .milliseconds(100))
        #expect(limiter.take(42, at: later)?.isAllowed == true)
        #expect(limiter.take(42, at: later)?.isAllowed == false)
        #expect(RateLimiter(.none).take(42, at: start) == nil)
    }

    @Test func `many callers take no more room than there is`() {
        let limiter = RateLimiter(RateLimit(perSecond: 1, burst: 1))
        let start = MonotonicTime(nanoseconds: 1_000_000_000)
        for caller in 0..<UInt64(RateLimiter.callersMax * 2) {
            #expect(limiter.take(caller &* 0x9E37_79B9_7F4A_7C15, at: start)?.isAllowed == true)
        }
    }

    @Test(arguments: [
        ("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01", true),
        ("00-00000000000000000000000000000000-00f067aa0ba902b7-01", false),
        ("00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01", false),
        ("01-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01", false), ("", false),
    ])
    func `a trace goes on under a span of our own`(text: String, isValid: Bool) {
        let issuer = RequestIDIssuer(seed: 1)
        let next = RequestIdentity.continuing(text, issuer: issuer)
        #expect((next != nil) == isValid)
        #expect(next?.prefix(36) == (isValid ? text.prefix(36) : nil))
        #expect(next != text)
    }

    @Test func `a merge patch removes, and leaves unknown names to be refused`() {
        let wish: JSON = ["labels": ["a": "1", "b": "2"], "spec": ["x": 1, "p": ["k": 1]]]
        let patch = Patch(["labels": ["a": nil], "spec": ["x": nil, "z": nil, "p": ["k": nil]]])
        let result = patch.applied(to: wish, open: ["labels", "p"])
        #expect(result["labels"] == ["b": "2"])
        #expect(result["spec"] == ["x": nil, "p": [:], "z": nil])
    }

    @Test func `differences name each member that changes`() {
        let before: JSON = ["spec": ["a": 1, "b": [1], "c": ["d": true]]]
        let after: JSON = ["spec": ["a": 1, "b": [2], "c": ["d": false], "e": "new"]]
        let pointers = Difference.list(from: before, to: after).map(\.pointer.description)
        #expect(pointers == ["/spec/b", "/spec/c/d", "/spec/e"])
    }

    @Test func `credentials are read from their field and nowhere else`() throws {
        func read(_ value: String?, passwords: Bool) throws -> String? {
            let fields = value.map { [(HeaderName.authorization, $0)] } ?? []
            let request = try Request(.get, "/v1/me?access_token=slp_x", headers: fields)
            let shown = Credentials(of: request.headers, passwords: passwords)
            guard case .token(let text) = shown else { return nil }
            return text
        }
        #expect(try read("Bearer abc", passwords: false) == "abc")
        #expect(try read("bearer abc", passwords: false) == "abc")
        #expect(try read("Basic Z2l0OmFiYw==", passwords: true) == "abc")
        #expect(try read("Basic Z2l0OmFiYw==", passwords: false) == nil)
        #expect(try read(nil, passwords: true) == nil)
    }

    @Test func `an event of a stream is three lines and a blank one`() {
        let event = ServerSentEvent(id: "7", type: "line", data: Array("{}".utf8))
        #expect(String(decoding: event.bytes, as: UTF8.self) == "id: 7\nevent: line\ndata: {}\n\n")
    }

    @Test func `a full disk is told as one and says when to come back`() {
        let problem = Problem(explaining: StorageFault.database(.diskFull))
        #expect(problem.kind == .diskFull)
        #expect(problem.retryAfter == 10)
    }
}
