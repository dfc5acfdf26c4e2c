import EventLoop

extension Connection {
    /// What a deadline is for.
    enum Wait {
        case none
        case handshake
        /// For the next request, of which nothing has come.
        case idle
        case head
        case body
        case linger
    }

    /// Sets the deadline of a wait that begins now.
    func waitFor(_ wait: Wait) {
        self.wait = wait
        let now = loop.now
        deadline =
            switch wait {
            case .none: nil
            case .handshake: now.advanced(by: limits.headerTimeout)
            case .idle: now.advanced(by: limits.idleTimeout)
            case .head: headDeadline(from: now)
            case .body: body.budget.deadline(at: now)
            case .linger: now.advanced(by: limits.lingerTimeout)
            }
    }

    func stopWaiting() {
        wait = .none
        deadline = nil
    }

    /// Acts on the deadlines that have passed.
    func sweep(at now: MonotonicTime) {
        if let outputDeadline, outputDeadline <= now { return abort() }
        if let halfCloseDeadline, halfCloseDeadline <= now { return abort() }
        guard let deadline, deadline <= now else { return }
        switch wait {
        case .none: break
        case .handshake: abort()
        case .linger: close()
        // The task finds the deadline passed and decides.
        case .idle, .head, .body: wake()
        }
    }

    /// Whether the wait that has just ended did so because its time was up.
    var hasTimedOut: Bool {
        guard let deadline else { return false }
        return deadline <= loop.now
    }

    /// Ends the connection where it is idle; otherwise its next answer is the last.
    func drain() {
        if case .idle = wait { wake() }
    }

    /// A head has one deadline from its first byte on, however many waits it takes.
    private func headDeadline(from now: MonotonicTime) -> MonotonicTime {
        let deadline = headDeadline ?? now.advanced(by: limits.headerTimeout)
        headDeadline = deadline
        return deadline
    }
}
