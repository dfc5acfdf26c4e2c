import CLinux
import EventLoop
import Glibc
import Synchronization

/// A listening socket on one loop.
// Safety: touched only on its shard's loop.
final class Listener: ReadinessHandler, @unchecked Sendable {
    /// Connections that one tick accepts before others have their turn.
    private static let acceptsPerTickMax = 64

    private let shard: Shard
    /// Where connections go; several for a unix socket, which has one listener for all loops.
    private let targets: [Shard]
    private let isSecure: Bool
    private var descriptor: Descriptor?
    private var registration: Registration?
    private var turn = 0

    init(_ descriptor: consuming Descriptor, shard: Shard, targets: [Shard], isSecure: Bool) {
        self.descriptor = consume descriptor
        self.shard = shard
        self.targets = targets
        self.isSecure = isSecure
    }

    /// Begins to accept, or tries again after a rest.
    func resume() {
        guard let raw = descriptor?.raw, registration == nil else { return }
        do {
            registration = try shard.loop.register(raw, for: .read, self)
        } catch {
            rest()
        }
    }

    func close() {
        if let registration { shard.loop.deregister(registration) }
        registration = nil
        descriptor = nil
    }

    func ready(_ readiness: Readiness) {
        for _ in 0..<Listener.acceptsPerTickMax {
            guard let raw = descriptor?.raw else { return }
            var address = sockaddr_storage()
            var size = socklen_t(MemoryLayout<sockaddr_storage>.size)
            let accepted = slipway_accept(raw, &address, &size)
            guard accepted >= 0 else {
                if failed(errno) { return }
                continue
            }
            take(Descriptor(owning: accepted), from: address)
        }
    }

    /// Whether to stop accepting for this tick.
    private func failed(_ error: Int32) -> Bool {
        switch error {
        case EMFILE, ENFILE, ENOBUFS, ENOMEM:
            // The connection stays in the backlog and would make the listener ready at once
            // again: without a rest the loop would spin.
            rest()
            return true
        case EAGAIN: return true
        default: return false  // accept(2): the connection failed before it was taken
        }
    }

    private func rest() {
        if let registration { shard.loop.deregister(registration) }
        registration = nil
        _ = shard.loop.schedule(after: shard.state.limits.acceptPause) { [weak self] in
            self?.resume()
        }
    }

    private func take(_ accepted: consuming Descriptor, from address: sockaddr_storage) {
        let state = shard.state
        let open = state.connectionsOpen.add(1, ordering: .relaxed).newValue
        let peer = PeerAddress.text(address)
        guard open <= state.limits.connectionsMax else {
            state.connectionsOpen.subtract(1, ordering: .relaxed)
            shard.turnAway(accepted, peer: peer, isSecure: isSecure)
            return
        }
        turn = (turn + 1) % targets.count
        let target = targets[turn]
        guard target !== shard else {
            return target.adopt(accepted, peer: peer, isSecure: isSecure)
        }
        let raw = accepted.release()
        let isSecure = isSecure
        target.loop.execute {
            target.adopt(Descriptor(owning: raw), peer: peer, isSecure: isSecure)
        }
    }
}

extension Shard {
    /// Tells a connection beyond `connectionsMax` so, as far as that goes without waiting.
    fileprivate func turnAway(
        _ accepted: consuming Descriptor,
        peer: String,
        isSecure: Bool
    ) {
        counters.refusedConnections.count()
        guard !isSecure else { return }
        let fault = RequestFault.tooManyConnections
        let response = state.handler.answer(to: fault, from: peer)
        let buffer = buffers.take()
        ResponseHead(response, to: nil, closes: true)
            .append(to: buffer, fields: response.headers, date: &date, second: time(nil))
        if case .bytes(let body) = response.body { body.withUnsafeBytes { buffer.append($0) } }
        _ = send(
            accepted.raw,
            buffer.bytes.baseAddress,
            buffer.count,
            Int32(MSG_NOSIGNAL | MSG_DONTWAIT)
        )
        buffers.give(back: buffer)
    }
}
