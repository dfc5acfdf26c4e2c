import CLinux
import EventLoop
import Glibc

/// A task that waits until no more than `most` bytes are left to be sent.
struct OutputWait {
    let most: Int
    let wakeup: Wakeup<Void, Never>
}

extension Connection {
    /// Bytes that the kernel has not taken yet.
    var outputCount: Int { (output?.count ?? 0) + (encrypted?.count ?? 0) }

    var hasOutput: Bool { outputCount > 0 }

    /// The buffer that answers are appended to; it is sent at the end of the tick.
    func takeOutput() -> ByteBuffer {
        flushSoon()
        if let output { return output }
        let taken = shard.buffers.take()
        output = taken
        return taken
    }

    func flushSoon() {
        guard !willFlush, !isClosed else { return }
        willFlush = true
        loop.atEndOfTick(self)
    }

    /// Hands the kernel as much as it takes.
    func flush() {
        guard let raw = socket?.raw, encrypt() else { return }
        let buffer = tls == nil ? output : encrypted
        if let buffer, !buffer.isEmpty {
            guard send(buffer, to: raw) else { return abort() }
        }
        if hasOutput {
            updateInterest()
        } else {
            releaseOutput()
            outputDeadline = nil
            updateInterest()
            if case .ending(let lingers) = stage { shut(lingers: lingers) }
        }
        if let writer, outputCount <= writer.most { wakeWriter() }
    }

    /// Waits until no more than `most` bytes are left, or the connection is closed.
    func waitForOutput(atMost most: Int) async {
        guard writer == nil else { return }
        await Wakeup<Void, Never>.wait { wakeup in
            writer = OutputWait(most: most, wakeup: wakeup)
        }
    }

    func wakeWriter() {
        guard let writer else { return }
        self.writer = nil
        writer.wakeup.resume()
    }

    func releaseOutput() {
        if let output { shard.buffers.give(back: output) }
        if let encrypted { shard.buffers.give(back: encrypted) }
        output = nil
        encrypted = nil
    }

    /// Ends the connection when what is left has been sent.
    func end(lingers: Bool) {
        guard !isClosed else { return }
        stopWaiting()
        if let tls {
            if let output, !output.isEmpty { _ = tls.write(output.bytes) }
            output?.consume(output?.count ?? 0)
            tls.end()
        }
        stage = .ending(lingers: lingers)
        flush()
    }

    /// False when the connection could not go on and was cut off.
    private func encrypt() -> Bool {
        guard let tls else { return true }
        if let output, !output.isEmpty {
            guard tls.write(output.bytes) else {
                abort()
                return false
            }
            output.consume(output.count)
        }
        guard tls.hasOutgoing else { return true }
        let buffer = encrypted ?? shard.buffers.take()
        encrypted = buffer
        tls.takeOutgoing(into: buffer)
        return true
    }

    /// False when the client is gone.
    private func send(_ buffer: ByteBuffer, to raw: Int32) -> Bool {
        let before = outputDeadline
        let count = Glibc.send(
            raw,
            buffer.bytes.baseAddress,
            buffer.count,
            Int32(MSG_NOSIGNAL)
        )
        guard count >= 0 else { return waitsForRoom(errno) }
        shard.counters.sent.count(count)
        buffer.consume(count)
        if let before { outputBudget.moved(count, at: loop.now, deadline: before) }
        outputDeadline = buffer.isEmpty ? nil : outputBudget.deadline(at: loop.now)
        return true
    }

    private func waitsForRoom(_ error: Int32) -> Bool {
        guard error == EAGAIN || error == EINTR else { return false }
        outputDeadline = outputDeadline ?? outputBudget.deadline(at: loop.now)
        return true
    }

    /// Shuts the sending side, and everything when nothing more can come or matter.
    private func shut(lingers: Bool) {
        guard let raw = socket?.raw, lingers, !inputHasEnded else { return close() }
        releaseInput()
        shutdown(raw, Int32(SHUT_WR))
        stage = .lingering
        waitFor(.linger)
        updateInterest()
    }
}
