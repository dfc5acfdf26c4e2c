import Domain
import HTTP

/// Rolls out exactly the images that run in another environment: nothing is built anew.
struct PromoteEnvironment: EnvironmentVerb {
    static let endpoint = Endpoint(
        "promoteEnvironment",
        .post,
        "/v1/tenants/{tenant}/environments/{environment}:promote",
        for: .permitted(.updateEnvironment),
        parameters: [RollOutRequest.overrideParameter],
        body: .json,
        [.changes, .conditional, .waits, .plans]
    )

    let target: EnvironmentTarget
    private let wish: EnvironmentWish

    init(reading inputs: Inputs) throws(Problem) {
        target = try EnvironmentTarget(reading: inputs)
        wish = try inputs.read { EnvironmentWish(promotion: &$0) }
    }

    func decide(
        _ environment: Environment,
        _ call: Invocation
    ) async throws -> Environment.Decision? {
        try await wish.decision(on: environment, at: target, call)
    }
}
