import CEmbedded
import Postgres

/// The files of the repository that the program carries inside itself.
enum EmbeddedFiles {
    /// The bytes of a file, by its path from the top of the repository.
    static func bytes(_ path: String) -> [UInt8] {
        guard let file = all.first(where: { $0.path == path }) else {
            preconditionFailure("\(path) is not listed in CEmbedded.c")
        }
        return file.bytes
    }

    /// The files below a folder, by their paths from there.
    static func below(_ folder: String) -> [(path: String, bytes: [UInt8])] {
        all.filter { $0.path.hasPrefix("\(folder)/") }
            .map { (String($0.path.dropFirst(folder.utf8.count + 1)), $0.bytes) }
    }

    /// The schema's history, read from names such as `0007_receipt.sql`.
    static var migrations: [Migration] {
        below("migrations").map { file in
            let stem = file.path.dropLast(".sql".count)
            let digits = stem.prefix { $0.isNumber }
            guard let number = Int(digits) else {
                preconditionFailure("migrations/\(file.path) does not begin with a number")
            }
            return Migration(
                number: number,
                name: String(stem.dropFirst(digits.count + 1)),
                sql: String(decoding: file.bytes, as: UTF8.self)
            )
        }
    }

    private static var all: [(path: String, bytes: [UInt8])] {
        var count = 0
        let table = UnsafeBufferPointer(start: embedded_files(&count), count: count)
        return table.map { file in
            let bytes = UnsafeBufferPointer(start: file.bytes, count: file.count)
            return (String(cString: file.path), Array(bytes))
        }
    }
}
