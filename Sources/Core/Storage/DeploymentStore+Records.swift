import Domain
import JSON
import Postgres

extension DeploymentStore {
    /// The most records of one environment; what is live is kept beyond that.
    package static let countMax: Int64 = 200
    /// How long the records of an environment that is gone are kept: a year.
    package static let keepFormer: Duration = .seconds(365 * 86_400)

    /// Removes records of environments that are gone, where they are old.
    ///
    /// - Returns: how many; as many as `batch` mean that there may be more.
    package func removeOld(batch: Int) async throws(StorageFault) -> Int {
        try await translating { () async throws(DatabaseFault) in
            try await database.write(
                """
                DELETE FROM deployment
                 WHERE id IN (
                    SELECT id FROM deployment
                     WHERE created_at < now() - \(interval: Self.keepFormer)
                       AND NOT EXISTS (
                        SELECT FROM environment WHERE environment.id = environment_id)
                     ORDER BY created_at
                     LIMIT \(batch))
                """
            ).affected
        }
    }

    /// The statement that removes what a new record makes too many.
    static func removalOfOld(before newest: Deployment, keeping live: DeploymentID?) -> SQL {
        """
        DELETE FROM deployment
         WHERE environment_id = \(newest.environment)
           AND number <= \(newest.number - countMax)
           AND id IS DISTINCT FROM \(live)
           AND finished_at IS NOT NULL
        """
    }

    static func insertion(of deployment: Deployment) -> SQL {
        """
        INSERT INTO deployment (
            id, environment_id, environment_name, tenant_id, number, state, origin, content,
            difference, requested_by, job_id, hold, outcome, revision, created_at)
        VALUES (
            \(deployment.id), \(deployment.environment), \(deployment.environmentName.text),
            \(deployment.tenant), \(deployment.number), \(deployment.state.rawValue),
            \(Document(deployment.origin.write)), \(Document(deployment.content.write)),
            \(Document(deployment.difference.write)), \(deployment.by), \(deployment.job),
            \(deployment.hold.map { Document($0.write) }),
            \(deployment.outcome), \(deployment.revision), \(deployment.createdAt))
        """
    }

    /// Writes down what becomes of a roll-out that is held.
    static func turn(
        _ turn: DeploymentTurn,
        in transaction: Transaction
    ) async throws(DatabaseFault) {
        try await transaction.execute(
            """
            UPDATE deployment
               SET state = coalesce(\(turn.state?.rawValue), state),
                   hold = \(Document(turn.hold.write)), revision = revision + 1
             WHERE id = \(turn.deployment)
               -- What has ended stays as it ended.
               AND finished_at IS NULL
            """
        )
    }

    /// Writes down that work on a roll-out has begun; nothing where it has before.
    static func begin(
        _ deployment: DeploymentID,
        at now: Domain.Instant,
        in transaction: Transaction
    ) async throws(DatabaseFault) {
        try await transaction.execute(
            """
            UPDATE deployment
               SET state = \(Deployment.State.running.rawValue),
                   started_at = coalesce(started_at, \(now)), revision = revision + 1
             WHERE id = \(deployment)
               -- What has ended stays as it ended.
               AND finished_at IS NULL
               AND (state <> \(Deployment.State.running.rawValue) OR started_at IS NULL)
            """
        )
    }

    /// Writes down how a roll-out ended, and tells of it where the environment does not; nothing
    /// where it has ended before.
    static func end(
        _ outcome: DeploymentOutcome,
        of environment: Environment,
        at now: Domain.Instant,
        in transaction: Transaction
    ) async throws {
        let written = try await transaction.execute(
            """
            UPDATE deployment
               SET state = \(outcome.state.rawValue), outcome = \(outcome.detail),
                   finished_at = \(now), revision = revision + 1
             WHERE id = \(outcome.deployment) AND finished_at IS NULL
            RETURNING number, requested_by
            """
        )
        guard let row = written.first, let type = outcome.state.event else { return }
        let number: Int64 = try row.decode(0)
        let by: String = try row.decode(1)
        var random = SystemRandomNumberGenerator()
        let event = environment.event(type, id: EventID(at: now, using: &random), at: now) { data in
            data.member("deployment", outcome.deployment.description)
            data.member("number", number)
            data.member("by", by)
            data.member("outcome", outcome.detail)
        }
        try await transaction.execute(EventStore.insertion(of: event))
    }
}

extension Deployment.State {
    /// What the world is told where a roll-out ends so; nil where it does not end.
    fileprivate var event: EventType? {
        switch self {
        case .held, .queued, .running: nil
        case .succeeded: .deploymentSucceeded
        case .failed: .deploymentFailed
        case .cancelled: .deploymentCancelled
        case .superseded: .deploymentSuperseded
        }
    }
}
