package import Domain
import JSON
import Postgres

/// The record of a roll-out as it is stored.
package struct StoredDeployment: Sendable, Equatable {
    /// The identity, which no other thing of the kind ever has.
    package let id: DeploymentID
    /// The environment, which may be gone.
    package let environment: EnvironmentID
    /// The name that the environment has or had.
    package let environmentName: String
    /// The tenant.
    package let tenant: TenantID
    /// Which one of the environment's it is, from 1.
    package let number: Int64
    /// Where it stands, in a word of `Deployment.State`.
    package let state: String
    /// The text of a JSON object.
    package let origin: [UInt8]
    /// The text of a JSON object.
    package let content: [UInt8]
    /// The text of a JSON object.
    package let difference: [UInt8]
    /// Who asked for it.
    package let by: String
    /// The job that does it.
    package let job: JobID
    /// The text of a JSON object; nil where nothing held it.
    package let hold: [UInt8]?
    /// What happened; nil while it is under way.
    package let outcome: String?
    /// Goes up with every change, from 1.
    package let revision: Int64
    /// When it was asked for.
    package let createdAt: Domain.Instant
    /// When work on it first began; nil before that.
    package let startedAt: Domain.Instant?
    /// When it ended; nil before that.
    package let finishedAt: Domain.Instant?

    static let columns: SQL = """
        id, environment_id, environment_name, tenant_id, number, state, origin, content,
        difference, requested_by, job_id, hold, outcome, revision, created_at, started_at,
        finished_at
        """

    init(_ row: Row) throws(DatabaseFault) {
        var row = row
        id = try row.next()
        environment = try row.next()
        environmentName = try row.next()
        tenant = try row.next()
        number = try row.next()
        state = try row.next()
        origin = try row.next()
        content = try row.next()
        difference = try row.next()
        by = try row.next()
        job = try row.next()
        hold = try row.next()
        outcome = try row.next()
        revision = try row.next()
        createdAt = try row.next()
        startedAt = try row.next()
        finishedAt = try row.next()
    }

    /// The place of the record in a list.
    package var position: DeploymentQuery.Position {
        DeploymentQuery.Position(createdAt: createdAt, number: number, id: id)
    }

    /// The record as the domain knows it.
    package func deployment() throws(StorageFault) -> Deployment {
        let origin = try parsed(origin)
        let content = try parsed(content)
        let difference = try parsed(difference)
        let hold = try hold.map { text throws(StorageFault) in try parsed(text) }
        return try reading { () throws(DocumentFault) in
            // The fault below says all that there is to say.
            guard let name = try? EnvironmentName(parsing: environmentName),
                let state = Deployment.State(rawValue: state)
            else { throw DocumentFault(member: "environment") }
            return Deployment(
                id: id,
                environment: environment,
                environmentName: name,
                tenant: tenant,
                number: number,
                state: state,
                origin: Deployment.Origin(reading: origin),
                content: try DeploymentContent(reading: content),
                difference: DeploymentDifference(reading: difference),
                by: by,
                job: job,
                hold: DeploymentHold(reading: hold),
                outcome: outcome,
                createdAt: createdAt,
                startedAt: startedAt,
                finishedAt: finishedAt,
                revision: revision
            )
        }
    }
}
