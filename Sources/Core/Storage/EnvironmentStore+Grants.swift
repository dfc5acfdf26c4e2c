package import Domain
import Postgres

extension EnvironmentStore {
    /// Looks whether the decision could be stored: whether a pipeline's trust reaches so far, and
    /// whether others need what is to sleep; for plans.
    ///
    /// - Throws: `.environmentRefused` with what is in the way.
    package func hold(
        _ decision: Environment.Decision,
        to call: Call
    ) async throws(StorageFault) {
        guard call.access.grant != nil || decision.environment.spec.asleep else { return }
        try await together(database) { transaction in
            try await Self.hold(decision, to: call, in: transaction)
            try await Self.keepAwake(decision, in: transaction)
        }
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
        guard before == nil else { return }
        // The tenant's row is locked by `admit`, so that no two calls take the same last place.
        let rows = try await transaction.execute(
            """
            SELECT name FROM environment
             WHERE trust_id = \(grant.trust) AND phase <> 'deleting'
             ORDER BY used_at LIMIT \(grant.environmentsMax + 1)
            """
        )
        guard rows.count >= grant.environmentsMax else { return }
        let names = try rows.prefix(Self.namedMax).map { try $0.decode(0, as: String.self) }
        throw StorageFault.environmentRefused(
            .beyondTrust(
                "The trust `\(grant.name)` has made as many environments as it may at once, "
                    + "\(grant.environmentsMax). Delete one; used longest ago: "
                    + "\(names.joined(separator: ", "))."
            )
        )
    }

    /// The most names that a refusal lists.
    private static let namedMax = 5

    private static func granted(
        _ id: EnvironmentID,
        in transaction: Transaction
    ) async throws -> GrantedEnvironment? {
        let rows = try await transaction.execute(
            """
            SELECT type, spec -> 'source' ->> 'repository', trust_id, expires_at FROM environment
             WHERE id = \(id)
            """
        )
        guard let row = rows.first else { return nil }
        return GrantedEnvironment(
            // The table holds no type that is none.
            type: EnvironmentType(rawValue: try row.decode(0)) ?? .production,
            repository: try row.decode(1),
            trust: try row.decode(2),
            expiresAt: try row.decode(3)
        )
    }
}
