internal import EventLoop
internal import Logging

/// All sessions of one loop.
// Safety: touched only on its loop's thread.
final class LoopSessions: @unchecked Sendable {
    /// How often sessions are looked after that owe an answer.
    static let watchInterval = Duration.seconds(1)

    let loop: EventLoop
    let reads: Lane
    let writes: Lane
    let transactions: TransactionPool
    /// Only on the first loop.
    let reserved: Lane?
    var listener: Listener?
    private var watchTimer: Timer?

    init(
        on loop: EventLoop,
        isFirst: Bool,
        connector: Connector,
        limits: DatabaseOptions,
        statistics: DatabaseStatistics,
        logger: Logger
    ) {
        self.loop = loop
        func lane(_ name: String, _ sessions: Int, _ sync: Lane.Sync) -> Lane {
            Lane(
                name,
                on: loop,
                sessions: sessions,
                sync: sync,
                connector: connector,
                limits: limits,
                statistics: statistics,
                logger: logger
            )
        }
        reads = lane("reads", limits.readSessionsPerLoop, .ofTick)
        writes = lane("writes", limits.writeSessionsPerLoop, .ofCall)
        reserved = isFirst ? lane("reserved", 1, .ofCall) : nil
        transactions = TransactionPool(
            on: loop,
            connector: connector,
            limits: limits,
            statistics: statistics,
            logger: logger
        )
    }

    private var lanes: [Lane] { [reads, writes] + (reserved.map { [$0] } ?? []) }

    /// Opens the lasting sessions; `settled` hears when each lane has one, or of the first fault.
    func open(settled: @escaping (ConnectFault?) -> Void) {
        var missing = lanes.count
        var isSettled = false
        for lane in lanes {
            lane.open { fault in
                missing -= 1
                guard !isSettled, missing == 0 || fault != nil else { return }
                isSettled = true
                settled(fault)
            }
        }
        watch()
    }

    /// A read goes to the read session, or to the write session while that is down.
    func read(_ call: Call) {
        call.handedIn = loop.now
        !reads.isHopeful && writes.isHopeful ? writes.submit(call) : reads.submit(call)
    }

    func write(_ call: Call) {
        call.handedIn = loop.now
        writes.submit(call)
    }

    func writeReserved(_ call: Call) {
        call.handedIn = loop.now
        (reserved ?? writes).submit(call)
    }

    /// Sends one NOTIFY; nobody waits for it.
    func notify(_ channel: String) {
        // Ends with its call, which every lane answers.
        Task(executorPreference: loop) { [self] in
            do throws(DatabaseFault) {
                _ = try await Wakeup<Call.Answer, DatabaseFault>.wait { wakeup in
                    writeReserved(
                        Call(.write, "SELECT pg_notify(\(channel), '')", waking: wakeup)
                    )
                }
            } catch {
                // A hint that is lost: whoever waits for it looks for itself now and then.
            }
        }
    }

    var isIdle: Bool { lanes.allSatisfy(\.isIdle) && transactions.isIdle }

    /// Refuses new work.
    func stop() {
        for lane in lanes { lane.stop() }
        transactions.stop()
        listener?.close()
    }

    func close() {
        if let watchTimer { loop.cancel(watchTimer) }
        watchTimer = nil
        for lane in lanes { lane.close() }
        transactions.close()
        listener?.close()
    }

    private func watch() {
        watchTimer = loop.schedule(after: Self.watchInterval) { [weak self] in
            guard let self else { return }
            let now = MonotonicTime.now()
            for lane in self.lanes { lane.checkProgress(at: now) }
            self.transactions.checkProgress(at: now)
            self.listener?.checkProgress(at: now)
            self.watch()
        }
    }
}
