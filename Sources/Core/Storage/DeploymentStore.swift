package import Domain
import JSON
import Postgres

/// The records of roll-outs; they outlive their environments.
package struct DeploymentStore: Sendable {
    let database: Database

    init(_ database: Database) {
        self.database = database
    }

    /// The record with that id; nil where there is none that the caller may see.
    package func find(
        _ id: DeploymentID,
        as access: Access
    ) async throws(StorageFault) -> StoredDeployment? {
        try await find(where: "id = \(id)", as: access)
    }

    /// An environment's record of that number; nil where there is none that the caller may see.
    package func find(
        number: Int64,
        of environment: EnvironmentID,
        as access: Access
    ) async throws(StorageFault) -> StoredDeployment? {
        try await find(
            where: "environment_id = \(environment) AND number = \(number)",
            as: access
        )
    }

    private func find(
        where condition: SQL,
        as access: Access
    ) async throws(StorageFault) -> StoredDeployment? {
        let scope = access.scope(for: .readEnvironments)
        if case .nothing = scope { return nil }
        return try await translating { () async throws(DatabaseFault) in
            let rows = try await database.read(
                """
                SELECT \(StoredDeployment.columns) FROM deployment
                 WHERE \(condition) AND \(scope.condition(on: "tenant_id"))
                """
            )
            return try rows.first.map(StoredDeployment.init)
        }
    }

    /// The records of one environment, or of every environment that ever bore a name, the newest
    /// first; one page of them.
    package func list(
        _ query: DeploymentQuery,
        of tenant: TenantID,
        as access: Access
    ) async throws(StorageFault) -> Page<StoredDeployment> {
        let scope = access.scope(for: .readEnvironments)
        if case .nothing = scope { return Page(items: [], hasMore: false) }
        var conditions: [SQL] = ["tenant_id = \(tenant)", scope.condition(on: "tenant_id")]
        switch query.subject {
        case .environment(let id): conditions.append("environment_id = \(id)")
        case .name(let name): conditions.append("environment_name = \(name.text)")
        }
        if let state = query.state { conditions.append("state = \(state.rawValue)") }
        if let after = query.after {
            let place: SQL = "(\(after.createdAt), \(after.number), \(after.id))"
            conditions.append("(created_at, number, id) < \(place)")
        }
        return try await translating { () async throws(DatabaseFault) in
            let rows = try await database.read(
                """
                SELECT \(StoredDeployment.columns) FROM deployment
                 WHERE \(SQL.joined(conditions, by: " AND "))
                 ORDER BY created_at DESC, number DESC, id DESC LIMIT \(rows: query.limit + 1)
                """
            )
            return try Page(rows, limit: query.limit, StoredDeployment.init)
        }
    }
}

/// What a list of roll-outs can be asked for.
package struct DeploymentQuery: Sendable, Hashable {
    /// Whose roll-outs.
    package enum Subject: Sendable, Hashable {
        /// Those of one environment.
        case environment(EnvironmentID)
        /// Those of every environment that ever bore the name, also where none does now.
        case name(EnvironmentName)
    }

    /// The last record of the page before.
    package struct Position: Sendable, Hashable {
        /// When it was asked for.
        package var createdAt: Domain.Instant
        /// Which one of its environment's it is.
        package var number: Int64
        /// Which one it is.
        package var id: DeploymentID

        /// The place behind that record.
        package init(createdAt: Domain.Instant, number: Int64, id: DeploymentID) {
            self.createdAt = createdAt
            self.number = number
            self.id = id
        }
    }

    /// Whose roll-outs.
    package var subject: Subject
    /// Only those that stand so.
    package var state: Deployment.State?
    /// Where the last page ended; nil starts at the newest.
    package var after: Position?
    /// How many at most; held to 1…500.
    package var limit: Int

    /// A question for the roll-outs of that.
    package init(
        of subject: Subject,
        state: Deployment.State? = nil,
        after: Position? = nil,
        limit: Int = 50
    ) {
        self.subject = subject
        self.state = state
        self.after = after
        self.limit = max(1, min(limit, ListQuery.limitMax))
    }
}
