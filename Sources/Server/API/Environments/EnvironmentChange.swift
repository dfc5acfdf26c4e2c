import Domain
import HTTP
import JSON
import Secrets
import Storage

/// A change of an environment that exists: read, decide, store, answer.
struct EnvironmentChange {
    let call: Invocation
    let permission: Permission
    let target: EnvironmentTarget

    init(
        _ call: Invocation,
        of target: EnvironmentTarget,
        as permission: Permission = .updateEnvironment
    ) {
        self.call = call
        self.permission = permission
        self.target = target
    }

    /// Decides on the environment as it is, and stores what was decided.
    ///
    /// `decide` answers nil where nothing would change.
    func perform(
        effect: Change.Effect = .changed,
        decide: (Environment) async throws -> Environment.Decision?
    ) async throws -> Answer {
        try await call.retrying {
            guard let stored = try await target.find(call) else { throw Problem.notFound }
            return try await perform(on: stored, effect: effect, decide: decide)
        }
    }

    /// The same for an environment that has been read.
    func perform(
        on stored: StoredEnvironment,
        effect: Change.Effect = .changed,
        decide: (Environment) async throws -> Environment.Decision?
    ) async throws -> Answer {
        try call.checkConditions(revision: stored.revision)
        let environment = try stored.environment()
        try environment.admitDecision()
        guard let decision = try await decide(environment) else {
            return try Unchanged(
                resource: EnvironmentView.bytes(stored),
                revision: stored.revision,
                job: environment.status.job
            ).answer(call, effect, isDryRun: target.isDryRun, wish: environment.wish)
        }
        if target.isDryRun {
            try await call.services.storage.environments.hold(decision, to: call.circumstances)
            return try await plan(environment, decision, effect)
        }
        let change = Change(
            effect: effect,
            resource: EnvironmentView.bytes(decision.environment),
            revision: decision.environment.revision,
            job: decision.job
        )
        return try await change.perform(
            call,
            store: { circumstances throws(StorageFault) in
                try await call.services.storage.environments.store(
                    decision,
                    permission: permission,
                    replacing: stored.revision,
                    in: call.services.environments.zones,
                    for: circumstances
                )
            },
            current: { try await EnvironmentView.current(environment.id, call) }
        )
    }

    private func plan(
        _ environment: Environment,
        _ decision: Environment.Decision,
        _ effect: Change.Effect
    ) async throws -> Answer {
        let before = try environment.wish()
        if case .deleted = effect {
            return Plan(removing: before, by: decision.job).answer(call)
        }
        let storage = call.services.storage
        let owner = try await storage.tenants.find(environment.tenant, as: call.access)
        guard let owner = try owner?.tenant() else { throw Problem.notFound }
        return Plan(
            action: .update,
            resource: EnvironmentView.bytes(decision.environment),
            before: before,
            after: try decision.environment.wish(),
            job: decision.job,
            quota: try await decision.standings(for: owner, storage),
            orders: try await OrderOutlook.list(of: decision, call)
        ).answer(call)
    }
}

/// The environment that a path names, and whether only the plan is wanted.
struct EnvironmentTarget {
    let tenant: TenantName
    let name: EnvironmentName
    let isDryRun: Bool

    init(reading inputs: Inputs) throws(Problem) {
        tenant = try inputs.name("tenant")
        name = try inputs.name("environment")
        isDryRun = try inputs.isDryRun()
    }

    /// The environment, if the caller may see it.
    func find(_ call: Invocation) async throws -> StoredEnvironment? {
        try await call.services.storage.environments.find(name, of: tenant, as: call.access)
    }

    /// The tenant, if the caller may see it.
    func owner(_ call: Invocation) async throws -> Tenant {
        let found = try await call.services.storage.tenants.find(tenant, as: call.access)
        guard let found else { throw Problem.notFound }
        return try found.tenant()
    }
}

