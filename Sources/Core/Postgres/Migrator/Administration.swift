/// Blocking odd jobs for set-up programs and tests; not for a loop's thread.
package enum Administration {
    /// Runs SQL text, several statements if need be, over a session of its own.
    ///
    /// - Returns: the last statement's rows as text.
    /// - Throws: `ConnectFault`, or `DatabaseFault.statement`.
    @discardableResult
    package static func run(_ sql: String, on target: ConnectionString) throws -> [[String?]] {
        let session = try DirectSession(target)
        do {
            return try session.run(sql)
        } catch {
            throw DatabaseFault.statement(sqlState: error.sqlState, message: error.message)
        }
    }

    /// The names in a folder; empty when it cannot be read.
    package static func names(in directory: String) -> [String] {
        Files.entries(of: directory)
    }
}
