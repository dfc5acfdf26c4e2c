import HTTP
import Testing

/// Each request goes to a server whole or in parts; then the client says that nothing more
/// comes and reads until the server closes, so that nobody has to wait for a time to pass.
@Suite(.enabled(if: PublicCorpus.isPresent, "no ../shared/data/http_requests.json"))
struct `The public requests on a live server` {
    enum Split: CaseIterable {
        case whole, lines, bytes

        func parts(of bytes: [UInt8]) -> [[UInt8]] {
            switch self {
            case .whole: [bytes]
            case .bytes: bytes.count < 1_000 ? bytes.map { [$0] } : [bytes]
            case .lines:
                bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
                    .map { Array($0) + [UInt8(ascii: "\n")] }
            }
        }
    }

    @Test(arguments: Split.allCases)
    func `are answered as the parser says`(split: Split) async throws {
        let server = try TestServer()
        for example in PublicCorpus.cases {
            let client = try server.client()
            var parts = split.parts(of: example.bytes)
            if split == .lines, let last = parts.popLast() { parts.append(last.dropLast()) }
            for part in parts { client.send(part) }
            client.shutSending()
            let methods = (example.messages ?? []).map(\.method)
            let responses = ReceivedResponse.all(in: client.readToEnd(), methods: methods)
            LiveVerdict.check(responses.map(\.status), example)
        }
        await server.stop()
        #expect(server.server.statistics.connectionsOpen == 0)
    }
}

/// What the public requests must come to on any connection.
enum LiveVerdict {
    static func check(_ statuses: [Int], _ example: PublicCorpus.Case) {
        let count = example.count
        let accepted = statuses.prefix { $0 == 200 }.count
        let isRefused = accepted < statuses.count
        #expect(statuses.count <= accepted + 1, "\(example.id) \(statuses)")
        switch example.expected {
        case "ok":
            #expect(accepted == count && !isRefused, "\(example.id) \(statuses)")
        case "error":
            #expect(accepted == 0 && isRefused, "\(example.id) \(statuses)")
            let expected = example.statuses ?? []
            #expect(statuses.allSatisfy { expected.isEmpty || expected.contains($0) })
        case "ok_then_error", "ok_then_incomplete":
            #expect(accepted == count, "\(example.id) \(statuses)")
        case "error_or_wait", "incomplete":
            #expect(accepted == 0, "\(example.id) \(statuses)")
        default:
            #expect(accepted <= max(count, 1), "\(example.id) \(statuses)")
        }
    }
}
