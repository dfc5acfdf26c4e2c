import Contract
import Domain
import JSON

/// Everything that one step of a roll-out works with that takes over by and by.
struct EnvironmentShift: Sendable {
    let work: EnvironmentWork
    let strategy: RolloutStrategy
    let split: TrafficSplit
    /// The commit that holds what runs.
    let stable: String
    /// Which roll-out that is.
    let base: Int64

    var steps: [RolloutStrategy.Canary.Step] { strategy.steps }

    /// How far the roll-out has come.
    var coming: RollOut? { work.environment.status.coming }

    /// Who gets what is new in a step.
    func share(in step: Int) -> TrafficSplit.Share {
        strategy.match.isEmpty ? .weight(steps[step - 1].weight) : .match(strategy.match)
    }
}

/// What is not yet as it is to be: what is waited for, and who can release it.
struct Lack: Sendable, Equatable {
    /// What is waited for, in words that follow "waiting for".
    var on: String
    /// Who can release it, in words; nil where only time can.
    var releasedBy: String?
}

/// Why a roll-out goes back to what ran before: what a step keeps that found out.
struct ShiftReversal: Sendable, Equatable {
    /// Why, as a sentence.
    let reason: String
    /// Whether somebody wanted it.
    let isWanted: Bool

    /// What the step keeps.
    var findings: JSONObject {
        ["reversal": .string(reason), "wanted": .bool(isWanted)]
    }

    init(_ reason: String, isWanted: Bool = false) {
        self.reason = reason
        self.isWanted = isWanted
    }

    /// What an earlier step of the job found out; nil where nothing is in the way.
    init?(_ context: StepContext) {
        for findings in context.observed.values {
            guard let reason = findings["reversal"]?.string else { continue }
            self.init(reason, isWanted: findings["wanted"]?.bool ?? false)
            return
        }
        return nil
    }
}
