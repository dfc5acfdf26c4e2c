import Domain
import HTTP

/// Takes a pause back.
struct ResumeEnvironment: EnvironmentVerb {
    static let endpoint = Endpoint(
        "resumeEnvironment",
        .post,
        "/v1/tenants/{tenant}/environments/{environment}:resume",
        for: .permitted(.updateEnvironment),
        [.changes, .conditional, .waits, .plans]
    )

    let target: EnvironmentTarget

    init(reading inputs: Inputs) throws(Problem) {
        target = try EnvironmentTarget(reading: inputs)
    }

    func decide(_ environment: Environment, _ call: Invocation) throws -> Environment.Decision? {
        try environment.pausing(false, on: call.occasion)
    }
}
