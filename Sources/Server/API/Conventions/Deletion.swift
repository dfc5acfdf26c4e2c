import Domain
import HTTP
import JSON
import Storage

/// The end of a thing that goes at once, without a job.
struct Deletion {
    let call: Invocation
    let isDryRun: Bool

    /// Removes what was read at that revision, or says that it would.
    func perform(
        at revision: Int64,
        of wish: JSON,
        store: (Call) async throws(StorageFault) -> WriteOutcome
    ) async throws -> Answer {
        if isDryRun {
            return Plan(removing: wish, by: nil)
                .answer(call)
        }
        let change = Change(effect: .deleted, resource: [], revision: revision, job: nil)
        return try await change.perform(call, store: store, current: { nil })
    }
}
