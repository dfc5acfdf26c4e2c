package import Domain
import JSON
import Postgres

/// The plans for environments; they end with them.
package struct PlanStore: Sendable {
    let database: Database

    init(_ database: Database) {
        self.database = database
    }

    /// The plan with that id for an environment; nil where there is none that the caller may see.
    package func find(
        _ id: EnvironmentPlanID,
        of environment: EnvironmentID,
        as access: Access
    ) async throws(StorageFault) -> EnvironmentPlan? {
        let scope = access.scope(for: .readEnvironments)
        if case .nothing = scope { return nil }
        let found = try await translating { () async throws(DatabaseFault) in
            try await database.read(
                """
                SELECT id, environment_id, tenant_id, content, approvals, revision, created_at,
                       expires_at, applied_at, deployment_id
                  FROM environment_plan
                 WHERE id = \(id) AND environment_id = \(environment)
                   AND \(scope.condition(on: "tenant_id"))
                """
            )
        }
        guard let row = found.first else { return nil }
        return try await Self.plan(row)
    }

    private static func plan(_ row: Row) async throws(StorageFault) -> EnvironmentPlan {
        let columns = try await translating { () async throws(DatabaseFault) in
            var row = row
            let identity: (EnvironmentPlanID, EnvironmentID, TenantID) =
                (try row.next(), try row.next(), try row.next())
            let texts: ([UInt8], [UInt8]) = (try row.next(), try row.next())
            let revision: Int64 = try row.next()
            let times: (Domain.Instant, Domain.Instant, Domain.Instant?) =
                (try row.next(), try row.next(), try row.next())
            let deployment: DeploymentID? = try row.next()
            return (identity, texts, revision, times, deployment)
        }
        let (identity, texts, revision, times, deployment) = columns
        var plan = EnvironmentPlan(
            id: identity.0,
            environment: identity.1,
            tenant: identity.2,
            content: try parsed(texts.0),
            approvals: try parsed(texts.1),
            createdAt: times.0,
            expiresAt: times.1
        )
        plan.revision = revision
        plan.appliedAt = times.2
        plan.deployment = deployment
        return plan
    }

    /// Stores a new plan, with audit entry and receipt; the oldest beyond what may be kept go.
    ///
    /// - Throws: `.notFound` where the caller may plan nothing there, `.keyReused`,
    ///   `.keyInProgress`.
    package func create(
        _ plan: EnvironmentPlan,
        about subject: ObjectReference,
        for call: Call
    ) async throws(StorageFault) -> WriteOutcome {
        let scope = call.access.scope(for: .updateEnvironment)
        if case .nothing = scope { throw .notFound }
        let statement = ChangeStatement(call: call, object: subject, tenant: plan.tenant)
        let insertion: SQL = """
            INSERT INTO environment_plan (
                id, environment_id, tenant_id, content, approvals, revision, created_at,
                expires_at)
            SELECT \(plan.id), e.id, e.tenant_id, \(Document(plan.writeContent)),
                   \(Document(plan.writeApprovals)), \(plan.revision), \(plan.createdAt),
                   \(plan.expiresAt)
              FROM environment e
             WHERE e.id = \(plan.environment) AND \(scope.condition(on: "e.tenant_id"))
               AND \(statement.isNew)
            RETURNING id
            """
        let result = try await database.perform(statement, changing: insertion) { _ in
        } after: { transaction in
            try await transaction.execute(
                """
                DELETE FROM environment_plan
                 WHERE environment_id = \(plan.environment)
                   AND id NOT IN (
                    SELECT id FROM environment_plan
                     WHERE environment_id = \(plan.environment)
                     ORDER BY created_at DESC, id DESC
                     LIMIT \(EnvironmentPlan.countMax))
                """
            )
        }
        guard case .outcome(let outcome) = result else { throw .notFound }
        return outcome
    }

    /// Stores somebody's agreement where the plan still is at the revision that was read.
    ///
    /// - Throws: `.notFound`, `.stale`, `.environmentRefused` where the trust of a pipeline's token
    ///   does not reach the environment, `.keyReused`, `.keyInProgress`.
    package func approve(
        _ plan: EnvironmentPlan,
        about subject: ObjectReference,
        for call: Call
    ) async throws(StorageFault) -> WriteOutcome {
        let scope = call.access.scope(for: .updateEnvironment)
        if case .nothing = scope { throw .notFound }
        let statement = ChangeStatement(call: call, object: subject, tenant: plan.tenant)
        let update: SQL = """
            UPDATE environment_plan
               SET approvals = \(Document(plan.writeApprovals)), revision = \(plan.revision)
             WHERE id = \(plan.id) AND revision = \(plan.revision - 1)
               AND applied_at IS NULL
               AND \(scope.condition(on: "tenant_id")) AND \(statement.isNew)
            RETURNING id
            """
        let result = try await database.perform(statement, changing: update) { transaction in
            try await EnvironmentStore.reach(plan.environment, as: call.access, in: transaction)
        } after: { _ in
        }
        guard case .outcome(let outcome) = result else {
            throw .stale(current: plan.revision)
        }
        return outcome
    }

    /// Writes down that a plan became a roll-out, in the transaction of that; once.
    static func apply(
        _ plan: EnvironmentPlanID,
        as deployment: DeploymentID?,
        at now: Domain.Instant,
        in transaction: Transaction
    ) async throws {
        let rows = try await transaction.execute(
            """
            UPDATE environment_plan
               SET applied_at = \(now), deployment_id = \(deployment), revision = revision + 1
             WHERE id = \(plan) AND applied_at IS NULL
            RETURNING id
            """
        )
        guard !rows.isEmpty else { throw StorageFault.environmentRefused(.isApplied) }
    }
}
