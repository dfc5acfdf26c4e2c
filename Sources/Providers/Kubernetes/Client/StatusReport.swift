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
        causes: [Cause],
        resource: String,
        name: String,
        retryAfterSeconds: Int?
    ) {
        self.code = code
        self.reason = reason
        self.message = message
        self.causes = causes
        self.resource = resource
        self.name = name
        self.retryAfterSeconds = retryAfterSeconds
    }
}

extension JSONLimits {
    /// Schemas inside of definitions nest deep; a server's answer is trusted that far.
    static let kubernetes = JSONLimits(depthMax: 256)
}
