import Domain
import HTTP
import Storage

/// An environment as the body says, whether it exists or not: what pipelines call with every push.
struct ReplaceEnvironment: Operation {
    static let endpoint = Endpoint(
        "replaceEnvironment",
        .put,
        "/v1/tenants/{tenant}/environments/{environment}",
        for: .permitted(.updateEnvironment),
        parameters: [RollOutRequest.overrideParameter],
        body: .json,
        [.changes, .conditional, .waits, .plans]
    )

    private let target: EnvironmentTarget
    private let wish: EnvironmentInput

    init(reading inputs: Inputs) throws(Problem) {
        let target = try EnvironmentTarget(reading: inputs)
        self.target = target
        wish = try inputs.read { reader in
            reader.sameName(as: target.name.text)
            return EnvironmentInput(&reader)
        }
    }

    func answer(_ call: Invocation) async throws -> Answer {
        try await call.retrying {
            guard let stored = try await target.find(call) else { return try await create(call) }
            return try await EnvironmentChange(call, of: target).perform(on: stored) { current in
                try await EnvironmentWish.order(wish).decision(on: current, at: target, call)
            }
        }
    }

    private func create(_ call: Invocation) async throws -> Answer {
        guard call.access.allows(.createEnvironment) else { throw Problem.notFound }
        try call.checkConditions(revision: nil)
        do {
            return try await EnvironmentCreation(
                tenant: target.tenant,
                name: target.name,
                wish: wish
            ).answer(call, isDryRun: target.isDryRun)
        } catch StorageFault.nameTaken where call.conditions.noneMatch == nil {
            // Somebody else was faster; now it is a refresh.
            throw StorageFault.stale(current: 1)
        } catch StorageFault.nameTaken {
            throw Problem(.preconditionFailed, "The environment exists.")
        }
    }
}
