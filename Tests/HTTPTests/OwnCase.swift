import Testing

@testable import HTTP

/// Bytes that a client may send and what must become of them.
struct OwnCase: CustomStringConvertible {
    enum Verdict: Equatable {
        /// So many requests reach a handler, and nothing is refused.
        case accepted(Int)
        /// So many requests reach a handler, then one is refused with one of the statuses.
        case refused(after: Int, [Int])
        /// Nothing reaches a handler and nothing is refused yet.
        case waits
    }

    let name: String
    let bytes: [UInt8]
    let verdict: Verdict

    init(_ name: String, _ bytes: [UInt8], _ verdict: Verdict) {
        self.name = name
        self.bytes = bytes
        self.verdict = verdict
    }

    init(_ text: String, _ verdict: Verdict) {
        self.init(text.debugDescription, Array(text.utf8), verdict)
    }

    var description: String { name }

    static let bad = Verdict.refused(after: 0, [400])

    /// Checks the verdict, and that it is the same however the bytes are split.
    func check() {
        let whole = Transcript(bytes)
        #expect(OwnCase.matches(whole, verdict), "\(name): \(whole)")
        #expect(Transcript(bytes, cuts: Array(bytes.indices)) == whole, "\(name) by bytes")
        for cut in bytes.indices {
            #expect(Transcript(bytes, cuts: [cut]) == whole, "\(name) cut at \(cut)")
        }
    }

    static func matches(_ transcript: Transcript, _ verdict: Verdict) -> Bool {
        switch (transcript.ending, verdict) {
        case (.refused(let fault), .refused(let count, let statuses)):
            transcript.messages.count == count && statuses.contains(fault.status.code)
        case (.open, .accepted(let count)), (.closed, .accepted(let count)):
            transcript.messages.count == count
        case (.partial, .waits):
            transcript.messages.isEmpty
        default: false
        }
    }
}

/// Whole requests made of one part that varies.
enum Wrap {
    static func request(line: [UInt8]) -> [UInt8] {
        line + Array("\r\nHost: a\r\n\r\n".utf8)
    }

    static func field(_ field: [UInt8]) -> [UInt8] {
        Array("GET / HTTP/1.1\r\nHost: a\r\n".utf8) + field + Array("\r\n\r\n".utf8)
    }

    static func host(_ value: [UInt8]) -> [UInt8] {
        Array("GET / HTTP/1.1\r\nHost: ".utf8) + value + Array("\r\n\r\n".utf8)
    }

    /// A body of one chunk whose first line is `size`.
    static func chunk(_ size: [UInt8]) -> [UInt8] {
        chunked(size + Array("\r\nhello\r\n0\r\n\r\n".utf8))
    }

    static func trailer(_ line: [UInt8]) -> [UInt8] {
        chunked(Array("5\r\nhello\r\n0\r\n".utf8) + line + Array("\r\n\r\n".utf8))
    }

    static func chunked(_ body: [UInt8]) -> [UInt8] {
        Array("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n".utf8) + body
    }
}
