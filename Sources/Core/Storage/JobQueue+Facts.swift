import Domain
import Postgres

extension JobQueue {
    /// Writes what a step found out about its subject, inside the transaction of its result.
    static func write(
        _ facts: [StepFact],
        about subject: ObjectReference,
        tenant: TenantID?,
        in transaction: Transaction
    ) async throws(DatabaseFault) {
    }
}
