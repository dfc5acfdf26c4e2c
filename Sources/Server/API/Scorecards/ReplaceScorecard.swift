import Catalog
import Domain
import HTTP
import JSON
import Scorecards
import Secrets
import Storage

/// A scorecard as the body says, whether there is one of the name or not.
struct ReplaceScorecard: Operation {
    static let endpoint = Endpoint(
        "replaceScorecard",
        .put,
        "/v1/scorecards/{scorecard}",
        for: .permitted(.manageScorecards),
        body: .json,
        [.changes, .conditional, .plans]
    )

    private let target: ScorecardTarget
    private let scorecard: Scorecard
    private let isDryRun: Bool

    init(reading inputs: Inputs) throws(Problem) {
        target = try ScorecardTarget(reading: inputs)
        isDryRun = try inputs.isDryRun()
        do throws(EntityFaults) {
            scorecard = try Scorecard(reading: inputs.body)
        } catch {
            throw Problem(error)
        }
        guard scorecard.name == target.name else {
            throw Problem(invalid: [
                Fault(
                    .body(JSONPointer(["metadata", "name"])),
                    code: "differs",
                    detail: "The path says `\(target.name)`, the body `\(scorecard.name)`. Write "
                        + "the same in both."
                )
            ])
        }
    }

    func answer(_ call: Invocation) async throws -> Answer {
        try target.checkIsOwn(call)
        return try await call.retrying {
            guard let own = try await target.find(call) else {
                return try await call.creating { try await create(call) }
            }
            try call.checkConditions(revision: own.revision)
            guard let decision = own.change(to: scorecard, on: call.occasion) else {
                return try Unchanged(
                    resource: ScorecardView.bytes(own),
                    revision: own.revision,
                    job: nil
                ).answer(call, .changed, isDryRun: isDryRun) { .object(scorecard.document) }
            }
            let change = SettledChange(
                effect: .changed,
                resource: ScorecardView.bytes(decision.own),
                revision: decision.own.revision,
                before: .object(own.scorecard.document),
                after: .object(scorecard.document)
            )
            return try await change.answer(call, isDryRun: isDryRun) {
                circumstances throws(StorageFault) in
                try await call.services.storage.scorecards.store(
                    decision,
                    replacing: own.revision,
                    for: circumstances
                )
            }
        }
    }

    private func create(_ call: Invocation) async throws -> Answer {
        var random = SecureRandom()
        let decision = OwnScorecard.creation(
            id: ScorecardID(at: call.now, using: &random),
            scorecard,
            on: call.occasion
        )
        let change = SettledChange(
            effect: .created(at: "/v1/scorecards/\(scorecard.name)"),
            resource: ScorecardView.bytes(decision.own),
            revision: decision.own.revision,
            before: .null,
            after: .object(scorecard.document)
        )
        return try await change.answer(call, isDryRun: isDryRun) {
            circumstances throws(StorageFault) in
            try await call.services.storage.scorecards.create(decision, for: circumstances)
        }
    }
}
