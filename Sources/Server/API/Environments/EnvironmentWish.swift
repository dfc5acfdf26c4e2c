import Domain
import HTTP
import JSON
import Storage

/// What is asked of an environment that exists: by a call of its own, or by the body of a plan.
enum EnvironmentWish {
    /// To be as a `PUT` says.
    case order(EnvironmentInput)
    /// To run what runs in another environment, which the body names at that place.
    case promotion(from: EnvironmentName, at: JSONPointer)
    /// To run what an earlier roll-out put there, which the body names at that place.
    case rollback(to: Int, at: JSONPointer)

    /// Reads the body of a plan: `spec` and `labels`, `promote` or `rollback`.
    init?(planned reader: inout ObjectReader) {
        let promotion = reader.object("promote") { Self(promotion: &$0) }
        let rollback = reader.object("rollback") { Self(rollback: &$0) }
        switch (promotion, rollback, reader.has("spec")) {
        case (let wish?, nil, false), (nil, let wish?, false): self = wish
        case (nil, nil, true):
            guard let order = EnvironmentInput(&reader) else { return nil }
            self = .order(order)
        default:
            reader.refuse("spec", "ambiguous", "Send one of `spec`, `promote` and `rollback`.")
            return nil
        }
    }

    /// Reads `from`.
    init?(promotion reader: inout ObjectReader) {
        let place = reader.pointer.appending("from")
        guard let source: EnvironmentName = reader.required("from", Reading.name) else {
            return nil
        }
        self = .promotion(from: source, at: place)
    }

    /// Reads `to`.
    init?(rollback reader: inout ObjectReader) {
        let place = reader.pointer.appending("to")
        guard let number = reader.required("to", Reading.number(1...Int.max)) else { return nil }
        self = .rollback(to: number, at: place)
    }

    /// What becomes of the environment that the path names.
    func decision(
        on environment: Environment,
        at target: EnvironmentTarget,
        approvedBy approvals: [DeploymentHold.Approval] = [],
        _ call: Invocation
    ) async throws -> Environment.Decision {
        let owner = try await target.owner(call)
        var request = try RollOutRequest(of: call, for: owner)
        request.approvals = approvals
        switch self {
        case .order(let wish):
            let scene = try await EnvironmentScene(for: owner, call)
            var decision = try environment.refresh(
                labels: wish.labels,
                order: try scene.complete(wish.order, of: environment),
                request: request,
                in: scene.surroundings,
                on: call.occasion
            )
            try call.checkGovernment(of: decision.environment, instead: environment)
            try await decision.order(call)
            return decision
        case .promotion(let name, let place):
            return try environment.promotion(
                from: try await Self.source(name, at: place, of: target, call),
                request: request,
                in: try await EnvironmentScene(for: owner, call).surroundings,
                on: call.occasion
            )
        case .rollback(let number, let place):
            let found = try await call.services.storage.deployments.find(
                number: Int64(number),
                of: environment.id,
                as: call.access
            )
            guard let found else {
                throw Self.unknown("The environment has no roll-out of this number.", at: place)
            }
            return try environment.rollback(
                to: try found.deployment(),
                request: request,
                on: call.occasion
            )
        }
    }

    /// What runs in the environment from which something is taken; nil where nothing is.
    func liveSource(of target: EnvironmentTarget, _ call: Invocation) async throws -> DeploymentID?
    {
        guard case .promotion(let name, let place) = self else { return nil }
        return try await Self.source(name, at: place, of: target, call).status.live?.deployment
    }

    private static func source(
        _ name: EnvironmentName,
        at place: JSONPointer,
        of target: EnvironmentTarget,
        _ call: Invocation
    ) async throws -> Environment {
        let environments = call.services.storage.environments
        let found = try await environments.find(name, of: target.tenant, as: call.access)
        guard let found else {
            throw unknown("The tenant has no environment of this name.", at: place)
        }
        return try found.environment()
    }

    private static func unknown(_ detail: String, at place: JSONPointer) -> Problem {
        Problem(invalid: place, "unknown", detail)
    }
}
