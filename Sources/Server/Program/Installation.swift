import ArgumentParser
import Glibc
import Logging
import Telemetry

/// What every command that touches the database needs: settings, folder, log and PostgreSQL.
struct Installation {
    /// What a command wants of the installation.
    enum Purpose {
        /// To be the one process that runs its embedded PostgreSQL; makes what is missing.
        case serving
        /// To change its schema, also beside a running `serve`; makes what is missing.
        case migrating
        /// To work in one that exists, also beside a running `serve`; makes nothing.
        case using
    }

    let settings: Settings
    let directory: DataDirectory
    let log: Log
    let database: DatabaseHost

    /// Opens the installation, runs `body` and closes it again; what goes wrong is told on
    /// standard error and ends the program with code 1.
    ///
    /// - Parameters:
    ///   - flags: What was given on the command line.
    ///   - purpose: What the command wants of it.
    ///   - examine: Refuses settings that cannot work, before anything is touched.
    ///   - body: What is done with the installation while it is open.
    ///
    /// - Throws: `ExitCode`, once the person at the terminal was told.
    static func open(
        _ flags: [SettingName: String],
        for purpose: Purpose,
        examining examine: (Settings) throws -> Void = { _ in },
        _ body: (Installation) throws -> Void
    ) throws {
        do {
            let settings = try Settings(
                flags: flags,
                environment: Environment.settings,
                processors: Environment.processors
            )
            try examine(settings)
            let log = Log(settings)
            defer { log.sink.stop(within: .seconds(2)) }
            if purpose == .using { try requireData(settings) }
            let directory = try DataDirectory(creating: settings.dataDirectory)
            let database = try DatabaseHost(
                settings,
                directory,
                joins: purpose != .serving,
                logger: log.logger("slipway.postgres")
            )
            defer { database.stop() }
            try body(
                Installation(
                    settings: settings,
                    directory: directory,
                    log: log,
                    database: database
                )
            )
        } catch {
            StandardError.write("slipway: \(error)\n")
            throw ExitCode.failure
        }
    }

    /// Refuses a folder in which no `serve` ever ran, before anything is made in it.
    private static func requireData(_ settings: Settings) throws(StartFault) {
        let folder = settings.dataDirectory
        guard settings.databaseURL == nil, !DataDirectory.holdsDatabase(folder) else { return }
        throw StartFault(
            "no Slipway data in \(folder); give --data-dir the folder of the server's data, or "
                + "--database-url where PostgreSQL is your own"
        )
    }
}

/// What is told to the person at the terminal rather than to the log.
enum StandardError {
    static func write(_ text: String) {
        let bytes = Array(text.utf8)
        // Nobody to tell when this fails.
        _ = Glibc.write(STDERR_FILENO, bytes, bytes.count)
    }
}
