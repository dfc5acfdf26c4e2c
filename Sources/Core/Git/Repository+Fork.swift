import Domain

extension Repository {
    /// Forks a blueprint: history kept, one commit on top.
    ///
    /// Doing it twice changes nothing. Throws `.exists` when something other than this fork is at
    /// the destination.
    package static func fork(
        _ request: ForkRequest,
        limits: GitLimits = GitLimits()
    ) throws(GitFault) -> ForkReceipt {
        if let receipt = try existing(request, limits) { return receipt }
        let source = try Repository(opening: request.source, limits: limits)
        guard source.holds(request.base) else {
            throw .notFound("the commit \(request.base) of the blueprint")
        }
        let temporary = try BareRepository.makeTemporary(
            for: request.destination,
            branch: request.branch,
            owner: request.owner
        )
        do throws(GitFault) {
            try BareRepository.shareObjects(of: request.source, with: temporary)
            let commit = try write(request, from: source, into: temporary, limits)
            if try Disk.moveFolder(temporary, to: request.destination) {
                return ForkReceipt(commit: commit, created: true)
            }
        } catch {
            // The first fault is the one to tell.
            try? Disk.removeFolder(temporary)
            throw error
        }
        try Disk.removeFolder(temporary)
        guard let receipt = try existing(request, limits) else {
            throw .exists(request.destination)
        }
        return receipt
    }

    /// The same fork when it is there already; nil when nothing is there.
    private static func existing(
        _ request: ForkRequest,
        _ limits: GitLimits
    ) throws(GitFault) -> ForkReceipt? {
        guard Disk.exists(request.destination) else { return nil }
        guard BareRepository.isPresent(at: request.destination) else {
            throw .exists(request.destination)
        }
        let sink = HashingSink()
        let tree = try TreeWriter(request.files).write(to: sink)
        let commit = try sink.write(
            request.text.commit(tree: tree, parents: [request.base]),
            as: .commit
        )
        let repository = try Repository(opening: request.destination, limits: limits)
        guard repository.holds(commit) else { throw .exists(request.destination) }
        return ForkReceipt(commit: commit, created: false)
    }

    private static func write(
        _ request: ForkRequest,
        from source: borrowing Repository,
        into path: String,
        _ limits: GitLimits
    ) throws(GitFault) -> ObjectID {
        let fork = try Repository(opening: path, limits: limits)
        for case .object(let id) in request.files.map(\.content) where !fork.holds(id) {
            throw .notFound("the object \(id) of the blueprint")
        }
        let pack = PackSink()
        let tree = try TreeWriter(request.files).write(to: pack)
        let commit = try pack.write(
            request.text.commit(tree: tree, parents: [request.base]),
            as: .commit
        )
        try pack.finish(in: fork)
        for name in request.tags {
            guard let target = try source.target(of: "refs/tags/\(name)") else { continue }
            try fork.move("refs/tags/\(name)", from: nil, to: target)
        }
        try fork.move("refs/heads/\(request.branch)", from: nil, to: commit)
        return commit
    }
}
