import Postgres

/// Settings that all processes of one installation share.
package struct SettingStore: Sendable {
    /// A known text under the sealing key, by which a wrong key is noticed at the start.
    package static let sealingCheck = "sealing-key-check"

    let database: Database

    init(_ database: Database) {
        self.database = database
    }

    /// The value of a setting; nil where nobody has set it.
    package func value(of name: String) async throws(StorageFault) -> [UInt8]? {
        try await translating { () async throws(DatabaseFault) in
            let rows = try await database.read("SELECT value FROM setting WHERE name = \(name)")
            return try rows.first.map { row throws(DatabaseFault) in try row.decode(0) }
        }
    }

    /// The value of a setting; the first process to ask brings it along, all others get its.
    package func value(
        of name: String,
        orFirst value: [UInt8]
    ) async throws(StorageFault) -> [UInt8] {
        try await translating { () async throws(DatabaseFault) in
            _ = try await database.write(
                """
                INSERT INTO setting (name, value) VALUES (\(name), \(value))
                ON CONFLICT (name) DO NOTHING
                """
            )
        }
        return try await self.value(of: name) ?? value
    }

    /// Sets a setting, whatever it was.
    package func set(_ value: [UInt8], as name: String) async throws(StorageFault) {
        try await translating { () async throws(DatabaseFault) in
            _ = try await database.write(
                """
                INSERT INTO setting (name, value) VALUES (\(name), \(value))
                ON CONFLICT (name) DO UPDATE SET value = EXCLUDED.value
                """
            )
        }
    }
}
