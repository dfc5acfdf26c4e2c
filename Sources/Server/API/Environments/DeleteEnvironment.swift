import Domain
import HTTP
import Storage

/// The end of an environment and of everything that was made for it.
struct DeleteEnvironment: Operation {
    static let endpoint = Endpoint(
        "deleteEnvironment",
        .delete,
        "/v1/tenants/{tenant}/environments/{environment}",
        for: .permitted(.deleteEnvironment),
        [.changes, .conditional, .waits, .plans]
    )

    private let target: EnvironmentTarget

    init(reading inputs: Inputs) throws(Problem) {
        target = try EnvironmentTarget(reading: inputs)
    }

    func answer(_ call: Invocation) async throws -> Answer {
        let change = EnvironmentChange(call, of: target, as: .deleteEnvironment)
        return try await change.perform(effect: .deleted) { environment in
            try environment.deletion(
                by: call.callerName,
                governs: call.access.allows(.governEnvironment),
                on: call.occasion
            )
        }
    }
}
