import Domain
import Postgres
import Secrets

/// One changing call as one statement: the row, its job, event, audit entry and receipt are
/// written in one round trip and one transaction, or not at all.
///
/// Everything but the row itself is written from what the row's own statement returns, so that a
/// guard that does not hold leaves nothing behind.
struct ChangeStatement {
    let call: Call
    /// What the audit log names.
    let object: ObjectReference
    let tenant: TenantID?
    var job: NewJob?
    /// Whether the unfinished jobs about the object are asked to end.
    var supersedes: JobQueue.Supersession?
    var event: Event?

    /// True as long as the call was not made before; stands in the row's own condition.
    var isNew: SQL {
        receiptKey == nil ? "true" : "(SELECT held FROM free)"
    }

    /// The whole statement around the one that changes the row and returns its id as `id`.
    func sql(changing change: SQL) -> SQL {
        var sql: SQL = "WITH "
        if let receiptKey { sql += seen(receiptKey) }
        sql += "changed AS (\n\(change)\n)"
        if let supersedes { sql += superseded(supersedes) }
        if let job { sql += queued(job) }
        if let event { sql += ", told AS (\(EventStore.insertion(of: event, from: "changed")))" }
        sql += noted
        if let receiptKey { sql += kept(receiptKey) }
        return sql + result
    }

    private var receiptKey: ReceiptKey? {
        guard let token = call.token, let receipt = call.receipt else { return nil }
        return ReceiptKey(token: token, receipt: receipt)
    }

    /// The first answer, if there is one, and else the right to give it.
    ///
    /// The lock refuses a second call that comes while the first is not committed. One that comes
    /// right behind it may not see the receipt yet; then the key of the table refuses it.
    private func seen(_ key: ReceiptKey) -> SQL {
        """
        seen AS MATERIALIZED (
            SELECT fingerprint, status, headers, body FROM receipt
             WHERE token_id = \(key.token) AND key = \(key.receipt.key)
        ), free AS MATERIALIZED (
            SELECT pg_try_advisory_xact_lock(\(key.lock)) AS held
             WHERE NOT EXISTS (SELECT FROM seen)
        ),\u{20}
        """
    }

    private func superseded(_ which: JobQueue.Supersession) -> SQL {
        """
        , superseded AS (
            \(JobQueue.supersession(of: object, which)) AND EXISTS (SELECT FROM changed)
        )
        """
    }

    private func queued(_ job: NewJob) -> SQL {
        """
        , queued AS (
            INSERT INTO job (
                id, kind, tenant_id, subject_kind, subject_id, subject_name, lane, input,
                requested_by, traceparent)
            SELECT \(job.id), \(job.kind.description), \(job.tenant),
                   \(job.subject.kind.rawValue), \(job.subject.id), \(job.subject.name),
                   \(job.lane), \(JSONText(job.input)), \(call.actor), \(call.traceparent)
              FROM changed
        )
        """
    }

    private var noted: SQL {
        let entry = AuditCause(by: call).entry(
            of: call.operation,
            on: object,
            of: tenant,
            at: call.at,
            from: "changed"
        )
        return ", noted AS (\(entry))"
    }

    private func kept(_ key: ReceiptKey) -> SQL {
        """
        , kept AS (
            INSERT INTO receipt (token_id, key, fingerprint, status, headers, body)
            SELECT \(key.token), \(key.receipt.key), \(key.receipt.fingerprint),
                   \(key.receipt.answer.status), \(key.receipt.answer.headerDocument),
                   \(key.receipt.answer.body)
              FROM changed
        )
        """
    }

    private var result: SQL {
        guard receiptKey != nil else { return " SELECT EXISTS (SELECT FROM changed)" }
        return """
             SELECT EXISTS (SELECT FROM changed), (SELECT held FROM free),
                   seen.fingerprint, seen.status, seen.headers, seen.body
              FROM (VALUES (1)) AS one LEFT JOIN seen ON true
            """
    }
}

extension ChangeStatement {
    /// What one run of the statement came to.
    enum Result: Sendable {
        case outcome(WriteOutcome)
        /// The row's guard did not hold: the thing is absent, forbidden or at another revision.
        case unchanged
    }

    /// Reads what the statement answered.
    func result(of rows: Rows) throws(StorageFault) -> Result {
        let reply: Reply
        do throws(DatabaseFault) {
            reply = try Reply(rows)
        } catch {
            throw StorageFault(error)
        }
        if reply.isWritten { return .outcome(.written) }
        if reply.holdsKey == false { throw .keyInProgress }
        guard let receipt = reply.receipt else { return .unchanged }
        guard receipt.fingerprint == call.receipt?.fingerprint else { throw .keyReused }
        return .outcome(.replayed(receipt.answer))
    }

    /// The one row that the statement answers.
    private struct Reply {
        var isWritten = false
        var holdsKey: Bool?
        var receipt: ReceiptStore.Entry?

        init(_ rows: Rows) throws(DatabaseFault) {
            guard let row = rows.first else { return }
            isWritten = try row.decode(0)
            guard row.columnCount > 1, !isWritten else { return }
            holdsKey = try row.decode(1)
            receipt = try ReceiptStore.entry(in: row, from: 2)
        }
    }
}

extension Database {
    /// Runs a changing call.
    func perform(
        _ statement: ChangeStatement,
        changing change: SQL
    ) async throws(StorageFault) -> ChangeStatement.Result {
        let rows: Rows
        do throws(DatabaseFault) {
            rows = try await write(statement.sql(changing: change))
        } catch .unique(let constraint) {
            // Perhaps the same call came first, on another session and a moment ago.
            let store = ReceiptStore(self)
            if let answer = try await store.answer(to: statement.call) {
                return .outcome(.replayed(answer))
            }
            throw StorageFault(.unique(constraint: constraint))
        } catch {
            throw StorageFault(error)
        }
        return try statement.result(of: rows)
    }

    /// Runs a changing call that needs a look before and has consequences after it, all in one
    /// transaction.
    ///
    /// `after` is run only where something was written.
    func perform(
        _ statement: ChangeStatement,
        changing change: SQL,
        before: (Transaction) async throws -> Void,
        after: (Transaction) async throws -> Void
    ) async throws(StorageFault) -> ChangeStatement.Result {
        let sql = statement.sql(changing: change)
        do {
            return try await together(self) { transaction in
                try await before(transaction)
                let result = try statement.result(of: try await transaction.execute(sql))
                if case .outcome(.written) = result { try await after(transaction) }
                return result
            }
        } catch {
            guard Self.mayBeRepeated.contains(error),
                // Perhaps the same call came first, on another session and a moment ago.
                let answer = try await ReceiptStore(self).answer(to: statement.call)
            else { throw error }
            return .outcome(.replayed(answer))
        }
    }

    /// What a call comes to that was made before, and so took the name or the last place.
    private static let mayBeRepeated: [StorageFault] = [
        .nameTaken, .keyInProgress, .repositoryTaken, .forgesExhausted, .sourcesExhausted,
        .trustsExhausted, .scorecardsExhausted, .catalogExhausted, .locationsExhausted,
    ]
}

/// A receipt under the token that it belongs to.
private struct ReceiptKey {
    let token: TokenID
    let receipt: Receipt

    /// The advisory lock of the key: eight bytes of its hash, so that others practically never
    /// share it.
    var lock: Int64 {
        let hash = SHA256.hash("receipt/\(token)/\(receipt.key)")
        return Int64(truncatingIfNeeded: hash.prefix(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) })
    }
}
