/// The order in which libpq's pipeline mode answers, as a value: each statement gives one result
/// and then nothing, each batch of them ends with a sync.
///
/// (PostgreSQL 15, libpq, "34.5 Pipeline Mode": a failed statement makes the rest of its batch
/// aborted; the sync itself has no "nothing" behind it, and fails when the commit does.)
struct PipelineMachine: Equatable {
    /// The number of a statement: 0 for the session's first, then one more each.
    typealias Ticket = Int

    /// What libpq handed over.
    enum Answer: CaseIterable {
        /// The result of a statement that ran.
        case success
        /// An error report.
        case failure
        /// The statement was passed over because an earlier one of its batch had failed.
        case skipped
        /// The end of a batch.
        case sync
        /// No more of the same: libpq's NULL.
        case nothing
    }

    /// What to do about it.
    enum Action: Equatable {
        /// Keep the result: it counts once the batch has ended.
        case keep(Ticket)
        /// The statement was refused; what its batch did is undone.
        case refuse(Ticket)
        /// The statement never ran.
        case skip(Ticket)
        /// The end of the batch itself was refused: nothing in it counts.
        case refuseBatch
        /// Tell the outcome of these statements; their batch is over.
        case end(Range<Ticket>)
        /// Nothing to do; take the next answer.
        case proceed
        /// The server and we no longer mean the same: the session must go.
        case drop
    }

    private enum Awaiting: Equatable {
        case result
        case nothing
        case sync
    }

    private var awaiting = Awaiting.result
    /// The first ticket of the batch being answered.
    private var first = 0
    /// The ticket whose result comes next.
    private var next = 0
    /// The ticket of the next statement to be sent.
    private var sent = 0
    /// Where each batch that was sent completely ends.
    private var ends = Fifo<Ticket>()

    /// Whether an answer is still to come.
    var isExpecting: Bool { !ends.isEmpty }
    /// Statements sent since the last sync.
    var openCount: Int { sent - (ends.last ?? first) }
    /// Statements sent since the session began.
    var sentCount: Int { sent }
    /// Statements whose outcome has not been told.
    var pendingCount: Int { sent - first }

    /// A statement was sent.
    mutating func sendStatement() -> Ticket {
        defer { sent += 1 }
        return sent
    }

    /// A sync was sent: it ends the batch of the statements sent before it.
    mutating func sendSync() {
        precondition(openCount > 0, "a sync ends a batch of at least one statement")
        ends.append(sent)
    }

    /// Takes one answer.
    mutating func received(_ answer: Answer) -> Action {
        guard let end = ends.first else { return .drop }
        switch awaiting {
        case .result: return result(answer)
        case .nothing:
            guard answer == .nothing else { return .drop }
            next += 1
            awaiting = next == end ? .sync : .result
            return .proceed
        case .sync: return self.end(answer, of: first..<end)
        }
    }

    private mutating func result(_ answer: Answer) -> Action {
        switch answer {
        case .success:
            awaiting = .nothing
            return .keep(next)
        case .failure:
            awaiting = .nothing
            return .refuse(next)
        case .skipped:
            awaiting = .nothing
            return .skip(next)
        case .sync, .nothing: return .drop
        }
    }

    private mutating func end(_ answer: Answer, of batch: Range<Ticket>) -> Action {
        switch answer {
        case .sync:
            ends.removeFirst()
            first = batch.upperBound
            awaiting = .result
            return .end(batch)
        case .failure: return .refuseBatch
        case .nothing: return .proceed
        case .success, .skipped: return .drop
        }
    }
}
