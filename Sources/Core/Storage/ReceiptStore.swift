package import Domain
import JSON
import Postgres

/// The first answers to calls with an idempotency key.
package struct ReceiptStore: Sendable {
    let database: Database

    init(_ database: Database) {
        self.database = database
    }

    /// The first answer to this call; nil where it was not made before.
    ///
    /// For callers that must look at things before they can change them: without this a repeated
    /// change would be judged against its own effect.
    ///
    /// - Throws: `.keyReused` where the key belongs to another call.
    package func answer(
        forKey key: String,
        fingerprint: [UInt8],
        of token: TokenID
    ) async throws(StorageFault) -> StoredAnswer? {
        let entry = try await translating { () async throws(DatabaseFault) in
            let rows = try await database.read(
                """
                SELECT fingerprint, status, headers, body FROM receipt
                 WHERE token_id = \(token) AND key = \(key)
                """
            )
            return try rows.first.flatMap { row throws(DatabaseFault) in
                try Self.entry(in: row, from: 0)
            }
        }
        guard let entry else { return nil }
        guard entry.fingerprint == fingerprint else { throw .keyReused }
        return entry.answer
    }

    func answer(to call: Call) async throws(StorageFault) -> StoredAnswer? {
        guard let token = call.token, let receipt = call.receipt else { return nil }
        return try await answer(
            forKey: receipt.key,
            fingerprint: receipt.fingerprint,
            of: token
        )
    }

    /// Removes receipts that are older than their lifetime.
    ///
    /// - Returns: how many there were; as many as `batch` means that there may be more.
    package func removeOld(batch: Int) async throws(StorageFault) -> Int {
        try await translating { () async throws(DatabaseFault) in
            try await database.write(
                """
                DELETE FROM receipt
                 WHERE (token_id, key) IN (
                    SELECT token_id, key FROM receipt
                     WHERE made_at < now() - \(interval: Receipt.lifetime)
                     ORDER BY made_at
                     LIMIT \(batch))
                """
            ).affected
        }
    }
}

extension ReceiptStore {
    /// A receipt as it is stored.
    struct Entry {
        var fingerprint: [UInt8]
        var answer: StoredAnswer
    }

    /// Reads fingerprint, status, headers and body; nil where an outer join found none.
    static func entry(in row: Row, from column: Int) throws(DatabaseFault) -> Entry? {
        guard let fingerprint = try row.decode(column, as: [UInt8]?.self) else { return nil }
        let headers = try row.decode(column + 2, as: [UInt8].self)
        return Entry(
            fingerprint: fingerprint,
            answer: StoredAnswer(
                status: try row.decode(column + 1),
                headers: StoredAnswer.headers(reading: headers),
                body: try row.decode(column + 3)
            )
        )
    }
}

extension StoredAnswer {
    /// The headers as a JSON array of pairs.
    var headerDocument: Document {
        Document { writer in
            writer.array(headers) { writer, header in
                writer.array([header.name, header.value]) { $0.string($1) }
            }
        }
    }

    static func headers(reading document: [UInt8]) -> [Header] {
        // PostgreSQL has checked that it is JSON; what is not a pair was not written by us.
        let pairs = (try? JSON.parse(document))?.array ?? []
        return pairs.compactMap { pair in
            guard let name = pair[0]?.string, let value = pair[1]?.string else { return nil }
            return Header(name: name, value: value)
        }
    }
}
