internal import EventLoop
internal import Telemetry

/// What a session tells whoever keeps it, on the loop's thread.
protocol SessionOwner: AnyObject {
    /// It can be used now.
    func sessionOpened(_ session: Session)
    /// It is gone or was not opened.
    func sessionClosed(_ session: Session, _ closing: SessionClosing)
    /// A batch is over, so that there is room for more.
    func sessionAdvanced(_ session: Session)
    /// A call that never ran must be sent again.
    func session(_ session: Session, returns call: Call)
    /// Something happened on a channel that it listens to.
    func session(_ session: Session, notified notification: Notification)
}

/// How a session ended.
struct SessionClosing {
    var reason: String
    /// Whether it had been of use before.
    var wasOpen: Bool
    /// The calls whose outcome is unknown.
    var unanswered: [Call]
}

extension SessionOwner {
    func session(_ session: Session, notified notification: Notification) {}
}

/// One connection to PostgreSQL in pipeline mode, on one loop: performs what its
/// `PipelineMachine` says.
// Safety: touched only on its loop's thread.
final class Session: ReadinessHandler, @unchecked Sendable {
    /// What a session is about.
    enum State: Equatable {
        case closed
        case opening
        case open
    }

    /// What was sent for a ticket.
    enum Sent {
        case prepare(SQL)
        case part(Call, Int)
        case deallocate
    }

    let loop: EventLoop
    let limits: DatabaseOptions
    unowned let owner: any SessionOwner
    private let connector: Connector
    private let statistics: DatabaseStatistics

    private(set) var state = State.closed
    private var link: ServerLink?
    private var registration: Registration?
    private var openingTimer: Timer?
    /// Whether it was of any use since it was opened last.
    private(set) var hasAnswered = false
    /// Tells one life of the session from the next.
    private(set) var generation = 0

    private var machine = PipelineMachine()
    private var sent = Fifo<Sent>()
    private var cache: StatementCache
    /// The error that made a batch fail whose statement was skipped: that of its preparation.
    private var preparationRefusal: Refusal?
    private var batchRefusal: Refusal?
    private var mustClose: String?
    /// When something was last heard, or first asked after a silence.
    private var lastProgress = MonotonicTime.now()

    init(
        on loop: EventLoop,
        owner: any SessionOwner,
        connector: Connector,
        limits: DatabaseOptions,
        statistics: DatabaseStatistics
    ) {
        self.loop = loop
        self.owner = owner
        self.connector = connector
        self.limits = limits
        self.statistics = statistics
        cache = StatementCache(limit: limits.statementsPreparedMax)
    }

    /// Statements sent and not yet answered.
    var pendingCount: Int { machine.pendingCount }

    /// How many more statements may be sent; a statement may need its preparation beside it.
    var room: Int {
        state == .open ? max(0, limits.pipelineDepthMax - machine.pendingCount) : 0
    }

    func ready(_ readiness: Readiness) {
        switch state {
        case .closed: break
        case .opening: proceed()
        case .open:
            if readiness.contains(.writable) { flush() }
            if readiness.contains(.readable) || readiness.contains(.readHangup)
                || readiness.contains(.hangup)
            {
                receive()
            }
        }
    }

    /// Ends the session at once; calls under way are handed to the owner.
    func close(because reason: String) {
        guard state != .closed else { return }
        let wasOpen = state == .open
        (wasOpen ? statistics.sessionsOpen : statistics.sessionsOpening).decrement()
        generation += 1
        state = .closed
        if let openingTimer { loop.cancel(openingTimer) }
        openingTimer = nil
        if let registration { loop.deregister(registration) }
        registration = nil
        link = nil
        let unanswered = abandon()
        owner.sessionClosed(
            self,
            SessionClosing(reason: reason, wasOpen: wasOpen, unanswered: unanswered)
        )
    }

    /// Looks whether a session that owes nothing is still there, before something is sent that must
    /// not get lost.
    ///
    /// One look takes the server's farewell, the next one the end itself.
    func probe() {
        guard state == .open, !machine.isExpecting, machine.openCount == 0 else { return }
        guard link?.consumeInput() == true, link?.consumeInput() == true else { return lose() }
    }

