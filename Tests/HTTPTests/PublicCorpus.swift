import Foundation

/// Requests from the test suites of other parsers, kept beside the repository.
enum PublicCorpus {
    struct Case: Decodable, Sendable, CustomStringConvertible {
        struct Message: Decodable, Sendable {
            let method: String
            let target: String
            let version: String
            let headers: [[String]]
            let bodyB64: String
        }

        let id: String
        let rawB64: String
        let expected: String
        let nMessages: Int?
        let messages: [Message]?
        let statuses: [Int]?
        let mustCloseAfter: Bool?
        let verbatimB64: String?
        let verbatimExpected: String?

        var description: String { id }
        var bytes: [UInt8] { decoded(rawB64) }
        var verbatim: [UInt8]? { verbatimB64.map(decoded) }
        /// How many requests must be, or at most may be, handed to a handler.
        var count: Int { nMessages ?? 0 }
    }

    private struct File: Decodable {
        let cases: [Case]
    }

    static func decoded(_ base64: String) -> [UInt8] {
        Data(base64Encoded: base64).map { Array($0) } ?? []
    }

    static let path = URL(filePath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "../shared/data/http_requests.json").standardizedFileURL.path()

    /// The cases; empty where the file is absent.
    static let cases: [Case] = {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        guard let data = FileManager.default.contents(atPath: path),
            let file = try? decoder.decode(File.self, from: data)  // counted by a test
        else {
            print("skipped: \(path) is not there, so the public requests are not run")
            return []
        }
        return file.cases
    }()

    static var isPresent: Bool { !cases.isEmpty }
}
