import Testing

@testable import HTTP

@Suite(.enabled(if: PublicCorpus.isPresent, "no ../shared/data/http_requests.json"))
struct `Requests from other parsers' suites` {
    @Test func `all of them are there`() {
        #expect(PublicCorpus.cases.count >= 341)
    }

    @Test(arguments: PublicCorpus.cases)
    func `each gets the strict verdict`(_ example: PublicCorpus.Case) throws {
        let whole = Transcript(example.bytes)
        try check(whole, against: example)
        if let verbatim = example.verbatim, example.verbatimExpected == "error" {
            let transcript = Transcript(verbatim)
            #expect(transcript.ending.isRefusal, "\(transcript)")
            #expect(transcript.messages.count <= example.count)
        }
    }

    @Test(arguments: PublicCorpus.cases)
    func `each gets the same verdict split at every byte`(_ example: PublicCorpus.Case) {
        let bytes = example.bytes
        let whole = Transcript(bytes)
        #expect(Transcript(bytes, cuts: Array(0..<bytes.count)) == whole)
        guard bytes.count < 1_000 else { return }
        for cut in 0..<bytes.count {
            #expect(Transcript(bytes, cuts: [cut]) == whole, "cut at \(cut)")
        }
    }

    @Test(arguments: PublicCorpus.cases)
    func `each gets the same verdict line by line`(_ example: PublicCorpus.Case) {
        let bytes = example.bytes
        let cuts = bytes.indices.filter { bytes[$0] == UInt8(ascii: "\n") }.map { $0 + 1 }
        #expect(Transcript(bytes, cuts: cuts) == Transcript(bytes))
    }

    private func check(_ transcript: Transcript, against example: PublicCorpus.Case) throws {
        let count = transcript.messages.count
        let ending = transcript.ending
        switch example.expected {
        case "ok":
            #expect(count == example.count && !ending.isRefusal, "\(transcript)")
            try checkMessages(transcript, against: example)
        case "error":
            #expect(count == 0 && ending.isRefusal, "\(transcript)")
        case "ok_then_error":
            #expect(count == example.count, "\(transcript)")
            #expect(ending.isRefusal || ending == .closed, "\(transcript)")
        case "ok_then_incomplete":
            #expect(count == example.count, "\(transcript)")
        case "error_or_wait", "incomplete":
            #expect(count == 0 && ending != .closed, "\(transcript)")
        case "either":
            #expect(count <= max(example.count, 1), "\(transcript)")
        default:
            Issue.record("unknown expectation \(example.expected)")
        }
        if case .refused(let fault) = ending, let statuses = example.statuses, !statuses.isEmpty {
            #expect(statuses.contains(fault.status.code), "\(transcript)")
        }
        if example.mustCloseAfter == true, count == example.count {
            #expect(ending != .open, "\(transcript)")
        }
    }

    private func checkMessages(
        _ transcript: Transcript,
        against example: PublicCorpus.Case
    ) throws {
        let messages = try #require(example.messages)
        for (message, expected) in zip(transcript.messages, messages) {
            #expect(message.method == expected.method)
            #expect(message.target == expected.target)
            #expect("1.\(message.minorVersion)" == expected.version)
            #expect(message.fields.map { $0[0] } == expected.headers.map { $0[0] })
            #expect(message.body == PublicCorpus.decoded(expected.bodyB64))
        }
    }
}

extension Transcript.Ending {
    var isRefusal: Bool {
        if case .refused = self { return true }
        return false
    }
}
