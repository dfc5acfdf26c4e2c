import ArgumentParser
import Glibc

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

    static func main() {
        fillStandardStreams()
        main(nil)
    }

    /// Opens `/dev/null` for each standard stream that is closed, lest a socket gets its number and
    /// with it what is logged.
    private static func fillStandardStreams() {
        var descriptor: Int32
        repeat { descriptor = open("/dev/null", O_RDWR) } while 0...STDERR_FILENO ~= descriptor
        close(descriptor)
    }
}
