import Domain
import EventLoop
import Glibc
import TestSupport

@testable import Git

/// A folder, loops and a pool for one test of Git.
final class Workbench: Sendable {
    let folder = TemporaryDirectory()
    let group: EventLoopGroup
    let pool: BlockingPool
    let service: GitService

    init(limits: GitLimits = GitLimits()) throws {
        group = try EventLoopGroup(count: 1)
        group.start()
        pool = BlockingPool(threads: 2, queueLimit: 64, name: "git")
        service = GitService(
            pool: pool,
            group: group,
            home: "\(folder.path)/home",
            limits: limits
        )
    }

    deinit {
        pool.stop()
        group.stop()
    }

    func path(_ name: String) -> String { "\(folder.path)/\(name)" }

    /// Runs a line of shell in the folder; whether it succeeded.
    @discardableResult
    func shell(_ line: String) -> Bool {
        let settings =
            "export GIT_CONFIG_NOSYSTEM=1 GIT_CONFIG_GLOBAL=/dev/null HOME='\(folder.path)'"
        return system("cd '\(folder.path)' && \(settings) && { \(line) ; } >>log 2>&1") == 0
    }

    /// Runs a line of shell and returns what it prints, without the last newline.
    func output(of line: String) -> String {
        guard shell("{ \(line) ; } >answer") else { return "failed: \(line)" }
        var text = text(of: path("answer"))
        while text.last == "\n" { text.removeLast() }
        return text
    }

    func text(of file: String) -> String {
        guard let stream = fopen(file, "r") else { return "" }
        defer { fclose(stream) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4_096)
        while true {
            let count = fread(&buffer, 1, buffer.count, stream)
            if count == 0 { break }
            bytes += buffer[..<count]
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Runs a body on a loop, as a request would.
    func onLoop<Value: Sendable>(
        _ body: @escaping @Sendable () async throws -> Value
    ) async throws -> Value {
        try await Task(executorPreference: group.next()) { try await body() }.value
    }

    /// A blueprint with two files and a tag.
    func blueprint(_ name: String = "blueprint.git") throws -> (path: String, commit: ObjectID) {
        let path = path(name)
        try Repository.create(at: path)
        let repository = try Repository(opening: path)
        let receipt = try repository.commit(onto: "main", text: .sample("Start")) {
            _,
            _ throws(GitFault) in
            [
                .put(try .text("README.md", "hello\n")), .put(try .text("a/b.txt", "b\n")),
            ]
        }
        try repository.tag(
            "v1.0.0",
            commit: receipt.commit,
            message: "First",
            by: .sample
        )
        return (path, receipt.commit)
    }
}

extension RepositoryPath {
    init(_ text: String) throws(GitFault) {
        do throws(PathFault) {
            self = try RepositoryPath(parsing: text)
        } catch {
            throw .malformed(error.reason)
        }
    }
}

extension TreeFile {
    static func text(
        _ path: String,
        _ content: String,
        mode: FileMode = .regular
    ) throws(GitFault) -> TreeFile {
        TreeFile(path: try RepositoryPath(path), mode: mode, content: .bytes(Array(content.utf8)))
    }
}

extension Signature {
    static let sample = Signature(name: "Ada", email: "ada@example.com", seconds: 1_767_571_200)
}

extension CommitText {
    static func sample(_ message: String) -> CommitText {
        CommitText(message: message, author: .sample, committer: .sample)
    }
}
