import CLinux
import EventLoop
import Glibc

extension Connection {
    /// Whether more bytes are read: a client that sends faster than it is answered is held back
    /// by its own socket.
    var wantsInput: Bool {
        switch stage {
        case .closed: false
        case .lingering, .handshake: !inputHasEnded
        case .serving, .ending: !inputHasEnded && (input?.room ?? 1) > 0
        }
    }

    /// Reads what the socket has, once: the loop tells when there is more.
    func receive() {
        switch stage {
        case .closed: return
        case .handshake: receiveHandshake()
        case .lingering: dropInput()
        case .serving, .ending:
            guard wantsInput else { return updateInterest() }
            if tls == nil { receivePlain() } else { receiveEncrypted() }
        }
    }

    /// Whether nothing more can come; what TLS still holds is moved to the input first.
    var inputIsOver: Bool { inputHasEnded && !hasMoreDecrypted() }

    /// Decrypts what there was no room for before; whether that gave anything.
    func hasMoreDecrypted() -> Bool {
        tls?.hasIncoming == true && decrypt()
    }

    /// Lends what has come and not been taken.
    var pendingInput: UnsafeRawBufferPointer {
        input?.bytes ?? UnsafeRawBufferPointer(start: nil, count: 0)
    }

    /// Takes `count` bytes of the input, and asks for more when that made room.
    func consumeInput(_ count: Int) {
        guard let input else { return }
        let wasFull = input.room == 0
        input.consume(count)
        if input.isEmpty { releaseInput() }
        if wasFull { updateInterest() }
    }

    func releaseInput() {
        if let input { shard.buffers.give(back: input) }
        input = nil
    }

    /// Lets the task that waits for input go on.
    func wake() {
        guard let reader else { return }
        self.reader = nil
        reader.resume()
    }

    private func takeInput() -> ByteBuffer {
        if let input { return input }
        let taken = shard.buffers.take(atLeast: limits.headBytesMax + 1)
        input = taken
        return taken
    }

    private func receivePlain() {
        let input = takeInput()
        // A buffer with room only at its start is moved together first.
        input.reserve(1)
        let count = read(into: input, atLeast: 1)
        arrived(count)
    }

    private func receiveEncrypted() {
        let scratch = shard.scratch
        let count = read(into: scratch, atLeast: BufferPool.capacity)
        if count > 0 {
            tls?.receive(scratch.bytes)
            scratch.consume(scratch.count)
            decrypt()
            flushSoon()
        }
        arrived(count)
    }

    /// Moves decrypted bytes to the input as far as there is room; whether there were any.
    @discardableResult
    private func decrypt() -> Bool {
        guard let tls else { return false }
        let input = takeInput()
        let before = input.count
        var isDone = false
        while !isDone, input.room > 0 {
            input.fill(atLeast: 1) { room in
                switch tls.read(into: room) {
                case .bytes(let count): return count
                case .wantsMore: isDone = true
                case .ended, .failed:
                    inputHasEnded = true
                    isDone = true
                }
                return 0
            }
        }
        if input.isEmpty { releaseInput() }
        return self.input.map { $0.count > before } ?? false
    }

    /// One call of recv; the number of bytes, 0 at the end, -1 when there is nothing now.
    private func read(into buffer: ByteBuffer, atLeast room: Int) -> Int {
        guard let raw = socket?.raw else { return -1 }
        var result = 0
        buffer.fill(atLeast: room) { room in
            repeat {
                result = recv(raw, room.baseAddress, room.count, 0)
            } while result < 0 && errno == EINTR
            return result
        }
        if result < 0, errno != EAGAIN { return 0 }
        if result > 0 { shard.counters.received.count(result) }
        return result
    }

    private func arrived(_ count: Int) {
        if count == 0 { inputHasEnded = true }
        if input?.isEmpty == true { releaseInput() }
        guard count >= 0 else { return }
        if inputHasEnded, isHandling, reader == nil {
            // The client may only have shut its sending side; see `halfCloseTimeout`.
            halfCloseDeadline = loop.now.advanced(by: limits.halfCloseTimeout)
        }
        if inputHasEnded || input?.room == 0 { updateInterest() }
        wake()
    }

    private func receiveHandshake() {
        guard let tls else { return }
        let scratch = shard.scratch
        let count = read(into: scratch, atLeast: BufferPool.capacity)
        guard count != 0 else { return abort() }
        tls.receive(scratch.bytes)
        scratch.consume(scratch.count)
        let step = tls.handshake()
        flush()
        guard !isClosed else { return }
        switch step {
        case .wantsMore: return
        case .failed: end(lingers: false)
        case .done:
            stopWaiting()
            decrypt()
            startServing()
        }
    }

    private func dropInput() {
        let scratch = shard.scratch
        let count = read(into: scratch, atLeast: BufferPool.capacity)
        scratch.consume(scratch.count)
        lingeredBytes += max(0, count)
        if count == 0 || lingeredBytes > limits.lingerBytesMax { close() }
    }
}
