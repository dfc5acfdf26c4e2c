/// A repository on another server, of which there is a copy here.
package struct GitRemote: Sendable {
    /// `https://…` or `ssh://…`.
    package var url: String
    /// What is shown to it.
    package var credential: FetchRequest.Credential

    /// That repository.
    package init(url: String, credential: FetchRequest.Credential) {
        self.url = url
        self.credential = credential
    }
}

extension GitService {
    /// How long one exchange with a remote may take.
    package static let remoteDeadline = Duration.seconds(240)

    /// Brings a branch of the remote into the copy, which is made for `owner` where there is none;
    /// the copy's own branch stays where it is.
    ///
    /// - Returns: the tip; nil where the remote has no such branch.
    /// - Throws: `.denied`, `.notFound` where there is no such repository, `.remote` for what
    ///   passes.
    package func fetch(
        _ branch: String,
        from remote: GitRemote,
        into path: String,
        of owner: String
    ) async throws(GitFault) -> ObjectID? {
        try await create(at: path, branch: branch, owner: owner)
        let tracked = Repository.tracking(branch)
        let transfer = try await transfer(of: remote, path)
        let reference = "+refs/heads/\(branch):\(tracked)"
        let fetch = transfer.fetching([reference], "--no-tags")
        if let failure = try await failure(of: fetch, transfer) {
            guard !failure.words.contains("couldn't find remote ref") else { return nil }
            throw failure.fault
        }
        return try await open(path) { repository throws(GitFault) in
            try repository.commit(named: tracked)
        }
    }

    /// Points a branch of the copy to that commit, wherever it points now.
    package func turn(
        _ branch: String,
        to commit: ObjectID,
        in path: String
    ) async throws(GitFault) {
        try await open(path) { repository throws(GitFault) in
            try repository.turn("refs/heads/\(branch)", to: commit)
        }
    }

    /// Makes the branch of the remote that commit; never by force.
    ///
    /// - Throws: `.moved` where the remote has commits that this one does not come after,
    ///   `.refused` where the remote takes no such push, and what `fetch` throws.
    package func push(
        _ commit: ObjectID,
        to branch: String,
        of remote: GitRemote,
        from path: String
    ) async throws(GitFault) {
        var transfer = try await transfer(of: remote, path)
        transfer.changesReferences = false
        let reference = "refs/heads/\(branch)"
        let push = [
            "push", "--quiet", "--porcelain", "--no-verify", "--no-follow-tags", "--",
            transfer.source.text, "\(commit.hex):\(reference)",
        ]
        if let failure = try await failure(of: push, transfer) {
            throw failure.ofPush(to: reference)
        }
        try await open(path) { repository throws(GitFault) in
            try repository.turn(Repository.tracking(branch), to: commit)
        }
    }

    /// How `git` failed with those arguments; nil where it did not.
    private func failure(
        of arguments: [String],
        _ transfer: GitTransfer
    ) async throws(GitFault) -> GitTransfer.Failure? {
        let ending = try await onLoop { loop throws(GitFault) in
            try await transfer.run(arguments, within: transfer.deadline, on: loop)
        }
        guard case .failure(let failure) = ending else { return nil }
        return failure
    }

    private func transfer(
        of remote: GitRemote,
        _ path: String
    ) async throws(GitFault) -> GitTransfer {
        let source = try FetchSource(parsing: remote.url, remote.credential)
        let home = home
        try await run { () throws(GitFault) in try home.prepare() }
        return GitTransfer(
            home: home,
            source: source,
            repository: path,
            deadline: Self.remoteDeadline
        )
    }
}

extension Repository {
    /// Where the tip of a remote's branch, short or full, is kept as it was seen last.
    package static func tracking(_ branch: String) -> String {
        let heads = "refs/heads/"
        return "refs/remotes/forge/"
            + (branch.hasPrefix(heads) ? branch.dropFirst(heads.count) : branch[...])
    }

    /// How often a reference is turned anew when others move it at the same time.
    private static let turnsMax = 5

    /// Points a reference somewhere else, wherever it points now.
    func turn(_ reference: String, to target: ObjectID) throws(GitFault) {
        for _ in 1..<Self.turnsMax {
            let now = try commit(named: reference)
            if now == target { return }
            do throws(GitFault) { return try move(reference, from: now, to: target) } catch {
                guard case .moved = error else { throw error }
            }
        }
        try move(reference, from: try commit(named: reference), to: target)
    }
}

extension GitTransfer.Failure {
    /// What became of a push, by what `git push --porcelain` prints for its one reference:
    /// `!<tab>FROM:TO<tab>SUMMARY (REASON)`.
    fileprivate func ofPush(to reference: String) -> GitFault {
        let lines = String(decoding: output, as: UTF8.self).split(whereSeparator: \.isNewline)
        guard let line = lines.first(where: { $0.hasPrefix("!\t") }),
            let summary = line.split(separator: "\t").last
        else { return fault }
        if summary.hasPrefix("[rejected]") { return .moved(reference: reference, found: nil) }
        // Another push held the branch at that moment.
        let isRace = ["failed to update ref", "cannot lock ref", "incorrect old value"].contains {
            summary.contains($0) || words.contains($0)
        }
        if isRace { return .moved(reference: reference, found: nil) }
        guard summary.hasPrefix("[remote rejected]") else { return .remote("\(summary)") }
        let why = "does not take the push: \(summary); \(reason)"
        return .refused([Refusal(path: reference, reason: String(why.prefix(500)))])
    }
}

extension GitTransfer.Failure {
    /// What failed at the other side, sorted by who acts next; Git says it in words alone.
    var fault: GitFault {
        func says(_ list: [String]) -> Bool { list.contains { words.contains($0) } }
        if says(Self.wordsOfDenial) { return .denied(reason) }
        if says(Self.wordsOfAbsence) { return .notFound("the repository (\(reason))") }
        return .remote(reason)
    }

    private static let wordsOfDenial = [
        "Authentication failed", "could not read Username", "could not read Password",
        "Permission denied", "error: 401", "error: 403", "Host key verification failed",
        "certificate", "access denied", "Access denied",
    ]
    private static let wordsOfAbsence = [
        "not found", "error: 404", "does not exist", "not appear to be a git repository",
        "could not be found", "error: 301", "error: 302",
    ]
}
