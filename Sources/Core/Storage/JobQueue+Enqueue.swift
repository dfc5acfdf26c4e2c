package import Domain
package import Postgres

extension JobQueue {
    /// The statement that stores a new job, to stand alone or inside a larger one.
    ///
    /// Jobs about the same thing share a lane and run in the order of their storing.
    package static func insertion(
        of job: NewJob,
        requestedBy principal: String? = nil,
        traceparent: String? = nil
    ) -> SQL {
        """
        INSERT INTO job (
            id, kind, tenant_id, subject_kind, subject_id, subject_name, lane, input,
            requested_by, traceparent)
        VALUES (
            \(job.id), \(job.kind.description), \(job.tenant),
            \(job.subject.kind.rawValue), \(job.subject.id), \(job.subject.name),
            \(lane(of: job.subject)), \(JSONText(job.input)), \(principal), \(traceparent))
        """
    }

    /// Which earlier jobs about a thing a new one makes pointless.
    package enum Supersession: Sendable {
        /// All of them: the new one undoes their work.
        case unfinished
        /// Those that wait for a person: the new one does what is wanted now, and they would do
        /// what was wanted then.
        case stalled
    }

    /// The statement that asks earlier jobs to end.
    ///
    /// Goes in front of the new one's insertion, in the same transaction.
    package static func supersession(
        of subject: ObjectReference,
        _ which: Supersession
    ) -> SQL {
        let condition: SQL =
            switch which {
            case .unfinished: "true"
            case .stalled: "state = 'stalled'"
            }
        return """
            UPDATE job
               SET cancel_requested_at = now(), revision = revision + 1
             WHERE lane = \(lane(of: subject))
               AND cancel_requested_at IS NULL
               AND \(condition)
            """
    }

    /// Stores a job by itself.
    package func enqueue(_ job: NewJob) async throws {
        _ = try await database.write(Self.insertion(of: job))
        announce()
    }

    /// Stores that many jobs of a kind that have no lane and no tenant, in one statement.
    package func enqueue(_ count: Int, of kind: JobKind) async throws {
        _ = try await database.write(
            """
            INSERT INTO job (id, kind, subject_kind, subject_name)
            -- Ids that begin with the time, as all do.
            SELECT (lpad(to_hex(
                        (extract(epoch FROM clock_timestamp()) * 1000)::bigint), 12, '0')
                    || '7' || substr(gen_random_uuid()::text, 16))::uuid,
                   \(kind.description),
                   \(ObjectReference.Kind.platform.rawValue),
                   \(kind.description)
              FROM generate_series(1, \(count))
            """
        )
        announce()
    }

    static func lane(of subject: ObjectReference) -> String {
        "\(subject.kind.rawValue)/\(subject.name)"
    }
}
