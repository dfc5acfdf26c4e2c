import ArgumentParser

struct Serve: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Run the server until it is told to stop."
    )
    @OptionGroup var database: DatabaseFlags
    @OptionGroup var flags: ServeFlags
    func run() throws {}
}
struct TokenCommand: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "token")
    func run() throws {}
}
struct Check: ParsableCommand {
    func run() throws {}
}
