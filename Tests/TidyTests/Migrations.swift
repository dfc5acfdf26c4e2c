/// What holds for the files under `migrations/`.
enum Migrations {
    static func problems(_ files: [SourceText]) -> [Problem] {
        let migrations = files.filter { $0.path.hasSuffix(".sql") && $0.path.hasPrefix(folder) }
        var problems: [Problem] = []
        for (index, file) in migrations.enumerated() {
            let name = file.path.dropFirst(folder.count)
            let number = name.firstMatch(of: /^(\d{4})_[a-z0-9_]+\.sql$/).flatMap { Int($0.1) }
            if number != index + 1 {
                problems.append(
                    file.problem(0, "migration \(name) out of order", "use number \(index + 1)")
                )
            }
            if file.lines.first?.hasPrefix("-- ") != true {
                problems.append(
                    file.problem(0, "migration \(name) says no reason", "use `-- why` first")
                )
            }
        }
        return problems
    }

    /// The checksums of files that a release contained, in the format of `sha256sum`.
    static func released(_ lines: [String]) -> [(path: String, sum: String)] {
        lines.compactMap { line in
            let words = line.split(separator: " ").map(String.init)
            guard words.count == 2, !line.hasPrefix("#") else { return nil }
            return (words[1], words[0])
        }
    }

    private static let folder = "migrations/"
}
