import Domain
import HTTP
import Storage

/// The answer to a call that was made before under its idempotency key: the first one word for
/// word, or, with `Prefer: wait=N`, what the first call would have been answered in the end.
struct Replay {
    private static let jobs = "/v1/jobs/"

    private let call: Invocation

    init(_ call: Invocation) {
        self.call = call
    }

    /// Answers with what was stored, held where the caller wants that and work was left to do.
    func answer(_ stored: StoredAnswer) async throws -> Answer {
        let hold = Hold(call)
        let first = hold.noting(Answer(stored))
        guard hold.isWanted, let id = Self.job(of: stored) else { return first }
        guard let job = try await hold.end(of: id) else { return first }
        if call.endpoint.path.hasPrefix(Self.jobs) {
            let now = Answer.resource(JobView.bytes(job), revision: job.revision)
            return hold.noting(job.state.isFinal ? now : now.unfinished(id))
        }
        guard job.state == .completed else {
            return hold.noting(try await current(job.subject)?.unfinished(id) ?? first)
        }
        return hold.noting(try await result(of: job, isNew: Self.isNew(stored)))
    }

    /// The job that the stored answer points to; nil where the work was done with it.
    private static func job(of stored: StoredAnswer) -> JobID? {
        guard stored.status == Status.accepted.code,
            let location = stored.headers.first(where: { $0.name == HeaderName.location.text }),
            location.value.hasPrefix(jobs)
        else { return nil }
        // What is no id was not written by `Change` and points to no job.
        return try? JobID(parsing: String(location.value.dropFirst(jobs.count)))
    }

    /// Whether the call made the resource: whatever changes one makes a revision behind the first.
    private static func isNew(_ stored: StoredAnswer) -> Bool {
        stored.headers.contains { $0.name == "etag" && $0.value == "1" }
    }

    /// What the job worked on, as it is now.
    private func result(of job: Job, isNew: Bool) async throws -> Answer {
        guard var answer = try await current(job.subject) else { return .gone }
        if isNew {
            answer.status = .created
            answer.headers.add(.location, job.subject.path)
        }
        return answer
    }

    private func current(_ subject: ObjectReference) async throws -> Answer? {
        guard let id = subject.id else { return nil }
        return switch subject.kind {
        case .tenant: try await TenantView.current(id.cast(), call)
        case .blueprint: try await BlueprintView.current(id.cast(), call)
        case .cluster: try await ClusterView.current(id.cast(), call)
        case .environment: try await EnvironmentView.current(id.cast(), call)
        case .service: try await ServiceView.current(id.cast(), call)
        case .binding: try await BindingView.current(id.cast(), call)
        case .managementCluster: try await ManagementClusterView.current(id.cast(), call)
        default: nil
        }
    }
}
