import Domain
import HTTP

/// Keeps an environment although its time would be over.
struct KeepEnvironment: EnvironmentVerb {
    static let endpoint = Endpoint(
        "keepEnvironment",
        .post,
        "/v1/tenants/{tenant}/environments/{environment}:keep",
        for: .permitted(.updateEnvironment),
        body: .json,
        [.changes, .conditional, .plans]
    )

    let target: EnvironmentTarget
    private let keep: EnvironmentLifetime.Keep

    init(reading inputs: Inputs) throws(Problem) {
        target = try EnvironmentTarget(reading: inputs)
        keep = try inputs.read { EnvironmentLifetime.Keep(reading: &$0) }
    }

    func decide(
        _ environment: Environment,
        _ call: Invocation
    ) async throws -> Environment.Decision? {
        let scene = try await EnvironmentScene(for: try await target.owner(call), call)
        let policy = scene.surroundings.template(environment.spec.template)
        return try environment.keeping(
            keep,
            by: policy?.limits ?? EnvironmentLimits(),
            on: call.occasion
        )
    }
}
