import CCurl
import EventLoop

/// libcurl's side of one lane: connections shared by all transfers, driven by a loop.
// Safety: touched only on its loop's thread; `loop` is a constant.
final class Multi: @unchecked Sendable {
    let loop: EventLoop
    private let limits: LaneLimits
    /// Made with the first transfer, gone after `close`.
    private var handle: UnsafeMutableRawPointer?
    private var isClosed = false
    private var transfers: [UnsafeMutableRawPointer: Transfer] = [:]
    private var sockets: [curl_socket_t: Registration] = [:]
    private var timer: Timer?

    init(on loop: EventLoop, limits: LaneLimits) {
        self.loop = loop
        self.limits = limits
    }

    deinit {
        precondition(handle == nil, "a client is closed before it is dropped")
    }

    /// Runs `body` on the loop, at once where that is the caller's thread.
    func onLoop(_ body: @escaping @Sendable () -> Void) {
        if loop.isCurrent { body() } else { loop.execute(body) }
    }

    /// Begins a transfer; what cannot begin ends at once.
    func begin(_ transfer: Transfer) {
        guard !isClosed else { return transfer.end(.cancelled) }
        guard transfers.count < limits.transfersMax else { return transfer.end(.busy) }
        guard !transfer.isOver else { return }
        guard let handle = open() else {
            return transfer.end(.unreachable("libcurl has no memory"))
        }
        let key = transfer.key
        transfers[key] = transfer
        let code = curl_multi_add_handle(handle, key)
        guard code == CURLM_OK else {
            transfers[key] = nil
            return transfer.end(.unreachable(String(cString: curl_multi_strerror(code))))
        }
    }

    /// Ends a transfer whatever it is at.
    func abandon(_ transfer: Transfer, _ fault: OutboundFault) {
        forget(transfer.key)
        transfer.end(fault)
    }

    /// Lets a transfer that was held back go on.
    func resume(_ transfer: Transfer) {
        guard transfers[transfer.key] != nil else { return }
        curl_easy_pause(transfer.key, CURLPAUSE_CONT)
        settle()
    }

    /// Ends everything; connections are closed.
    func close() {
        isClosed = true
        for transfer in Array(transfers.values) { abandon(transfer, .cancelled) }
        if let handle { curl_multi_cleanup(handle) }
        handle = nil
        for registration in sockets.values { loop.deregister(registration) }
        sockets = [:]
        stopTimer()
    }

    private func open() -> UnsafeMutableRawPointer? {
        if let handle { return handle }
        guard Library.isReady, let made = curl_multi_init() else { return nil }
        let context = Unmanaged.passUnretained(self).toOpaque()
        var code = slipway_curl_multi_set_callbacks(
            made,
            Self.socketChanged,
            Self.timerChanged,
            context
        )
        for (option, value) in [
            (CURLMOPT_MAX_HOST_CONNECTIONS, limits.connectionsPerHostMax),
            (CURLMOPT_MAX_TOTAL_CONNECTIONS, limits.connectionsMax),
            (CURLMOPT_MAXCONNECTS, limits.connectionsMax),
        ] where code == CURLM_OK {
            code = slipway_curl_multi_set_number(made, option, value)
        }
        guard code == CURLM_OK else {
            curl_multi_cleanup(made)
            return nil
        }
        handle = made
        return made
    }

    private func forget(_ key: UnsafeMutableRawPointer) {
        guard transfers.removeValue(forKey: key) != nil, let handle else { return }
        curl_multi_remove_handle(handle, key)
    }

    // MARK: - What libcurl wishes

    private static let socketChanged: curl_socket_callback = { _, socket, what, context, _ in
        guard let context else { return -1 }
        return Unmanaged<Multi>.fromOpaque(context).takeUnretainedValue().watch(socket, for: what)
    }

    private static let timerChanged: curl_multi_timer_callback = { _, milliseconds, context in
        guard let context else { return -1 }
        Unmanaged<Multi>.fromOpaque(context).takeUnretainedValue().setTimer(milliseconds)
        return 0
    }

    /// libcurl asks to be told about a socket of its own, or no more; −1 ends the transfer.
    private func watch(_ socket: curl_socket_t, for what: Int32) -> Int32 {
        let interest: Interest
        switch what {
        case CURL_POLL_IN: interest = .read
        case CURL_POLL_OUT: interest = .write
        case CURL_POLL_INOUT: interest = [.read, .write]
        default:
            // The socket is still open here: libcurl closes it after this call.
            if let known = sockets.removeValue(forKey: socket) { loop.deregister(known) }
            return 0
        }
        if let known = sockets[socket] {
            loop.update(known, to: interest)
            return 0
        }
        do throws(SystemFault) {
            let handler = WatchedSocket(socket, of: self)
            sockets[socket] = try loop.register(socket, for: interest, handler)
            return 0
        } catch {
            return -1
        }
    }

    private func setTimer(_ milliseconds: Int) {
        stopTimer()
        guard milliseconds >= 0 else { return }
        timer = loop.schedule(after: .milliseconds(milliseconds)) { [weak self] in
            self?.timer = nil
            self?.act(timeoutSocket, 0)
        }
    }

    private func stopTimer() {
        if let timer { loop.cancel(timer) }
        timer = nil
    }

    // MARK: - What libcurl is told

    fileprivate func ready(_ socket: curl_socket_t, _ readiness: Readiness) {
        var mask: Int32 = 0
        if !readiness.isDisjoint(with: [.readable, .readHangup]) { mask |= CURL_CSELECT_IN }
        if readiness.contains(.writable) { mask |= CURL_CSELECT_OUT }
        if !readiness.isDisjoint(with: .hangup) { mask |= CURL_CSELECT_ERR }
        act(socket, mask)
    }

    private func act(_ socket: curl_socket_t, _ mask: Int32) {
        guard let handle else { return }
        var running: Int32 = 0
        curl_multi_socket_action(handle, socket, mask, &running)
        settle()
    }

    /// Tells the transfers that have ended.
    private func settle() {
        guard let handle else { return }
        var result = CURLE_OK
        while let key = slipway_curl_next_done(handle, &result) {
            guard let transfer = transfers[key] else { continue }
            forget(key)
            transfer.end(result)
        }
    }
}

/// `CURL_SOCKET_TIMEOUT`, whose cast Swift does not import.
private let timeoutSocket: curl_socket_t = -1

/// One socket of libcurl's that the loop watches.
private final class WatchedSocket: ReadinessHandler {
    private let socket: curl_socket_t
    private weak var multi: Multi?

    init(_ socket: curl_socket_t, of multi: Multi) {
        self.socket = socket
        self.multi = multi
    }

    func ready(_ readiness: Readiness) {
        multi?.ready(socket, readiness)
    }
}
