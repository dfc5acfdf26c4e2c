package import HTTP

/// One kind of error that the API answers: a row of the table of codes, statuses and titles.
package struct ProblemKind: Sendable, Hashable {
    /// The word for programs, and the last part of the `type`.
    package let code: String
    /// The status that it is answered with.
    package let status: Status
    /// What it is, in a few words that never change.
    package let title: String
    /// What it means and what to do, in sentences for the page of the code.
    package let meaning: String

    fileprivate init(_ code: String, _ status: Status, _ title: String, _ meaning: String) {
        self.code = code
        self.status = status
        self.title = title
        self.meaning = meaning
    }

    /// The `type` of a problem document (RFC 9457 §3.1.1), also the path of its page.
    package var path: String { "/problems/\(code)" }

    /// Whether the caller rather than the server is to act.
    var isCallers: Bool { status.code < Status.internalServerError.code }

    /// The kind with this code.
    package static func named(_ code: String) -> ProblemKind? {
        all.first { $0.code == code }
    }
}

// MARK: The request cannot be read

extension ProblemKind {
    static let malformedRequest = ProblemKind(
        "malformed-request",
        .badRequest,
        "Malformed request",
        "The bytes are no valid HTTP/1.1 request. The detail names the rule that they break; "
            + "the connection is closed. Use a standard HTTP client."
    )
    static let invalidPath = ProblemKind(
        "invalid-path",
        .badRequest,
        "Invalid path",
        "The path holds a broken escape, a dot segment, a control character, or bytes that are "
            + "no UTF-8. Encode each segment once and send no '.' or '..'."
    )
    static let invalidQuery = ProblemKind(
        "invalid-query",
        .badRequest,
        "Invalid query",
        "A query parameter is unknown, repeated, or has a value that it cannot have. `errors` "
            + "lists all of them. A misspelt filter is never ignored."
    )
    static let invalidHeader = ProblemKind(
        "invalid-header",
        .badRequest,
        "Invalid header field",
        "A header field that this operation reads has a value that it cannot have."
    )
    static let invalidCursor = ProblemKind(
        "invalid-cursor",
        .badRequest,
        "Invalid cursor",
        "The cursor was not made by this server, or was made with other filters or another order. "
            + "Start again without a cursor."
    )
    static let invalidJSON = ProblemKind(
        "invalid-json",
        .badRequest,
        "Invalid JSON",
        "The body is not JSON by RFC 8259: the detail says where. A name twice in one object, a "
            + "byte order mark, a lone surrogate and more than 64 levels are refused too."
    )
    static let unauthenticated = ProblemKind(
        "unauthenticated",
        .unauthorized,
        "Not authenticated",
        "The request shows no token, or one that is unknown, expired or revoked. Send "
            + "`Authorization: Bearer <token>`; with `git`, give the token as the password. "
            + "A token in the query is never read."
    )
    static let notFound = ProblemKind(
        "not-found",
        .notFound,
        "Not found",
        "Nothing is at this address, or your token does not let you see it; both look the same. "
            + "Check the name, and with `GET /v1/me` what your token allows."
    )
    static let methodNotAllowed = ProblemKind(
        "method-not-allowed",
        .methodNotAllowed,
        "Method not allowed",
        "The address exists, but not for this method. `Allow` lists those that it has."
    )
    static let requestTimeout = ProblemKind(
        "request-timeout",
        .requestTimeout,
        "Request timeout",
        "The request did not arrive in time. Send it in one go, without long pauses."
    )
    static let positionGone = ProblemKind(
        "position-gone",
        .gone,
        "Position gone",
        "The event log does not reach to that position: older events were deleted, or the log was "
            + "set back by a restore. Get the resources that you follow anew, then read on from "
            + "where the detail says."
    )
    static let bodyTooLarge = ProblemKind(
        "body-too-large",
        .contentTooLarge,
        "Body too large",
        "The body is larger than this operation takes: 1 MiB for JSON."
    )
    static let targetTooLong = ProblemKind(
        "target-too-long",
        .uriTooLong,
        "Target too long",
        "Path and query together are longer than 8 KiB."
    )
    static let unsupportedMediaType = ProblemKind(
        "unsupported-media-type",
        .unsupportedMediaType,
        "Unsupported media type",
        "The body is in a format that this operation does not take. Send "
            + "`Content-Type: application/json`, for PATCH also `application/merge-patch+json`."
    )
    static let unsupportedContentEncoding = ProblemKind(
        "unsupported-content-encoding",
        .unsupportedMediaType,
        "Unsupported content encoding",
        "The body is compressed. Send it as it is, without `Content-Encoding`."
    )
    static let expectationFailed = ProblemKind(
        "expectation-failed",
        .expectationFailed,
        "Expectation failed",
        "The only expectation that the server meets is `100-continue`."
    )
    static let headTooLarge = ProblemKind(
        "head-too-large",
        .requestHeaderFieldsTooLarge,
        "Header section too large",
        "The header section is larger than 16 KiB or has too many fields."
    )
    static let notImplemented = ProblemKind(
        "not-implemented",
        .notImplemented,
        "Not implemented",
        "The request uses a transfer coding other than `chunked`."
    )
    static let versionNotSupported = ProblemKind(
        "version-not-supported",
        .httpVersionNotSupported,
        "HTTP version not supported",
        "The server speaks HTTP/1.1 and HTTP/1.0."
    )
}

