import Testing

@testable import HTTP

struct `Requests that others read differently` {
    @Test func `there are more of them than in the public suites`() {
        let count = GrammarCases.all.count + SmugglingCases.all.count + EveryByteCases.all.count
        #expect(count > 341)
    }

    @Test func `the edges of the grammar are where the RFCs put them`() {
        for example in GrammarCases.all { example.check() }
    }

    @Test func `no message has two lengths`() {
        for example in SmugglingCases.all { example.check() }
    }

    @Test func `every byte is taken only where it belongs`() {
        for example in EveryByteCases.all { example.check() }
    }

    @Test(arguments: [
        ("HTTP/1.1", "", true), ("HTTP/1.1", "close", false), ("HTTP/1.1", "Close", false),
        ("HTTP/1.1", "x, close", false), ("HTTP/1.1", "close, keep-alive", false),
        ("HTTP/1.1", "keep-alive\r\nConnection: close", false), ("HTTP/1.1", "closed", true),
        ("HTTP/1.0", "", false), ("HTTP/1.0", "keep-alive", true),
        ("HTTP/1.0", "Keep-Alive, x", true), ("HTTP/1.0", "keep-alive, close", false),
    ])
    func `a connection lives as long as both sides want it to`(
        version: String,
        option: String,
        lives: Bool
    ) {
        let transcript = Transcript("GET / \(version)\r\nHost: a\r\nConnection: \(option)\r\n\r\n")
        #expect(transcript.messages.count == 1)
        #expect(transcript.ending == (lives ? .open : .closed))
    }

    @Test func `each limit has its own status`() {
        var limits = ServerLimits()
        limits.headBytesMax = 1_000
        limits.targetBytesMax = 100
        limits.fieldsMax = 10
        let head = "GET / HTTP/1.1\r\nHost: a\r\n"
        let cases: [(String, RequestFault?)] = [
            ("GET /\(String(repeating: "a", count: 99)) HTTP/1.1\r\nHost: a\r\n\r\n", nil),
            ("GET /\(String(repeating: "a", count: 100)) HTTP/1.1\r\n\r\n", .targetTooLong),
            ("GET /\(String(repeating: "a", count: 900))", .targetTooLong),
            ("\(head)\(String(repeating: "x: y\r\n", count: 9))\r\n", nil),
            ("\(head)\(String(repeating: "x: y\r\n", count: 10))\r\n", .headTooLarge),
            ("\(head)x: \(String(repeating: "y", count: 967))\r\n\r\n", nil),
            ("\(head)x: \(String(repeating: "y", count: 1_100))", .headTooLarge),
            ("\(head)x: \(String(repeating: "y", count: 1_100))\r\n\r\n", .headTooLarge),
        ]
        for (text, fault) in cases {
            let bytes = Array(text.utf8)
            let transcript = Transcript(bytes, limits: limits)
            #expect(transcript.ending == (fault.map { .refused($0) } ?? .open), "\(text)")
            let split = Transcript(bytes, cuts: Array(bytes.indices), limits: limits)
            #expect(split == transcript, "\(text)")
        }
    }

    @Test func `known names are found in any case`() {
        for known in KnownHeader.allCases where known != .unknown {
            let name = known.spelling.description
            for spelling in [name, name.lowercased(), name.uppercased()] {
                let found = Array(spelling.utf8).withUnsafeBytes { KnownHeader(name: $0) }
                #expect(found == known)
            }
            #expect(HeaderName(name) == HeaderName(known))
            #expect(HeaderName(name + "x") != HeaderName(known))
        }
    }
}
