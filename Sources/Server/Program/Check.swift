import ArgumentParser
import EventLoop
import Git
import Glibc
import HTTP
import Logging
import Postgres

/// `slipway check`: says in plain words what is wrong with the set-up.
struct Check: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Say what is wrong with the set-up, and what to do about it.",
        discussion: """
            Takes the flags and variables of 'serve' and changes nothing but a missing data \
            directory. Ends with 1 when the server would not start.
            """
    )

    @OptionGroup var database: DatabaseFlags
    @OptionGroup var flags: ServeFlags

    func run() throws {
        var report = CheckReport()
        do {
            let settings = try Settings(
                flags: database.given.merging(flags.given) { $1 },
                environment: Environment.settings,
                processors: Environment.processors
            )
            report.good("settings", "understood")
            try report.examine(settings)
        } catch let fault as SettingsFault {
            for problem in fault.problems { report.bad("settings", problem) }
        }
        for line in report.lines { print(line) }
        if report.hasFailed { throw ExitCode.failure }
    }
}

/// What was looked at, one line each.
struct CheckReport {
    private(set) var lines: [String] = []
    private(set) var hasFailed = false

    /// Open connections each need a descriptor: below this a busy server runs out.
    static let descriptorsMin: UInt64 = 4096

    mutating func good(_ subject: String, _ sentence: String) {
        lines.append("ok      \(subject): \(sentence)")
    }

    mutating func warn(_ subject: String, _ sentence: String) {
        lines.append("warning \(subject): \(sentence)")
    }

    mutating func bad(_ subject: String, _ sentence: String) {
        lines.append("FAILED  \(subject): \(sentence)")
        hasFailed = true
    }

    /// Looks at everything that `serve` would use.
    mutating func examine(_ settings: Settings) throws {
        do {
            let directory = try DataDirectory(creating: settings.dataDirectory)
            good("data directory", directory.path)
            examineKey(directory)
            if settings.databaseURL == nil { examineEmbedded(directory) }
        } catch {
            bad("data directory", "\(error)")
        }
        examineDatabase(settings)
        examinePrograms(settings)
        examineTLS(settings)
        examineListen(settings)
        examineLimits()
    }

    private mutating func examineKey(_ directory: DataDirectory) {
        do {
            if try directory.read(directory.secretKey) == nil {
                good("secret key", "none yet; the first start makes \(directory.secretKey)")
            } else {
                _ = try Keyring(in: directory)
                good("secret key", directory.secretKey)
            }
        } catch {
            bad("secret key", "\(error)")
        }
    }

    private mutating func examineDatabase(_ settings: Settings) {
        guard let url = settings.databaseURL else { return }
        if settings.publicURL == nil {
            warn("public URL", "none; give every process on this database the same --public-url")
        }
        do {
            let connection = try ConnectionString(parsing: url)
            let pending = try Migrator(EmbeddedFiles.migrations).pending(connection)
            let sentence =
                pending.isEmpty
                ? "reached, up to date"
                : "reached; 'serve' will apply \(pending.count) migrations"
            good("database", sentence)
        } catch {
            bad("database", "\(error)")
        }
    }

    private mutating func examinePrograms(_ settings: Settings) {
        let folders = (Environment.value("PATH") ?? "/usr/local/bin:/usr/bin:/bin")
            .split(separator: ":")
        let packages = ["git": "git", "flock": "util-linux", "find": "findutils"]
        let missing = packages.filter { program, _ in
            !folders.contains { access("\($0)/\(program)", X_OK) == 0 }
        }
        if missing["git"] == nil { examine(git: GitVersion.installed) }
        for (program, package) in missing.sorted(by: { $0.key < $1.key }) {
            bad(program, "not on PATH; install it: apt-get install \(package)")
        }
        for library in SystemLibrary.inUse { good(library.name, library.version) }
    }

    mutating func examine(git version: GitVersion?) {
        let shown = version.map(\.description) ?? "of no known version"
        guard let version, version >= .pinning else {
            return warn(
                "git",
                "\(shown): locations in repositories elsewhere are read by "
                    + "\(GitVersion.pinning) and newer ones only; install one"
            )
        }
        good("git", shown)
    }

    private mutating func examineEmbedded(_ directory: DataDirectory) {
        let configuration = EmbeddedServer.Configuration(in: directory)
        do {
            let major = try EmbeddedServer.programsMajor(searchPath: configuration.searchPath)
            good("postgresql", "server programs of version \(major) found")
            let server = EmbeddedServer(configuration, logger: Logger(label: "slipway.check"))
            good("database", "embedded; while 'serve' runs: psql '\(try server.address())'")
        } catch {
            bad("postgresql", "\(error)")
        }
    }

    private mutating func examineTLS(_ settings: Settings) {
        guard let files = settings.tls else {
            if settings.listen.contains(where: { !Self.isLocal($0) }) {
                warn("tls", "none, and --listen is not local: tokens travel in clear")
            }
            return
        }
        do {
            _ = try TLSContext(certificatePath: files.certificate, keyPath: files.key)
            good("tls", files.certificate)
        } catch {
            bad("tls", "\(error)")
        }
    }

    private mutating func examineListen(_ settings: Settings) {
        for address in settings.listen {
            do {
                try Server.examine(address)
                good("listen", "\(address)")
            } catch {
                warn("listen", "\(address): \(error); fine where that is `serve` itself")
            }
        }
    }

    private mutating func examineLimits() {
        var limit = rlimit()
        getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        if limit.rlim_max < Self.descriptorsMin {
            warn("descriptors", "at most \(limit.rlim_max); raise the limit (ulimit -Hn)")
        } else {
            good("descriptors", "up to \(limit.rlim_max)")
        }
    }

    private static func isLocal(_ address: ListenAddress) -> Bool {
        switch address {
        case .unix: true
        case .host(let host, _): host.hasPrefix("127.") || ["localhost", "::1"].contains(host)
        }
    }
}
