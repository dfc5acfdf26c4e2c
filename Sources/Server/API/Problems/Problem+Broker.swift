import HTTP
import JSON

extension Problem {
    /// The response in the form of Open Service Broker's errors.
    func brokerResponse(requestID: String) -> Response {
        var writer = JSONWriter(reserving: 256)
        writer.object { writer in
            writer.member("error", ifPresent: brokerError)
            writer.member("description", brokerDescription)
            writer.member("code", kind.code)
        }
        var response = response(requestID: requestID)
        var headers: ResponseHeaders = [
            .contentType: MediaType.json.essence, .requestID: requestID,
            .cacheControl: "no-store", .contentTypeOptions: "nosniff",
        ]
        if let retryAfter { headers.add(.retryAfter, String(retryAfter)) }
        response.headers = headers
        response.status = brokerStatus
        response.body = .bytes(writer.finish())
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

    /// 409 says of an id that it is taken, and 422 has a word: what else is wrong is a 400.
    private var brokerStatus: Status {
        switch kind {
        case .asyncRequired, .operationInProgress, .maintenanceConflict, .instanceConflict:
            kind.status
        default:
            kind.status == ProblemKind.invalidInput.status
                || kind.status == ProblemKind.stateConflict.status ? .badRequest : kind.status
        }
    }

    private var brokerDescription: String {
        guard !faults.isEmpty else { return detail }
        return faults.prefix(Self.faultsMax).map(\.detail).joined(separator: "; ")
    }
}
