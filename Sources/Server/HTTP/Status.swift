/// A status code (RFC 9110 §15) with its customary reason.
package struct Status: Sendable, Hashable {
    /// Three digits.
    package let code: Int

    /// The status with `code`, from 100 to 599.
    package init(code: Int) {
        precondition((100...599).contains(code), "a status code has three digits")
        self.code = code
    }

    /// Whether the response has no body whatever its fields say (RFC 9112 §6.3).
    var forbidsBody: Bool { code < 200 || code == 204 || code == 304 }
}

extension Status {
    /// 100.
    package static let `continue` = Status(code: 100)
    /// 200.
    package static let ok = Status(code: 200)
    /// 201.
    package static let created = Status(code: 201)
    /// 202.
    package static let accepted = Status(code: 202)
    /// 204.
    package static let noContent = Status(code: 204)
    /// 301.
    package static let movedPermanently = Status(code: 301)
    /// 303.
    package static let seeOther = Status(code: 303)
    /// 304.
    package static let notModified = Status(code: 304)
    /// 307.
    package static let temporaryRedirect = Status(code: 307)
    /// 308.
    package static let permanentRedirect = Status(code: 308)
    /// 400.
    package static let badRequest = Status(code: 400)
    /// 401.
    package static let unauthorized = Status(code: 401)
    /// 403.
    package static let forbidden = Status(code: 403)
    /// 404.
    package static let notFound = Status(code: 404)
    /// 405.
    package static let methodNotAllowed = Status(code: 405)
    /// 406.
    package static let notAcceptable = Status(code: 406)
    /// 408.
    package static let requestTimeout = Status(code: 408)
    /// 409.
    package static let conflict = Status(code: 409)
    /// 410.
    package static let gone = Status(code: 410)
    /// 412.
    package static let preconditionFailed = Status(code: 412)
    /// 413.
    package static let contentTooLarge = Status(code: 413)
    /// 414.
    package static let uriTooLong = Status(code: 414)
    /// 415.
    package static let unsupportedMediaType = Status(code: 415)
    /// 417.
    package static let expectationFailed = Status(code: 417)
    /// 422.
    package static let unprocessableContent = Status(code: 422)
    /// 428.
    package static let preconditionRequired = Status(code: 428)
    /// 429.
    package static let tooManyRequests = Status(code: 429)
    /// 431.
    package static let requestHeaderFieldsTooLarge = Status(code: 431)
    /// 500.
    package static let internalServerError = Status(code: 500)
    /// 501.
    package static let notImplemented = Status(code: 501)
    /// 502.
    package static let badGateway = Status(code: 502)
    /// 503.
    package static let serviceUnavailable = Status(code: 503)
    /// 504.
    package static let gatewayTimeout = Status(code: 504)
    /// 505.
    package static let httpVersionNotSupported = Status(code: 505)
    /// 507.
    package static let insufficientStorage = Status(code: 507)
}

extension Status {
    /// The words after the code; clients ignore them.
    package var reason: StaticString {
        code < 400 ? successReason : failureReason
    }

    private var successReason: StaticString {
        switch code {
        case 100: "Continue"
        case 200: "OK"
        case 201: "Created"
        case 202: "Accepted"
        case 204: "No Content"
        case 301: "Moved Permanently"
        case 303: "See Other"
        case 304: "Not Modified"
        case 307: "Temporary Redirect"
        case 308: "Permanent Redirect"
        default: ""
        }
    }

    private var failureReason: StaticString {
        switch code {
        case 400: "Bad Request"
        case 401: "Unauthorized"
        case 403: "Forbidden"
        case 404: "Not Found"
        case 405: "Method Not Allowed"
        case 406: "Not Acceptable"
        case 408: "Request Timeout"
        case 409: "Conflict"
        case 410: "Gone"
        case 412: "Precondition Failed"
        case 413: "Content Too Large"
        case 414: "URI Too Long"
        case 415: "Unsupported Media Type"
        case 417: "Expectation Failed"
        case 422: "Unprocessable Content"
        case 428: "Precondition Required"
        case 429: "Too Many Requests"
        case 431: "Request Header Fields Too Large"
        case 500: "Internal Server Error"
        case 501: "Not Implemented"
        case 502: "Bad Gateway"
        case 503: "Service Unavailable"
        case 504: "Gateway Timeout"
        case 505: "HTTP Version Not Supported"
        case 507: "Insufficient Storage"
        default: ""
        }
    }
}
