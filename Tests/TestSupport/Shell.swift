import Glibc

/// Lines of shell in a folder of their own, with no settings of this machine's user for Git.
package final class Shell: Sendable {
    private let folder = TemporaryDirectory()

    /// A shell in a folder that goes away with it.
    package init() {}

    /// The folder.
    package var path: String { folder.path }

    /// Runs a line; whether it succeeded.
    ///
    /// Blocks the thread.
    @discardableResult
    package func run(_ line: String) -> Bool {
        let settings = """
            export GIT_CONFIG_NOSYSTEM=1 GIT_CONFIG_GLOBAL=/dev/null GIT_TERMINAL_PROMPT=0 \
            HOME='\(path)' GIT_AUTHOR_NAME=Ada GIT_AUTHOR_EMAIL=ada@example.com \
            GIT_COMMITTER_NAME=Ada GIT_COMMITTER_EMAIL=ada@example.com
            """
        return system("cd '\(path)' && \(settings) && { \(line) ; } >>'\(path)/log' 2>&1") == 0
    }

    /// Runs a line and returns what it prints, without the newlines at the end.
    package func output(of line: String) -> String {
        guard run("{ \(line) ; } >'\(path)/answer'") else { return "failed: \(line)" }
        guard let stream = fopen("\(path)/answer", "r") else { return "" }
        defer { fclose(stream) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4_096)
        while true {
            let count = fread(&buffer, 1, buffer.count, stream)
            guard count > 0 else { break }
            bytes += buffer[..<count]
        }
        while bytes.last == UInt8(ascii: "\n") { bytes.removeLast() }
        return String(decoding: bytes, as: UTF8.self)
    }
}
