import EventLoop

/// What `git` children of one exchange with another side have in common, on a loop.
struct GitTransfer: Sendable {
    let home: GitHome
    let source: FetchSource
    /// The repository of ours.
    var repository: String
    let deadline: Duration
    /// Whether references change here, under the lock of the repository.
    var changesReferences = true
    /// Bytes of the largest file that it may write; nil for the limit of all.
    var bytesMax: Int?

    /// How a child ended that did not end well.
    struct Failure: Sendable {
        /// What it printed.
        let output: [UInt8]
        /// What it said, free of secrets.
        let words: String

        /// What it said last.
        var reason: String {
            let lines = words.split(whereSeparator: \.isNewline).suffix(3).joined(separator: "; ")
            return String((lines.isEmpty ? "git failed without a reason" : lines).prefix(500))
        }
    }

    /// Bytes of an answer that are read at most.
    private static let answerBytesMax = 64 << 10
    /// `ulimit -f` counts blocks of this many bytes (POSIX).
    private static let blockBytes = 512
    /// How a child ends whose key is none.
    private static let keyCode: Int32 = 76

    /// Fetches every branch and tag; returns the other side's default branch when it names one.
    func mirror(on loop: EventLoop) async throws(GitFault) -> String? {
        let started = loop.now
        let fetch = fetching(Self.everything, "--prune")
        _ = try await answer(to: fetch, within: deadline, on: loop)
        let left = deadline - (loop.now - started)
        let answer = try await answer(
            to: ["ls-remote", "--quiet", "--symref", "--", source.text, "HEAD"],
            within: max(left, .seconds(1)),
            on: loop
        )
        return Self.defaultBranch(in: answer)
    }

    private static let everything = ["+refs/heads/*:refs/heads/*", "+refs/tags/*:refs/tags/*"]

    /// The arguments of a fetch of what the references name.
    func fetching(_ references: [String], _ options: String...) -> [String] {
        ["fetch", "--quiet"] + options + [
            "--no-auto-gc", "--no-write-fetch-head", "--no-recurse-submodules", "--atomic",
            "--force", "--", source.text,
        ] + references
    }

    /// Reads `ref: refs/heads/main<tab>HEAD`.
    static func defaultBranch(in answer: [UInt8]) -> String? {
        let prefix = "ref: refs/heads/"
        let first = String(decoding: answer.prefix { $0 != 0x0A && $0 != 0x09 }, as: UTF8.self)
        return first.hasPrefix(prefix) ? String(first.dropFirst(prefix.count)) : nil
    }

    func answer(
        to arguments: [String],
        within deadline: Duration,
        on loop: EventLoop
    ) async throws(GitFault) -> [UInt8] {
        switch try await run(arguments, within: deadline, on: loop) {
        case .success(let answer): return answer
        case .failure(let failure):
            // What Git's own check refuses stays refused, however often it is asked.
            if failure.words.contains("fsck error") { throw .malformed(failure.reason) }
            if let folder = source.folder,
                failure.words.contains("not appear to be a git repository")
            {
                throw .malformed("\(folder) is no Git repository")
            }
            throw .remote(failure.reason)
        }
    }

    /// Runs `git` in our repository and returns what it prints, or how it failed.
    func run(
        _ arguments: [String],
        within deadline: Duration,
        on loop: EventLoop
    ) async throws(GitFault) -> Ending {
        let process = try spawn(arguments, on: loop)
        let watch = Deadline(process, after: deadline, on: loop)
        var answer: [UInt8] = []
        do {
            if let key = source.key { try await process.write(Array(key.utf8)) }
            process.closeInput()
            while let bytes = try await process.read(upTo: 16 << 10) {
                answer += bytes.prefix(Self.answerBytesMax - answer.count)
            }
        } catch {
            process.terminate()
        }
        let status = await process.exit()
        watch.end()
        if watch.hasPassed { throw .timedOut }
        switch status {
        case .code(GitHome.lockedCode): throw .busy
        case .code(Self.keyCode): throw .denied("the SSH key is none that can be used")
        default: break
        }
        guard !status.isSuccess else { return .success(answer) }
        return .failure(Failure(output: answer, words: words(of: process, status)))
    }

    /// What a child printed, or how it failed.
    enum Ending: Sendable {
        case success([UInt8])
        case failure(Failure)
    }

    /// The shell takes the lock of the repository and sets the largest file that the child may
    /// write, which is the one limit on a fetched pack that `git` itself does not offer.
    private func spawn(
        _ arguments: [String],
        on loop: EventLoop
    ) throws(GitFault) -> ChildProcess {
        let most = min(bytesMax ?? .max, home.limits.packBytesMax)
        let blocks = String(most / Self.blockBytes)
        let lock = changesReferences ? GitHome.taking : ""
        let script = "\(lock)ulimit -f \"$0\" || exit 1\n"
        let shell =
            source.key == nil
            ? ["-c", script + "exec git \"$@\"", blocks]
            : [
                "-c", "exec ssh-agent /bin/sh -c \"$@\"", "sh",
                Self.adding + script + Self.running, blocks,
            ]
        do {
            return try ChildProcess.spawn(
                executable: "/bin/sh",
                arguments: shell + arguments,
                environment: try home.environment(for: source),
                directory: repository,
                loop: loop
            )
        } catch let fault as GitFault {
            throw fault
        } catch {
            throw .failed("git could not be started: \(error)")
        }
    }

    /// Shell that gives the key to an agent of the child's own: it comes on the standard input and
    /// never lies in a file.
    ///
    /// Before the locks are opened, so that the agent does not hold them.
    private static let adding = "ssh-add -q - 2>/dev/null || exit \(keyCode)\n"

    /// Shell that runs `git` and ends the agent with it, which by itself looks every ten seconds
    /// only whether it is still needed.
    private static let running =
        "git \"$@\"; code=$?; kill \"$SSH_AGENT_PID\"; exit \"$code\""

    /// What `git` said, without the source, which may be private.
    private func words(of process: ChildProcess, _ status: ExitStatus) -> String {
        if status.isEndedBySignal { return "the repository is larger than is taken" }
        return source.hidden(in: String(decoding: process.standardError, as: UTF8.self))
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
