import Glibc

/// Published test data, kept in `../shared/data` beside the repository and not in it.
package enum SharedData {
    /// The bytes of a file of the folder; nil, said in a line, where the folder is absent.
    package static func bytes(_ name: String, from caller: String = #filePath) -> [UInt8]? {
        bytes(at: root(of: caller) + "/../shared/data/" + name)
    }

    /// The bytes of a file of the repository, by its path from the top; nil where it is absent.
    package static func ownBytes(_ path: String, from caller: String = #filePath) -> [UInt8]? {
        bytes(at: root(of: caller) + "/" + path)
    }

    private static func bytes(at path: String) -> [UInt8]? {
        guard let file = fopen(path, "rb") else {
            print("skipped: \(path) is not there")
            return nil
        }
        defer { fclose(file) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = fread(&chunk, 1, chunk.count, file)
            guard count > 0 else { return bytes }
            bytes.append(contentsOf: chunk[..<count])
        }
    }

    /// The repository's top: what stands above `Tests` in the path of a test's file.
    private static func root(of caller: String) -> String {
        let parts = caller.split(separator: "/", omittingEmptySubsequences: false)
        let tests = parts.lastIndex(of: "Tests") ?? parts.endIndex
        return parts[..<tests].joined(separator: "/")
    }
}
