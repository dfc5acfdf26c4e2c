package import Domain
import Postgres

extension EnvironmentStore {
    /// The most environments among which one is looked for that runs a service at a version.
    package static let modelsMax = 500

    /// The environments of a tenant in which something of a service is live, companions left out;
    /// of very many those that were rolled out last.
    package func running(
        _ service: ServiceName,
        of tenant: TenantID
    ) async throws(StorageFault) -> [Environment] {
        let found = try await translating { () async throws(DatabaseFault) in
            let rows = try await database.read(
                """
                SELECT \(StoredEnvironment.columns) FROM environment
                 WHERE tenant_id = \(tenant) AND service = \(service.text)
                   AND phase <> 'deleting' AND status ->> 'live' IS NOT NULL
                   AND status ->> 'companionOf' IS NULL
                 ORDER BY status -> 'live' ->> 'since' DESC, id
                 LIMIT \(Self.modelsMax)
                """
            )
            return try rows.map(StoredEnvironment.init)
        }
        var environments: [Environment] = []
        for stored in found { environments.append(try stored.environment()) }
        return environments
    }

    /// The companions of an environment that are not on their way out.
    package func companions(
        of environment: Environment
    ) async throws(StorageFault) -> [Environment] {
        let found = try await translating { () async throws(DatabaseFault) in
            let rows = try await database.read(
                """
                SELECT \(StoredEnvironment.columns) FROM environment
                 WHERE \(Self.isCompanion(of: environment))
                 ORDER BY name
                 LIMIT \(Self.modelsMax)
                """
            )
            return try rows.map(StoredEnvironment.init)
        }
        var environments: [Environment] = []
        for stored in found { environments.append(try stored.environment()) }
        return environments
    }

    /// How many companions of an environment are there, those on their way out among them.
    package func companionCount(of environment: Environment) async throws(StorageFault) -> Int {
        try await translating { () async throws(DatabaseFault) in
            let rows = try await database.read(
                """
                SELECT count(*) FROM environment
                 WHERE tenant_id = \(environment.tenant)
                   AND status ->> 'companionOf' = \(environment.name.text)
                """
            )
            return try rows[0].decode(0)
        }
    }

    /// Stores what a roll-out orders with itself, where it is still under way or waits for another.
    ///
    /// - Throws: `.environmentRefused` and `.serviceRefused` with what is in the way, `.stale`
    ///   where something was changed meanwhile.
    package func place(
        _ orders: [DependencyOrder],
        _ companions: [CompanionOrder],
        for deployment: DeploymentID,
        of environment: Environment,
        in zones: any TimeZoneSource,
        for call: Call
    ) async throws(StorageFault) {
        try await together(database) { transaction in
            let answers = try await transaction.execute(all: [
                // As everybody who makes something for the tenant, before any row of it.
                "SELECT 1 FROM tenant WHERE id = \(environment.tenant) FOR NO KEY UPDATE",
                """
                SELECT \(StoredEnvironment.columns) FROM environment
                 WHERE id = \(environment.id)
                   FOR NO KEY UPDATE
                """,
            ])
            guard let row = answers[1].first else { return }
            let open = try StoredEnvironment(row).environment().status.open
            guard open.contains(where: { $0.deployment == deployment }) else { return }
            try await Self.place(
                orders,
                companions,
                of: environment,
                in: zones,
                for: call,
                transaction
            )
        }
        database.notify(channel: JobQueue.channel)
    }

    /// Stores what is ordered with a decision, where that waits for nothing.
    static func placeOrders(
        of decision: Environment.Decision,
        in zones: any TimeZoneSource,
        for call: Call,
        _ transaction: Transaction
    ) async throws {
        guard decision.placesOrders else { return }
        try await place(
            decision.orders,
            decision.companions,
            of: decision.environment,
            in: zones,
            for: call,
            transaction
        )
    }

    /// Stores what is ordered together with an environment, which is there by then.
    private static func place(
        _ orders: [DependencyOrder],
        _ companions: [CompanionOrder],
        of owner: Environment,
        in zones: any TimeZoneSource,
        for call: Call,
        _ transaction: Transaction
    ) async throws {
        try await write(companions, of: owner, in: zones, for: call, in: transaction)
        try await ServiceStore.write(orders, of: owner, for: call, in: transaction)
    }

