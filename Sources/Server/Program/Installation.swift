import ArgumentParser
import Glibc
import Logging
import Telemetry

/// What every command that touches the database needs: settings, folder, log and PostgreSQL.
struct Installation {
    let settings: Settings
    let directory: DataDirectory
    let log: Log
    let database: DatabaseHost

    /// Opens the installation, runs `body` and closes it again; what goes wrong is told on
    /// standard error and ends the program with code 1.
    ///
    /// - Parameters:
    ///   - flags: What was given on the command line.
    ///   - joins: Whether the database of a `serve` that runs right now will do.
    ///   - examine: Refuses settings that cannot work, before anything is touched.
    ///   - body: What is done with the installation while it is open.
    ///
    /// - Throws: `ExitCode`, once the person at the terminal was told.
    static func open(
        _ flags: [SettingName: String],
        joins: Bool,
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
            let directory = try DataDirectory(creating: settings.dataDirectory)
            let database = try DatabaseHost(
                settings,
                directory,
                joins: joins,
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
}

/// What is told to the person at the terminal rather than to the log.
enum StandardError {
    static func write(_ text: String) {
        let bytes = Array(text.utf8)
        // Nobody to tell when this fails.
        _ = Glibc.write(STDERR_FILENO, bytes, bytes.count)
    }
}
