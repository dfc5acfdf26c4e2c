import Glibc
import Logging
import Postgres

/// The PostgreSQL of this installation: the operator's, or one that this process runs itself.
///
/// Its methods block: for the main thread only.
struct DatabaseHost {
    /// How to reach it, once started.
    let connection: ConnectionString
    private let embedded: EmbeddedServer?

    /// Starts the embedded server unless the settings name another.
    ///
    /// - Parameters:
    ///   - settings: Where PostgreSQL is, unless it is ours.
    ///   - directory: Where ours keeps its data.
    ///   - joins: Whether the embedded server of a running `serve` will do.
    ///   - logger: Where its doings are told.
    /// - Throws: a fault whose description says what to do.
    init(
        _ settings: Settings,
        _ directory: DataDirectory,
        joins: Bool,
        logger: Logger
    ) throws {
        if let url = settings.databaseURL {
            connection = try ConnectionString(parsing: url)
            embedded = nil
            return
        }
        let server = EmbeddedServer(.init(in: directory), logger: logger)
        if joins { try server.startOrJoin() } else { try server.start() }
        connection = server.connection
        embedded = server
    }

    /// Brings the schema up to date.
    ///
    /// - Throws: `MigrationFault`.
    func migrate(logger: Logger) throws {
        try Migrator(EmbeddedFiles.migrations).migrate(connection) { migration in
            logger.notice(
                "migration applied",
                metadata: ["number": "\(migration.number)", "name": "\(migration.name)"]
            )
        }
    }

    /// Refuses a database that has not this version's schema, and changes nothing.
    ///
    /// - Throws: `MigrationFault`; `StartFault` where migrations are missing.
    func requireSchema() throws {
        let pending = try Migrator(EmbeddedFiles.migrations).pending(connection)
        guard pending.isEmpty else {
            throw StartFault(
                "the database lacks \(pending.count) migrations of this version; run "
                    + "'slipway migrate' with the same settings, or start 'serve'"
            )
        }
    }

    /// Stops the embedded server, where there is one.
    func stop() {
        embedded?.stop()
    }
}

extension EmbeddedServer.Configuration {
    /// The embedded server of a data directory, with the programs that this process finds.
    init(in directory: DataDirectory) {
        self.init(directory: directory.path)
        if let path = Environment.value("PATH") { searchPath = path }
        runtimeDirectory = Environment.value("XDG_RUNTIME_DIR")
    }
}
