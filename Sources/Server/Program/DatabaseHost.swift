import Glibc
import Logging
import Postgres

/// The PostgreSQL of this installation: the operator's, or one that this process runs itself.
/// Its methods block: for the main thread only.
struct DatabaseHost {
    /// How to reach it, once started.
    let connection: ConnectionString
    private let embedded: EmbeddedServer?

    /// Starts the embedded server unless the settings name another.
    ///
    /// - Throws: a fault whose description says what to do.
    init(_ settings: Settings, _ directory: DataDirectory, logger: Logger) throws {
        if let url = settings.databaseURL {
            connection = try ConnectionString(parsing: url)
            embedded = nil
            return
        }
        var configuration = EmbeddedServer.Configuration(directory: directory.path)
        if let path = Environment.value("PATH") { configuration.searchPath = path }
        configuration.runtimeDirectory = Environment.value("XDG_RUNTIME_DIR")
        let server = EmbeddedServer(configuration, logger: logger)
        try server.start()
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

    /// Stops the embedded server, where there is one.
    func stop() {
        embedded?.stop()
    }
}
