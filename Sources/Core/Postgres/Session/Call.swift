internal import EventLoop

/// One request of a caller: statements that share a batch, and who waits for their answers.
// Safety: made by the caller, then touched only on the thread of the loop it was handed to.
final class Call: @unchecked Sendable {
    /// What may be done when the session is lost.
    enum Kind {
        /// Sent again: it changes nothing.
        case read
        /// Never sent again: it may have happened.
        case write
        /// Part of an open transaction, which is lost with its session.
        case step
    }

    /// The answers in the order of the statements.
    struct Answer: Sendable {
        var first: Rows
        var others: [Rows]
    }

    let kind: Kind
    let first: SQL
    let others: [SQL]
    /// When its loop got it.
    var handedIn = MonotonicTime.now()
    private let wakeup: Wakeup<Answer, DatabaseFault>

    /// The answers so far.
    private var firstRows: Rows?
    private var otherRows: [Rows] = []
    /// Why it failed, once a statement was refused.
    private(set) var fault: DatabaseFault?
    /// Whether the fault is about a prepared statement that no longer fits.
    private(set) var isStale = false
    /// Whether a statement was passed over because another call of its batch failed.
    var wasSkipped = false
    /// Times it was sent again after a session was lost.
    var replays = 0
    /// Whether it was sent again with its statement prepared anew.
    var wasReprepared = false
    /// Whether it wants a batch of its own.
    var isAlone = false

    init(
        _ kind: Kind,
        _ first: SQL,
        _ others: [SQL] = [],
        waking wakeup: Wakeup<Answer, DatabaseFault>
    ) {
        self.kind = kind
        self.first = first
        self.others = others
        self.wakeup = wakeup
    }

    var count: Int { 1 + others.count }

    subscript(part: Int) -> SQL { part == 0 ? first : others[part - 1] }

    func take(_ rows: Rows, part: Int) {
        if part == 0 { firstRows = rows } else { otherRows.append(rows) }
    }

    func refuse(_ refusal: Refusal) {
        guard fault == nil else { return }
        fault = refusal.fault
        isStale = refusal.isStalePlan
    }

    /// Forgets what was answered, so that it can be sent again.
    func reset() {
        firstRows = nil
        otherRows = []
        fault = nil
        isStale = false
        wasSkipped = false
    }

    func succeed() {
        guard let firstRows, otherRows.count == others.count else {
            return wakeup.resume(throwing: .outcomeUnknown)
        }
        wakeup.resume(returning: Answer(first: firstRows, others: otherRows))
    }

    func fail(_ fault: DatabaseFault) {
        wakeup.resume(throwing: fault)
    }
}
