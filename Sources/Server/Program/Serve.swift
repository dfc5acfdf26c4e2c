import ArgumentParser
import EventLoop

/// `slipway serve`.
struct Serve: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Run the server until it is told to stop.",
        discussion: """
            Without --database-url an embedded PostgreSQL is started under the data directory \
            and stopped with the server. SIGTERM and SIGINT end it when what is under way is \
            done, a second one at once; SIGHUP reads the certificate anew.
            """
    )

    @OptionGroup var database: DatabaseFlags
    @OptionGroup var flags: ServeFlags

    func run() throws {
        ProcessSignal.block()
        let given = database.given.merging(flags.given) { $1 }
        let examine = ServerProcess.examineAddresses
        try Installation.open(given, for: .serving, examining: examine) { installation in
            try installation.database.migrate(logger: installation.log.logger("slipway"))
            let group = try EventLoopGroup(count: installation.settings.loops)
            group.start()
            defer { group.stop() }
            try MainThread.run(on: group.loops[0]) {
                let process = try await ServerProcess.start(installation, on: group)
                await process.runUntilStopped()
            }
        }
    }
}
