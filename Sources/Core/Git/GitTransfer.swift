import EventLoop

/// One fetch by a child process, on a loop.
struct GitTransfer: Sendable {
    let home: GitHome
    let source: FetchSource
    let request: FetchRequest

    /// Lines of `git ls-remote` that are read at most, in bytes.
    private static let answerBytesMax = 64 << 10
    /// `ulimit -f` counts blocks of this many bytes (POSIX).
    private static let blockBytes = 512

    /// Fetches; returns the other side's default branch when it names one.
    func run(on loop: EventLoop) async throws(GitFault) -> String? {
        let started = loop.now
        _ = try await child(
            [
                "fetch", "--quiet", "--prune", "--no-auto-gc", "--no-write-fetch-head",
                "--no-recurse-submodules", "--atomic", "--force", "--", source.text,
                "+refs/heads/*:refs/heads/*", "+refs/tags/*:refs/tags/*",
            ],
            within: request.deadline,
            on: loop
        )
        let left = request.deadline - (loop.now - started)
        let answer = try await child(
            ["ls-remote", "--quiet", "--symref", "--", source.text, "HEAD"],
            within: max(left, .seconds(1)),
            on: loop
        )
        return Self.defaultBranch(in: answer)
    }

    /// Reads `ref: refs/heads/main<tab>HEAD`.
    static func defaultBranch(in answer: [UInt8]) -> String? {
        let prefix = "ref: refs/heads/"
        let first = String(decoding: answer.prefix { $0 != 0x0A && $0 != 0x09 }, as: UTF8.self)
        return first.hasPrefix(prefix) ? String(first.dropFirst(prefix.count)) : nil
    }

    /// Runs `git` in the receiving repository and returns what it says.
    ///
    /// The shell takes the lock of the repository and sets the largest file that the child may
    /// write, which is the one limit on a fetched pack that `git` itself does not offer.
    private func child(
        _ arguments: [String],
        within deadline: Duration,
        on loop: EventLoop
    ) async throws(GitFault) -> [UInt8] {
        let blocks = home.limits.packBytesMax / Self.blockBytes
        let environment = home.environment(protocols: source.allowedProtocol)
            .merging(source.environment) { _, new in new }
        let process: ChildProcess
        do {
            process = try ChildProcess.spawn(
                executable: "/bin/sh",
                arguments: [
                    "-c", "\(GitHome.taking)ulimit -f \"$0\" && exec git \"$@\"", String(blocks),
                ] + arguments,
                environment: environment,
                directory: request.destination,
                loop: loop
            )
        } catch {
            throw .failed("git could not be started: \(error)")
        }
        let watch = Deadline(process, after: deadline, on: loop)
        process.closeInput()
        var answer: [UInt8] = []
        do {
            while let bytes = try await process.read(upTo: 16 << 10) {
                answer += bytes.prefix(Self.answerBytesMax - answer.count)
            }
        } catch {
            process.terminate()
        }
        let status = await process.exit()
        watch.end()
        if watch.hasPassed { throw .timedOut }
        if status == .code(GitHome.lockedCode) { throw .busy }
        guard status.isSuccess else {
            let reason = Self.reason(process, status, source)
            // What Git's own check refuses stays refused, however often it is asked.
            if reason.contains("fsck error") { throw .malformed(reason) }
            let text = String(decoding: process.standardError, as: UTF8.self)
            if let folder = source.folder, text.contains("not appear to be a git repository") {
                throw .malformed("\(folder) is no Git repository")
            }
            throw .remote(reason)
        }
        return answer
    }

    /// What `git` said last, without the source, which may be private.
    private static func reason(
        _ process: ChildProcess,
        _ status: ExitStatus,
        _ source: FetchSource
    ) -> String {
        if case .signal = status { return "the repository is larger than is taken" }
        let text = source.hidden(in: String(decoding: process.standardError, as: UTF8.self))
        let lines = text.split(whereSeparator: \.isNewline).suffix(3).joined(separator: "; ")
        let shown = lines.isEmpty ? "git failed without a reason" : lines
        return String(shown.prefix(500))
    }
}

/// Ends a child when its time is up.
// Safety: touched only on its loop's thread.
final class Deadline: @unchecked Sendable {
    private let loop: EventLoop
    private var timer: Timer?
    /// Whether the child was ended for being late.
    private(set) var hasPassed = false

    init(_ process: ChildProcess, after limit: Duration, on loop: EventLoop) {
        self.loop = loop
        timer = loop.schedule(after: limit) { [weak self] in
            self?.hasPassed = true
            self?.timer = nil
            process.terminate()
        }
    }

    /// The child has ended.
    func end() {
        if let timer { loop.cancel(timer) }
        timer = nil
    }
}
