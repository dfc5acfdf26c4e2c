internal import Glibc
internal import Logging
internal import Synchronization

extension LogSink {
    /// After a batch the writer rests this long before it asks to be woken, so that a busy
    /// process pays for one wake-up a millisecond and not for one a line.
    private static let restNanoseconds = 1_000_000

    /// Starts the writer's thread, which keeps the sink alive until `stop`.
    func startWriter() {
        var thread = pthread_t()
        let context = Unmanaged.passRetained(self).toOpaque()
        let result = pthread_create(
            &thread,
            nil,
            { context in
                guard let context else { return nil }
                Unmanaged<LogSink>.fromOpaque(context).takeRetainedValue().runWriter()
                return nil
            },
            context
        )
        precondition(result == 0, "the system gave no thread to write the log with")
        pthread_detach(thread)
    }

    private func runWriter() {
        blockSignals()
        var spare: [UInt8] = []
        while let batch = nextBatch(recycling: spare) {
            writeAll(batch)
            spare = batch
            spare.removeAll(keepingCapacity: spare.capacity <= Self.bufferBytesKept)
            var rest = timespec(tv_sec: 0, tv_nsec: Self.restNanoseconds)
            nanosleep(&rest, nil)
        }
        finished.signal()
    }

    /// Signals belong to the threads that expect them; a closed pipe shows as EPIPE.
    private func blockSignals() {
        var all = sigset_t()
        sigfillset(&all)
        pthread_sigmask(SIG_SETMASK, &all, nil)
    }

    /// What waits to be written, once there is something; nil when all is written and the sink
    /// stops.
    private func nextBatch(recycling spare: consuming [UInt8]) -> [UInt8]? {
        var spare: [UInt8]? = spare
        while true {
            let now = clock()
            let next = state.withLock { state -> Next in
                guard !state.pending.isEmpty || state.droppedUnreported > 0 else {
                    if state.isStopping { return .stop }
                    state.isWriterAsleep = true
                    return .sleep
                }
                let batch = state.takePending(leaving: spare.take() ?? [])
                let dropped = state.droppedUnreported
                state.droppedUnreported = 0
                return .write(dropped == 0 ? batch : report(dropped, at: now, after: batch))
            }
            switch next {
            case .write(let batch): return batch
            case .stop: return nil
            case .sleep: wake.wait()
            }
        }
    }

    private enum Next {
        case write([UInt8])
        case sleep
        case stop
    }

    private func report(
        _ dropped: UInt64,
        at now: Int64,
        after batch: consuming [UInt8]
    ) -> [UInt8] {
        line(.warning, "log lines were dropped because the output took none", at: now, after: batch)
        {
            $0.field("dropped", dropped)
        }
    }

    /// Writes everything, however slowly it is taken.
    ///
    /// A descriptor that fails loses the batch: there is no other place to tell.
    private func writeAll(_ batch: [UInt8]) {
        batch.withUnsafeBytes { bytes in
            var written = 0
            while written < bytes.count {
                let count = Glibc.write(
                    descriptor,
                    bytes.baseAddress.map { $0 + written },
                    bytes.count - written
                )
                if count > 0 {
                    written += count
                } else if errno == EAGAIN {
                    var readiness = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
                    poll(&readiness, 1, -1)
                } else if errno != EINTR {
                    return
                }
            }
        }
    }
}
