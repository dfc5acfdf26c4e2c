import Glibc
import Logging
import Synchronization
import TestSupport
import Testing

@testable import Postgres

@Suite struct EmbeddedServerTests {
    /// The data of a server that was made and stopped, until the process ends: the tests copy it,
    /// for making one is slow.
    private static let made = Mutex<TemporaryDirectory?>(nil)

    private static func madeOnce() throws -> String {
        try made.withLock { made in
            if let made { return made.path }
            let directory = TemporaryDirectory()
            let server = fresh(in: directory, under: "/data")
            try server.start()
            server.stop()
            made = directory
            atexit { EmbeddedServerTests.made.withLock { $0 = nil } }
            return directory.path
        }
    }

    /// A server without data.
    private static func fresh(
        in directory: TemporaryDirectory,
        under path: String
    ) -> EmbeddedServer {
        chmod(directory.path, 0o755)
        var configuration = EmbeddedServer.Configuration(directory: directory.path + path)
        configuration.isDurable = false
        return EmbeddedServer(configuration, logger: Logger(label: "test"))
    }

    /// A server with data, unless there is some already.
    private func server(
        in directory: TemporaryDirectory,
        under path: String = "/data"
    ) throws -> EmbeddedServer {
        let data = directory.path + path
        if access(data, F_OK) != 0 {
            mkdir(data, 0o711)
            try run(["cp", "-a", Self.madeOnce() + "/data/postgres", data])
        }
        return Self.fresh(in: directory, under: path)
    }

    private func fault(_ body: () throws -> Void) -> String? {
        do {
            try body()
            return nil
        } catch {
            return "\(error)"
        }
    }

    /// Tries until the server answers, for as long as it takes to be started again.
    private func eventually(_ server: EmbeddedServer) -> [[String?]] {
        while true {
            // Not there yet: the loop tries again.
            if let rows = try? Administration.run("SELECT 1", on: server.connection) {
                return rows
            }
            sched_yield()
        }
    }

    @Test func `what was written is there after a restart`() throws {
        let directory = TemporaryDirectory()
        let first = try server(in: directory)
        try first.start()
        try Administration.run(
            "CREATE TABLE kept (id int); INSERT INTO kept VALUES (5)",
            on: first.connection
        )
        first.stop()
        let second = try server(in: directory)
        try second.start()
        defer { second.stop() }
        let rows = try Administration.run(
            "SELECT id, current_setting('listen_addresses'), getdatabaseencoding() FROM kept",
            on: second.connection
        )
        #expect(rows == [["5", "", "UTF8"]])
    }

    @Test func `a server that is killed is started again`() throws {
        let directory = TemporaryDirectory()
        let server = try server(in: directory)
        try server.start()
        defer { server.stop() }
        let killed = try #require(server.processID)
        kill(killed, SIGKILL)
        #expect(eventually(server) == [["1"]])
        #expect(server.processID != killed)
    }

