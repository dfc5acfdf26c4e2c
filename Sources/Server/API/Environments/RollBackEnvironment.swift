import Domain
import HTTP
import JSON
import Storage

/// Rolls out what an earlier roll-out put into the environment.
struct RollBackEnvironment: EnvironmentVerb {
    static let endpoint = Endpoint(
        "rollBackEnvironment",
        .post,
        "/v1/tenants/{tenant}/environments/{environment}:rollback",
        for: .permitted(.updateEnvironment),
        body: .json,
        [.changes, .conditional, .waits, .plans]
    )

    let target: EnvironmentTarget
    /// Which roll-out, by its number.
    private let number: Int

    init(reading inputs: Inputs) throws(Problem) {
        target = try EnvironmentTarget(reading: inputs)
        number = try inputs.read { $0.required("to", Reading.number(1...Int.max)) }
    }

    func decide(
        _ environment: Environment,
        _ call: Invocation
    ) async throws -> Environment.Decision? {
        let found = try await call.services.storage.deployments.find(
            number: Int64(number),
            of: environment.id,
            as: call.access
        )
        guard let found else {
            throw Problem(
                .invalidInput,
                "Correct what `errors` lists and send the request again.",
                faults: [
                    Fault(
                        .body(JSONPointer(["to"])),
                        code: "unknown",
                        detail: "The environment has no roll-out of this number."
                    )
                ]
            )
        }
        return try environment.rollback(
            to: try found.deployment(),
            request: RollOutRequest(of: call, for: try await target.owner(call)),
            on: call.occasion
        )
    }
}
