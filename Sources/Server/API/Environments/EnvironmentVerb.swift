import Domain
import HTTP

/// A word said to an environment, such as `:sleep`.
protocol EnvironmentVerb: Operation {
    /// The environment that the path names, and whether only the plan is wanted.
    var target: EnvironmentTarget { get }

    /// What becomes of the environment; nil where it is so already.
    func decide(
        _ environment: Environment,
        _ call: Invocation
    ) async throws -> Environment
        .Decision?
}

extension EnvironmentVerb {
    func answer(_ call: Invocation) async throws -> Answer {
        try await EnvironmentChange(call, of: target).perform { environment in
            try await decide(environment, call)
        }
    }
}
