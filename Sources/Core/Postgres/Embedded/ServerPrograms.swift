internal import Glibc

/// The programs of one PostgreSQL installation.
struct ServerPrograms: Equatable {
    /// The folder that holds `postgres` and `initdb`.
    let directory: String
    /// 15 for 15.x.
    let major: Int

    var postgres: String { directory + "/postgres" }
    var initdb: String { directory + "/initdb" }

    /// Where Debian, Ubuntu and their kin keep one folder a major version.
    static let packagesDirectory = "/usr/lib/postgresql"

    /// The programs for a data directory of version `major`, or the first on PATH, or the newest
    /// packaged ones.
    static func find(
        for major: Int?,
        path: String,
        packages: String = packagesDirectory
    ) throws(EmbeddedServerFault) -> ServerPrograms {
        let packaged = Files.entries(of: packages).compactMap { Int($0) }.sorted(by: >)
            .map { ServerPrograms(directory: "\(packages)/\($0)/bin", major: $0) }
        let onPath = path.split(separator: ":").lazy.map(String.init)
            .compactMap { at($0, packages: packages) }
        let all = ([onPath.first].compactMap { $0 } + packaged).filter(\.areComplete)
        guard let first = all.first else { throw .programsMissing }
        guard let major else { return first }
        guard let fitting = all.first(where: { $0.major == major }) else {
            throw .otherVersion(data: major, programs: first.major)
        }
        return fitting
    }

    private var areComplete: Bool {
        access(postgres, X_OK) == 0 && access(initdb, X_OK) == 0
    }

    /// The installation behind `directory`, which may hold links into it.
    private static func at(_ directory: String, packages: String) -> ServerPrograms? {
        guard let real = Files.realPath(directory + "/postgres"), real.hasSuffix("/postgres")
        else { return nil }
        let folder = String(real.dropLast("/postgres".count))
        let number = folder.split(separator: "/").compactMap { Int($0) }.last
        guard folder.hasPrefix(packages + "/"), let number else {
            return Self.version(of: real).map { ServerPrograms(directory: folder, major: $0) }
        }
        return ServerPrograms(directory: folder, major: number)
    }

    /// Asks the program itself: `postgres (PostgreSQL) 15.20`.
    private static func version(of program: String) -> Int? {
        // A program that cannot say its version is as good as none.
        guard let output = try? ServerProcess.output(of: [program, "--version"]) else {
            return nil
        }
        let words = output.split(whereSeparator: { $0.isWhitespace })
        return words.last { $0.first?.isNumber == true }.flatMap { number in
            Int(number.prefix { $0.isNumber })
        }
    }
}
