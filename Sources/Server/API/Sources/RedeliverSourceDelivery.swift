import Domain
import HTTP
import Storage

/// A delivery handled once more, whatever became of it before.
struct RedeliverSourceDelivery: Operation {
    static let endpoint = Endpoint(
        "redeliverSourceDelivery",
        .post,
        "/v1/tenants/{tenant}/sources/{source}/deliveries/{hookDelivery}:redeliver",
        for: .permitted(.approveSources),
        [.changes]
    )

    private let target: SourceTarget
    private let id: HookDeliveryID

    init(reading inputs: Inputs) throws(Problem) {
        target = try SourceTarget(reading: inputs)
        id = try inputs.id("hookDelivery")
    }

    func answer(_ call: Invocation) async throws -> Answer {
        let source = try await target.found(call)
        let hooks = call.services.storage.hooks
        guard var delivery = try await hooks.find(id, to: source.id) else {
            throw Problem.notFound
        }
        guard delivery.event.key != nil else {
            throw Problem(.stateConflict, "The delivery asks for nothing.")
        }
        delivery.state = .accepted
        delivery.outcome = nil
        delivery.endedAt = nil
        delivery.job = call.occasion.job
        let asked = delivery
        do {
            return try await call.answering(asked) { circumstances throws(StorageFault) in
                try await hooks.redeliver(asked, of: source, for: circumstances)
            }
        } catch StorageFault.stale {
            throw Problem(.stateConflict, "The delivery is being handled right now.")
        }
    }
}

extension Invocation {
    /// Stores a delivery that is to be handled, and answers it with its job.
    func answering(
        _ delivery: HookDelivery,
        store: (Call) async throws(StorageFault) -> WriteOutcome
    ) async throws -> Answer {
        var answer = Answer.json(.accepted, SourceDeliveryView.bytes(delivery))
        if let job = delivery.job { answer = answer.with(.location, "/v1/jobs/\(job)") }
        switch try await store(circumstances(answer: StoredAnswer(answer))) {
        case .written:
            services.jobStored()
            return answer
        case .replayed(let first): return try await Replay(self).answer(first)
        }
    }
}
