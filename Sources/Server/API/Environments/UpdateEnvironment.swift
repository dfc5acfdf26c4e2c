import Domain
import HTTP
import JSON
import Storage

/// Parts of an environment, by JSON merge patch.
struct UpdateEnvironment: Operation {
    static let endpoint = Endpoint(
        "updateEnvironment",
        .patch,
        "/v1/tenants/{tenant}/environments/{environment}",
        for: .permitted(.updateEnvironment),
        parameters: [RollOutRequest.overrideParameter],
        body: .mergePatch,
        [.changes, .conditional, .waits, .plans]
    )

    private let target: EnvironmentTarget
    private let patch: Patch

    init(reading inputs: Inputs) throws(Problem) {
        target = try EnvironmentTarget(reading: inputs)
        patch = Patch(inputs.body)
    }

    func answer(_ call: Invocation) async throws -> Answer {
        try await EnvironmentChange(call, of: target).perform { environment in
            let document = patch.applied(
                to: try environment.wish(),
                open: ["labels", "parameters", "images"]
            )
            let wish = try Inputs(call: call, body: document, bytes: [])
                .read(takingNull: true) { EnvironmentInput(&$0) }
            let owner = try await target.owner(call)
            let scene = try await EnvironmentScene(for: owner, call)
            let hasSameParameters = wish.order.rest.parameters == environment.spec.parameters
            var decision = try environment.amendment(
                labels: wish.labels,
                order: hasSameParameters
                    ? wish.order : try scene.complete(wish.order, of: environment),
                request: try RollOutRequest(of: call, for: owner),
                in: scene.surroundings,
                on: call.occasion
            )
            try call.checkGovernment(of: decision.environment, instead: environment)
            if decision.deployment != nil { try await decision.order(call) }
            return decision
        }
    }
}