// MARK: The request can be read, but not fulfilled

extension ProblemKind {
    static let nameTaken = ProblemKind(
        "name-taken",
        .conflict,
        "Name taken",
        "There is already a resource of this name. Choose another name, or change the one that "
            + "exists with PUT or PATCH."
    )
    static let stateConflict = ProblemKind(
        "state-conflict",
        .conflict,
        "State does not allow it",
        "The resource is in a state in which this cannot be done. The detail says which; get the "
            + "resource and its jobs to see when that changes."
    )
    static let deleteProtected = ProblemKind(
        "delete-protected",
        .conflict,
        "Protected against deletion",
        "`spec.deleteProtection` is on. Set it to false with PATCH first, if you are sure."
    )
    static let inUse = ProblemKind(
        "in-use",
        .conflict,
        "In use",
        "Something else depends on the resource. The detail names it; remove that first."
    )
    static let quotaExceeded = ProblemKind(
        "quota-exceeded",
        .conflict,
        "Quota exceeded",
        "The tenant would have more than it may. The detail names each limit with what is used of "
            + "it, and what could be deleted, scaled down or put to sleep instead; `dryRun=true` "
            + "tells beforehand. Quotas are raised by the platform's admins."
    )
    static let noRoom = ProblemKind(
        "no-room",
        .conflict,
        "No room",
        "The management cluster takes no more clusters: it is cordoned, full or being removed. "
            + "The detail says which. Name another in `spec.managementCluster`."
    )
    static let clusterAsleep = ProblemKind(
        "cluster-asleep",
        .conflict,
        "Cluster asleep",
        "The virtual cluster sleeps: nothing of it runs, so nobody can be let in. Wake it with "
            + "`POST …/clusters/{cluster}:wake` and ask again when it is `ready`."
    )
    static let alreadyRevealed = ProblemKind(
        "already-revealed",
        .conflict,
        "Already revealed",
        "The credential has been shown in an answer before, and none is shown twice. Rotate the "
            + "binding with `POST …/bindings/{binding}:rotate` and ask again for the next one."
    )
    static let secretTaken = ProblemKind(
        "secret-taken",
        .conflict,
        "Secret taken",
        "Another binding has the Secret of that name where the consumer is, and no two write one. "
            + "The detail names it. Name another Secret in `spec.secret`, or revoke that binding "
            + "first."
    )
    static let clusterUnreachable = ProblemKind(
        "cluster-unreachable",
        .serviceUnavailable,
        "Cluster unreachable",
        "The cluster, or the management cluster that holds it, gave no usable answer. Nothing was "
            + "changed. The detail says why; wait as long as `Retry-After` says and try again."
    )
    static let beyondTrust = ProblemKind(
        "beyond-trust",
        .forbidden,
        "Beyond the trust",
        "The token of a pipeline may do less than a person's: what its trust says about types, "
            + "repository, number and lifetime of environments. The detail names the limit; a "
            + "tenant-admin may widen it with `PATCH …/trusts/{trust}`."
    )
    static let invalidExchange = ProblemKind(
        "invalid-exchange",
        .badRequest,
        "Invalid token exchange",
        "The form is not what RFC 8693 asks for, or names no tenant. `error` is the word of RFC "
            + "6749; the detail says what to send."
    )
    static let tokenRefused = ProblemKind(
        "token-refused",
        .badRequest,
        "Token refused",
        "The issuer's token is not good, was used before, or no trust of the tenant takes the run "
            + "that it is for. `error` is `invalid_grant`, the detail says what to do."
    )
    static let instanceConflict = ProblemKind(
        "instance-conflict",
        .conflict,
        "Id used for something else",
        "The id that a platform chose for an instance or a binding stands for another order, or "
            + "stood for one that is gone. Choose a new one; an id is never used again."
    )
    static let asyncRequired = ProblemKind(
        "async-required",
        .unprocessableContent,
        "Asynchronous only",
        "The broker does its work by jobs and answers before they are done. Send "
            + "`accepts_incomplete=true` and ask for the last operation."
    )
    static let operationInProgress = ProblemKind(
        "operation-in-progress",
        .unprocessableContent,
        "Operation in progress",
        "Something is under way for the instance or the binding. Ask for its last operation, and "
            + "send the request again when that has ended."
    )
    static let maintenanceConflict = ProblemKind(
        "maintenance-conflict",
        .unprocessableContent,
        "Another version by now",
        "`maintenance_info.version` is not what the catalog has. Read the catalog again."
    )
    static let idempotencyConflict = ProblemKind(
        "idempotency-conflict",
        .conflict,
        "Still being answered",
        "A request with the same `Idempotency-Key` is still being answered. Wait a moment and "
            + "send it again: the answer will be that of the first."
    )
    static let preconditionFailed = ProblemKind(
        "precondition-failed",
        .preconditionFailed,
        "Precondition failed",
        "The resource is not in the version that `If-Match` names, or exists although "
            + "`If-None-Match: *` asked that it does not. Get it again, look at what has changed, "
            + "and send its new ETag."
    )
    static let invalidInput = ProblemKind(
        "invalid-input",
        .unprocessableContent,
        "Invalid input",
        "The body is JSON, but not what this operation takes. `errors` lists every fault with a "
            + "JSON Pointer to its place; unknown members are faults too."
    )
    static let idempotencyKeyReused = ProblemKind(
        "idempotency-key-reused",
        .unprocessableContent,
        "Idempotency key reused",
        "The `Idempotency-Key` was used with another payload or on another operation. Make a new "
            + "key for each new wish."
    )
    static let rateLimited = ProblemKind(
        "rate-limited",
        .tooManyRequests,
        "Too many requests",
        "The caller has used up its allowance. `Retry-After` says when there is more, `RateLimit` "
            + "what is left; follow `GET /v1/events` instead of asking again and again."
    )
}

