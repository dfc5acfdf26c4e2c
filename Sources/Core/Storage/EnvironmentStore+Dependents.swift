import Domain
import Postgres

extension EnvironmentStore {
    /// The most names that a refusal lists.
    private static let namedMax = 100

    /// The environments that depend on one already when it is made: one of its name was there
    /// before.
    static func dependents(on environment: Environment) -> SQL {
        """
        ARRAY(SELECT d.name FROM environment d
               WHERE d.tenant_id = \(environment.tenant) AND d.needs <> '{}'
                 AND d.needs @> ARRAY[\(environment.name.text)] AND d.phase <> 'deleting'
               ORDER BY d.name)
        """
    }

    /// Puts an environment down at those that it depends on from now on, and at no others.
    ///
    /// Their revision goes up with it, so that none of them is deleted by somebody who has not seen
    /// that it is needed.
    static func settleDependents(
        on environment: Environment,
        at now: Domain.Instant,
        in transaction: Transaction
    ) async throws {
        let name = environment.name.text
        let isGoing = environment.status.phase == .deleting
        let needs = isGoing ? [] : environment.needs.map(\.text)
        try await transaction.execute(
            """
            UPDATE environment
               SET needed_by = array_remove(needed_by, \(name)), revision = revision + 1,
                   updated_at = \(now)
             WHERE tenant_id = \(environment.tenant) AND needed_by <> '{}'
               AND needed_by @> ARRAY[\(name)] AND name <> ALL (\(needs))
            """
        )
        if isGoing || environment.spec.asleep {
            try await takeUp(what: environment, leavesAt: now, in: transaction)
        }
        guard !needs.isEmpty else { return }
        try await transaction.execute(
            """
            UPDATE environment
               SET needed_by = ARRAY(
                       SELECT n FROM unnest(array_append(needed_by, \(name))) n ORDER BY n),
                   revision = revision + 1, updated_at = \(now)
             WHERE tenant_id = \(environment.tenant) AND name = ANY (\(needs))
               AND NOT needed_by @> ARRAY[\(name)] AND phase <> 'deleting'
            """
        )
    }

    /// Has the next sweep look at what was put off because it is needed: perhaps it is no longer.
    private static func takeUp(
        what environment: Environment,
        leavesAt now: Domain.Instant,
        in transaction: Transaction
    ) async throws {
        try await transaction.execute(
            """
            UPDATE environment
               SET due_at = least(due_at, \(now))
             WHERE tenant_id = \(environment.tenant)
               AND name = ANY (\(environment.needs.map(\.text)))
               AND status ->> 'putOff' IS NOT NULL
            """
        )
    }

    /// The names of those that depend on an environment and are awake, as a column of its row.
    static let awakeDependents: SQL = """
        ARRAY(SELECT d.name FROM environment d
               WHERE environment.needed_by <> '{}' AND d.tenant_id = environment.tenant_id
                 AND d.name = ANY (environment.needed_by) AND d.is_awake
                 AND d.phase <> 'deleting'
               ORDER BY d.name LIMIT \(namedMax))
        """

    /// Refuses to put an environment to sleep on which others depend that are awake.
    ///
    /// - Throws: `.environmentRefused` with their names.
    static func keepAwake(
        _ decision: Environment.Decision,
        in transaction: Transaction
    ) async throws {
        let environment = decision.environment
        guard environment.spec.asleep, !environment.dependents.isEmpty else { return }
        let rows = try await transaction.execute(
            """
            SELECT d.name FROM environment e, environment d
             WHERE e.id = \(environment.id) AND e.is_awake
               AND d.tenant_id = e.tenant_id AND d.name = ANY (e.needed_by) AND d.is_awake
             ORDER BY d.name LIMIT \(namedMax)
            """
        )
        var names: [String] = []
        for row in rows { names.append(try row.decode(0)) }
        guard names.isEmpty else {
            throw StorageFault.environmentRefused(.isNeeded(by: EnvironmentName.names(in: names)))
        }
    }
}
