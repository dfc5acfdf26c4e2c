import HTTP
import JSON

extension Problem {
    /// The prefix of the addresses that Backstage's clients know.
    private static let portalPrefix = "/api/catalog"

    /// The response in the form of Backstage's errors, by which its clients tell them apart.
    func portalResponse(to request: Request, requestID: String) -> Response {
        let status = portalStatus
        let path =
            request.path.hasPrefix(Self.portalPrefix)
            ? String(request.path.dropFirst(Self.portalPrefix.count)) : request.path
        var writer = JSONWriter(reserving: 384)
        writer.object { writer in
            writer.key("error")
            writer.object { writer in
                writer.member("name", Self.portalName(of: status))
                writer.member("message", summary)
                writer.member("code", kind.code)
            }
            writer.key("request")
            writer.object { writer in
                writer.member("method", request.method.name)
                writer.member("url", path + (request.query.map { "?\($0)" } ?? ""))
            }
            writer.key("response")
            writer.object { $0.member("statusCode", status.code) }
        }
        return response(status, writer.finish(), requestID: requestID)
    }

    /// Backstage knows no 422: what is wrong with an input is a 400.
    private var portalStatus: Status {
        kind.status == ProblemKind.invalidInput.status ? .badRequest : kind.status
    }

    private static func portalName(of status: Status) -> String {
        switch status.code {
        case 400, 413, 414, 415, 431: "InputError"
        case 401: "AuthenticationError"
        case 403: "NotAllowedError"
        case 404: "NotFoundError"
        case 409, 412: "ConflictError"
        case 501: "NotImplementedError"
        case 503: "ServiceUnavailableError"
        default: "Error"
        }
    }
}