    /// Stores the companions of an environment, by the rules of every other one.
    ///
    /// - Throws: `.environmentRefused` with the dependency and what is in the way, `.stale` where
    ///   one was changed meanwhile.
    private static func write(
        _ orders: [CompanionOrder],
        of owner: Environment,
        in zones: any TimeZoneSource,
        for call: Call,
        in transaction: Transaction
    ) async throws {
        for order in orders {
            do {
                try await admit(order.decision, within: .everything, in: transaction)
            } catch StorageFault.environmentRefused(let refusal) {
                throw StorageFault.environmentRefused(.companion(at: order.index, refusal))
            } catch StorageFault.nameTaken {
                let detail = "The tenant has an environment of that name by now."
                let fault = EnvironmentFault(.name, "taken", detail)
                let refusal = EnvironmentRefusal.companion(at: order.index, .invalid([fault]))
                throw StorageFault.environmentRefused(refusal)
            }
            try await write(order.decision, in: zones, for: call, in: transaction)
            let entry = AuditCause(owner.reference, by: call).entry(
                of: order.decision.isCreation ? "createEnvironment" : "replaceEnvironment",
                on: order.decision.environment.reference,
                of: owner.tenant,
                at: call.at
            )
            try await transaction.execute(entry)
        }
    }

    private static func write(
        _ decision: Environment.Decision,
        in zones: any TimeZoneSource,
        for call: Call,
        in transaction: Transaction
    ) async throws {
        let companion = decision.environment
        let dueAt = companion.dueAt(in: zones, at: call.at)
        if decision.isCreation {
            let trust = call.access.grant?.trust
            let insertion = insertion(of: companion, by: trust, dueAt: dueAt, where: "true")
            try await transaction.execute(insertion)
            try await transaction.execute(LookTable.environments.first(of: companion.id))
        } else {
            let condition: SQL = "revision = \(companion.revision - 1)"
            let update = update(to: companion, dueAt: dueAt, where: condition)
            guard try await !transaction.execute(update).isEmpty else {
                throw StorageFault.stale(current: companion.revision)
            }
        }
        try await settleDependents(on: companion, at: call.at, in: transaction)
        try await ServiceStore.write(
            decision.orders,
            of: companion,
            for: call,
            in: transaction
        )
        try await transaction.writeConsequences(
            of: companion.reference,
            givingUp: supersession(by: decision),
            job: decision.job,
            event: decision.event,
            for: call
        )
        try await writeRollOuts(of: decision, at: call.at, in: transaction)
    }

    /// Puts the companions to sleep of an environment that sleeps, as far as nobody else needs
    /// them.
    static func restCompanions(
        of environment: Environment,
        at now: Domain.Instant,
        in transaction: Transaction
    ) async throws {
        let rows = try await transaction.execute(
            """
            SELECT \(StoredEnvironment.columns) FROM environment
             WHERE \(isCompanion(of: environment)) AND is_awake
               AND cardinality(\(awakeDependents)) = 0
             ORDER BY id
               FOR NO KEY UPDATE
            """
        )
        try await decide(on: rows, at: now, in: transaction) { companion, occasion in
            companion.resting(on: occasion)
        }
    }

    /// Begins the end of the companions of an environment that are not to be kept.
    static func removeCompanions(
        of environment: Environment,
        keeping names: [EnvironmentName],
        following cause: AuditCause,
        at now: Domain.Instant,
        in transaction: Transaction
    ) async throws {
        let rows = try await transaction.execute(
            """
            SELECT \(StoredEnvironment.columns) FROM environment
             WHERE \(isCompanion(of: environment)) AND name <> ALL (\(names.map(\.text)))
             ORDER BY id
               FOR NO KEY UPDATE
            """
        )
        try await decide(on: rows, following: cause, at: now, in: transaction) {
            companion,
            occasion in
            companion.removal(because: .owner(environment.name), on: occasion)
        }
    }

    private static func isCompanion(of environment: Environment) -> SQL {
        """
        tenant_id = \(environment.tenant) AND phase <> 'deleting'
        AND status ->> 'companionOf' = \(environment.name.text)
        """
    }

    private static func decide(
        on rows: Rows,
        following cause: AuditCause? = nil,
        at now: Domain.Instant,
        in transaction: Transaction,
        _ decide: (Environment, Occasion) -> Environment.Decision?
    ) async throws {
        var random = SystemRandomNumberGenerator()
        for row in rows {
            let stored = try StoredEnvironment(row)
            let occasion = Occasion(at: now, using: &random)
            guard let decision = decide(try stored.environment(), occasion) else { continue }
            let companion = decision.environment
            let isGoing = companion.status.phase == .deleting
            try await write(
                decision,
                dueAt: isGoing ? nil : stored.dueAt,
                following: cause?.passed(to: companion.reference),
                at: now,
                in: transaction
            )
            guard isGoing, let cause else { continue }
            let entry = cause.entry(
                of: "deleteEnvironment",
                on: companion.reference,
                of: companion.tenant,
                at: now
            )
            try await transaction.execute(entry)
        }
    }
}
