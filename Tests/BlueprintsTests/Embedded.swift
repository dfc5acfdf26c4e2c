import CEmbedded

/// The example blueprint as the program carries it.
enum Embedded {
    static let prefix = "examples/platform-blueprint/"

    /// Path behind the prefix and bytes of every file of the example.
    static var example: [(path: String, bytes: [UInt8])] {
        var count = 0
        guard let first = embedded_files(&count) else { return [] }
        return UnsafeBufferPointer(start: first, count: count).compactMap { file in
            let path = String(cString: file.path)
            guard path.hasPrefix(prefix) else { return nil }
            let bytes = UnsafeBufferPointer(start: file.bytes, count: file.count)
            return (String(path.dropFirst(prefix.count)), Array(bytes))
        }
    }
}
