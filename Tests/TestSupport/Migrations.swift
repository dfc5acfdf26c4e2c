import CEmbedded
package import Postgres

/// The schema's history as the program carries it.
package let embeddedMigrations: [Migration] = {
    var count = 0
    let table = UnsafeBufferPointer(start: embedded_files(&count), count: count)
    let files = table.filter { String(cString: $0.path).hasPrefix("migrations/") }
    return files.map { file in
        let stem = String(cString: file.path).dropFirst("migrations/".count).dropLast(".sql".count)
        let number = stem.prefix { $0.isNumber }
        guard let value = Int(number) else {
            preconditionFailure("migrations/\(stem).sql does not begin with a number")
        }
        let bytes = UnsafeBufferPointer(start: file.bytes, count: file.count)
        return Migration(
            number: value,
            name: String(stem.dropFirst(number.count + 1)),
            sql: String(decoding: bytes, as: UTF8.self)
        )
    }
}()
