internal import EventLoop
internal import Logging
internal import Telemetry

/// The sessions of one loop that a transaction has to itself, and the transactions that wait for
/// one. Sessions are opened when they are needed.
// Safety: touched only on its loop's thread.
final class TransactionPool: SessionOwner, @unchecked Sendable {
    /// A transaction that waits.
    private final class Waiter {
        let wakeup: Wakeup<TransactionLease, DatabaseFault>
        var timer: Timer?
        var isDone = false

        init(_ wakeup: Wakeup<TransactionLease, DatabaseFault>) {
            self.wakeup = wakeup
        }
    }

    private let loop: EventLoop
    private let connector: Connector
    private let limits: DatabaseOptions
    private let statistics: DatabaseStatistics
    private let logger: Logger
    private var sessions: [Session] = []
    private var idle: [Session] = []
    private var waiters = Fifo<Waiter>()
    private var waitingCount = 0
    private var backoff: Backoff
    /// Until then nobody tries to open a session: the last attempt has just failed.
    private var closedUntil: MonotonicTime?
    private var isStopped = false

    init(
        on loop: EventLoop,
        connector: Connector,
        limits: DatabaseOptions,
        statistics: DatabaseStatistics,
        logger: Logger
    ) {
        self.loop = loop
        self.connector = connector
        self.limits = limits
        self.statistics = statistics
        self.logger = logger
        backoff = Backoff(first: limits.reconnectDelayMin, limit: limits.reconnectDelayMax)
    }

    /// Whether no transaction is under way.
    var isIdle: Bool {
        waitingCount == 0 && idle.count == sessions.count { $0.state == .open }
    }

    /// Hands a session to the caller, now or when one is free.
    func acquire(_ wakeup: Wakeup<TransactionLease, DatabaseFault>) {
        while let session = idle.last {
            session.probe()
            guard session.state == .open else { continue }  // closing took it from `idle`
            idle.removeLast()
            return lend(session, to: wakeup)
        }
        guard !isStopped, !isClosed else {
            return wakeup.resume(throwing: .unavailable(retryAfter: .seconds(1)))
        }
        guard waitingCount < limits.transactionsWaitingMax else {
            statistics.callsRefused.increment()
            return wakeup.resume(throwing: .overloaded(retryAfter: .seconds(1)))
        }
        let waiter = Waiter(wakeup)
        waiters.append(waiter)
        waitingCount += 1
        statistics.transactionsWaiting.increment()
        waiter.timer = loop.schedule(after: limits.transactionWaitMax) { [self] in
            waiter.timer = nil
            settle(waiter)
            statistics.callsRefused.increment()
            waiter.wakeup.resume(throwing: .overloaded(retryAfter: .seconds(1)))
        }
        openMore()
    }

    /// Takes a session back.
    func release(_ lease: TransactionLease) {
        let session = lease.session
        guard lease.isCurrent else { return }
        guard !isStopped, lease.isClean else {
            return session.close(because: "left in the middle of a transaction")
        }
        offer(session)
    }

    /// Refuses transactions from now on; those under way go on.
    func stop() {
        isStopped = true
        for session in idle { session.close(because: "the program ends") }
    }

    func close() {
        stop()
        for session in sessions { session.close(because: "the program ends") }
        failWaiters()
    }

    func checkProgress(at now: MonotonicTime) {
        for session in sessions { session.checkProgress(at: now) }
    }

    private var isClosed: Bool {
        guard let closedUntil, !sessions.contains(where: { $0.state == .open }) else {
            return false
        }
        return MonotonicTime.now() < closedUntil
    }

    /// Opens as many sessions as transactions wait, up to the limit.
    private func openMore() {
        var opening = sessions.count { $0.state == .opening }
        for session in sessions where session.state == .closed && opening < waitingCount {
            opening += 1
            session.open()
        }
        while opening < waitingCount, sessions.count < limits.exclusiveSessionsPerLoop {
            opening += 1
            let session = Session(
                on: loop,
                owner: self,
                connector: connector,
                limits: limits,
                statistics: statistics
            )
            sessions.append(session)
            session.open()
        }
    }

    private func offer(_ session: Session) {
        while !waiters.isEmpty {
            let waiter = waiters.removeFirst()
            guard !waiter.isDone else { continue }
            settle(waiter)
            return lend(session, to: waiter.wakeup)
        }
        idle.append(session)
    }

    private func lend(_ session: Session, to wakeup: Wakeup<TransactionLease, DatabaseFault>) {
        wakeup.resume(returning: TransactionLease(session, of: self))
    }

    private func settle(_ waiter: Waiter) {
        waiter.isDone = true
        waitingCount -= 1
        statistics.transactionsWaiting.decrement()
        if let timer = waiter.timer { loop.cancel(timer) }
        waiter.timer = nil
    }

    private func failWaiters() {
        for waiter in waiters.removeAll() where !waiter.isDone {
            settle(waiter)
            waiter.wakeup.resume(throwing: .unavailable(retryAfter: .seconds(1)))
        }
    }

    // MARK: SessionOwner

    func sessionOpened(_ session: Session) {
        backoff.succeeded()
        closedUntil = nil
        offer(session)
    }

    func sessionClosed(_ session: Session, _ closing: SessionClosing) {
        idle.removeAll { $0 === session }
        for call in closing.unanswered {
            // An open transaction ends with its session; only the fate of its COMMIT is unknown.
            call.fail(
                call.kind == .write ? .outcomeUnknown : .unavailable(retryAfter: .seconds(1))
            )
        }
        guard !isStopped else { return }
        statistics.sessionsLost.increment()
        logger.warning(
            "a database session ended",
            metadata: [
                "lane": "transactions", "loop": "\(loop.index)", "reason": "\(closing.reason)",
            ]
        )
        if closing.wasOpen { return openMore() }
        var generator = SystemRandomNumberGenerator()
        closedUntil = MonotonicTime.now().advanced(by: backoff.failed(using: &generator))
        // Others may still come back: who waits for those goes on waiting.
        if !sessions.contains(where: { $0.state != .closed }) { failWaiters() }
    }

    func sessionAdvanced(_ session: Session) {}

    func session(_ session: Session, returns call: Call) {
        call.fail(.unavailable(retryAfter: .seconds(1)))
    }
}
