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
                writer.member("message", portalMessage)
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
        var response = response(requestID: requestID)
        var headers: ResponseHeaders = [
            .contentType: MediaType.json.essence, .requestID: requestID,
            .cacheControl: "no-store", .contentTypeOptions: "nosniff",
        ]
        if let retryAfter { headers.add(.retryAfter, String(retryAfter)) }
        response.headers = headers
        response.status = status
        response.body = .bytes(writer.finish())
        return response
    }

    /// Backstage knows no 422: what is wrong with an input is a 400.
    private var portalStatus: Status {
        kind.status == ProblemKind.invalidInput.status ? .badRequest : kind.status
    }

    /// The sentence, with what is wrong in detail: Backstage's errors have no list for it.
    private var portalMessage: String {
        guard !faults.isEmpty else { return detail }
        return faults.prefix(Self.faultsMax).map(\.detail).joined(separator: "; ")
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
