import CLinux
import Glibc
import Logging
import Postgres
import Synchronization

/// The private PostgreSQL of this test process.
final class TestCluster: Sendable {
    /// Started when it is first asked for.
    static let shared = TestCluster()

    private static let prefix = "slipway-test-postgres-"

    private struct State {
        var server: EmbeddedServer?
        var databases = 0
        var templates: [(migrations: [Migration], name: String)] = []
    }

    private let directory: String
    private let state = Mutex(State())

    private init() {
        Self.removeAbandoned()
        var template = Array("/tmp/\(Self.prefix)XXXXXX".utf8CString)
        precondition(mkdtemp(&template) != nil, "no folder could be made under /tmp")
        directory = String(
            decoding: template.dropLast().map(UInt8.init(bitPattern:)),
            as: UTF8.self
        )
        atexit { TestCluster.shared.end() }
    }

    /// An empty database, or a copy of `template`.
    func makeDatabase(template: String) throws -> ConnectionString {
        try state.withLock { state in
            try makeDatabase(template: template, &state)
        }
    }

    /// The name of a database with `migrations` applied.
    func template(for migrations: [Migration]) throws -> String {
        try state.withLock { state in
            if let made = state.templates.first(where: { $0.migrations == migrations }) {
                return made.name
            }
            let connection = try makeDatabase(template: "template0", &state)
            try Migrator(migrations).migrate(connection)
            let name = connection["dbname"] ?? ""
            state.templates.append((migrations, name))
            return name
        }
    }

    private func makeDatabase(
        template: String,
        _ state: inout State
    ) throws -> ConnectionString {
        let server = try state.server ?? startServer()
        state.server = server
        state.databases += 1
        let name = "test_\(state.databases)"
        try Administration.run(
            "CREATE DATABASE \(name) TEMPLATE \(template)",
            on: server.connection.setting("dbname", to: "postgres")
        )
        return server.connection.setting("dbname", to: name)
    }

    private func startServer() throws -> EmbeddedServer {
        var configuration = EmbeddedServer.Configuration(directory: directory)
        configuration.isDurable = false
        let server = EmbeddedServer(configuration, logger: Logger(label: "test"))
        try server.start()
        return server
    }

    /// The end of the test process.
    ///
    /// After a crash nobody calls it: the kernel then tells the
    /// server to quit, and the next test process removes the folder.
    private func end() {
        state.withLock { state in
            state.server?.stop()
            state.server = nil
        }
        Self.remove(directory)
    }

    /// Removes the folders of test processes that are gone: nobody holds their lock.
    private static func removeAbandoned() {
        for name in Administration.names(in: "/tmp") where name.hasPrefix(prefix) {
            let descriptor = open("/tmp/\(name)/postgres.lock", O_RDWR | O_CLOEXEC)
            guard descriptor >= 0 else { continue }
            if slipway_lock_file(descriptor) == 0 { remove("/tmp/\(name)") }
            close(descriptor)
        }
    }

    private static func remove(_ directory: String) {
        var process = pid_t()
        var words: [UnsafeMutablePointer<CChar>?] = ["rm", "-rf", "--", directory]
            .map { (word: String) in strdup(word) }
        words.append(nil)
        defer { words.forEach { free($0) } }
        guard posix_spawnp(&process, "rm", nil, nil, words, nil) == 0 else { return }
        var status: Int32 = 0
        waitpid(process, &status, 0)
    }
}
