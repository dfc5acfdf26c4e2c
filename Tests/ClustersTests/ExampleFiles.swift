import CEmbedded

/// The example blueprint as the program carries it.
enum ExampleFiles {
    private static let prefix = "examples/platform-blueprint/"

    /// Paths behind the prefix that start so.
    static func paths(below start: String) -> [String] {
        all.map(\.path).filter { $0.hasPrefix(start) }
    }

    /// The text of a file.
    static func text(_ path: String) -> String {
        String(decoding: all.first { $0.path == path }?.bytes ?? [], as: UTF8.self)
    }

    private static var all: [(path: String, bytes: [UInt8])] {
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