    /// Closes a session that has owed an answer for longer than PostgreSQL lets a statement run:
    /// the connection is dead without having said so.
    func checkProgress(at now: MonotonicTime) {
        let limit = limits.statementTimeout + limits.lockTimeout
        guard state == .open, machine.isExpecting, now - lastProgress > limit else { return }
        close(because: "no answer for \(limit)")
    }
}

// MARK: - Opening

extension Session {
    /// Begins to open the session; the owner hears how it went.
    func open() {
        guard state == .closed else { return }
        state = .opening
        hasAnswered = false
        generation += 1
        statistics.sessionsOpening.increment()
        let generation = generation
        openingTimer = loop.schedule(after: limits.connectTimeout) { [weak self] in
            guard let self, self.generation == generation, self.state == .opening else { return }
            self.openingTimer = nil
            self.close(because: "no connection within \(self.limits.connectTimeout)")
        }
        connector.resolve(on: loop) { [weak self] resolved in
            guard let self, self.generation == generation else { return }
            switch resolved {
            case .success(let settings): self.start(settings)
            case .failure(let fault): self.close(because: fault.reason)
            }
        }
    }

    private func start(_ settings: [ConnectionString.Setting]) {
        guard let link = ServerLink(starting: settings) else {
            return close(because: "out of memory")
        }
        guard !link.isBad else {
            let reason = link.errorMessage
            return close(because: reason)
        }
        self.link = consume link
        watch(.write)
    }

    /// libpq may have changed to another descriptor of the same number, so this one is always
    /// registered anew.
    private func watch(_ interest: Interest) {
        if let registration { loop.deregister(registration) }
        registration = nil
        guard let socket = link?.socket, socket >= 0 else {
            return close(because: "no socket")
        }
        do {
            registration = try loop.register(socket, for: interest, self)
        } catch {
            close(because: "\(error)")
        }
    }

    private func proceed() {
        guard let progress = link?.proceed() else { return }
        switch progress {
        case .wantsRead: watch(.read)
        case .wantsWrite: watch(.write)
        case .failed(let reason): close(because: reason)
        case .open:
            if let openingTimer { loop.cancel(openingTimer) }
            openingTimer = nil
            watch(.read)
            guard state == .opening else { return }
            state = .open
            statistics.sessionsOpening.decrement()
            statistics.sessionsOpen.increment()
            owner.sessionOpened(self)
        }
    }
}

// MARK: - Sending

extension Session {
    /// Sends the statements of a call; `sync` must follow before the tick ends.
    ///
    /// A session that has closed gives the call back to its owner.
    func send(_ call: Call) {
        guard state == .open else { return owner.session(self, returns: call) }
        for part in 0..<call.count where state == .open {
            send(.part(call, part), call[part])
        }
    }

    /// Ends the batch of what was sent since the last time, and gives it to the kernel.
    func sync() {
        guard state == .open, machine.openCount > 0 else { return }
        if !machine.isExpecting { lastProgress = MonotonicTime.now() }
        machine.sendSync()
        guard link?.sync() == true else { return lose() }
        flush()
    }

    private func send(_ statement: Sent, _ sql: SQL) {
        let lookup = cache.lookUp(sql)
        if let evicted = lookup.evicted {
            note(.deallocate)
            guard link?.deallocate(evicted) == true else {
                note(statement)
                return lose()
            }
        }
        if lookup.isNew {
            note(.prepare(sql))
            guard link?.prepare(sql, as: lookup.name) == true else {
                note(statement)
                return lose()
            }
        }
        note(statement)
        statistics.statements.increment()
        guard link?.execute(lookup.name, sql.parameters) == true else { return lose() }
    }

    private func note(_ statement: Sent) {
        _ = machine.sendStatement()
        sent.append(statement)
    }

    private func flush() {
        guard let isDone = link?.flush() else { return lose() }
        guard let registration else { return }
        // Reading goes on while writing waits, or both sides could wait for each other.
        loop.update(registration, to: isDone ? .read : [.read, .write])
    }

    private func lose() {
        let reason = link?.errorMessage ?? ""
        close(because: reason.isEmpty ? "the connection was lost" : reason)
    }
}

