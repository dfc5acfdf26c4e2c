import Domain
import HTTP

/// Rolls out what an earlier roll-out put into the environment.
struct RollBackEnvironment: EnvironmentVerb {
    static let endpoint = Endpoint(
        "rollBackEnvironment",
        .post,
        "/v1/tenants/{tenant}/environments/{environment}:rollback",
        for: .permitted(.updateEnvironment),
        parameters: [RollOutRequest.overrideParameter],
        body: .json,
        [.changes, .conditional, .waits, .plans]
    )

    let target: EnvironmentTarget
    private let wish: EnvironmentWish

    init(reading inputs: Inputs) throws(Problem) {
        target = try EnvironmentTarget(reading: inputs)
        wish = try inputs.read { EnvironmentWish(rollback: &$0) }
    }

    func decide(
        _ environment: Environment,
        _ call: Invocation
    ) async throws -> Environment.Decision? {
        try await wish.decision(on: environment, at: target, call)
    }
}
