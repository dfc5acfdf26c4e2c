internal import Glibc
package import Logging
internal import Synchronization

/// Takes log lines from any thread and writes them to a descriptor on a thread of its own.
///
/// A writer of lines never waits for the descriptor: what does not fit in the bounded buffer is
/// dropped and counted, and one line says how many once the descriptor takes lines again.
package final class LogSink: Sendable {
    /// Bytes that may wait for the descriptor: 50 ms of output at 100,000 lines a second would
    /// need 1 MiB; four times that rides out a pause of its reader.
    package static let bufferBytesMax = 4 << 20

    /// Room for a common line, so that it is made without being moved.
    private static let lineBytesUsual = 512

    /// Bytes that an idle sink keeps for the next burst.
    static let bufferBytesKept = 64 << 10

    struct State: ~Copyable {
        var pending: [UInt8] = []
        var droppedUnreported: UInt64 = 0
        var droppedTotal: UInt64 = 0
        var isWriterAsleep = false
        var isStopping = false
    }

    let state = Mutex(State())
    let wake: EventCounter
    let finished: EventCounter
    let descriptor: Int32
    private let bytesMax: Int
    let format: LogFormat
    let clock: @Sendable () -> Int64

    /// A sink that writes to `descriptor`, which it does not own, and whose writer thread runs
    /// until `stop`.
    ///
    /// `clock` gives microseconds since 1970.
    package init(
        descriptor: Int32 = 1,
        format: LogFormat = .json,
        bufferBytesMax: Int = LogSink.bufferBytesMax,
        clock: @escaping @Sendable () -> Int64 = LogSink.systemClock
    ) {
        self.descriptor = descriptor
        self.format = format
        self.clock = clock
        bytesMax = bufferBytesMax
        wake = EventCounter()
        finished = EventCounter()
        startWriter()
    }

    /// Microseconds since 1970 by the system's clock.
    package static let systemClock: @Sendable () -> Int64 = {
        var now = timespec()
        clock_gettime(CLOCK_REALTIME, &now)
        return Int64(now.tv_sec) * 1_000_000 + Int64(now.tv_nsec) / 1_000
    }

    /// Lines that were dropped since the start.
    package var droppedCount: UInt64 { state.withLock { $0.droppedTotal } }

    /// Writes one line, whose fields `build` adds after time, level and message.
    ///
    /// The line is made before the sink's lock is taken, so that loops do not wait for each other
    /// while they put fields together.
    package func write(
        _ level: Logger.Level,
        _ message: String,
        _ build: (inout LogLine) -> Void = { _ in }
    ) {
        var empty: [UInt8] = []
        empty.reserveCapacity(Self.lineBytesUsual)
        let text = line(level, message, at: clock(), after: empty, build)
        let wakes = state.withLock { state in
            guard state.pending.count < bytesMax, !state.isStopping else {
                state.droppedTotal += 1
                state.droppedUnreported += 1
                return false
            }
            state.pending.append(contentsOf: text)
            defer { state.isWriterAsleep = false }
            return state.isWriterAsleep
        }
        if wakes { wake.signal() }
    }

    func line(
        _ level: Logger.Level,
        _ message: String,
        at now: Int64,
        after bytes: consuming [UInt8],
        _ build: (inout LogLine) -> Void
    ) -> [UInt8] {
        var line = LogLine(
            appendingTo: bytes,
            format: format,
            level: level,
            message: message,
            microseconds: now
        )
        build(&line)
        return line.finish()
    }

    /// Writes what is buffered, then ends the writer thread; waits at most `limit` for a descriptor
    /// that takes nothing.
    ///
    /// Lines written later are dropped. True when all was written.
    @discardableResult
    package func stop(within limit: Duration) -> Bool {
        state.withLock { $0.isStopping = true }
        wake.signal()
        return finished.wait(atMost: limit)
    }
}

extension LogSink.State {
    /// Takes the buffer out, so that it grows or is written without a copy.
    mutating func takePending(leaving spare: consuming [UInt8]) -> [UInt8] {
        var taken = spare
        swap(&taken, &pending)
        return taken
    }
}
