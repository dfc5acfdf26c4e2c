import ArgumentParser

/// The program: one executable with a command for each thing an operator does.
@main
struct Slipway: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "slipway",
        abstract: "The backend of an internal developer platform.",
        discussion: """
            Each setting is a flag and an environment variable; the flag wins. \
            'slipway serve --help' lists them all.
            """,
        version: Version.text,
        subcommands: [
            Serve.self, Migrate.self, TokenCommand.self, ClassCommand.self, Check.self,
            ShowVersion.self,
        ]
    )
}
