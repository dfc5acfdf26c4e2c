import Glibc

/// Files that the operator names on the command line.
enum TextFile {
    /// The bytes of the file.
    ///
    /// - Throws: `StartFault` when it cannot be read or is larger than `bytesMax`.
    static func read(_ path: String, bytesMax: Int) throws(StartFault) -> [UInt8] {
        let raw = open(path, O_RDONLY | O_CLOEXEC)
        guard raw >= 0 else { throw fault(path) }
        defer { close(raw) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 64 << 10)
        while true {
            let count = Glibc.read(raw, &chunk, chunk.count)
            guard count >= 0 else { throw fault(path) }
            guard count > 0 else { return bytes }
            bytes.append(contentsOf: chunk.prefix(count))
            guard bytes.count <= bytesMax else {
                throw StartFault("\(path) is larger than \(bytesMax >> 10) KiB")
            }
        }
    }

    /// Writes a line where people look and programs do not.
    static func writeToStandardError(_ text: String) {
        let bytes = Array(text.utf8)
        _ = Glibc.write(STDERR_FILENO, bytes, bytes.count)
    }

    private static func fault(_ path: String) -> StartFault {
        StartFault("\(path) cannot be read: \(String(cString: strerror(errno)))")
    }
}
