internal import EventLoop

/// Opens a session again whenever it is lost: at once the first time, then less and less often.
// Safety: touched only on its loop's thread.
final class SessionKeeper: @unchecked Sendable {
    /// A session that lived for less is not opened again at once: the server may be turning
    /// everybody away after letting them in.
    private static let livesMin = Duration.milliseconds(50)

    let session: Session
    private var backoff: Backoff
    private var openedAt: MonotonicTime?
    private var timer: Timer?
    private var isClosed = false

    init(_ session: Session, _ limits: DatabaseOptions) {
        self.session = session
        backoff = Backoff(first: limits.reconnectDelayMin, limit: limits.reconnectDelayMax)
    }

    /// Open, or being opened without having failed before.
    var isHopeful: Bool {
        session.state == .open || session.state == .opening && backoff.failures == 0
    }

    func opened() {
        backoff.succeeded()
        openedAt = MonotonicTime.now()
    }

    /// Opens the session that has just closed, now or later.
    func reopen() {
        guard !isClosed, timer == nil else { return }
        let lived = openedAt.map { MonotonicTime.now() - $0 } ?? .zero
        openedAt = nil
        guard lived < Self.livesMin else { return session.open() }
        var generator = SystemRandomNumberGenerator()
        let delay = backoff.failed(using: &generator)
        timer = session.loop.schedule(after: delay) { [self] in
            timer = nil
            if !isClosed { session.open() }
        }
    }

    func close() {
        isClosed = true
        if let timer { session.loop.cancel(timer) }
        timer = nil
        session.close(because: "the program ends")
    }
}
