internal import EventLoop
internal import Synchronization

/// One transaction's hold on a session.
final class TransactionLease: Sendable {
    private struct State {
        /// Whether BEGIN was sent: it goes out with the first statement.
        var hasBegun = false
        /// Whether COMMIT or ROLLBACK has been answered.
        var hasEnded = false
        /// What the first statement that failed said.
        var fault: DatabaseFault?
    }

    let session: Session
    private let pool: TransactionPool
    private let generation: Int
    private let state = Mutex(State())

    /// Loop thread only.
    init(_ session: Session, of pool: TransactionPool) {
        self.session = session
        self.pool = pool
        generation = session.generation
    }

    /// Whether the session has not been lost since.
    ///
    /// Loop thread only.
    var isCurrent: Bool { session.state == .open && session.generation == generation }

    /// Whether the session can be lent again.
    var isClean: Bool { state.withLock { !$0.hasBegun || $0.hasEnded } }

    /// Whether running all of it once more may help: it collided, a statement had to be prepared
    /// anew, or the session was lost before COMMIT was sent.
    var mayRepeat: Bool {
        switch state.withLock({ $0.fault }) {
        case .serialization, .unavailable: true
        case .statement(let sqlState, let message):
            sqlState == "26000" || sqlState == "0A000" && message.contains("cached plan")
        default: false
        }
    }

    /// Runs statements in one round trip, the first ones of a transaction behind its BEGIN.
    func execute(_ statements: [SQL]) async throws(DatabaseFault) -> [Rows] {
        guard let first = statements.first else { return [] }
        let isBeginning = state.withLock { state in
            defer { state.hasBegun = true }
            return !state.hasBegun
        }
        let others = Array(statements.dropFirst())
        let answer = try await ask { wakeup in
            isBeginning
                ? Call(.step, "BEGIN", statements, waking: wakeup)
                : Call(.step, first, others, waking: wakeup)
        }
        return isBeginning ? answer.others : [answer.first] + answer.others
    }

    /// Makes everything hold.
    func commit() async throws(DatabaseFault) {
        guard state.withLock({ $0.hasBegun }) else { return }
        let answer = try await ask { Call(.write, "COMMIT", waking: $0) }
        let fault = state.withLock { state in
            state.hasEnded = true
            return state.fault
        }
        // After a failed statement PostgreSQL answers COMMIT with a rollback.
        guard answer.first.result.commandTag == "COMMIT" else {
            throw fault ?? .statement(sqlState: "25P02", message: "the transaction had failed")
        }
    }

    /// Undoes what was not committed and gives the session back.
    func end() async {
        if !isClean {
            do throws(DatabaseFault) {
                _ = try await ask { Call(.step, "ROLLBACK", waking: $0) }
                state.withLock { $0.hasEnded = true }
            } catch {
                // The session is lost or of no use, and the transaction with it: the pool sees
                // that it is not clean.
            }
        }
        session.loop.onThread { [self] in pool.release(self) }
    }

    private func ask(
        _ call: @escaping @Sendable (Wakeup<Call.Answer, DatabaseFault>) -> Call
    ) async throws(DatabaseFault) -> Call.Answer {
        do throws(DatabaseFault) {
            return try await Wakeup<Call.Answer, DatabaseFault>.wait { wakeup in
                session.loop.onThread { [self] in send(call(wakeup)) }
            }
        } catch {
            state.withLock { if $0.fault == nil { $0.fault = error } }
            throw error
        }
    }

    /// Loop thread only.
    private func send(_ call: Call) {
        guard isCurrent else {
            // COMMIT was not sent, so that nothing has happened.
            return call.fail(.unavailable(retryAfter: .seconds(1)))
        }
        session.send(call)
        session.sync()
    }
}

extension EventLoop {
    /// Runs `body` at once when this is the loop's thread, else soon.
    func onThread(_ body: @escaping @Sendable () -> Void) {
        if isCurrent { body() } else { execute(body) }
    }
}
