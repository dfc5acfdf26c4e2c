import TestSupport
import Testing

@testable import HTTP

/// Random changes to valid and invalid requests, the same in each run.
struct `Requests changed at random` {
    private static let bases: [[UInt8]] =
        SmugglingCases.all.map(\.bytes) + GrammarCases.all.map(\.bytes)
        + PublicCorpus.cases.map(\.bytes).filter { $0.count < 600 }

    /// Pieces that parsers have stumbled over.
    private static let pieces: [[UInt8]] = [
        "\r\n", "\n", "\r", "\r\n\r\n", ":", " ", "\t", "\0", "chunked", "Content-Length: 5\r\n",
        "Transfer-Encoding: chunked\r\n", "0\r\n\r\n", "FFFFFFFFFFFFFFFF", "HTTP/1.1", "%", "#",
        "Host: a\r\n", ";", "\"", "\\", "5\r\nhello\r\n", "\u{FF}", "-1", ",",
    ].map { Array($0.utf8) }

    @Test(arguments: 0..<8)
    func `get one verdict, whole or split, and never more requests than fit`(seed: Int) {
        var random = SeededGenerator(seed: UInt64(seed))
        for _ in 0..<750 {
            guard var bytes = Self.bases.randomElement(using: &random) else { return }
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                change(&bytes, using: &random)
            }
            check(bytes, using: &random)
        }
    }

    private func check(_ bytes: [UInt8], using random: inout SeededGenerator) {
        let whole = Transcript(bytes)
        let byBytes = Transcript(bytes, cuts: Array(bytes.indices))
        #expect(byBytes == whole, "\(String(decoding: bytes, as: UTF8.self).debugDescription)")
        let cuts = (0..<4).map { _ in Int.random(in: 0...bytes.count, using: &random) }.sorted()
        #expect(Transcript(bytes, cuts: cuts) == whole, "\(cuts)")
        // The shortest request is `A / HTTP/1.0` and an empty line.
        #expect(whole.messages.count <= bytes.count / 16)
        for message in whole.messages { #expect(message.body.count < bytes.count) }
    }

    private func change(_ bytes: inout [UInt8], using random: inout SeededGenerator) {
        let place = Int.random(in: 0...bytes.count, using: &random)
        switch Int.random(in: 0..<6, using: &random) {
        case 0: bytes.insert(UInt8.random(in: 0...255, using: &random), at: place)
        case 1 where place < bytes.count: bytes.remove(at: place)
        case 2 where place < bytes.count: bytes[place] = .random(in: 0...255, using: &random)
        case 3: bytes.insert(contentsOf: Self.pieces.randomElement(using: &random) ?? [], at: place)
        case 4: bytes.removeLast(min(bytes.count - place, 40))
        default:
            let end = Int.random(in: place...bytes.count, using: &random)
            bytes.insert(contentsOf: bytes[place..<end].prefix(200), at: place)
        }
    }
}