// MARK: - Receiving

extension Session {
    private func receive() {
        lastProgress = MonotonicTime.now()
        let isAlive = link?.consumeInput() ?? false
        while state == .open, machine.isExpecting, link?.isBusy == false {
            guard let answer = link?.nextAnswer() else { break }
            take(answer)
        }
        while state == .open, let notification = link?.nextNotification() {
            owner.session(self, notified: notification)
        }
        guard state == .open else { return }
        if let mustClose { return close(because: mustClose) }
        if !isAlive { return lose() }
        flush()
    }

    private func take(_ answer: ServerLink.Answer) {
        if case .failure(let refusal) = answer, refusal.endsSession {
            return close(because: refusal.message)
        }
        guard let kind = answer.kind else { return close(because: "an answer nobody asked for") }
        switch (machine.received(kind), answer) {
        case (.keep(let ticket), .success(let result)): keep(Rows(result), at: ticket)
        case (.refuse(let ticket), .failure(let refusal)): refuse(refusal, at: ticket)
        case (.skip(let ticket), _): skip(at: ticket)
        case (.refuseBatch, .failure(let refusal)): batchRefusal = refusal
        case (.end(let batch), _): end(batch)
        case (.proceed, _): break
        default: close(because: "an answer out of order")
        }
    }

    /// The place in `sent` of a ticket of the batch being answered.
    private func place(of ticket: PipelineMachine.Ticket) -> Int {
        sent.count - (machine.sentCount - ticket)
    }

    private func keep(_ rows: Rows, at ticket: PipelineMachine.Ticket) {
        guard case .part(let call, let part) = sent[place(of: ticket)] else { return }
        call.take(rows, part: part)
    }

    private func refuse(_ refusal: Refusal, at ticket: PipelineMachine.Ticket) {
        if refusal.sqlState == "25006" { mustClose = refusal.message }
        switch sent[place(of: ticket)] {
        case .prepare(let sql):
            cache.forget(sql)
            preparationRefusal = refusal
        case .part(let call, let part):
            if refusal.isStalePlan { cache.forget(call[part]) }
            call.refuse(refusal)
        case .deallocate: break
        }
    }

    private func skip(at ticket: PipelineMachine.Ticket) {
        switch sent[place(of: ticket)] {
        case .prepare(let sql): cache.forget(sql)
        case .part(let call, _):
            // The statement behind a preparation that failed is the one that failed.
            if let preparationRefusal { call.refuse(preparationRefusal) }
            preparationRefusal = nil
            call.wasSkipped = true
        case .deallocate: break
        }
    }

    private func end(_ batch: Range<PipelineMachine.Ticket>) {
        hasAnswered = true
        let refusal = batchRefusal
        batchRefusal = nil
        preparationRefusal = nil
        for _ in batch {
            guard case .part(let call, let part) = sent.removeFirst() else { continue }
            if let refusal { call.refuse(refusal) }
            if part == call.count - 1 { conclude(call) }
        }
        owner.sessionAdvanced(self)
    }

    private func conclude(_ call: Call) {
        statistics.callLatency.observe(loop.now - call.handedIn)
        if let fault = call.fault {
            guard call.isStale, call.kind != .step, !call.wasReprepared else {
                return call.fail(fault)
            }
            call.wasReprepared = true
            call.reset()
            owner.session(self, returns: call)
        } else if call.wasSkipped {
            call.isAlone = true
            call.reset()
            owner.session(self, returns: call)
        } else {
            call.succeed()
        }
    }

    /// Forgets all that was sent.
    ///
    /// - Returns: the calls whose outcome is unknown; the others are told their fault.
    private func abandon() -> [Call] {
        var unanswered: [Call] = []
        for entry in sent.removeAll() {
            guard case .part(let call, let part) = entry, part == 0 else { continue }
            if let fault = call.fault { call.fail(fault) } else { unanswered.append(call) }
        }
        machine = PipelineMachine()
        cache = StatementCache(limit: limits.statementsPreparedMax)
        preparationRefusal = nil
        batchRefusal = nil
        mustClose = nil
        return unanswered
    }
}
