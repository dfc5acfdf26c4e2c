import Domain
import HTTP

/// Keeps roll-outs of an environment from beginning for a while.
struct LockEnvironment: EnvironmentVerb {
    static let endpoint = Endpoint(
        "lockEnvironment",
        .post,
        "/v1/tenants/{tenant}/environments/{environment}:lock",
        for: .permitted(.lockEnvironment),
        body: .json,
        [.changes, .conditional, .plans]
    )

    let target: EnvironmentTarget
    private let reason: String
    private let until: Instant

    init(reading inputs: Inputs) throws(Problem) {
        target = try EnvironmentTarget(reading: inputs)
        (reason, until) = try inputs.read { reader in
            let reason = reader.required(
                "reason",
                Reading.text(1...EnvironmentLock.reasonLengthMax)
            )
            let until = reader.required("until", Reading.instant)
            guard let reason, let until else { return nil }
            return (reason, until)
        }
    }

    func decide(_ environment: Environment, _ call: Invocation) throws -> Environment.Decision? {
        try environment.locking(
            by: RollOutActor(call),
            reason: reason,
            until: until,
            on: call.occasion
        )
    }
}
