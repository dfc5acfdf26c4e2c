internal import EventLoop

/// Opens a session again whenever it is lost: at once the first time, then less and less often.
// Safety: touched only on its loop's thread.
final class SessionKeeper: @unchecked Sendable {
    /// How often a session that never answered is opened again at once; after that the server may
    /// be letting everybody in and then turning them away.
    private static let uselessLivesMax = 2

    let session: Session
    private var backoff: Backoff
    /// Lives in a row that ended before anything was answered.
    private var uselessLives = 0
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
    }

    /// Opens the session that has just closed, now or later.
    func reopen(afterOpen wasOpen: Bool) {
        guard !isClosed, timer == nil else { return }
        uselessLives = session.hasAnswered ? 0 : uselessLives + 1
        if wasOpen && uselessLives <= Self.uselessLivesMax { return session.open() }
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
