import Domain
import HTTP
import JSON

/// A change that has nothing to do: the resource is as it is wanted, or on its way out already.
struct Unchanged {
    /// The resource as it is.
    let resource: [UInt8]
    let revision: Int64
    /// The job that is at work on it.
    let job: JobID?

    /// The resource, or the job that is at work on its removal where that is wanted; for a dry run
    /// a plan without changes of `wish`.
    func answer(
        _ call: Invocation,
        _ effect: Change.Effect,
        isDryRun: Bool,
        wish: () throws(Problem) -> JSON
    ) throws(Problem) -> Answer {
        if isDryRun {
            let wish = try wish()
            return Plan(action: .none, resource: resource, before: wish, after: wish, job: nil)
                .answer(call)
        }
        guard case .deleted = effect, let job else {
            return .resource(resource, revision: revision)
        }
        return .resource(resource, revision: revision, status: .accepted)
            .with(.location, "/v1/jobs/\(job)")
    }
}
