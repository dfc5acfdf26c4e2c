/// What was asked, for messages.
struct Purpose: Sendable, Equatable {
    /// As permissions call it: `get`, `list`, `watch`, `create`, `patch`, `delete`.
    let verb: String
    /// As permissions call it: `clusters.cluster.x-k8s.io`, `pods/log`.
    let resource: String
    /// Whether what is sent must not come back in messages.
    var isSecret = false
}

extension StatusReport {
    /// The wait that is assumed where a server that is too busy names none.
    static let throttleDelay = Duration.seconds(1)
    /// No server may hold us off for longer at once.
    static let throttleDelayMax = Duration.seconds(300)

    /// The fault that it means; the verdict on a 404 about a path is `noSuchKind`'s to make.
    func fault(for purpose: Purpose, retryAfter header: String? = nil) -> KubernetesFault {
        let delay = Self.delay(header, retryAfterSeconds)
        let words = purpose.isSecret ? withoutValues(message) : message
        if !typingFaults.isEmpty { return .invalid(reason: words, typingFaults) }
        switch code {
        case 400: return badRequest(words, purpose)
        case 401: return .unauthorized(reason: or(words, "no reason given"))
        case 403: return forbidden(words, purpose)
        case 404: return .notFound(reason: or(words, "\(purpose.resource) not found"))
        case 409: return conflict(words)
        case 410: return .expired(reason: or(words, "the state asked for is too old"))
        case 413: return .tooLarge(reason: or(words, "the request is too large"))
        case 422: return invalid(words, purpose)
        case 429: return .throttled(retryAfter: delay ?? Self.throttleDelay)
        case 500 where words.contains("denied the request"): return .denied(reason: words)
        case 500, 502, 503, 504:
            return .unavailable(retryAfter: delay, reason: or(words, "status \(code)"))
        default: return .unexpected(status: code, reason: words)
        }
    }

    /// Whether a 404 is about the path and not about an object: the kind is not served (any more).
    var isAboutPath: Bool {
        guard code == 404 else { return false }
        if reason.isEmpty { return true }
        return name.isEmpty && message.contains("could not find the requested resource")
    }

    /// RFC 9110 §10.2.3 in seconds; a date is not what API servers send.
    private static func delay(_ header: String?, _ seconds: Int?) -> Duration? {
        let digits = header.map { Array($0.utf8) } ?? []
        let isNumber =
            !digits.isEmpty && digits.count <= 9
            && digits.allSatisfy { (0x30...0x39).contains($0) }
        guard let wait = isNumber ? header.flatMap({ Int($0) }) : seconds, wait >= 0 else {
            return nil
        }
        return min(.seconds(wait), throttleDelayMax)
    }

    private func or(_ words: String, _ otherwise: String) -> String {
        words.isEmpty ? otherwise : words
    }

    private func withoutValues(_ words: String) -> String {
        guard let value = words.firstRange(of: "nvalid value: ") else { return words }
        return String(words[..<value.upperBound]) + "(withheld)"
    }

    private func fieldCauses(_ purpose: Purpose) -> [FieldCause] {
        causes.map { cause in
            let message = purpose.isSecret ? withoutValues(cause.message) : cause.message
            return FieldCause(field: cause.field, reason: cause.reason, message: message)
        }
    }

    private var isDenial: Bool {
        message.contains("denied the request") || message.contains("denied request")
    }

    private func badRequest(_ words: String, _ purpose: Purpose) -> KubernetesFault {
        if isDenial { return .denied(reason: words) }
        return .invalid(reason: or(words, "the API server cannot read the request"), strict(words))
    }

    /// `strict decoding error: unknown field "spec.a", duplicate field "spec.b"`.
    private func strict(_ words: String) -> [FieldCause] {
        guard let start = words.firstRange(of: "strict decoding error: ") else { return [] }
        return words[start.upperBound...].split(separator: ", ").compactMap { part in
            let pieces = part.split(separator: "\"", omittingEmptySubsequences: false)
            guard pieces.count >= 2 else { return nil }
            let isDouble = pieces[0].contains("duplicate")
            return FieldCause(
                field: String(pieces[1]),
                reason: isDouble ? "FieldValueDuplicate" : "FieldUnknown",
                message: isDouble ? "the field is there twice" : "there is no such field"
            )
        }
    }

    private func forbidden(_ words: String, _ purpose: Purpose) -> KubernetesFault {
        if causes.contains(where: { $0.reason == "NamespaceTerminating" }) {
            return .terminating(reason: words)
        }
        // What RBAC says; everything else with this status is an admission's verdict.
        let isAccess =
            words.isEmpty || words.contains("cannot \(purpose.verb) ")
            || words.contains(" cannot ") && words.contains("User \"")
        guard isAccess, !isDenial else { return .denied(reason: words) }
        return .forbidden(
            verb: purpose.verb,
            resource: purpose.resource,
            reason: or(words, "no reason given")
        )
    }

    private func conflict(_ words: String) -> KubernetesFault {
        if reason == "AlreadyExists" { return .alreadyExists(reason: words) }
        let owned = causes.filter { $0.reason == "FieldManagerConflict" }
        guard owned.isEmpty else {
            return .owned(
                owned.map { FieldConflict(field: $0.field, manager: Self.manager($0.message)) }
            )
        }
        let lower = words.lowercased()
        if lower.contains("precondition") { return .precondition(reason: words) }
        if lower.contains("being terminated") || lower.contains("content is removed") {
            return .terminating(reason: words)
        }
        return .modified(reason: or(words, "the object was changed meanwhile"))
    }

    /// `conflict with "kubectl" using apps/v1 at …`: what stands in quotes.
    private static func manager(_ message: String) -> String {
        let pieces = message.split(separator: "\"", omittingEmptySubsequences: false)
        return pieces.count >= 3 ? String(pieces[1]) : message
    }

    private func invalid(_ words: String, _ purpose: Purpose) -> KubernetesFault {
        if isDenial { return .denied(reason: words) }
        return .invalid(reason: or(words, "the object is invalid"), fieldCauses(purpose))
    }
}
