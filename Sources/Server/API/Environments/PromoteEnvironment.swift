import Domain
import HTTP
import Storage

/// Rolls out exactly the images that run in another environment: nothing is built anew.
struct PromoteEnvironment: EnvironmentVerb {
    static let endpoint = Endpoint(
        "promoteEnvironment",
        .post,
        "/v1/tenants/{tenant}/environments/{environment}:promote",
        for: .permitted(.updateEnvironment),
        body: .json,
        [.changes, .conditional, .waits, .plans]
    )

    let target: EnvironmentTarget
    /// The environment whose images are taken.
    private let source: EnvironmentName

    init(reading inputs: Inputs) throws(Problem) {
        target = try EnvironmentTarget(reading: inputs)
        source = try inputs.read { $0.required("from", Reading.name) }
    }

    func decide(
        _ environment: Environment,
        _ call: Invocation
    ) async throws -> Environment.Decision? {
        let basis = try await target.source(source, call)
        let scene = try await EnvironmentScene(for: try await target.owner(call), call)
        return try environment.promotion(
            from: basis,
            request: RollOutRequest(of: call, for: scene.tenant),
            in: scene.surroundings,
            on: call.occasion
        )
    }
}
