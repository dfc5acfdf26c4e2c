package import JSON

/// What a call would do to an environment, put down so that people can agree to exactly that.
package struct EnvironmentPlan: Sendable, Equatable {
    /// What the plan was made on; what has changed of it makes the plan stale.
    package struct Basis: Sendable, Hashable {
        /// The generation of the environment's spec; 0 where there was none.
        package var generation: Int64
        /// The roll-out that ran; nil where none did.
        package var live: DeploymentID?
        /// The newest roll-out, of whatever state.
        package var deployments: Int64
        /// The commit of the blueprint that the template is from.
        package var template: String?
        /// The roll-out that runs in the environment whose images are taken; nil for other plans.
        package var source: DeploymentID?
        /// The roll-outs that run in the environments that are needed; nil for one where none does.
        package var needs: [EnvironmentName: DeploymentID?]
        /// What it would have taken of what it depends on; what was not ready is left out.
        package var taken: [TakenDependency]
        /// What would become of each thing that is ordered with it, in words, by kind and name.
        package var orders: [String: String]

        /// Those parts.
        package init(
            of environment: Environment,
            template: String?,
            source: DeploymentID?,
            needs: [EnvironmentName: DeploymentID?],
            taken: [TakenDependency],
            orders: [String: String]
        ) {
            generation = environment.generation
            live = environment.status.live?.deployment
            deployments = environment.status.deployments
            self.template = template
            self.source = source
            self.needs = needs
            self.taken = taken
            self.orders = orders
        }

        /// What is not as it was, in words; empty where nothing has changed.
        package func moved(to now: Basis) -> [String] {
            var moved: [String] = []
            if now.generation != generation {
                moved.append("the spec, from generation \(generation) to \(now.generation)")
            }
            if now.live != live { moved.append("what runs there") }
            if now.deployments != deployments {
                moved.append("the newest roll-out, from \(deployments) to \(now.deployments)")
            }
            if now.template != template { moved.append("the blueprint's commit") }
            if now.source != source {
                moved.append("what runs in the environment it is taken from")
            }
            for (name, live) in needs.sorted(by: { $0.key.text < $1.key.text })
            where now.needs[name] != live {
                moved.append("what runs in the environment \(name), which it depends on")
            }
            for before in taken {
                let found = now.taken.first { $0.name == before.name }
                let values = found.map { $0.changes(since: before) } ?? ["it is not there"]
                guard !values.isEmpty else { continue }
                let list = values.joined(separator: ", ")
                moved.append("what it would take of \(before.whence) (\(list))")
            }
            for name in Set(orders.keys).union(now.orders.keys).sorted()
            where orders[name] != now.orders[name] {
                let change = "\(orders[name] ?? "nothing"), now \(now.orders[name] ?? "nothing")"
                moved.append("what would become of \(name) (\(change))")
            }
            return moved
        }
    }

    /// The longest that a plan can be applied.
    package static let lifetime: Duration = .seconds(24 * 3_600)
    /// The most plans of one environment that can be applied at once.
    package static let countMax = 20

    /// The identity, which no other thing of the kind ever has.
    package var id: EnvironmentPlanID
    /// The environment.
    package var environment: EnvironmentID
    /// The tenant.
    package var tenant: TenantID
    /// What was asked for, as it was sent.
    package var wish: JSON
    /// What it was made on.
    package var basis: Basis
    /// What would change, as the API shows it.
    package var outlook: JSON
    /// What people should know before they apply it, in sentences.
    package var warnings: [String]
    /// Who asked for it.
    package var by: String
    /// The token of who asked for it.
    package var token: TokenID?
    /// Who agreed, in their order.
    package var approvals: [DeploymentHold.Approval]
    /// When it was made.
    package var createdAt: Instant
    /// When it can be applied no longer.
    package var expiresAt: Instant
    /// The roll-out that it became; nil before that.
    package var deployment: DeploymentID?
    /// When it was applied; nil before that.
    package var appliedAt: Instant?
    /// Goes up with every change, from 1; the plan's `ETag`.
    package var revision: Int64

    /// A plan that nobody has agreed to yet.
    package init(
        id: EnvironmentPlanID,
        for environment: Environment,
        wish: JSON,
        basis: Basis,
        outlook: JSON,
        warnings: [String],
        by who: RollOutActor,
        at moment: Instant
    ) {
        self.id = id
        self.environment = environment.id
        tenant = environment.tenant
        self.wish = wish
        self.basis = basis
        self.outlook = outlook
        self.warnings = warnings
        by = who.name
        token = who.token
        approvals = []
        createdAt = moment
        expiresAt = moment.advanced(by: Self.lifetime)
        revision = 1
    }

    /// - Throws: why the plan cannot be applied: it was, it is too old, or the world moved.
    package func admitApplying(
        on now: Basis,
        at moment: Instant
    ) throws(EnvironmentRefusal) {
        guard appliedAt == nil else { throw .isApplied }
        guard moment < expiresAt else { throw .isStale(["its time is over"]) }
        let moved = basis.moved(to: now)
        guard moved.isEmpty else { throw .isStale(moved) }
    }

    /// The plan with somebody's agreement; nil where they have given it before.
    package func approved(
        by who: RollOutActor,
        comment: String?,
        under rules: ApprovalRules?,
        at moment: Instant
    ) throws(EnvironmentRefusal) -> EnvironmentPlan? {
        guard appliedAt == nil else { throw .isApplied }
        guard moment < expiresAt else { throw .isStale(["its time is over"]) }
        guard let rules, rules.required > 0 else { throw .needsNoApproval }
        guard rules.admits(who) else { throw .mayNotApprove(rules.approvers) }
        if rules.fourEyes, who.isSame(as: by, token) { throw .isOwnRollOut }
        guard !approvals.contains(where: { who.isSame(as: $0.by, $0.token) }) else { return nil }
        var next = self
        next.approvals.append(
            DeploymentHold.Approval(by: who.name, token: who.token, at: moment, comment: comment)
        )
        next.revision += 1
        return next
    }
}

/// The identity of a plan.
package typealias EnvironmentPlanID = ID<EnvironmentPlan>
