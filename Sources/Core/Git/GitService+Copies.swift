import EventLoop

/// A copy of one revision of a repository elsewhere, for reading: nothing of its history.
package struct CopyRequest: Sendable {
    /// From where and to where.
    package var fetch: FetchRequest
    /// Branches, tags or commits, of which the first that is there is wanted; the default branch
    /// where there are none.
    package var revisions: [String]
    /// Bytes of the copy on the disk.
    package var bytesMax: Int

    /// That copy.
    package init(_ fetch: FetchRequest, of revisions: [String], bytesMax: Int) {
        self.fetch = fetch
        self.revisions = revisions
        self.bytesMax = bytesMax
    }
}

extension GitService {
    /// Brings a copy up to date, which is made when absent, and leases it to whoever asks.
    ///
    /// What earlier looks have left of other revisions goes once there is too much of it; readers
    /// see the copy before or after that.
    ///
    /// - Throws: `.tooLarge` where the revision alone has too many bytes, `.notFound` where there
    ///   is no such revision.
    package func copy(_ request: CopyRequest) async throws(GitFault) {
        let path = request.fetch.destination
        let source = try await source(of: request.fetch)
        let home = home
        try await run { () throws(GitFault) in
            if let folder = source.folder, !Disk.holdsSource(folder) {
                throw .notFound("a Git repository at \(folder) on this server")
            }
            try home.prepare()
            try Repository.lease(path)
        }
        var transfer = GitTransfer(
            home: home,
            source: source,
            repository: path,
            deadline: request.fetch.deadline
        )
        transfer.bytesMax = request.bytesMax
        let wanted = try await onLoop { [transfer] loop throws(GitFault) in
            try await transfer.revision(request.revisions, on: loop)
        }
        if try await open(path, { repository throws(GitFault) in try repository.has(wanted) }) {
            return
        }
        let fetched = await bring(wanted, transfer)
        let size = try await run { () throws(GitFault) in Disk.size(of: path) }
        switch fetched {
        case .success where size <= request.bytesMax:
            try await open(path) { repository throws(GitFault) in try repository.settle(wanted) }
        case .failure(let fault) where !fault.mayPassAnew && size <= request.bytesMax: throw fault
        default: try await copyAnew(wanted, transfer)
        }
    }

    /// Makes the copy once more beside itself, and puts it into its place.
    private func copyAnew(
        _ wanted: GitTransfer.Revision,
        _ transfer: GitTransfer
    ) async throws(GitFault) {
        let path = transfer.repository
        let fresh = try await run { () throws(GitFault) in
            try BareRepository.makeTemporary(for: path, branch: wanted.branch ?? "main")
        }
        let result: Result<Void, GitFault>
        do throws(GitFault) {
            var transfer = transfer
            transfer.repository = fresh
            try await bring(wanted, transfer).get()
            let most = transfer.bytesMax ?? .max
            try await run { () throws(GitFault) in
                guard Disk.size(of: fresh) <= most else { throw .largerThan(most) }
                try Repository.renewLease(fresh)
                try Disk.exchange(fresh, path)
            }
            result = .success(())
        } catch {
            result = .failure(error)
        }
        try await run { () throws(GitFault) in try Disk.removeFolder(fresh) }
        try result.get()
        try await open(path) { repository throws(GitFault) in try repository.settle(wanted) }
    }

    private func bring(
        _ wanted: GitTransfer.Revision,
        _ transfer: GitTransfer
    ) async -> Result<Void, GitFault> {
        do throws(GitFault) {
            return .success(
                try await onLoop { loop throws(GitFault) in
                    try await transfer.bring(wanted, on: loop)
                }
            )
        } catch {
            return .failure(error)
        }
    }

    /// Removes a copy that nobody has leased for so long.
    ///
    /// - Returns: whether it went.
    package func removeUnleased(
        at path: String,
        after duration: Duration
    ) async throws(GitFault) -> Bool {
        try await run { () throws(GitFault) in
            try Repository.removeUnleased(at: path, after: duration)
        }
    }
}

extension GitService {
    /// How many bytes a copy may have beside the others in its folder whose names begin alike, so
    /// that they have `bytesMax` together; what nobody has leased for so long is removed where need
    /// be, the one that was leased first before the others.
    ///
    /// - Returns: nothing or less where there is no room.
    package func room(
        for path: String,
        beside prefix: String,
        bytesMax: Int,
        unleasedFor duration: Duration
    ) async throws(GitFault) -> Int {
        try await run { () throws(GitFault) in
            let folder = try Disk.folder(of: path)
            let others = Disk.names(in: folder).filter { $0.hasPrefix(prefix) }
                .map { "\(folder)/\($0)" }.filter { $0 != path }
            var copies = others.map {
                (path: $0, age: Repository.leaseAge(of: $0), bytes: Disk.size(of: $0))
            }
            copies.sort { $0.age ?? .zero > $1.age ?? .zero }
            var used = copies.reduce(0) { $0 + $1.bytes }
            for copy in copies where used >= bytesMax {
                guard try Repository.removeUnleased(at: copy.path, after: duration) else { break }
                used -= copy.bytes
            }
            return bytesMax - used
        }
    }
}

extension GitFault {
    static func largerThan(_ bytes: Int) -> GitFault {
        .tooLarge("it has more than \(bytes >> 20) MiB; only so many are read of one revision")
    }

