import Foundation

/// Requests from the test suites of other parsers, kept beside the repository.
enum PublicCorpus {
    struct Case: Decodable, Sendable, CustomStringConvertible {
        struct Message: Decodable, Sendable {
            let method: String
            let target: String
            let version: String
            let headers: [[String]]
            let body_b64: String
        }

        let id: String
        let raw_b64: String
        let expected: String
        let n_messages: Int?
        let messages: [Message]?
        let statuses: [Int]?
        let must_close_after: Bool?
        let verbatim_b64: String?
        let verbatim_expected: String?

        var description: String { id }
        var bytes: [UInt8] { decoded(raw_b64) }
        var verbatim: [UInt8]? { verbatim_b64.map(decoded) }
        /// How many requests must be, or at most may be, handed to a handler.
        var count: Int { n_messages ?? 0 }
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
        guard let data = FileManager.default.contents(atPath: path),
            let file = try? JSONDecoder().decode(File.self, from: data)  // counted by a test
        else {
            print("skipped: \(path) is not there, so the public requests are not run")
            return []
        }
        return file.cases
    }()

    static var isPresent: Bool { !cases.isEmpty }
}
