/// One transaction under way; of no use after its body has ended.
package struct Transaction: Sendable {
    let lease: TransactionLease

    /// Runs a statement and returns its answer.
    @discardableResult
    package func execute(_ sql: SQL) async throws(DatabaseFault) -> Rows {
        try await execute(all: [sql])[0]
    }

    /// Runs statements in one round trip; the first one that fails ends the transaction.
    @discardableResult
    package func execute(all statements: [SQL]) async throws(DatabaseFault) -> [Rows] {
        guard statements.allSatisfy(\.isSendable) else { throw SQL.holdsNUL }
        return try await lease.execute(statements)
    }
}
