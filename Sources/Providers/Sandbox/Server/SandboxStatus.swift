package import JSON

/// Why the API server does not do what was asked: the `Status` that it answers.
package struct SandboxStatus: Error, Equatable, Sendable {
    /// The reasons of Kubernetes, each with its HTTP status.
    package enum Reason: String, Sendable {
        case badRequest = "BadRequest"
        case unauthorized = "Unauthorized"
        case forbidden = "Forbidden"
        case notFound = "NotFound"
        case methodNotAllowed = "MethodNotAllowed"
        case notAcceptable = "NotAcceptable"
        case alreadyExists = "AlreadyExists"
        case conflict = "Conflict"
        case expired = "Expired"
        case tooLarge = "RequestEntityTooLarge"
        case unsupportedMediaType = "UnsupportedMediaType"
        case invalid = "Invalid"
        case tooManyRequests = "TooManyRequests"
        case internalError = "InternalError"
        case unavailable = "ServiceUnavailable"

        /// The HTTP status.
        package var code: Int {
            switch self {
            case .badRequest: 400
            case .unauthorized: 401
            case .forbidden: 403
            case .notFound: 404
            case .methodNotAllowed: 405
            case .notAcceptable: 406
            case .alreadyExists, .conflict: 409
            case .expired: 410
            case .tooLarge: 413
            case .unsupportedMediaType: 415
            case .invalid: 422
            case .tooManyRequests: 429
            case .internalError: 500
            case .unavailable: 503
            }
        }
    }

    /// One of several causes.
    package struct Cause: Sendable, Equatable {
        /// The reason, such as `FieldManagerConflict` or `FieldValueRequired`.
        package var reason: String
        /// In words.
        package var message: String
        /// The field that it is about.
        package var field: String

        /// A cause.
        package init(_ reason: String, _ message: String, field: String) {
            self.reason = reason
            self.message = message
            self.field = field
        }
    }

    /// The reason.
    package let reason: Reason
    /// In words.
    package let message: String
    /// What it is about: name, group, kind (as the API has it, often the plural), uid.
    package var details = JSONObject()
    /// The single causes.
    package var causes: [Cause] = []
    /// How long to wait before asking again; nil for no advice.
    package var retryAfterSeconds: Int?

    /// A refusal.
    package init(_ reason: Reason, _ message: String) {
        self.reason = reason
        self.message = message
    }

    /// The `Status` object.
    package var json: JSON {
        var object: JSONObject = [
            "kind": "Status", "apiVersion": "v1", "metadata": [:], "status": "Failure",
            "message": .string(message), "reason": .string(reason.rawValue),
        ]
        var details = self.details
        if !causes.isEmpty {
            details["causes"] = .array(
                causes.map { cause in
                    [
                        "reason": .string(cause.reason), "message": .string(cause.message),
                        "field": .string(cause.field),
                    ]
                }
            )
        }
        if let retryAfterSeconds { details["retryAfterSeconds"] = .integer(retryAfterSeconds) }
        let isGeneric: Set<Reason> = [.notFound, .methodNotAllowed, .notAcceptable]
        if !details.isEmpty || isGeneric.contains(reason) { object["details"] = .object(details) }
        object["code"] = .integer(reason.code)
        return .object(object)
    }
}