// MARK: The server cannot

extension ProblemKind {
    static let internalError = ProblemKind(
        "internal-error",
        .internalServerError,
        "Internal error",
        "A fault of Slipway. Send the request again; if it fails again, tell the operators the "
            + "request id, under which the log says more."
    )
    static let unavailable = ProblemKind(
        "unavailable",
        .serviceUnavailable,
        "Unavailable",
        "The database cannot be reached now, or the server is stopping. Nothing was changed. Wait "
            + "as long as `Retry-After` says and send the request again."
    )
    static let outcomeUnknown = ProblemKind(
        "outcome-unknown",
        .serviceUnavailable,
        "Outcome unknown",
        "The connection to the database broke while the change was being written, so it may have "
            + "happened or not. Send the request again with the same `Idempotency-Key`, or look."
    )
    static let overloaded = ProblemKind(
        "overloaded",
        .serviceUnavailable,
        "Overloaded",
        "Too much work is waiting. Nothing was changed. Wait as long as `Retry-After` says and "
            + "send the request again."
    )
    static let issuerUnreachable = ProblemKind(
        "issuer-unreachable",
        .serviceUnavailable,
        "Issuer unreachable",
        "The issuer's keys cannot be fetched now, so nobody can tell whether its token is good. "
            + "Nothing was changed, and the token may be sent again: wait as long as `Retry-After` "
            + "says."
    )
    static let diskFull = ProblemKind(
        "disk-full",
        .serviceUnavailable,
        "Disk full",
        "The database has no room to write down a change; nothing was changed, and reads still "
            + "work. The operators have to make room; what was accepted before is safe."
    )
    static let notReady = ProblemKind(
        "not-ready",
        .serviceUnavailable,
        "Not ready",
        "The server should not be sent requests now; `errors` lists the checks that fail."
    )
    static let timedOut = ProblemKind(
        "timed-out",
        .serviceUnavailable,
        "Timed out",
        "The server could not finish the request in time. Wait as long as `Retry-After` says and "
            + "send the request again."
    )
}

extension ProblemKind {
    /// The whole table, by status.
    package static let all: [ProblemKind] = [
        .malformedRequest, .invalidPath, .invalidQuery, .invalidHeader, .invalidCursor,
        .invalidJSON, .unauthenticated, .notFound, .methodNotAllowed, .requestTimeout, .nameTaken,
        .beyondTrust, .invalidExchange, .tokenRefused, .issuerUnreachable,
        .stateConflict, .deleteProtected, .inUse, .quotaExceeded, .noRoom, .clusterAsleep,
        .alreadyRevealed, .secretTaken,
        .idempotencyConflict, .instanceConflict, .asyncRequired, .operationInProgress,
        .maintenanceConflict,
        .positionGone,
        .preconditionFailed, .bodyTooLarge, .targetTooLong, .unsupportedMediaType,
        .unsupportedContentEncoding,
        .expectationFailed, .invalidInput, .idempotencyKeyReused, .rateLimited, .headTooLarge,
        .internalError, .notImplemented, .unavailable, .outcomeUnknown, .overloaded, .diskFull,
        .notReady, .timedOut, .clusterUnreachable, .versionNotSupported,
    ]
}
