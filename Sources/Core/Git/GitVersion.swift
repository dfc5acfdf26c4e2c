import Glibc

/// The version of the `git` on `PATH`.
package struct GitVersion: Sendable, Comparable, CustomStringConvertible {
    /// The first one that keeps to the addresses that it is given (`http.curloptResolve`, release
    /// notes of Git 2.37); those before pass over the setting.
    package static let pinning = GitVersion(major: 2, minor: 37)

    /// What this process found when it first asked; nil where there is none that says so.
    package static let installed = read()

    /// The first number.
    package let major: Int
    /// The second number.
    package let minor: Int

    /// That version.
    package init(major: Int, minor: Int) {
        (self.major, self.minor) = (major, minor)
    }

    /// Reads `git version 2.47.3`.
    package init?(parsing text: String) {
        let words = text.split(whereSeparator: \.isWhitespace)
        guard words.count >= 3, words[..<2] == ["git", "version"] else { return nil }
        let numbers = words[2].split(separator: ".").prefix(2).compactMap { Int($0) }
        guard numbers.count == 2 else { return nil }
        self.init(major: numbers[0], minor: numbers[1])
    }

    /// `2.37`.
    package var description: String { "\(major).\(minor)" }

    /// Whether one came before another.
    package static func < (one: GitVersion, other: GitVersion) -> Bool {
        (one.major, one.minor) < (other.major, other.minor)
    }

    /// Bytes of the answer that are read.
    private static let answerBytesMax = 256

    /// Blocks.
    private static func read() -> GitVersion? {
        guard let stream = popen("git --version 2>/dev/null", "re") else { return nil }
        defer { pclose(stream) }
        var bytes = [UInt8](repeating: 0, count: answerBytesMax)
        let count = fread(&bytes, 1, bytes.count, stream)
        return GitVersion(parsing: String(decoding: bytes[..<count], as: UTF8.self))
    }
}
