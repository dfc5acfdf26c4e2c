internal import CLinux
internal import EventLoop
internal import Glibc
package import Logging
internal import Synchronization

/// A private PostgreSQL under a data directory, reachable over a unix socket only.
///
/// Its methods block: not for a loop's thread.
package final class EmbeddedServer: Sendable {
    /// Where the server lives and how it runs.
    package struct Configuration: Sendable {
        /// The data directory; the server's files go to `postgres` in it.
        package var directory: String
        /// False for tests only: a crash of the machine may then lose everything.
        package var isDurable = true
        /// PATH, where the server programs are looked for first.
        package var searchPath = "/usr/local/bin:/usr/bin:/bin"
        /// XDG_RUNTIME_DIR, for the socket when the data directory's path is too long for one.
        package var runtimeDirectory: String?
        /// How long the server may take to be ready; it may have to recover from a crash.
        package var startWaitMax = Duration.seconds(60)

        /// A server under `directory`, with the defaults.
        package init(directory: String) {
            self.directory = directory
        }
    }

    /// The user and the database that a new server is made with.
    private static let name = "slipway"

    private let configuration: Configuration
    private let logger: Logger
    private let running = Mutex<Running?>(nil)

    /// What exists while the server is started.
    private struct Running {
        /// Nil where another program runs the server.
        let supervisor: ServerSupervisor?
        let socketDirectory: String
        /// Only held: it keeps others out of the data directory.
        let lock: LockHolder?
    }

    private final class LockHolder: Sendable {
        let descriptor: Descriptor
        init(_ descriptor: consuming Descriptor) { self.descriptor = descriptor }

        // Closing alone would leave the lock to a child that is between fork and exec just now.
        deinit { _ = slipway_unlock_file(descriptor.raw) }
    }

    /// A server that `start` starts.
    package init(_ configuration: Configuration, logger: Logger) {
        self.configuration = configuration
        self.logger = logger
    }

    /// The major version of the server programs that a new data directory would get.
    ///
    /// - Throws: `EmbeddedServerFault` when there are none; it says what to install.
    package static func programsMajor(
        searchPath: String
    ) throws(EmbeddedServerFault) -> Int {
        try ServerPrograms.find(for: nil, path: searchPath).major
    }

    /// Where the running server is found.
    package var connection: ConnectionString {
        let directory = running.withLock { $0?.socketDirectory }
        precondition(directory != nil, "asked for a server that was not started")
        return ConnectionString(
            socketDirectory: directory ?? "",
            user: Self.name,
            database: Self.name
        )
    }

    /// The process id of the server, while it runs.
    package var processID: Int32? {
        running.withLock { $0?.supervisor?.processID }
    }

    /// Makes the database when there is none, starts the server and returns when it takes
    /// connections.
    ///
    /// From then on a server that dies is started again.
    ///
    /// - Throws: `EmbeddedServerFault`, whose description says what to do.
    package func start() throws(EmbeddedServerFault) {
        let cluster = try cluster()
        guard let lock = try cluster.takeLock() else { throw .inUse(cluster.root) }
        let running = try start(cluster, keeping: LockHolder(lock))
        self.running.withLock { $0 = running }
    }

    /// Like `start`, but where another program runs the server of this directory already, that one
    /// is used, and `stop` leaves it running.
    package func startOrJoin() throws(EmbeddedServerFault) {
        let cluster = try cluster()
        let joined: Running
        if let lock = try cluster.takeLock() {
            joined = try start(cluster, keeping: LockHolder(lock))
        } else {
            let place = cluster.socketDirectory(runtime: configuration.runtimeDirectory)
            joined = Running(supervisor: nil, socketDirectory: place, lock: nil)
        }
        running.withLock { $0 = joined }
    }

    /// Where the server of this directory is found while it runs.
    ///
    /// - Throws: `EmbeddedServerFault` when it could not be started here; it says what to do.
    package func address() throws(EmbeddedServerFault) -> String {
        let cluster = try cluster()
        _ = try ServerPrograms.find(for: cluster.major, path: configuration.searchPath)
        let place = cluster.socketDirectory(runtime: configuration.runtimeDirectory)
        return "host=\(place) user=\(Self.name) dbname=\(Self.name)"
    }

    private func cluster() throws(EmbeddedServerFault) -> ClusterDirectory {
        try ClusterDirectory(configuration.directory, user: try ServerUser.current())
    }

    private func start(
        _ cluster: ClusterDirectory,
        keeping lock: LockHolder
    ) throws(EmbeddedServerFault) -> Running {
        let programs = try ServerPrograms.find(
            for: cluster.major,
            path: configuration.searchPath
        )
        let socketDirectory = try cluster.makeSocketDirectory(
            runtime: configuration.runtimeDirectory
        )
        let isNew = cluster.major == nil
        if isNew { try initialise(cluster, programs) }
        try OrphanSweep(data: cluster.data, sockets: socketDirectory).run()
        let supervisor = ServerSupervisor(
            command: command(programs, cluster, socketDirectory),
            cluster: cluster,
            socketDirectory: socketDirectory,
            deathSignal: configuration.isDurable ? SIGINT : SIGQUIT,
            logger: logger
        )
        supervisor.start()
        let running = Running(
            supervisor: supervisor,
            socketDirectory: socketDirectory,
            lock: lock
        )
        do {
            try awaitReady(supervisor, in: cluster)
            try createDatabase(socketDirectory)
        } catch {
            supervisor.stop()
            throw error
        }
        return running
    }

    /// Stops the server, ending its sessions, and returns when it is gone.
    package func stop() {
        let running = running.withLock { running in
            defer { running = nil }
            return running
        }
        guard let running, let supervisor = running.supervisor else { return }
        supervisor.stop()
        // Empty now; one that is not is no longer ours to remove.
        rmdir(running.socketDirectory)
    }

    /// Makes the data under another name first, so that a crash in the middle leaves nothing that
    /// looks finished.
    private func initialise(
        _ cluster: ClusterDirectory,
        _ programs: ServerPrograms
    ) throws(EmbeddedServerFault) {
        logger.info("making a private PostgreSQL", metadata: ["directory": "\(cluster.data)"])
        let making = cluster.dataBeingMade
        var words = [
            programs.initdb, "--pgdata=\(making)", "--username=\(Self.name)", "--auth=trust",
            "--encoding=UTF8", "--locale=C", "--lc-ctype=C.UTF-8", "--no-instructions",
        ]
        if !configuration.isDurable { words.append("--no-sync") }
        do {
            _ = try ServerProcess.output(of: ["/bin/rm", "-rf", "--", making])
            guard mkdir(making, 0o700) == 0 else { throw SystemFailure("mkdir \(making)") }
            try cluster.user.own(making)
            _ = try ServerProcess.output(
                of: words,
                as: cluster.user.isOther ? cluster.user : nil
            )
            guard rename(making, cluster.data) == 0 else {
                throw SystemFailure("rename \(making)")
            }
        } catch let failure as SystemFailure {
            throw .initialisation(failure.description)
        } catch {
            throw .initialisation("\(error)")
        }
    }

    private func command(
        _ programs: ServerPrograms,
        _ cluster: ClusterDirectory,
        _ socketDirectory: String
    ) -> [String] {
        var settings = [
            "listen_addresses=", "unix_socket_directories=\(socketDirectory)",
            "unix_socket_permissions=0700", "port=5432", "max_connections=100",
            "superuser_reserved_connections=3", "jit=off", "logging_collector=off",
            "log_destination=stderr", "log_min_messages=warning", "log_timezone=UTC",
            "timezone=UTC", "wal_compression=on", "log_checkpoints=off",
        ]
        if !configuration.isDurable {
            settings += [
                // All tests of a process share one server.
                "max_connections=1000", "fsync=off", "full_page_writes=off",
                "synchronous_commit=off", "shared_buffers=32MB",
            ]
        }
        return [programs.postgres, "-D", cluster.data] + settings.flatMap { ["-c", $0] }
    }

    private func awaitReady(
        _ supervisor: ServerSupervisor,
        in cluster: ClusterDirectory
    ) throws(EmbeddedServerFault) {
        let end = ContinuousClock.now.advanced(by: configuration.startWaitMax)
        while supervisor.isAlive, ContinuousClock.now < end {
            if let process = supervisor.processID, cluster.isReady(process) { return }
            // The server tells nobody when it is ready; looking costs a small file's reading.
            usleep(2_000)
        }
        let log = cluster.log
        throw .didNotStart(log: Files.tail(of: log, limit: 2_000).trimmed, path: log)
    }

    /// Makes our own database where it is missing: on the first start, or when that was cut short.
    private func createDatabase(_ socketDirectory: String) throws(EmbeddedServerFault) {
        let target = ConnectionString(
            socketDirectory: socketDirectory,
            user: Self.name,
            database: Self.name
        )
        do throws(ConnectFault) {
            _ = try DirectSession(target)
        } catch {
            guard error.reason.contains("does not exist") else {
                throw EmbeddedServerFault("The private PostgreSQL refused us: \(error)")
            }
            do {
                try Administration.run(
                    "CREATE DATABASE \(Self.name)",
                    on: target.setting("dbname", to: "postgres")
                )
            } catch {
                throw EmbeddedServerFault("The private PostgreSQL refused us: \(error)")
            }
        }
    }
}
