import HTTP

extension Answer {
    /// The response with the fields that every answer has.
    func response(to call: Invocation, _ rate: RateLimiter.Verdict?, policy: String) -> Response {
        switch Conditional.apply(call, self) {
        case .full(let answer): answer.complete(rate, policy)
        case .unchanged(let tag): Answer.unchanged(tag).complete(rate, policy)
        case .failed:
            Problem(
                .preconditionFailed,
                "The resource is not in the version that `If-Match` names."
            ).response(requestID: call.identity.id)
        }
    }

    private static func unchanged(_ tag: String) -> Answer {
        var answer = Answer(.notModified)
        answer.tag = tag
        return answer
    }

    private func complete(_ rate: RateLimiter.Verdict?, _ policy: String) -> Response {
        var response = Response(status: status, headers: headers, body: body)
        if let tag { response.headers.add(.etag, EntityTag.strong(tag)) }
        response.headers.add(.contentTypeOptions, "nosniff")
        if response.headers[.cacheControl] == nil {
            let mayKeep = tag != nil && !isSecret
            response.headers.add(.cacheControl, mayKeep ? "private, no-cache" : "no-store")
        }
        if let rate {
            response.headers.add(.rateLimit, rate.field)
            response.headers.add(.rateLimitPolicy, policy)
        }
        return response
    }
}

extension RequestIdentity {
    /// Adds the id and the trace to the response, unless they are there.
    func sign(_ response: inout Response) {
        if response.headers[.requestID] == nil { response.headers.add(.requestID, id) }
        if let traceparent { response.headers.add(.traceparent, traceparent) }
    }
}
