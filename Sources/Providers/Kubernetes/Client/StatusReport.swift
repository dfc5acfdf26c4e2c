import JSON

/// What an API server says about a request that it did not carry out (`meta/v1.Status`).
struct StatusReport: Sendable, Equatable {
    /// One entry of `details.causes`.
    struct Cause: Sendable, Equatable {
        let reason: String
        let message: String
        let field: String
    }

    let code: Int
    let reason: String
    let message: String
    /// What server-side apply finds wrong with fields it tells in the message alone, a line each.
    let typingFaults: [FieldCause]
    let causes: [Cause]
    /// `details.kind`: a plural, such as `secrets`.
    let resource: String
    /// `details.name`.
    let name: String
    let retryAfterSeconds: Int?

    /// Causes that are kept of one answer.
    static let causesMax = 20

    /// Reads `Status`; anything else becomes a report of the HTTP status with the text's start.
    init(status: Int, body: [UInt8]) {
        do throws(JSONFault) {
            let json = try JSON.parse(body, limits: .kubernetes)
            if json["kind"]?.string == "Status" {
                self.init(json, status: status)
                return
            }
        } catch {
            // A proxy's or webhook server's own words, told as they are.
        }
        self.init(
            code: status,
            reason: "",
            message: PlainText(body).text,
            typingFaults: [],
            causes: [],
            resource: "",
            name: "",
            retryAfterSeconds: nil
        )
    }

    /// Reads a `Status` object.
    init(_ json: JSON, status: Int) {
        let details = json["details"]
        let causes = (details?["causes"]?.array ?? []).prefix(Self.causesMax).map { cause in
            Cause(
                reason: PlainText(cause["reason"]?.string ?? "").text,
                message: PlainText(cause["message"]?.string ?? "").text,
                field: PlainText(cause["field"]?.string ?? "").text
            )
        }
        self.init(
            code: json["code"]?.int ?? status,
            reason: PlainText(json["reason"]?.string ?? "").text,
            message: PlainText(json["message"]?.string ?? "").text,
            typingFaults: Self.typingFaults(in: json["message"]?.string ?? ""),
            causes: causes,
            resource: PlainText(details?["kind"]?.string ?? "").text,
            name: PlainText(details?["name"]?.string ?? "").text,
            retryAfterSeconds: details?["retryAfterSeconds"]?.int
        )
    }

    private init(
        code: Int,
        reason: String,
        message: String,
        typingFaults: [FieldCause],
        causes: [Cause],
        resource: String,
        name: String,
        retryAfterSeconds: Int?
    ) {
        self.code = code
        self.reason = reason
        self.message = message
        self.typingFaults = typingFaults
        self.causes = causes
        self.resource = resource
        self.name = name
        self.retryAfterSeconds = retryAfterSeconds
    }
}

extension StatusReport {
    /// `failed to create typed patch object (ns/name; apps/v1, Kind=Deployment): errors:` and a
    /// line `  .spec.field: reason` for each; a single one stands on the same line.
    ///
    /// API servers give it status 500, though nothing passes by itself there.
    private static func typingFaults(in message: String) -> [FieldCause] {
        guard message.hasPrefix("failed to create typed "),
            let head = message.firstRange(of: "): ")
        else { return [] }
        let lines = message[head.upperBound...].split(whereSeparator: \.isNewline)
        return lines.filter { $0 != "errors:" }.prefix(causesMax).map { line in
            let words = PlainText(String(line)).text
            guard words.hasPrefix("."), let colon = words.firstRange(of: ": ") else {
                return FieldCause(field: "", reason: "FieldValueInvalid", message: words)
            }
            return FieldCause(
                field: String(words[..<colon.lowerBound].dropFirst()),
                reason: "FieldValueInvalid",
                message: String(words[colon.upperBound...])
            )
        }
    }
}

extension JSONLimits {
    /// Schemas inside of definitions nest deep; a server's answer is trusted that far.
    static let kubernetes = JSONLimits(depthMax: 256)
}
