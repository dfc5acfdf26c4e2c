import EventLoop
import Synchronization

/// Writes to clusters, those that come while one of the same cluster is under way together.
///
/// A cluster's writes happen one after the other, and each waits for the disk: alone, they would
/// be as many in a second as the disk flushes.
final class SandboxWriter: Sendable {
    /// Writes that go together: at most 100.
    private static let batchMax = 100

    private enum Turn: Sendable {
        case written(SandboxWritten)
        /// The writer itself is to write, for these others too.
        case lead([Waiting])
    }

    private struct Waiting: Sendable {
        let write: SandboxWrite
        let wakeup: Wakeup<Turn, SandboxOutage>
    }

    private let records: any SandboxRecords
    /// Who waits, by cluster; an entry is there as long as somebody writes.
    private let lines = Mutex<[String: [Waiting]]>([:])

    init(_ records: any SandboxRecords) {
        self.records = records
    }

    /// Writes one object under one of the cluster's next revisions.
    func write(
        _ write: SandboxWrite,
        in cluster: String
    ) async throws(SandboxOutage) -> SandboxWritten {
        let turn = try await Wakeup<Turn, SandboxOutage>.wait { wakeup in
            let isFirst = lines.withLock { lines in
                guard lines[cluster] != nil else {
                    lines[cluster] = []
                    return true
                }
                lines[cluster]?.append(Waiting(write: write, wakeup: wakeup))
                return false
            }
            if isFirst { wakeup.resume(returning: .lead([])) }
        }
        switch turn {
        case .written(let written): return written
        case .lead(let others):
            defer { passOn(cluster) }
            return try await lead(write, others, in: cluster)
        }
    }

    private func lead(
        _ write: SandboxWrite,
        _ others: [Waiting],
        in cluster: String
    ) async throws(SandboxOutage) -> SandboxWritten {
        do throws(SandboxOutage) {
            let writes = [write] + others.map(\.write)
            let written = try await records.write(writes, in: cluster)
            for (other, result) in zip(others, written.dropFirst()) {
                other.wakeup.resume(returning: .written(result))
            }
            return written[0]
        } catch {
            for other in others { other.wakeup.resume(throwing: error) }
            throw error
        }
    }

    /// Whoever waits longest writes next, together with those behind it.
    private func passOn(_ cluster: String) {
        let next = lines.withLock { lines -> (leader: Waiting, others: [Waiting])? in
            guard let waiting = lines[cluster], let leader = waiting.first else {
                lines[cluster] = nil
                return nil
            }
            let others = Array(waiting.dropFirst().prefix(Self.batchMax - 1))
            lines[cluster] = Array(waiting.dropFirst(1 + others.count))
            return (leader, others)
        }
        next?.leader.wakeup.resume(returning: .lead(next?.others ?? []))
    }
}
