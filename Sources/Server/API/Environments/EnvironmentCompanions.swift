import Domain
import JSON
import Secrets
import Storage

/// The companions of an environment: for each service that it needs at a version an environment of
/// its own, with what is live elsewhere in the tenant.
struct EnvironmentCompanions {
    /// The most environments that a refusal lists.
    private static let namedMax = 10

    private let owner: Environment
    private let call: Invocation
    private let request: RollOutRequest
    private let surroundings: EnvironmentSurroundings

    /// What is to be made or changed, where everything of it can be.
    ///
    /// - Throws: a problem with everything that is wrong, each at its dependency.
    static func orders(
        of environment: Environment,
        _ call: Invocation
    ) async throws -> [CompanionOrder] {
        let wanted = environment.spec.dependencies.enumerated().compactMap { index, dependency in
            dependency.companion.map { (index, $0) }
        }
        guard !wanted.isEmpty, environment.status.phase != .deleting else { return [] }
        let companions = try await EnvironmentCompanions(environment, call)
        return try await Problem.collecting(from: wanted) { index, service in
            try await companions.order(service, at: index)
        }
    }

    private init(_ owner: Environment, _ call: Invocation) async throws {
        self.owner = owner
        self.call = call
        let found = try await call.services.storage.tenants.find(owner.tenant, as: call.access)
        guard let tenant = try found?.tenant() else { throw Problem.notFound }
        var request = try RollOutRequest(of: call, for: tenant)
        // It goes with the roll-out of its environment, which a freeze may hold.
        request.hurdles.freeze = nil
        self.request = request
        surroundings = try await EnvironmentScene(for: tenant, call).surroundings
    }

    private func order(
        _ wanted: CompanionService,
        at index: Int
    ) async throws -> CompanionOrder? {
        do {
            guard var order = try await decision(for: wanted, at: index) else { return nil }
            let companion = order.decision.environment
            order.decision.orders = try await EnvironmentOrdering.orders(
                of: companion,
                in: owner.spec.placement.kind,
                call
            )
            return order
        } catch let refusal as EnvironmentRefusal {
            throw Problem(.companion(at: index, refusal))
        } catch let problem as Problem {
            throw problem.moved(toCompanionAt: index)
        }
    }

    private func decision(
        for wanted: CompanionService,
        at index: Int
    ) async throws -> CompanionOrder? {
        let environments = call.services.storage.environments
        let name = owner.name(of: wanted)
        let found = try await environments.find(name, of: owner.tenantName, as: .system)
        let current = try found?.environment()
        if let current { try check(current) }
        var model: Environment?
        if !(current.map { isMet(wanted, by: $0) } ?? false) {
            model = try await self.model(for: wanted)
        }
        var random = SecureRandom()
        var request = request
        request.id = DeploymentID(at: call.now, using: &random)
        let decision: Environment.Decision? =
            if let current {
                try owner.refreshed(
                    current,
                    for: wanted,
                    like: model,
                    request: request,
                    in: surroundings,
                    on: call.occasion
                )
            } else if let model {
                try owner.newCompanion(
                    id: EnvironmentID(at: call.now, using: &random),
                    for: wanted,
                    like: model,
                    request: request,
                    in: surroundings,
                    on: call.occasion
                )
            } else {
                nil
            }
        return decision.map { CompanionOrder(index: index, model: model?.name, decision: $0) }
    }

    /// - Throws: where the name is that of something else, or of what is on its way out.
    private func check(_ current: Environment) throws {
        guard current.status.companionOf == owner.name else {
            let detail =
                "It would be the environment \(current.name), and the tenant has one of that name. "
                + "Name the dependency otherwise, or depend on that environment."
            throw EnvironmentRefusal.invalid([EnvironmentFault(.name, "taken", detail)])
        }
        guard current.status.phase == .deleting else { return }
        let detail =
            "The environment \(current.name) of an earlier dependency is being deleted; ask again "
            + "once it is gone, or name the dependency otherwise."
        throw Problem(.stateConflict, detail)
    }

    private func isMet(_ wanted: CompanionService, by companion: Environment) -> Bool {
        companion.spec.service == wanted.service
            && wanted.version.isMet(by: companion.content, image: wanted.image)
    }

    private func model(for wanted: CompanionService) async throws -> Environment {
        let running = try await call.services.storage.environments
            .running(wanted.service, of: owner.tenant)
            .filter { $0.id != owner.id }
        if let model = wanted.model(among: running) { return model }
        let named = running.prefix(Self.namedMax).compactMap { found in
            found.status.live.map { "\(found.name) (\($0.content.versionText))" }
        }
        let more = running.count > Self.namedMax ? ", and others" : ""
        let there =
            named.isEmpty
            ? "No environment of the tenant runs it yet: roll it out in one, then ask again."
            : "There are \(named.joined(separator: ", "))\(more). Ask for one of those versions, "
                + "or roll the wanted one out somewhere."
        let detail = "No environment runs \(wanted.service) at \(wanted.version.text). \(there)"
        throw EnvironmentRefusal.invalid([
            EnvironmentFault(.spec("version"), "version-not-live", detail)
        ])
    }
}

extension Environment.Decision {
    /// Adds everything that is ordered with the environment: services, and companions.
    ///
    /// - Throws: a problem with what cannot be.
    mutating func order(_ call: Invocation) async throws {
        orders = try await EnvironmentOrdering.orders(of: environment, call)
        companions = try await EnvironmentCompanions.orders(of: environment, call)
    }
}
