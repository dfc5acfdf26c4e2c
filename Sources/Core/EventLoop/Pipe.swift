import CLinux
import Glibc

/// The two ends of a new pipe, both closed on exec.
struct Pipe: ~Copyable {
    let read: Descriptor
    let write: Descriptor

    init() throws(SystemFault) {
        var ends: [Int32] = [-1, -1]
        guard slipway_pipe(&ends) == 0 else { throw SystemFault(call: "pipe2", errno: errno) }
        read = Descriptor(owning: ends[0])
        write = Descriptor(owning: ends[1])
    }
}

/// Makes calls on `descriptor` return at once.
///
/// - Throws: `SystemFault` when it is no descriptor.
package func setNonBlocking(_ descriptor: Int32) throws(SystemFault) {
    let flags = fcntl(descriptor, F_GETFL)
    guard flags >= 0, fcntl(descriptor, F_SETFL, flags | O_NONBLOCK) == 0 else {
        throw SystemFault(call: "fcntl", errno: errno)
    }
}

/// One end of a pipe for one task that reads or writes at a time; calls wait on the loop.
///
/// The end is registered only while somebody waits: the kernel tells a hang-up whether it was
/// asked or not, again and again.
// Safety: touched only on its loop's thread; a cancelled task's wake-up is sent there.
final class PipeEnd: ReadinessHandler, @unchecked Sendable {
    private let loop: EventLoop
    private let interest: Interest
    private var raw: Int32
    private var registration: Registration?
    private var waiting: Wakeup<Void, Never>?

    /// Takes over `descriptor`.
    ///
    /// Loop thread only.
    init(
        _ descriptor: consuming Descriptor,
        for interest: Interest,
        on loop: EventLoop
    ) throws(SystemFault) {
        try setNonBlocking(descriptor.raw)
        self.loop = loop
        self.interest = interest
        raw = descriptor.release()
    }

    deinit {
        if raw >= 0 { Glibc.close(raw) }
    }

    /// Closes the end and wakes whoever waits for it.
    func close() {
        guard raw >= 0 else { return }
        wake()
        Glibc.close(raw)
        raw = -1
    }

    /// At most `count` bytes as soon as there are some; nil at the end.
    func read(upTo count: Int) async throws(SystemFault) -> [UInt8]? {
        while raw >= 0 {
            var reason: Int32 = 0
            let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
                let taken = Glibc.read(raw, buffer.baseAddress, count)
                reason = taken < 0 ? errno : 0
                filled = max(0, taken)
            }
            if reason == 0 { return bytes.isEmpty ? nil : bytes }
            try await waitIfNotReady(reason, call: "read")
        }
        return nil
    }

    /// Gives all of `bytes`, as fast as the other side takes them.
    func write(_ bytes: [UInt8]) async throws(SystemFault) {
        var offset = 0
        while offset < bytes.count {
            guard raw >= 0 else { throw SystemFault(call: "write", errno: EPIPE) }
            var reason: Int32 = 0
            let given = bytes.withUnsafeBytes { buffer in
                let rest = UnsafeRawBufferPointer(rebasing: buffer[offset...])
                let given = Glibc.write(raw, rest.baseAddress, rest.count)
                reason = given < 0 ? errno : 0
                return given
            }
            if reason == 0 {
                offset += given
            } else {
                try await waitIfNotReady(reason, call: "write")
            }
        }
    }

    func ready(_ readiness: Readiness) {
        wake()
    }

    private func wake() {
        if let registration { loop.deregister(registration) }
        registration = nil
        let woken = waiting
        waiting = nil
        woken?.resume()
    }

    private func waitIfNotReady(_ reason: Int32, call: String) async throws(SystemFault) {
        guard reason != EINTR else { return }
        guard reason == EAGAIN else { throw SystemFault(call: call, errno: reason) }
        precondition(waiting == nil, "one task at a time waits for a pipe's end")
        let registration = try loop.register(raw, for: interest, self)
        self.registration = registration
        await withTaskCancellationHandler {
            await Wakeup<Void, Never>.wait { wakeup in
                waiting = wakeup
                if Task.isCancelled { wake() }
            }
        } onCancel: {
            loop.execute { self.wake() }
        }
        if Task.isCancelled { throw SystemFault(call: call, errno: ECANCELED) }
    }
}
