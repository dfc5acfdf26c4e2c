internal import CLinux
internal import Glibc

/// What the private server needs to know and do about files.
enum Files {
    /// The names in a folder, without `.` and `..`; empty when it cannot be read.
    static func entries(of directory: String) -> [String] {
        guard let stream = opendir(directory) else { return [] }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != "." && name != ".." { names.append(name) }
        }
        return names
    }

    /// The path with every link followed, or nil when it leads nowhere.
    static func realPath(_ path: String) -> String? {
        guard let resolved = realpath(path, nil) else { return nil }
        defer { free(resolved) }
        return String(cString: resolved)
    }

    /// Where a link leads, as it is written in it.
    static func linkTarget(_ path: String) -> String? {
        var buffer = [UInt8](repeating: 0, count: 4_096)
        let count = readlink(path, &buffer, buffer.count)
        guard count > 0 else { return nil }
        return String(decoding: buffer[..<count], as: UTF8.self)
    }

    /// The last `limit` bytes of a file as text; empty when it cannot be read.
    static func tail(of path: String, limit: Int) -> String {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return "" }
        defer { close(descriptor) }
        let size = Int(lseek(descriptor, 0, SEEK_END))
        lseek(descriptor, off_t(max(0, size - limit)), SEEK_SET)
        var buffer = [UInt8](repeating: 0, count: limit)
        let count = read(descriptor, &buffer, limit)
        guard count > 0 else { return "" }
        return String(decoding: buffer[..<count], as: UTF8.self)
    }

    /// Makes a folder and those above it.
    static func makeDirectories(_ path: String, mode: mode_t) throws(SystemFailure) {
        var made = path.hasPrefix("/") ? "" : "."
        for part in path.split(separator: "/") {
            made += "/\(part)"
            if mkdir(made, mode) != 0 && errno != EEXIST {
                throw SystemFailure("mkdir \(made)")
            }
        }
    }

    static func status(of path: String) -> stat? {
        var status = stat()
        return lstat(path, &status) == 0 ? status : nil
    }
}

/// A call to the kernel that failed, with the reason that `errno` held.
struct SystemFailure: Error {
    let what: String
    let reason: Int32

    init(_ what: String, reason: Int32 = errno) {
        self.what = what
        self.reason = reason
    }

    /// Without a reason of the kernel, `what` says it all.
    var description: String {
        reason == 0 ? what : "\(what): \(String(cString: strerror(reason)))"
    }
}
