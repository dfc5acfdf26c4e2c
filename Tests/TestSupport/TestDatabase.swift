package import Postgres

/// A database of its own for one test, in a private PostgreSQL that the test process starts when
/// the first one is asked for and that ends with the process, also when that crashes.
package struct TestDatabase: Sendable {
    /// Where it is.
    package let connection: ConnectionString

    /// A database that somebody else made.
    package init(connection: ConnectionString) {
        self.connection = connection
    }

    /// An empty database.
    package init() throws {
        connection = try TestCluster.shared.makeDatabase(template: "template0")
    }

    /// A database with `migrations` applied; they run once, later tests get copies.
    package init(migrations: [Migration]) throws {
        let template = try TestCluster.shared.template(for: migrations)
        connection = try TestCluster.shared.makeDatabase(template: template)
    }

    /// Runs SQL text in it, several statements if need be, past everything that is tested.
    ///
    /// - Returns: the last statement's rows as text.
    @discardableResult
    package func run(_ sql: String) throws -> [[String?]] {
        try Administration.run(sql, on: connection)
    }
}
