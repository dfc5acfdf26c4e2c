import Domain
import HTTP

/// Puts the end of an environment off: by another `ttl`, or until a while from now.
struct ExtendEnvironment: EnvironmentVerb {
    static let endpoint = Endpoint(
        "extendEnvironment",
        .post,
        "/v1/tenants/{tenant}/environments/{environment}:extend",
        for: .permitted(.updateEnvironment),
        body: .json,
        [.changes, .conditional, .plans]
    )

    let target: EnvironmentTarget
    /// How long from now; nil for another `ttl`.
    private let length: Duration?

    init(reading inputs: Inputs) throws(Problem) {
        target = try EnvironmentTarget(reading: inputs)
        let read = try inputs.read { reader in
            Extension(length: reader.optional("for", Reading.length))
        }
        length = read.length
    }

    func decide(_ environment: Environment, _ call: Invocation) throws -> Environment.Decision? {
        try environment.extending(by: length, on: call.occasion)
    }

    private struct Extension {
        let length: Duration?
    }
}
