import CLinux
import Glibc

/// The folder in which a process keeps what is not in PostgreSQL: repositories, the secret key,
/// the first token and the embedded PostgreSQL itself.
struct DataDirectory: Sendable {
    /// The largest file that is read from it whole.
    static let fileBytesMax = 65_536

    /// The absolute path without a trailing slash.
    let path: String

    /// Where the bare repositories are.
    var repositories: String { "\(path)/repositories" }
    /// Where the configuration of `git` children is.
    var gitHome: String { "\(path)/git" }
    /// Where the first start leaves the administrator's token.
    var adminToken: String { "\(path)/admin-token" }
    /// The key that everything sealed or signed derives from.
    var secretKey: String { "\(path)/secret-key" }

    /// Makes the folder where it is missing.
    ///
    /// Other users may pass through it (the embedded PostgreSQL runs as one of them when the server
    /// runs as root), but not list it.
    ///
    /// - Throws: `DataDirectoryFault` with a sentence for the operator.
    init(creating given: String) throws(DataDirectoryFault) {
        try DataDirectory.makeFolder(given, mode: geteuid() == 0 ? 0o711 : 0o700)
        guard let resolved = realpath(given, nil) else {
            throw DataDirectoryFault(path: given, call: "realpath", errno: errno)
        }
        defer { free(resolved) }
        path = String(cString: resolved)
        try DataDirectory.makeFolder(repositories, mode: 0o700)
    }

    /// Whether an embedded PostgreSQL was made in that folder.
    static func holdsDatabase(_ folder: String) -> Bool {
        access("\(folder)/postgres/PG_VERSION", F_OK) == 0
    }

    /// The text of `file` without trailing white space, or nil where there is none.
    func read(_ file: String) throws(DataDirectoryFault) -> String? {
        let raw = open(file, O_RDONLY | O_CLOEXEC)
        guard raw >= 0 else {
            if errno == ENOENT { return nil }
            throw DataDirectoryFault(path: file, call: "open", errno: errno)
        }
        defer { close(raw) }
        var bytes = [UInt8](repeating: 0, count: DataDirectory.fileBytesMax)
        let count = Glibc.read(raw, &bytes, bytes.count)
        guard count >= 0 else {
            throw DataDirectoryFault(path: file, call: "read", errno: errno)
        }
        let text = String(decoding: bytes.prefix(count), as: UTF8.self)
        return String(text.prefix { !$0.isWhitespace })
    }

    /// Writes `text` and a line's end into a new file that only this user may read.
    ///
    /// Whole or not at all: a crash on the way leaves no half file.
    ///
    /// - Returns: false when the file is there already; it is left as it is.
    func create(_ file: String, _ text: String) throws(DataDirectoryFault) -> Bool {
        // Processes on other machines and in other containers may have the same number.
        let number = String(UInt64.random(in: .min ... .max), radix: 36)
        let draft = "\(file).\(number)"
        let raw = open(draft, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard raw >= 0 else {
            throw DataDirectoryFault(path: draft, call: "open", errno: errno)
        }
        defer {
            close(raw)
            unlink(draft)
        }
        let bytes = Array("\(text)\n".utf8)
        guard write(raw, bytes, bytes.count) == bytes.count, fsync(raw) == 0 else {
            throw DataDirectoryFault(path: draft, call: "write", errno: errno)
        }
        if link(draft, file) == 0 { return true }
        guard errno == EEXIST else {
            throw DataDirectoryFault(path: file, call: "link", errno: errno)
        }
        return false
    }

    private static func makeFolder(_ path: String, mode: mode_t) throws(DataDirectoryFault) {
        var made = path.hasPrefix("/") ? "" : "."
        for part in path.split(separator: "/") {
            made += "/\(part)"
            if mkdir(made, mode) != 0 && errno != EEXIST && errno != EISDIR {
                throw DataDirectoryFault(path: made, call: "mkdir", errno: errno)
            }
        }
    }
}

/// A file of the data directory that could not be used.
struct DataDirectoryFault: Error, CustomStringConvertible {
    let path: String
    let call: String
    let errno: Int32

    var description: String {
        """
        \(path): \(String(cString: strerror(errno))) (\(call)); give --data-dir a folder that \
        this user may write to
        """
    }
}
