import Domain
import HTTP
import JSON
import Secrets
import Storage

/// An environment for which something is planned.
struct EnvironmentPlanning {
    let target: EnvironmentTarget
    let stored: StoredEnvironment
    let environment: Environment
    let owner: Tenant

    init(_ target: EnvironmentTarget, _ call: Invocation) async throws {
        self.target = target
        guard let stored = try await target.find(call) else { throw Problem.notFound }
        self.stored = stored
        environment = try stored.environment()
        owner = try await target.owner(call)
    }

    /// The plan with that id.
    func plan(_ id: EnvironmentPlanID, _ call: Invocation) async throws -> EnvironmentPlan {
        let plans = call.services.storage.plans
        let found = try await plans.find(id, of: environment.id, as: call.access)
        guard let found else { throw Problem.notFound }
        return found
    }

    /// What a plan of that wish, which needs those environments, takes and orders that, would go by
    /// now.
    func basis(
        for wish: EnvironmentWish,
        needing names: some Collection<EnvironmentName>,
        taking taken: [TakenDependency],
        ordering orders: [String: String],
        _ call: Invocation
    ) async throws -> EnvironmentPlan.Basis {
        var needs: [EnvironmentName: DeploymentID?] = [:]
        for name in names {
            let environments = call.services.storage.environments
            let found = try await environments.find(name, of: target.tenant, as: call.access)
            needs.updateValue(try found?.environment().status.live?.deployment, forKey: name)
        }
        return EnvironmentPlan.Basis(
            of: environment,
            template: owner.repository?.baseCommit,
            source: try await wish.liveSource(of: target, call),
            needs: needs,
            taken: taken,
            orders: orders
        )
    }

    /// What a roll-out of that spec would take now; what is not ready is left out.
    func taken(by spec: EnvironmentSpec, _ call: Invocation) async throws -> [TakenDependency] {
        let provided = try await provided(for: spec.dependencies.contains { $0.order != nil }, call)
        var taken: [TakenDependency] = []
        for dependency in spec.dependencies {
            var standing: DependencyStanding?
            if let service = environment.shared(by: dependency) {
                standing = service.standing(in: try await other(service.environment, call))
            } else if let service = dependency.order {
                standing = service.standing(
                    of: provided.first { $0.service.status.dependency == service.name }
                )
            }
            if case .ready(let found) = standing { taken.append(found) }
        }
        return taken
    }

    /// What is there now of what a plan would have taken.
    func taken(
        as before: [TakenDependency],
        _ call: Invocation
    ) async throws -> [TakenDependency] {
        let provided = try await provided(for: before.contains { $0.environment == nil }, call)
        var taken: [TakenDependency] = []
        for dependency in before {
            if let environment = dependency.environment {
                let found = try await other(environment, call)
                if let now = found.flatMap({ TakenDependency(dependency.name, of: $0) }) {
                    taken.append(now)
                }
            } else if let found = provided.first(where: {
                $0.service.status.dependency == dependency.name
            }) {
                taken.append(TakenDependency(dependency.name, of: found))
            }
        }
        return taken
    }

    private func other(
        _ name: EnvironmentName,
        _ call: Invocation
    ) async throws -> Environment? {
        let environments = call.services.storage.environments
        return try await environments.find(name, of: target.tenant, as: call.access)?.environment()
    }

    private func provided(
        for isNeeded: Bool,
        _ call: Invocation
    ) async throws -> [ProvidedService] {
        guard isNeeded else { return [] }
        return try await call.services.storage.services.provided(
            for: environment.name,
            of: environment.tenant
        )
    }

    /// What the roll-out would change of what is delivered, as far as that can be said now.
    func manifests(
        _ decision: Environment.Decision,
        _ call: Invocation
    ) async throws -> ManifestOutlook {
        guard let deployment = decision.deployment else { return .none }
        let after: [String: [UInt8]]
        do throws(ClusterAccessFault) {
            after = try await call.services.environments.render(decision.environment, deployment)
        } catch {
            switch error {
            case .notReady(let reason), .unreachable(let reason), .refused(let reason):
                return .unknown(reason)
            }
        }
        // What is under way has not taken the place of anything yet.
        let before =
            environment.status.live == nil
            ? nil : try await DeliveredFiles.read(of: environment, call)
        return .changes(
            ManifestChanges(from: before?.files ?? [:], to: after),
            since: before?.commit
        )
    }

    /// What would change, and by what work.
    func outlook(
        _ decision: Environment.Decision,
        _ manifests: ManifestOutlook,
        _ orders: [OrderOutlook]
    ) throws -> JSON {
        var writer = JSONWriter(reserving: 1_024)
        let (before, after) = (try environment.wish(), try decision.environment.wish())
        writer.object { writer in
            writer.key("changes")
            writer.array(Difference.list(from: before, to: after)) { $1.write(to: &$0) }
            writer.key("difference")
            if let deployment = decision.deployment {
                deployment.difference.write(to: &writer)
            } else {
                writer.null()
            }
            writer.member("strategy", decision.environment.spec.rollout.word.rawValue)
            writer.key("waiting")
            let hold = decision.deployment?.hold
            if let hold { hold.write(to: &writer) } else { writer.null() }
            writer.key("orders")
            writer.array(orders) { $1.write(to: &$0) }
            writer.key("manifests")
            if case .changes(let changes, let commit) = manifests {
                changes.write(to: &writer, since: commit)
            } else {
                writer.null()
            }
        }
        return try JSON.parse(writer.finish())
    }

    /// What people should know before they apply it.
    static func warnings(
        of decision: Environment.Decision,
        _ manifests: ManifestOutlook
    ) -> [String] {
        guard let deployment = decision.deployment else {
            return ["Nothing would be rolled out: it runs already, or is on its way."]
        }
        var warnings = (deployment.hold?.causes ?? []).map { cause in
            let end = cause.until.map { " until \($0)" } ?? ""
            return "It would wait for \(cause.on)\(end); released by \(cause.releasedBy)."
        }
        let loose = deployment.content.images.all.filter { !$0.isPinned }.map(\.name)
        if !loose.isEmpty {
            warnings.append(
                "These images do not name their content and may mean something else by then: "
                    + "\(loose.joined(separator: ", "))."
            )
        }
        if case .unknown(let reason) = manifests {
            warnings.append("What would change of its objects cannot be said now: \(reason)")
        }
        if let coming = decision.ends?.deployments.count, coming > 0 {
            warnings.append("It would take the place of what is on its way or held.")
        }
        return warnings
    }
}

/// How the API shows a plan.
enum PlanView {
    static func bytes(_ plan: EnvironmentPlan) -> [UInt8] {
        var writer = JSONWriter(reserving: 2_048)
        plan.write(to: &writer)
        return writer.finish()
    }
}
