import HTTP
import JSON

extension Problem {
    /// The response in the form of Open Service Broker's errors.
    func brokerResponse(to request: Request, requestID: String) -> Response {
        var writer = JSONWriter(reserving: 256)
        writer.object { writer in
            writer.member("error", ifPresent: brokerError)
            writer.member("description", summary)
            writer.member("code", kind.code)
        }
        let status = brokerStatus(to: request.method)
        var response = response(status, writer.finish(), requestID: requestID)
        if let identity = request.headers[.brokerRequestIdentity] {
            response.headers.add(.brokerRequestIdentity, identity)
        }
        return response
    }

    static let operationInProgress = Problem(
        .operationInProgress,
        "Something is under way for it; ask for its last operation and send this again then.",
        retryAfter: 5
    )

    /// The words that platforms know.
    private var brokerError: String? {
        switch kind {
        case .asyncRequired: "AsyncRequired"
        case .operationInProgress: "ConcurrencyError"
        case .maintenanceConflict: "MaintenanceInfoConflict"
        default: nil
        }
    }

    /// 409 says of an id that it is taken, and 422 has a word, or is about a change that cannot be:
    /// what else is wrong is a 400.
    private func brokerStatus(to method: HTTP.Method) -> Status {
        switch kind {
        case .asyncRequired, .operationInProgress, .maintenanceConflict, .instanceConflict:
            return kind.status
        default:
            let isRefused = [ProblemKind.invalidInput.status, ProblemKind.stateConflict.status]
                .contains(kind.status)
            guard isRefused else { return kind.status }
            return method == .patch ? ProblemKind.invalidInput.status : .badRequest
        }
    }
}
