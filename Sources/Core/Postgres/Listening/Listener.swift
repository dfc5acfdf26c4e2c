internal import EventLoop
internal import Logging

/// The one session of a process that listens to channels.
// Safety: touched only on its loop's thread.
final class Listener: SessionOwner, @unchecked Sendable {
    private let loop: EventLoop
    private let channels: [String]
    private let handler: @Sendable (Notification) -> Void
    private let limits: DatabaseOptions
    private let logger: Logger
    private var keeper: SessionKeeper?
    private var checkTimer: Timer?
    private var isClosed = false

    init(
        on loop: EventLoop,
        channels: [String],
        limits: DatabaseOptions,
        logger: Logger,
        handler: @escaping @Sendable (Notification) -> Void
    ) {
        self.loop = loop
        self.channels = channels
        self.limits = limits
        self.logger = logger
        self.handler = handler
    }

    func open(connector: Connector, statistics: DatabaseStatistics) {
        let keeper = SessionKeeper(
            Session(
                on: loop,
                owner: self,
                connector: connector,
                limits: limits,
                statistics: statistics
            ),
            limits
        )
        self.keeper = keeper
        keeper.session.open()
    }

    func close() {
        isClosed = true
        if let checkTimer { loop.cancel(checkTimer) }
        checkTimer = nil
        keeper?.close()
    }

    func checkProgress(at now: MonotonicTime) {
        keeper?.session.checkProgress(at: now)
    }

    /// Asks the silent session whether it still lives: a connection cut without a word would
    /// otherwise go unnoticed.
    private func scheduleCheck(_ session: Session) {
        checkTimer = loop.schedule(after: limits.listenCheckInterval) { [weak self] in
            guard let self, session.state == .open else { return }
            self.ask(session, "SELECT pg_backend_pid()", []) { [weak self] in
                self?.scheduleCheck(session)
            }
        }
    }

    private func ask(
        _ session: Session,
        _ first: SQL,
        _ others: [SQL],
        then body: @escaping @Sendable () -> Void
    ) {
        // Ends with the call, which the session answers or gives back to us when it closes.
        Task(executorPreference: loop) {
            do throws(DatabaseFault) {
                _ = try await Wakeup<Call.Answer, DatabaseFault>.wait { wakeup in
                    session.send(Call(.step, first, others, waking: wakeup))
                    session.sync()
                }
                body()
            } catch {
                session.close(because: error.description)
            }
        }
    }

    // MARK: SessionOwner

    func sessionOpened(_ session: Session) {
        keeper?.opened()
        let statements = channels.map { "LISTEN \(unsafeSQL: Self.quoted($0))" as SQL }
        guard let first = statements.first else { return }
        ask(session, first, Array(statements.dropFirst())) { [weak self] in
            self?.handler(.resynchronise)
            self?.scheduleCheck(session)
        }
    }

    func sessionClosed(_ session: Session, _ closing: SessionClosing) {
        if let checkTimer { loop.cancel(checkTimer) }
        checkTimer = nil
        for call in closing.unanswered { call.fail(.unavailable(retryAfter: .seconds(1))) }
        guard !isClosed else { return }
        logger.warning(
            "a database session ended",
            metadata: ["lane": "listen", "reason": "\(closing.reason)"]
        )
        keeper?.reopen(afterOpen: closing.wasOpen)
    }

    func sessionAdvanced(_ session: Session) {}

    func session(_ session: Session, returns call: Call) {
        call.fail(.unavailable(retryAfter: .seconds(1)))
    }

    func session(_ session: Session, notified notification: Notification) {
        handler(notification)
    }

    /// A channel's name as an SQL identifier.
    static func quoted(_ name: String) -> String {
        let doubled = name.split(separator: "\"", omittingEmptySubsequences: false)
            .joined(separator: "\"\"")
        return "\"\(doubled)\""
    }
}
