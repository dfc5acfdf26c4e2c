import EventLoop

/// Answers stock `git` over its smart HTTP protocol (gitprotocol-http) by child processes.
package final class GitBackend: Sendable {
    private let home: GitHome
    let children: ChildSlots
    /// Questions that are being read, each of which may hold memory.
    let questions: ChildSlots
    private let deadline: Duration

    /// Of the children, one caller gets at most a quarter: whoever blocks its own blocks nobody.
    private static let callersMin = 4
    /// Questions that are read at once, and those of one caller.
    private static let questionsMax = 128
    private static let questionsShare = 8
    /// Bytes that are read from the child at once.
    private static let pieceBytes = 64 << 10

    /// Writes the configuration into `home`, the same folder as for `GitService`.
    ///
    /// At most `childrenMax` children run at once, a quarter of them for one caller; some more wait
    /// for up to `patience`, then `.busy` is thrown. One exchange may take as long as `deadline`.
    package init(
        home: String,
        limits: GitLimits = GitLimits(),
        childrenMax: Int = 16,
        patience: Duration = .seconds(10),
        deadline: Duration = .seconds(900)
    ) throws(GitFault) {
        self.home = GitHome(path: home, limits: limits)
        children = ChildSlots(
            count: childrenMax,
            share: max(1, childrenMax / Self.callersMin),
            patience: patience
        )
        questions = ChildSlots(
            count: Self.questionsMax,
            share: Self.questionsShare,
            patience: patience
        )
        self.deadline = deadline
        try self.home.prepare()
    }

    /// Runs one exchange to its end, streaming in both directions.
    ///
    /// Call it on a loop.
    ///
    /// A fault thrown before the first `write` can still become an HTTP status; afterwards the
    /// connection must be cut. Cancelling the task kills the child.
    package func serve(_ admitted: AdmittedExchange) async throws(GitFault) {
        guard let loop = EventLoop.current else {
            preconditionFailure("Git is served on a loop")
        }
        defer { withExtendedLifetime(admitted.place) {} }
        let exchange = admitted.exchange
        let process = try spawn(exchange, on: loop)
        let watch = Deadline(process, after: deadline, on: loop)
        let fault = await pump(exchange, process)
        if fault != nil { process.terminate() }
        let status = await process.exit()
        watch.end()
        if watch.hasPassed { throw .timedOut }
        if let fault { throw fault }
        // A refused push ends with 1 after it has told the client why; so does an early hang-up.
        guard status.isSuccess || status == .code(1) || status == .code(128) else {
            throw .failed("git ended with \(status)")
        }
    }

    private func spawn(
        _ exchange: GitExchange,
        on loop: EventLoop
    ) throws(GitFault) -> ChildProcess {
        // A folder that is missing and a `git` that is missing fail alike.
        guard Disk.isFolder(exchange.repository) else { throw .notFound("the repository") }
        var environment = home.environment()
        environment["GIT_PROTOCOL"] = exchange.protocolVariable
        environment[GitHome.guardVariable] = exchange.isGuarded ? "1" : nil
        let command = exchange.command
        do {
            return try ChildProcess.spawn(
                executable: command.program,
                arguments: command.arguments,
                environment: environment,
                directory: exchange.repository,
                loop: loop
            )
        } catch {
            throw .failed("git could not be started: \(error)")
        }
    }

    /// Moves bytes in both directions until the child is done; returns what went wrong.
    private func pump(_ exchange: GitExchange, _ process: ChildProcess) async -> GitFault? {
        await withTaskGroup(of: GitFault?.self) { group in
            group.addTask(executorPreference: EventLoop.current) {
                await self.feed(exchange, process)
            }
            let fault = await drain(exchange, process)
            // The child has said everything: what the client still sends is not waited for.
            group.cancelAll()
            let feeding = await group.next() ?? nil
            return fault ?? feeding
        }
    }

    /// Gives the request's body to the child.
    private func feed(_ exchange: GitExchange, _ process: ChildProcess) async -> GitFault? {
        defer { process.closeInput() }
        guard exchange.phase == .negotiation else { return nil }
        do throws(GitFault) {
            let inflater =
                exchange.isCompressed ? try Inflater(limit: home.limits.packBytesMax) : nil
            while let piece = try await next(exchange) {
                let isTaken = try await pass(piece, through: inflater) { bytes in
                    exchange.hear(bytes)
                    return await self.give(bytes, to: process)
                }
                guard isTaken else { return nil }
            }
            guard inflater?.isFinished ?? true else {
                throw .malformed("the compressed body breaks off")
            }
            return nil
        } catch {
            // The child waits for more input: it must not take half a request for a whole one.
            process.terminate()
            return error
        }
    }

    /// Gives one piece on, decompressed when it must be; false when it is no longer taken.
    private func pass(
        _ piece: [UInt8],
        through inflater: Inflater?,
        to taker: ([UInt8]) async -> Bool
    ) async throws(GitFault) -> Bool {
        guard let inflater else { return await taker(piece) }
        var isTaken = true
        try await inflater.inflate(piece) { bytes throws(GitFault) in
            if isTaken { isTaken = await taker(bytes) }
        }
        return isTaken
    }

    func next(_ exchange: GitExchange) async throws(GitFault) -> [UInt8]? {
        do {
            return try await exchange.read()
        } catch {
            throw .remote("the client stopped sending")
        }
    }

    /// False when the child no longer reads, which is its right.
    private func give(_ bytes: [UInt8], to process: ChildProcess) async -> Bool {
        do throws(SystemFault) {
            try await process.write(bytes)
            return true
        } catch {
            return false
        }
    }

    /// Gives the child's output to the client.
    ///
    /// What is advertised is collected by callers, and so has a limit.
    private func drain(_ exchange: GitExchange, _ process: ChildProcess) async -> GitFault? {
        do {
            var preamble = exchange.preamble
            var left = exchange.phase == .advertisement ? home.limits.advertisementBytesMax : .max
            while let bytes = try await process.read(upTo: Self.pieceBytes) {
                left -= bytes.count
                guard left >= 0 else {
                    return .tooLarge("the repository has too many branches and tags to list")
                }
                if !preamble.isEmpty {
                    try await exchange.write(preamble)
                    preamble = []
                }
                try await exchange.write(bytes)
            }
            return preamble.isEmpty ? nil : .notFound("the repository")
        } catch {
            return .remote("the client is gone")
        }
    }
}
