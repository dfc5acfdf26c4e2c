package import Domain
import Postgres

extension EnvironmentStore {
    /// Looks whether the caller could have the decision stored, as far as trusts, the guests of
    /// what goes, and those that need what is to sleep are concerned; for plans.
    ///
    /// - Throws: `.environmentRefused` with what is in the way.
    package func hold(
        _ decision: Environment.Decision,
        to call: Call
    ) async throws(StorageFault) {
        let environment = decision.environment
        let goes = environment.status.phase == .deleting
        let isNew = environment.revision == 1
        guard !isNew || goes || environment.spec.asleep || call.access.grant != nil else { return }
        try await together(database) { transaction in
            // Whom the trust does not let in learns nothing of who else is concerned.
            try await Self.hold(decision, to: call, in: transaction)
            try await ServiceStore.admitLeavingOut(
                by: environment,
                as: call.access,
                in: transaction
            )
            if goes { try await Self.admitDeletion(of: environment, in: transaction) }
            try await Self.keepAwake(decision, in: transaction)
        }
    }

    /// Looks whether the trust of a pipeline's token reaches the environment at all.
    ///
    /// - Throws: `.environmentRefused` where it does not.
    package func reach(_ id: EnvironmentID, as access: Access) async throws(StorageFault) {
        guard access.grant != nil else { return }
        try await together(database) { try await Self.reach(id, as: access, in: $0) }
    }

    /// The same inside a transaction.
    static func reach(
        _ id: EnvironmentID,
        as access: Access,
        in transaction: Transaction
    ) async throws {
        guard let grant = access.grant, let found = try await granted(id, in: transaction),
            let refusal = grant.refusal(of: found)
        else { return }
        throw StorageFault.environmentRefused(.beyondTrust(refusal))
    }

    /// Looks whether the trust of a pipeline's token reaches as far as the decision; everybody else
    /// is held to no trust.
    ///
    /// - Throws: `.environmentRefused` with what is in the way.
    static func hold(
        _ decision: Environment.Decision,
        to call: Call,
        in transaction: Transaction
    ) async throws {
        guard let grant = call.access.grant else { return }
        let next = decision.environment
        let before = try await granted(next.id, in: transaction)
        if let refusal = grant.refusal(of: next, from: before, at: call.at) {
            throw StorageFault.environmentRefused(.beyondTrust(refusal))
        }
        try await holdDependencies(of: decision, to: grant, in: transaction)
        let orders = decision.orders + decision.companions.flatMap(\.decision.orders)
        for order in orders where order.service != nil || order.binding != nil {
            guard let refusal = grant.refusal(ofOrderOf: order.offering) else { continue }
            throw StorageFault.environmentRefused(.beyondTrust(refusal))
        }
        let created = decision.companions.count(where: \.decision.isCreation)
        let new = created + (before == nil ? 1 : 0)
        guard new > 0 else { return }
        // The tenant's row is locked by `admit`, so that no two calls take the same last place.
        let rows = try await transaction.execute(
            """
            SELECT name FROM environment
             WHERE trust_id = \(grant.trust) AND phase <> 'deleting'
             ORDER BY used_at LIMIT \(grant.environmentsMax + 1)
            """
        )
        guard rows.count + new > grant.environmentsMax else { return }
        let names = try rows.prefix(Self.namedMax).map { try $0.decode(0, as: String.self) }
        throw StorageFault.environmentRefused(
            .beyondTrust(
                "The trust `\(grant.name)` has made as many environments as it may at once, "
                    + "\(grant.environmentsMax). Delete one; used longest ago: "
                    + "\(names.joined(separator: ", "))."
            )
        )
    }

    /// Looks at what the decision lets the environment depend on anew, and at whose live roll-out
    /// its companions are to run.
    private static func holdDependencies(
        of decision: Environment.Decision,
        to grant: PipelineGrant,
        in transaction: Transaction
    ) async throws {
        let next = decision.environment
        guard next.status.phase != .deleting else { return }
        let shared = next.spec.dependencies.filter { $0.companion == nil }
            .compactMap { next.shared(by: $0)?.environment }
        let names = (shared + decision.companions.compactMap(\.model)).map(\.text)
        guard !names.isEmpty else { return }
        let rows = try await transaction.execute(
            """
            SELECT \(grantedColumns), name FROM environment
             WHERE tenant_id = \(next.tenant) AND name = ANY(\(names))
               AND name <> ALL (coalesce(
                (SELECT e.needs FROM environment e WHERE e.id = \(next.id)), '{}'))
             ORDER BY name
            """
        )
        for row in rows {
            let name = try row.decode(4, as: String.self)
            if let refusal = grant.refusal(ofDependencyOn: name, try granted(row)) {
                throw StorageFault.environmentRefused(.beyondTrust(refusal))
            }
        }
    }

    /// The most names that a refusal lists.
    private static let namedMax = 5
    private static let grantedColumns: SQL =
        "type, spec -> 'source' ->> 'repository', trust_id, expires_at"

    private static func granted(
        _ id: EnvironmentID,
        in transaction: Transaction
    ) async throws -> GrantedEnvironment? {
        let rows = try await transaction.execute(
            """
            SELECT \(grantedColumns) FROM environment WHERE id = \(id)
            """
        )
        return try rows.first.map(granted)
    }

    private static func granted(_ row: Row) throws -> GrantedEnvironment {
        GrantedEnvironment(
            // The table holds no type that is none.
            type: EnvironmentType(rawValue: try row.decode(0)) ?? .production,
            repository: try row.decode(1),
            trust: try row.decode(2),
            expiresAt: try row.decode(3)
        )
    }
}
