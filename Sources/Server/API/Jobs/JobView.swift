import Domain
import JSON

/// How the API shows a job and the lines of its log.
enum JobView {
    static func bytes(_ job: Job) -> [UInt8] {
        var writer = JSONWriter(reserving: 1_536)
        write(&writer, job)
        return writer.finish()
    }

    static func write(_ writer: inout JSONWriter, _ job: Job) {
        writer.resource(
            id: job.id.bytes,
            name: job.id.description,
            generation: 1,
            createdAt: job.createdAt,
            updatedAt: job.finishedAt ?? job.startedAt ?? job.createdAt,
            labels: { $0.object { _ in } },
            spec: { spec(&$0, job) },
            status: { status(&$0, job) }
        )
    }

    private static func spec(_ writer: inout JSONWriter, _ job: Job) {
        writer.object { writer in
            writer.member("kind", job.kind.description)
            writer.key("subject")
            writer.object { writer in
                writer.member("kind", job.subject.kind.rawValue)
                writer.member("name", job.subject.name)
            }
            writer.member("tenant", orNull: job.tenant?.description)
        }
    }

    private static func status(_ writer: inout JSONWriter, _ job: Job) {
        writer.object { writer in
            writer.member("phase", job.state.rawValue)
            writer.key("conditions")
            writer.array([Condition]()) { $1.write(to: &$0) }
            writer.member("observedGeneration", 1)
            writer.member("step", orNull: job.step)
            writer.key("steps")
            writer.array(job.steps, step)
            writer.member("attempt", job.attempt)
            writer.member("runAt", orNull: job.runAt)
            writer.key("waitingOn")
            waiting(&writer, job.waiting)
            writer.member("lastError", orNull: job.lastError)
            writer.member("cancelRequested", job.isCancelRequested)
            writer.member("startedAt", orNull: job.startedAt)
            writer.member("finishedAt", orNull: job.finishedAt)
        }
    }

    private static func step(_ writer: inout JSONWriter, _ step: JobStep) {
        writer.object { writer in
            writer.member("name", step.name)
            writer.member("state", step.state.rawValue)
            writer.member("attempts", step.attempts)
            writer.member("startedAt", orNull: step.startedAt)
            writer.member("finishedAt", orNull: step.finishedAt)
            writer.key("evidence")
            if let evidence = step.evidence { writer.raw(evidence) } else { writer.null() }
        }
    }

    private static func waiting(_ writer: inout JSONWriter, _ waiting: JobWaiting?) {
        guard let waiting else { return writer.null() }
        writer.object { writer in
            writer.member("what", waiting.on)
            writer.member("since", waiting.since.description)
            writer.member("releasedBy", orNull: waiting.releasedBy)
        }
    }

    /// One line of a log.
    static func write(_ writer: inout JSONWriter, _ line: JobLogLine) {
        writer.object { writer in
            writer.member("position", String(line.line))
            writer.member("at", line.at.description)
            writer.member("level", line.level.rawValue)
            writer.member("step", orNull: line.step)
            writer.member("message", line.message)
        }
    }
}
