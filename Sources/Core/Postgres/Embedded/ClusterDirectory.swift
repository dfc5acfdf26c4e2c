internal import CLinux
internal import EventLoop
internal import Glibc

/// The folders of one private server:
/// `postgres` (its data), `postgres.lock`, `postgres.log`, `postgres.run` (its socket).
struct ClusterDirectory: Equatable {
    /// A socket's whole path fits into `sun_path`: 108 bytes, one of them NUL, and PostgreSQL
    /// adds `/.s.PGSQL.5432` and, for a while, `.lock`.
    static let socketDirectoryLengthMax = 107 - "/.s.PGSQL.5432.lock".utf8.count

    /// Absolute, links followed.
    let root: String
    let user: ServerUser

    var data: String { root + "/postgres" }
    var dataBeingMade: String { root + "/postgres.new" }
    var lock: String { root + "/postgres.lock" }
    var log: String { root + "/postgres.log" }

    /// Makes the root folder where it is missing and sees to it that the server's user gets in.
    init(_ path: String, user: ServerUser) throws(EmbeddedServerFault) {
        do {
            try Files.makeDirectories(path, mode: 0o711)
        } catch {
            throw EmbeddedServerFault(error)
        }
        guard let root = Files.realPath(path), let status = Files.status(of: root) else {
            throw EmbeddedServerFault(SystemFailure("open \(path)"))
        }
        self.root = root
        self.user = user
        if user.isOther && status.st_uid == geteuid() && status.st_mode & S_IXOTH == 0 {
            // Ours to open; what is secret in it has a mode of its own.
            guard chmod(root, (status.st_mode & 0o7777) | S_IXGRP | S_IXOTH) == 0 else {
                throw EmbeddedServerFault(SystemFailure("chmod \(root)"))
            }
        }
        if let folder = user.obstacle(on: root) {
            throw .notTraversable(folder, user: user.name)
        }
    }

    /// The major version that made the data, or nil when there is none yet.
    var major: Int? {
        Int(Files.tail(of: data + "/PG_VERSION", limit: 16).trimmed)
    }

    /// Whether the server with this process id takes connections: it says so in the eighth line of
    /// its lock file.
    func isReady(_ process: pid_t) -> Bool {
        let lines = Files.tail(of: data + "/postmaster.pid", limit: 4_096)
            .split(separator: "\n", omittingEmptySubsequences: false)
        return lines.count >= 8 && lines[0] == String(process) && lines[7].hasPrefix("ready")
    }

    /// Keeps every other program of this kind out for as long as the descriptor lives; nil where
    /// one of them does so already.
    func takeLock() throws(EmbeddedServerFault) -> Descriptor? {
        let descriptor = open(lock, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw EmbeddedServerFault(SystemFailure("open \(lock)")) }
        let owned = Descriptor(owning: descriptor)
        guard slipway_lock_file(owned.raw) == 0 else { return nil }
        return owned
    }

    /// The log, open for the server to append to; a long one is begun anew.
    func openLog() throws(EmbeddedServerFault) -> Descriptor {
        let isLong = (Files.status(of: log)?.st_size ?? 0) > 4 * 1_024 * 1_024
        let flags = O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | (isLong ? O_TRUNC : 0)
        let descriptor = open(log, flags, 0o600)
        guard descriptor >= 0 else { throw EmbeddedServerFault(SystemFailure("open \(log)")) }
        return Descriptor(owning: descriptor)
    }

    /// The folder of the socket: in the root, or in a short place when the root's path is too long
    /// for a socket.
    func socketDirectory(runtime: String?) -> String {
        let path = root + "/postgres.run"
        guard path.utf8.count > Self.socketDirectoryLengthMax else { return path }
        let base = user.isOther ? "/tmp" : runtime ?? "/tmp"
        return "\(base)/slipway-\(user.uid)-\(String(rootHash, radix: 36))"
    }

    /// Makes the folder of the socket, which only the server's user (and root) can enter.
    func makeSocketDirectory(runtime: String?) throws(EmbeddedServerFault) -> String {
        let path = socketDirectory(runtime: runtime)
        if mkdir(path, 0o700) != 0 && errno != EEXIST {
            throw EmbeddedServerFault(SystemFailure("mkdir \(path)"))
        }
        guard let status = Files.status(of: path), status.st_mode & S_IFMT == S_IFDIR,
            status.st_uid == user.uid || status.st_uid == geteuid()
        else {
            throw EmbeddedServerFault("\(path) belongs to somebody else: remove it.")
        }
        do {
            try user.own(path)
        } catch {
            throw EmbeddedServerFault(error)
        }
        guard chmod(path, 0o700) == 0 else {
            throw EmbeddedServerFault(SystemFailure("chmod \(path)"))
        }
        return path
    }

    /// FNV-1a: the same in every run, unlike Swift's hash.
    private var rootHash: UInt64 {
        root.utf8.reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
    }
}
