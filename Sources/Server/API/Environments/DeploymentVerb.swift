import Domain
import HTTP
import JSON
import Storage

/// A word said to a roll-out of an environment, such as `:approve`.
protocol DeploymentVerb: Operation {
    /// The roll-out that the path names.
    var target: DeploymentTarget { get }

    /// What becomes of its environment; nil where the word was said before.
    func decide(
        _ environment: Environment,
        _ hurdles: RollOutHurdles,
        _ call: Invocation
    ) throws -> Environment.Decision?
}

/// The roll-out that a path names.
struct DeploymentTarget {
    let environment: EnvironmentTarget
    let id: DeploymentID

    init(reading inputs: Inputs) throws(Problem) {
        environment = try EnvironmentTarget(reading: inputs)
        id = try inputs.id("deployment")
    }

    /// The record, if the caller may see it.
    func record(_ call: Invocation) async throws -> StoredDeployment {
        let owner = try await environment.owner(call)
        let found = try await call.services.storage.deployments.find(id, as: call.access)
        guard let found, found.tenant == owner.id, found.environmentName == environment.name.text
        else { throw Problem.notFound }
        return found
    }
}

extension DeploymentVerb {
    /// Why the word is said, which the body must tell.
    static func reason(in inputs: Inputs) throws(Problem) -> String {
        try inputs.read { $0.required("reason", Reading.text(1...DeploymentHold.textLengthMax)) }
    }

    func answer(_ call: Invocation) async throws -> Answer {
        try await call.retrying {
            let record = try await target.record(call)
            try call.checkConditions(revision: record.revision)
            let stored = try await target.environment.find(call)
            guard let stored, stored.id == record.environment else {
                throw EnvironmentRefusal.isNotHeld
            }
            let owner = try await target.environment.owner(call)
            let environment = try stored.environment()
            try environment.admitDecision()
            let hurdles = RollOutHurdles(call, of: owner)
            guard let decision = try decide(environment, hurdles, call) else {
                return try DeploymentView.answer(record)
            }
            return try await store(decision, about: record, replacing: stored.revision, call)
        }
    }

    /// Stores what was decided, and answers the record as it is then.
    private func store(
        _ decision: Environment.Decision,
        about record: StoredDeployment,
        replacing revision: Int64,
        _ call: Invocation
    ) async throws -> Answer {
        let next = try record.deployment().after(decision)
        let change = Change(
            effect: .changed,
            resource: DeploymentView.bytes(next),
            revision: next.revision,
            job: decision.job
        )
        let answer = try await change.perform(
            call,
            store: { circumstances throws(StorageFault) in
                try await call.services.storage.environments.store(
                    decision,
                    permission: .updateEnvironment,
                    replacing: revision,
                    in: call.services.environments.zones,
                    for: circumstances
                )
            },
            current: { try DeploymentView.answer(try await target.record(call)) }
        )
        if decision.wakesJob { call.services.jobStored() }
        return answer
    }
}

/// How the API shows the record of a roll-out.
enum DeploymentView {
    static func bytes(_ deployment: Deployment) -> [UInt8] {
        var writer = JSONWriter(reserving: 1_024)
        deployment.write(to: &writer)
        return writer.finish()
    }

    static func answer(_ stored: StoredDeployment) throws -> Answer {
        .resource(bytes(try stored.deployment()), revision: stored.revision)
    }
}

extension Deployment {
    /// The record once the decision is stored.
    fileprivate func after(_ decision: Environment.Decision) -> Deployment {
        var next = self
        if let turn = decision.turn, turn.deployment == id {
            next.state = turn.state ?? state
            next.hold = turn.hold
            next.revision += 1
        }
        if let ends = decision.ends, ends.deployments.contains(id) {
            next.state = ends.state
            next.outcome = ends.outcome
            next.finishedAt = decision.environment.updatedAt
            next.revision += 1
        }
        return next
    }
}
