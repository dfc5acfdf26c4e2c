import Glibc

/// Files of this repository that are no code.
package enum RepositoryFile {
    /// The text of a file by its path from the top; nil where there is none.
    package static func text(_ path: String, from caller: String = #filePath) -> String? {
        let parts = caller.split(separator: "/", omittingEmptySubsequences: false)
        let tests = parts.lastIndex(of: "Tests") ?? parts.endIndex
        let whole = parts[..<tests].joined(separator: "/") + "/" + path
        guard let file = fopen(whole, "rb") else { return nil }
        defer { fclose(file) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = fread(&chunk, 1, chunk.count, file)
            guard count > 0 else { return String(decoding: bytes, as: UTF8.self) }
            bytes.append(contentsOf: chunk[..<count])
        }
    }
}