extension Environment.Decision {
    /// The limits that the decision touches.
    ///
    /// - Throws: `.overQuota` where it goes beyond one.
    func standings(for owner: Tenant, _ storage: Storage) async throws -> [QuotaStanding] {
        var usage = try await storage.environments.usage(of: owner.id)
        let quotas = owner.spec.quotas.environments
        var standings = usage.standings(with: figures, quotas: quotas)
        let exceeded = standings.filter(\.isExceeded)
        guard exceeded.isEmpty else { throw EnvironmentRefusal.overQuota(exceeded) }
        usage.take(figures)
        for companion in companions {
            let next = usage.standings(with: companion.decision.figures, quotas: quotas)
            let exceeded = next.filter(\.isExceeded)
            guard exceeded.isEmpty else {
                throw EnvironmentRefusal.companion(at: companion.index, .overQuota(exceeded))
            }
            usage.take(companion.decision.figures)
            standings = next
        }
        return standings + (try await orderStandings(for: owner, storage))
    }

    /// The limits that are touched by what is ordered: as they stand after the last of each.
    private func orderStandings(
        for owner: Tenant,
        _ storage: Storage
    ) async throws -> [QuotaStanding] {
        let new = (orders + companions.flatMap(\.decision.orders)).compactMap(\.service)
            .filter(\.isCreation)
        guard !new.isEmpty else { return [] }
        var usage = try await storage.services.usage(of: owner.id)
        var standings: [QuotaStanding] = []
        for decision in new {
            standings = usage.standings(
                withAnother: decision.service.spec.offering,
                quotas: owner.spec.quotas.services
            )
            let exceeded = standings.filter(\.isExceeded)
            guard exceeded.isEmpty else { throw ServiceRefusal.overQuota(exceeded) }
            usage.services.append(decision.figures)
        }
        return standings
    }
}

extension RollOutRequest {
    /// The query parameter by which an admin says why a freeze or a lock does not count.
    static let overrideParameter = "override"

    /// A roll-out into an environment of that tenant that the caller asks for.
    init(of call: Invocation, for tenant: Tenant) throws(Problem) {
        var random = SecureRandom()
        self.init(
            id: DeploymentID(at: call.now, using: &random),
            by: RollOutActor(call),
            hurdles: RollOutHurdles(call, of: tenant)
        )
        guard let reason = call.query[Self.overrideParameter] else { return }
        guard call.access.allows(.governEnvironment) else {
            let detail = "Only admins of the tenant and of the platform override a freeze."
            throw .invalidQuery([.query(Self.overrideParameter, "not-allowed", detail)])
        }
        let lengthMax = DeploymentHold.textLengthMax
        guard (1...lengthMax).contains(reason.count) else {
            let detail = "Say why, in 1 to \(lengthMax) characters."
            throw .invalidQuery([.query(Self.overrideParameter, "out-of-range", detail)])
        }
        override = DeploymentHold.Override(by: call.callerName, at: call.now, reason: reason)
    }
}

extension RollOutActor {
    /// Whoever calls.
    init(_ call: Invocation) {
        self.init(
            name: call.callerName,
            token: call.caller?.token,
            role: call.caller?.role,
            groups: call.caller?.groups ?? []
        )
    }
}

extension RollOutHurdles {
    /// What may hold roll-outs of that tenant.
    init(_ call: Invocation, of tenant: Tenant) {
        self.init(zones: call.services.environments.zones, freeze: tenant.spec.freeze)
    }
}

extension Invocation {
    /// - Throws: the refusal of what only those who govern environments decide on.
    func checkGovernment(
        of next: Environment,
        instead current: Environment? = nil
    ) throws(EnvironmentRefusal) {
        guard !access.allows(.governEnvironment) else { return }
        let detail = "Only admins of the tenant and of the platform decide on it. Leave it out."
        var faults: [EnvironmentFault] = []
        func refuse(_ member: String, where isChanged: Bool) {
            guard isChanged else { return }
            faults.append(EnvironmentFault(.spec(member), "not-allowed", detail))
        }
        refuse("approvals", where: next.spec.approvals != current?.spec.approvals)
        refuse("freeze", where: next.spec.freeze != current?.spec.freeze)
        // What may not be deleted is not made to end either.
        if let current, current.spec.isGoverned, let end = next.status.expiry?.at {
            let before = current.status.expiry?.at
            refuse("lifetime", where: before.map { end < $0 } ?? true)
        }
        guard faults.isEmpty else { throw .invalid(faults) }
    }
}
