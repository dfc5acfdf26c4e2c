import CLinux
import Glibc

/// The few file operations that repositories need.
///
/// They block.
enum Disk {
    /// How a step that the file system refused is told.
    static func fault(_ call: String, _ path: String) -> GitFault {
        let reason = String(cString: strerror(errno))
        return .failed("\(call) \(path): \(reason)")
    }

    /// Whether something is there, links included.
    static func exists(_ path: String) -> Bool {
        var status = stat()
        return lstat(path, &status) == 0
    }

    /// Whether a folder is there.
    static func isFolder(_ path: String) -> Bool {
        var status = stat()
        return lstat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }

    /// Whether there may be something to fetch at a path, to which Git adds `.git` where need be;
    /// what cannot be looked at is left to Git.
    static func holdsSource(_ path: String) -> Bool {
        ["", ".git"].contains { ending in
            var status = stat()
            return stat(path + ending, &status) == 0 || ![ENOENT, ENOTDIR].contains(errno)
        }
    }

    /// Makes a folder and those above it; no fault when it is there.
    static func makeFolders(_ path: String, mode: mode_t = 0o755) throws(GitFault) {
        guard mkdir(path, mode) != 0, errno != EEXIST else { return }
        guard errno == ENOENT, let slash = path.lastIndex(of: "/"), slash != path.startIndex else {
            throw fault("mkdir", path)
        }
        try makeFolders(String(path[..<slash]), mode: mode)
        guard mkdir(path, mode) == 0 || errno == EEXIST else { throw fault("mkdir", path) }
    }

    /// A name beside a path that nobody else thinks of, on no machine and in no container.
    static func temporary(beside path: String) -> String {
        let slash = path.lastIndex(of: "/").map { path.index(after: $0) } ?? path.startIndex
        let number = String(UInt64.random(in: .min ... .max), radix: 36)
        return "\(path[..<slash])\(leftoverPrefix(of: path[slash...]))\(number)\(leftoverSuffix)"
    }

    /// The temporary names beside a path that somebody made and did not take away.
    static func leftovers(beside path: String) -> [String] {
        let slash = path.lastIndex(of: "/").map { path.index(after: $0) } ?? path.startIndex
        let prefix = leftoverPrefix(of: path[slash...])
        return names(in: String(path[..<slash]))
            .filter { $0.hasPrefix(prefix) && $0.hasSuffix(leftoverSuffix) }
            .map { "\(path[..<slash])\($0)" }
    }

    private static let leftoverSuffix = ".tmp"

    private static func leftoverPrefix(of name: Substring) -> String { ".\(name)." }

