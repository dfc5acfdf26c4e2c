extension EventLoop {
    /// Tells `handler` whenever `descriptor` is ready for `interest`, until it is deregistered.
    ///
    /// Loop thread only. The caller keeps owning the descriptor and deregisters before closing it.
    ///
    /// - Throws: `SystemFault` when the kernel refuses (no memory, or no such descriptor).
    package func register(
        _ descriptor: Int32,
        for interest: Interest,
        _ handler: any ReadinessHandler
    ) throws(SystemFault) -> Registration {
        assertCurrent()
        return try poller.add(descriptor, interest, handler)
    }

    /// Changes what the handler waits for; costs nothing when that is what it waits for already.
    ///
    /// Loop thread only.
    package func update(_ registration: Registration, to interest: Interest) {
        assertCurrent()
        poller.change(registration, to: interest)
    }

    /// Ends a registration; readiness that was already taken from the kernel is dropped.
    ///
    /// Loop thread only.
    package func deregister(_ registration: Registration) {
        assertCurrent()
        poller.remove(registration)
    }
}