    /// Whether a copy without anything in it may succeed: the one that is there stands in the way.
    fileprivate var mayPassAnew: Bool {
        if case .remote(let reason) = self { reason.contains("cannot lock ref") } else { false }
    }
}

extension GitTransfer {
    /// A revision as the other side has it now.
    struct Revision: Sendable {
        /// Where it is there, and here.
        let reference: String
        let id: ObjectID
        /// Whether it is the default branch.
        let isDefault: Bool

        /// The name of the branch; nil for a tag and a commit.
        var branch: String? {
            let heads = "refs/heads/"
            return reference.hasPrefix(heads) ? String(reference.dropFirst(heads.count)) : nil
        }

        /// Where it is kept here.
        var here: String {
            reference.hasPrefix("refs/") ? reference : "refs/slipway/\(reference)"
        }
    }

    /// The first of the revisions that is there.
    func revision(
        _ revisions: [String],
        on loop: EventLoop
    ) async throws(GitFault) -> Revision {
        if revisions.count == 1, let id = ObjectID(revisions[0]) {
            return Revision(reference: id.hex, id: id, isDefault: false)
        }
        let names = revisions.flatMap { ["refs/heads/\($0)", "refs/tags/\($0)"] }
        let answer = try await answer(
            to: ["ls-remote", "--quiet", "--symref", "--", source.text]
                + (names.isEmpty ? ["HEAD"] : names),
            within: deadline,
            on: loop
        )
        var found: [String: ObjectID] = [:]
        for line in answer.split(separator: 0x0A) {
            let parts = line.split(separator: 0x09)
            guard parts.count == 2, let id = ObjectID(String(decoding: parts[0], as: UTF8.self))
            else { continue }
            found[String(decoding: parts[1], as: UTF8.self)] = id
        }
        if names.isEmpty, let head = Self.defaultBranch(in: answer), let id = found["HEAD"] {
            return Revision(reference: "refs/heads/\(head)", id: id, isDefault: true)
        }
        for name in names {
            guard let id = found[name] else { continue }
            return Revision(reference: name, id: id, isDefault: false)
        }
        let shown = revisions.last.map { "the branch or tag \($0)" } ?? "the default branch"
        throw .notFound(shown)
    }

    /// Fetches a revision without its history.
    func bring(_ wanted: Revision, on loop: EventLoop) async throws(GitFault) {
        let reference = "+\(wanted.reference):\(wanted.here)"
        let ending = try await run(
            fetching([reference], "--no-tags", "--depth=1"),
            within: deadline,
            on: loop
        )
        guard case .failure(let failure) = ending else { return }
        guard !failure.isForSize else { throw .largerThan(bytesMax ?? home.limits.packBytesMax) }
        if failure.words.contains("fsck error") { throw .malformed(failure.reason) }
        throw failure.fault
    }
}

extension GitTransfer.Failure {
    /// Whether it ended at the largest file that it may write.
    fileprivate var isForSize: Bool {
        // XFSZ is signal 25 on Linux; it ends index-pack without a word where that writes the pack.
        let isCut = ["fsck", "early EOF", "disconnect"].contains { words.contains($0) }
        return ["larger than is taken", "signal 25", "File too large", "invalid index-pack output"]
            .contains { words.contains($0) } && !isCut
    }
}

extension Repository {
    /// What tells by its age how long nobody has asked for the copy.
    private static let leaseName = "slipway.lease"

    /// Makes an empty copy where there is none, and keeps it from being removed for a while.
    static func lease(_ path: String) throws(GitFault) {
        let folder = try Disk.folder(of: path)
        try Disk.makeFolders(folder)
        // Whoever removes copies takes the same lock: what is leased is there.
        let lock = try RepositoryLock.take(of: folder)
        try create(at: path)
        try renewLease(path)
        lock.release()
    }

    static func renewLease(_ path: String) throws(GitFault) {
        try Disk.touch("\(path)/\(leaseName)")
    }

    /// How long nobody has asked for the copy; nil where it is not there.
    static func leaseAge(of path: String) -> Duration? {
        Disk.age(of: "\(path)/\(leaseName)") ?? Disk.age(of: path)
    }

    /// Removes a copy that nobody has leased for so long; whether it went.
    static func removeUnleased(at path: String, after duration: Duration) throws(GitFault) -> Bool {
        let lock = try RepositoryLock.take(of: try Disk.folder(of: path))
        let isUnused = leaseAge(of: path).map { $0 >= duration } ?? false
        let gone = Disk.temporary(beside: path)
        guard isUnused else {
            lock.release()
            return false
        }
        // Under a temporary name first: nobody opens it half removed.
        let isGone = try Disk.moveFolder(path, to: gone)
        lock.release()
        if isGone { try Disk.removeFolder(gone) }
        return isGone
    }

    /// Whether a revision is here as the other side has it now, and nothing beside it.
    func has(_ wanted: GitTransfer.Revision) throws(GitFault) -> Bool {
        guard try target(of: wanted.here) == wanted.id, holds(wanted.id) else { return false }
        try settle(wanted)
        return true
    }

    /// Removes what is kept of other revisions, and makes the default branch the one that it is.
    func settle(_ wanted: GitTransfer.Revision) throws(GitFault) {
        if wanted.isDefault, let branch = wanted.branch, try defaultBranch() != branch {
            try setDefaultBranch(branch)
        }
        for name in try references() where name != wanted.here { try remove(name) }
    }
}
