import HTTP

/// The conditions of reads (RFC 9110 §13.2.2): changes check theirs where the row is locked.
enum Conditional {
    /// The answer to a read as `If-Match` and `If-None-Match` want it.
    static func apply(_ call: Invocation, _ answer: Answer) -> Outcome {
        guard let tag = answer.tag, call.endpoint.method == .get else { return .full(answer) }
        if let match = call.conditions.match, !match.holdsStrongly(for: tag) {
            return .failed
        }
        if let noneMatch = call.conditions.noneMatch, noneMatch.holdsWeakly(for: tag) {
            return .unchanged(tag: tag)
        }
        return .full(answer)
    }

    /// What becomes of the answer.
    enum Outcome: Sendable {
        case full(Answer)
        case unchanged(tag: String)
        case failed
    }
}