    /// The text of a file, nil where it cannot be read or has more than `bytesMax` bytes.
    static func read(_ path: String, bytesMax: Int = 64 << 10) -> String? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: bytesMax + 1)
        let count = Glibc.read(descriptor, &bytes, bytes.count)
        guard (0...bytesMax).contains(count) else { return nil }
        return String(decoding: bytes[..<count], as: UTF8.self)
    }

    /// Writes a new file that is on the disk when the call returns.
    static func write(_ text: String, to path: String, mode: mode_t = 0o644) throws(GitFault) {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode)
        guard descriptor >= 0 else { throw fault("open", path) }
        defer { close(descriptor) }
        try write(Array(text.utf8)[...], to: descriptor, path)
        guard fsync(descriptor) == 0 else { throw fault("fsync", path) }
    }

    private static func write(
        _ bytes: ArraySlice<UInt8>,
        to descriptor: Int32,
        _ path: String
    ) throws(GitFault) {
        var rest = bytes
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            guard count > 0 else { throw fault("write", path) }
            rest = rest.dropFirst(count)
        }
    }

    /// Replaces a file at once: readers see the old or the new text, never half of one.
    ///
    /// A file that says the same already is left as it is: somebody may be running it.
    static func replace(_ path: String, with text: String, mode: mode_t) throws(GitFault) {
        guard read(path) != text else { return }
        let temporary = temporary(beside: path)
        do throws(GitFault) {
            try write(text, to: temporary, mode: mode)
            guard rename(temporary, path) == 0 else { throw fault("rename", path) }
        } catch {
            unlink(temporary)
            throw error
        }
    }

    /// The names in a folder, without `.` and `..`, in their order; empty when it is not there.
    static func names(in folder: String) -> [String] {
        guard let stream = opendir(folder) else { return [] }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                String(cString: UnsafeRawPointer($0).assumingMemoryBound(to: CChar.self))
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names.sorted()
    }

    /// Gives a file a second name, or copies it where the file system cannot.
    static func link(_ source: String, to destination: String) throws(GitFault) {
        guard Glibc.link(source, destination) != 0, errno != EEXIST else { return }
        guard [EXDEV, EPERM, EMLINK, ENOTSUP].contains(errno) else { throw fault("link", source) }
        try copy(source, to: destination)
    }

    private static func copy(_ source: String, to destination: String) throws(GitFault) {
        let input = open(source, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
        guard input >= 0 else { throw fault("open", source) }
        defer { close(input) }
        let output = open(destination, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o444)
        guard output >= 0 else { throw fault("open", destination) }
        defer { close(output) }
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = Glibc.read(input, &buffer, buffer.count)
            guard count >= 0 else { throw fault("read", source) }
            if count == 0 { break }
            try write(buffer[..<count], to: output, destination)
        }
        guard fsync(output) == 0 else { throw fault("fsync", destination) }
    }

    /// Renames a folder to a name that is free; false when something is at that name.
    static func moveFolder(_ source: String, to destination: String) throws(GitFault) -> Bool {
        if rename(source, destination) == 0 {
            synchroniseFolder(of: destination)
            return true
        }
        guard errno == EEXIST || errno == ENOTEMPTY || errno == ENOTDIR else {
            throw fault("rename", destination)
        }
        return false
    }

    /// Makes a new name in a folder durable.
    ///
    /// A file system that cannot is left alone.
    private static func synchroniseFolder(of path: String) {
        guard let slash = path.lastIndex(of: "/"), slash != path.startIndex else { return }
        let descriptor = open(String(path[..<slash]), O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { return }
        fsync(descriptor)
        close(descriptor)
    }

    /// The folder that something is in.
    static func folder(of path: String) throws(GitFault) -> String {
        guard let slash = path.lastIndex(of: "/"), slash != path.startIndex else {
            throw .malformed("a repository's path must be absolute")
        }
        return String(path[..<slash])
    }

    /// Gives two folders each other's name, so that nobody finds neither.
    static func exchange(_ one: String, _ other: String) throws(GitFault) {
        guard slipway_exchange_paths(one, other) == 0 else { throw fault("exchange", other) }
        synchroniseFolder(of: other)
    }

    /// Makes a file that is as old as this moment.
    static func touch(_ path: String) throws(GitFault) {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o644)
        guard descriptor >= 0 else { throw fault("open", path) }
        defer { close(descriptor) }
        guard futimens(descriptor, nil) == 0 else { throw fault("futimens", path) }
    }

    /// How long ago something was changed; nil where it is not there.
    static func age(of path: String) -> Duration? {
        var status = stat()
        guard lstat(path, &status) == 0 else { return nil }
        return .seconds(max(0, time(nil) - status.st_mtim.tv_sec))
    }

    /// Bytes of all files in a folder.
    static func size(of path: String) -> Int {
        var status = stat()
        guard lstat(path, &status) == 0 else { return 0 }
        guard status.st_mode & S_IFMT == S_IFDIR else { return Int(status.st_size) }
        return names(in: path).reduce(0) { $0 + size(of: "\(path)/\($1)") }
    }

    /// Removes a folder with everything in it, following no link; no fault when it is not there.
    static func removeFolder(_ path: String) throws(GitFault) {
        var status = stat()
        guard lstat(path, &status) == 0 else { return }
        guard status.st_mode & S_IFMT == S_IFDIR else {
            guard unlink(path) == 0 || errno == ENOENT else { throw fault("unlink", path) }
            return
        }
        for name in names(in: path) { try removeFolder("\(path)/\(name)") }
        guard rmdir(path) == 0 || errno == ENOENT else { throw fault("rmdir", path) }
    }
}
