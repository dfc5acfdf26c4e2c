import Domain
import HTTP

/// Puts an environment to sleep: nothing of it runs, its state is kept.
struct SleepEnvironment: EnvironmentVerb {
    static let endpoint = Endpoint(
        "sleepEnvironment",
        .post,
        "/v1/tenants/{tenant}/environments/{environment}:sleep",
        for: .permitted(.updateEnvironment),
        [.changes, .conditional, .waits, .plans]
    )

    let target: EnvironmentTarget

    init(reading inputs: Inputs) throws(Problem) {
        target = try EnvironmentTarget(reading: inputs)
    }

    func decide(_ environment: Environment, _ call: Invocation) throws -> Environment.Decision? {
        try environment.sleep(on: call.occasion)
    }
}
