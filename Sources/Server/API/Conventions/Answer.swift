import Domain
import HTTP

/// What an operation answers, before the conventions add what all answers share.
struct Answer: Sendable {
    var status: Status
    var headers = ResponseHeaders()
    var body: ResponseBody
    /// The version of what is answered, for `ETag` and the conditional fields.
    var tag: String?
    /// Whether nobody may keep a copy.
    var isSecret = false

    init(_ status: Status, body: ResponseBody = .empty) {
        self.status = status
        self.body = body
    }

    /// A JSON document.
    static func json(_ status: Status, _ bytes: [UInt8]) -> Answer {
        var answer = Answer(status, body: .bytes(bytes))
        answer.headers.add(.contentType, MediaType.json.essence)
        return answer
    }

    /// A resource in `revision`.
    static func resource(
        _ bytes: [UInt8],
        revision: Int64,
        status: Status = .ok
    ) -> Answer {
        var answer = json(status, bytes)
        answer.tag = String(revision)
        return answer
    }

    /// A page or document of another format.
    static func document(_ bytes: [UInt8], contentType: String, tag: String? = nil) -> Answer {
        var answer = Answer(.ok, body: .bytes(bytes))
        answer.headers.add(.contentType, contentType)
        answer.tag = tag
        return answer
    }

    /// Nothing is left to show.
    static let gone = Answer(.noContent)

    /// The answer with one more field.
    func with(_ name: HeaderName, _ value: String) -> Answer {
        var answer = self
        answer.headers.add(name, value)
        return answer
    }
}