    @Test func `a program that is killed leaves nothing in the way of the next`() async throws {
        let directory = TemporaryDirectory()
        chmod(directory.path, 0o755)
        await #expect(processExitsWith: .signal(SIGKILL)) { [path = directory.path as String] in
            let configuration = EmbeddedServer.Configuration(directory: path + "/data")
            let server = EmbeddedServer(configuration, logger: Logger(label: "test"))
            try server.start()
            try Administration.run(
                "CREATE TABLE kept (id int); INSERT INTO kept VALUES (5)",
                on: server.connection
            )
            kill(getpid(), SIGKILL)
        }
        let next = try server(in: directory)
        try next.start()
        defer { next.stop() }
        let rows = try Administration.run("SELECT id FROM kept", on: next.connection)
        #expect(rows == [["5"]])
    }

    @Test func `a lock file of another process does not prevent the start`() throws {
        let directory = TemporaryDirectory()
        let first = try server(in: directory)
        try first.start()
        first.stop()
        // A live process that is no PostgreSQL: numbers are used again after a restart.
        let lock = directory.path + "/data/postgres/postmaster.pid"
        let file = try #require(fopen(lock, "w"))
        fputs("\(getpid())\n\(directory.path)/data/postgres\n1\n5432\n\n\n", file)
        fclose(file)
        let second = try server(in: directory)
        try second.start()
        defer { second.stop() }
        #expect(eventually(second) == [["1"]])
    }

    @Test func `the lock of a socket that nobody serves is cleared away`() throws {
        let directory = TemporaryDirectory()
        let sweep = OrphanSweep(
            data: directory.path + "/postgres",
            sockets: directory.path as String
        )
        let lock = directory.path + "/.s.PGSQL.5432.lock"
        let file = try #require(fopen(lock, "w"))
        // A live process of the server's user would keep PostgreSQL from starting.
        fputs("\(getpid())\n\(sweep.data)\n1\n5432\n\n\n", file)
        fclose(file)
        try sweep.run()
        #expect(access(lock, F_OK) != 0)
    }

    @Test func `a server without an owner is stopped before a new one starts`() throws {
        let directory = TemporaryDirectory()
        let first = try server(in: directory)
        try first.start()
        first.stop()
        let data = directory.path + "/data/postgres"
        var words = [
            "-D", data, "-o", "-c listen_addresses= -k \(data)",
        ]
        words += ["-l", data + "/orphan.log", "-w", "start"]
        let path = getenv("PATH").map { String(cString: $0) } ?? ""
        let programs = try ServerPrograms.find(for: nil, path: path)
        try run(asServerUser: programs.directory + "/pg_ctl", words)
        let second = try server(in: directory)
        try second.start()
        defer { second.stop() }
        #expect(eventually(second) == [["1"]])
    }

    @Test func `two programs do not share a data directory`() throws {
        let directory = TemporaryDirectory()
        let first = try server(in: directory)
        try first.start()
        defer { first.stop() }
        let refusal = fault { try self.server(in: directory).start() }
        #expect(refusal?.contains("Another program of this kind uses") == true)
        #expect(eventually(first) == [["1"]])
    }

    @Test func `a command joins the server of a program that runs, and leaves it running`() throws {
        let directory = TemporaryDirectory()
        let first = try server(in: directory)
        try first.start()
        defer { first.stop() }
        let second = try server(in: directory)
        try second.startOrJoin()
        #expect(eventually(second) == [["1"]])
        #expect(second.processID == nil)
        second.stop()
        #expect(eventually(first) == [["1"]])
    }

    @Test func `a command starts the server itself where nobody runs it`() throws {
        let directory = TemporaryDirectory()
        let server = try server(in: directory)
        try server.startOrJoin()
        defer { server.stop() }
        #expect(server.processID != nil)
        #expect(eventually(server) == [["1"]])
    }

    @Test func `data of another major version is refused with what to do`() throws {
        let directory = TemporaryDirectory()
        let first = try server(in: directory)
        try first.start()
        first.stop()
        let version = directory.path + "/data/postgres/PG_VERSION"
        let file = try #require(fopen(version, "w"))
        fputs("9\n", file)
        fclose(file)
        let refusal = fault { try self.server(in: directory).start() }
        #expect(refusal?.contains("was made by PostgreSQL 9") == true)
        #expect(refusal?.contains("apt-get install") == true)
    }

    @Test func `a data directory with a long path still gets a socket`() throws {
        let directory = TemporaryDirectory()
        let long = try server(in: directory, under: "/" + String(repeating: "d", count: 120))
        try long.start()
        defer { long.stop() }
        #expect(eventually(long) == [["1"]])
    }

    @Test(.enabled(if: geteuid() == 0, "only root runs it as another user"))
    func `a closed folder on the way is named`() throws {
        let directory = TemporaryDirectory()
        let closed = directory.path + "/closed"
        mkdir(closed, 0o700)
        let refusal = fault { try Self.fresh(in: directory, under: "/closed/data").start() }
        #expect(refusal?.contains("chmod o+x \(closed)") == true)
    }

    @Test(.enabled(if: geteuid() == 0, "only root runs it as another user"))
    func `as root the server runs as another user`() throws {
        let directory = TemporaryDirectory()
        let server = try server(in: directory)
        try server.start()
        defer { server.stop() }
        var status = stat()
        let process = try #require(server.processID)
        #expect(stat("/proc/\(process)", &status) == 0)
        #expect(status.st_uid != 0)
    }

    private func run(asServerUser program: String, _ arguments: [String]) throws {
        let switching = ["setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups"]
        try run((geteuid() == 0 ? switching : []) + [program] + arguments)
    }

    private func run(_ words: [String]) throws {
        var process = pid_t()
        var pointers: [UnsafeMutablePointer<CChar>?] = words.map { (word: String) in strdup(word) }
        pointers.append(nil)
        defer { pointers.forEach { free($0) } }
        try #require(posix_spawnp(&process, words[0], nil, nil, pointers, environ) == 0)
        var status: Int32 = 0
        waitpid(process, &status, 0)
        try #require(status == 0)
    }
}
