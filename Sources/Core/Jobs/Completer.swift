import Domain
import EventLoop
import Storage
import Synchronization

/// Writes down finished jobs in batches: what finishes while one batch is being written makes up
/// the next one, so that a commit is paid once for all of them.
final class Completer: Sendable {
    private struct State {
        var waiting: [(record: JobRecord, wakeup: Wakeup<Bool, Never>)] = []
        var isWriting = false
    }

    private let state = Mutex(State())
    private let batchMax: Int
    private let loop: EventLoop
    private let write: @Sendable ([JobRecord]) async -> Set<JobID>

    /// Takes results for `write`, which stores a batch and returns the jobs whose lease was
    /// current.
    init(
        batchMax: Int,
        loop: EventLoop,
        write: @escaping @Sendable ([JobRecord]) async -> Set<JobID>
    ) {
        self.batchMax = batchMax
        self.loop = loop
        self.write = write
    }

    /// Writes down one job with others; false where its lease was not current.
    func complete(_ record: JobRecord) async -> Bool {
        await Wakeup<Bool, Never>.wait { wakeup in
            let isFirst = state.withLock { state in
                state.waiting.append((record, wakeup))
                defer { state.isWriting = true }
                return !state.isWriting
            }
            // Ends by itself as soon as nothing waits; whoever waits is resumed by it.
            if isFirst { Task(executorPreference: loop) { await self.writeAll() } }
        }
    }

    private func writeAll() async {
        while let batch = nextBatch() {
            let completed = await write(batch.map(\.record))
            for entry in batch {
                entry.wakeup.resume(returning: completed.contains(entry.record.lease.job))
            }
        }
    }

    private func nextBatch() -> [(record: JobRecord, wakeup: Wakeup<Bool, Never>)]? {
        state.withLock { state in
            let batch = Array(state.waiting.prefix(batchMax))
            state.waiting.removeFirst(batch.count)
            state.isWriting = !batch.isEmpty
            return batch.isEmpty ? nil : batch
        }
    }
}
