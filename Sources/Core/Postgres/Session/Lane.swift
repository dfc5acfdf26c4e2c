internal import EventLoop
internal import Logging
internal import Telemetry

/// The pipelined sessions of one loop for one kind of call, and what waits for them.
// Safety: touched only on its loop's thread.
final class Lane: SessionOwner, EndOfTick, @unchecked Sendable {
    /// How often a read is sent again after a session was lost, in case it is what kills them.
    static let replaysMax = 2

    /// Who shares a sync, and with it a transaction.
    enum Sync {
        /// All calls of one tick: for reads.
        case ofTick
        /// Each call has its own: for writes.
        case ofCall
    }

    private let name: String
    private let loop: EventLoop
    private let sync: Sync
    private let limits: DatabaseOptions
    private let statistics: DatabaseStatistics
    private let logger: Logger
    private var keepers: [SessionKeeper] = []
    private var queue = Fifo<Call>()
    private var isFlushAsked = false
    private var isStopped = false
    /// Who waits to hear whether the first session could be opened.
    private var settled: ((ConnectFault?) -> Void)?

    init(
        _ name: String,
        on loop: EventLoop,
        sessions: Int,
        sync: Sync,
        connector: Connector,
        limits: DatabaseOptions,
        statistics: DatabaseStatistics,
        logger: Logger
    ) {
        self.name = name
        self.loop = loop
        self.sync = sync
        self.limits = limits
        self.statistics = statistics
        self.logger = logger
        keepers = (0..<sessions).map { _ in
            SessionKeeper(
                Session(
                    on: loop,
                    owner: self,
                    connector: connector,
                    limits: limits,
                    statistics: statistics
                ),
                limits
            )
        }
    }

    /// Whether nothing waits and nothing is under way.
    var isIdle: Bool { queue.isEmpty && keepers.allSatisfy { $0.session.pendingCount == 0 } }

    /// Whether a call may expect an answer: a session is open, or being opened after a loss.
    var isHopeful: Bool { !isStopped && keepers.contains(where: \.isHopeful) }

    /// Opens the sessions; `settled` hears of the first success or failure.
    func open(settled: @escaping (ConnectFault?) -> Void) {
        self.settled = settled
        for keeper in keepers { keeper.session.open() }
    }

    /// Refuses calls from now on.
    func stop() {
        isStopped = true
    }

    /// Closes the sessions; what waits is refused.
    func close() {
        isStopped = true
        for keeper in keepers { keeper.close() }
        failQueue()
    }

    /// Takes a call; it is sent at the end of the tick.
    func submit(_ call: Call) {
        guard isHopeful else { return call.fail(.unavailable(retryAfter: retryAfter)) }
        guard queue.count < limits.queueLengthMax else {
            statistics.callsRefused.increment()
            return call.fail(.overloaded(retryAfter: .seconds(1)))
        }
        queue.append(call)
        statistics.callsWaiting.increment()
        askForFlush()
    }

    func endOfTick() {
        isFlushAsked = false
        switch sync {
        case .ofTick: sendSharing()
        case .ofCall: sendApart()
        }
    }

    func checkProgress(at now: MonotonicTime) {
        for keeper in keepers { keeper.session.checkProgress(at: now) }
    }

    /// A second or two, so that callers do not all come back at once.
    private var retryAfter: Duration { .seconds(1) }

    private func askForFlush() {
        guard !isFlushAsked else { return }
        isFlushAsked = true
        loop.atEndOfTick(self)
    }

    /// The session with the most room, if any has some; of several the first.
    ///
    /// So few calls keep to few sessions, whose statements and plans PostgreSQL has ready.
    private func roomiest() -> Session? {
        let best = keepers.max { $0.session.room < $1.session.room }
        return best.flatMap { $0.session.room > 0 ? $0.session : nil }
    }

    private func sendSharing() {
        while !queue.isEmpty, let session = roomiest() {
            while !queue.isEmpty, session.room > 0 {
                let call = take()
                if call.isAlone { session.sync() }
                session.send(call)
                if call.isAlone { session.sync() }
            }
            session.sync()
        }
    }

    private func sendApart() {
        while !queue.isEmpty, let session = roomiest() {
            session.probe()
            guard session.room > 0 else { continue }
            session.send(take())
            session.sync()
        }
    }

    private func take() -> Call {
        statistics.callsWaiting.decrement()
        return queue.removeFirst()
    }

    private func putBack(_ calls: [Call]) {
        guard !calls.isEmpty else { return }
        statistics.callsWaiting.add(Int64(calls.count))
        queue.prepend(contentsOf: calls)
        if isHopeful { askForFlush() } else { failQueue() }
    }

    private func failQueue() {
        let waiting = queue.removeAll()
        statistics.callsWaiting.add(-Int64(waiting.count))
        for call in waiting { call.fail(.unavailable(retryAfter: retryAfter)) }
    }

    // MARK: SessionOwner

    func sessionOpened(_ session: Session) {
        keeper(of: session)?.opened()
        settled?(nil)
        settled = nil
        if !queue.isEmpty { askForFlush() }
    }

    func sessionAdvanced(_ session: Session) {
        if !queue.isEmpty { askForFlush() }
    }

    func session(_ session: Session, returns call: Call) {
        putBack([call])
    }

    func sessionClosed(_ session: Session, _ closing: SessionClosing) {
        if !isStopped {
            statistics.sessionsLost.increment()
            logger.warning(
                "a database session ended",
                metadata: [
                    "lane": "\(name)", "loop": "\(loop.index)", "reason": "\(closing.reason)",
                ]
            )
            keeper(of: session)?.reopen(afterOpen: closing.wasOpen)
        }
        settled?(ConnectFault(reason: closing.reason))
        settled = nil
        putBack(closing.unanswered.filter(mayRepeat))
        if !isHopeful { failQueue() }
    }

    /// Whether a call whose session was lost is sent again; one that is not learns its fate here.
    private func mayRepeat(_ call: Call) -> Bool {
        guard call.kind == .read else {
            call.fail(.outcomeUnknown)
            return false
        }
        guard call.replays < Self.replaysMax else {
            call.fail(.unavailable(retryAfter: retryAfter))
            return false
        }
        call.replays += 1
        call.reset()
        statistics.callsReplayed.increment()
        return true
    }

    private func keeper(of session: Session) -> SessionKeeper? {
        keepers.first { $0.session === session }
    }
}
