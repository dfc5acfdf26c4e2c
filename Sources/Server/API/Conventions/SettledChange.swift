import Domain
import HTTP
import JSON
import Storage

/// A decided change of a resource that needs no work after it is written.
struct SettledChange {
    let effect: Change.Effect
    /// The resource as it is from now on.
    let resource: [UInt8]
    let revision: Int64
    /// `{labels, spec}` now, `null` for a new resource, and then.
    let before: JSON
    let after: JSON
    /// The resource with a secret that the first answer shows, and no later one.
    var revealed: [UInt8]?

    /// The plan of the change, or the answer to it once `store` has written it.
    func answer(
        _ call: Invocation,
        isDryRun: Bool,
        store: (Call) async throws(StorageFault) -> WriteOutcome
    ) async throws -> Answer {
        if isDryRun {
            return Plan(
                action: before.isNull ? .create : .update,
                resource: resource,
                before: before,
                after: after,
                job: nil
            ).answer(call)
        }
        var isNew = false
        let change = Change(effect: effect, resource: resource, revision: revision, job: nil)
        var answer = try await change.perform(
            call,
            store: { circumstances throws(StorageFault) in
                let outcome = try await store(circumstances)
                isNew = outcome == .written
                return outcome
            },
            current: { nil }
        )
        if isNew, let revealed { answer.body = .bytes(revealed) }
        answer.isSecret = revealed != nil
        return answer
    }
}

extension Invocation {
    /// Creates what a `PUT` found nothing at; where somebody else was faster, it is a change.
    func creating(_ create: () async throws -> Answer) async throws -> Answer {
        try checkConditions(revision: nil)
        do {
            return try await create()
        } catch StorageFault.nameTaken where conditions.noneMatch == nil {
            throw StorageFault.stale(current: 1)
        } catch StorageFault.nameTaken {
            throw Problem(.preconditionFailed, "The resource exists.")
        }
    }
}
