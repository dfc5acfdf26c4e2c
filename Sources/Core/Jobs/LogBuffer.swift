import Contract
import Domain
import Storage
import Synchronization

/// The lines that running jobs wrote and that are not stored yet; bounded for each attempt.
final class LogBuffer: Sendable {
    private let lines = Mutex<[JobQueue.LogLine]>([])
    private let linesMax: Int
    private let lineBytesMax: Int

    init(linesMax: Int, lineBytesMax: Int) {
        self.linesMax = linesMax
        self.lineBytesMax = lineBytesMax
    }

    /// Where one run of a step writes.
    func log(of job: JobID, step: String) -> some StepLog {
        JobLog(buffer: self, job: job, step: step, linesMax: linesMax)
    }

    /// Takes everything out.
    func take() -> [JobQueue.LogLine] {
        lines.withLock { lines in
            defer { lines = [] }
            return lines
        }
    }

    fileprivate func add(_ job: JobID, _ step: String, _ level: JobLogLine.Level, _ text: String) {
        let line = JobQueue.LogLine(
            job: job,
            step: step,
            level: level,
            message: Self.clip(text, to: lineBytesMax)
        )
        lines.withLock { $0.append(line) }
    }

    /// Cuts at a character, and drops what PostgreSQL does not store.
    private static func clip(_ text: String, to bytesMax: Int) -> String {
        var clipped = ""
        var count = 0
        for character in text where character != "\0" {
            count += character.utf8.count
            if count > bytesMax - 3 { return clipped + "…" }
            clipped.append(character)
        }
        return clipped
    }
}

/// The log of one run of a step.
private final class JobLog: StepLog {
    private let buffer: LogBuffer
    private let job: JobID
    private let step: String
    private let linesMax: Int
    private let written = Atomic<Int>(0)

    init(buffer: LogBuffer, job: JobID, step: String, linesMax: Int) {
        self.buffer = buffer
        self.job = job
        self.step = step
        self.linesMax = linesMax
    }

    func write(_ level: JobLogLine.Level, _ message: String) {
        let place = written.wrappingAdd(1, ordering: .relaxed).newValue
        if place < linesMax {
            buffer.add(job, step, level, message)
        } else if place == linesMax {
            buffer.add(job, step, .warning, "further lines of this attempt are not kept")
        }
    }
}
