import ArgumentParser
import Postgres

/// `slipway migrate`.
struct Migrate: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Bring the database to this version's schema and end.",
        discussion: "'serve' does the same at its start; run this before a rolling upgrade."
    )

    @OptionGroup var flags: DatabaseFlags

    @Flag(help: "Only list what would be applied.")
    var dryRun = false

    func run() throws {
        try Installation.open(flags.given, for: dryRun ? .using : .migrating) { installation in
            let migrator = Migrator(EmbeddedFiles.migrations)
            let connection = installation.database.connection
            let list =
                dryRun ? try migrator.pending(connection) : try migrator.migrate(connection)
            for migration in list {
                print("\(dryRun ? "pending" : "applied") \(migration.number) \(migration.name)")
            }
            if list.isEmpty { print("the database is up to date") }
        }
    }
}
