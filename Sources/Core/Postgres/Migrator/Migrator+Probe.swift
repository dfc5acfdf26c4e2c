extension Migrator {
    /// The number of the newest migration in the database, read over a running `Database`.
    ///
    /// - Throws: `DatabaseFault` when it cannot be asked.
    package static func newest(in database: Database) async throws(DatabaseFault) -> Int {
        let rows = try await database.read(
            "SELECT coalesce(max(number), 0)::bigint FROM slipway_migration"
        )
        guard let row = rows.first else { return 0 }
        return try row.decode(0, as: Int.self)
    }
}
