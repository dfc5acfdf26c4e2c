package import EventLoop

/// Git work off the loops: libgit2 on a blocking pool, network transfers in child processes.
package final class GitService: Sendable {
    private let pool: BlockingPool
    private let group: EventLoopGroup
    let home: GitHome
    /// What is read and written at most.
    package let limits: GitLimits
    private let version: @Sendable () -> GitVersion?

    /// The loops of `group` watch over child processes; `home` is a folder for their configuration,
    /// made when absent.
    package init(
        pool: BlockingPool,
        group: EventLoopGroup,
        home: String,
        limits: GitLimits = GitLimits(),
        version: @escaping @Sendable () -> GitVersion? = { GitVersion.installed }
    ) {
        self.version = version
        self.pool = pool
        self.group = group
        self.home = GitHome(path: home, limits: limits)
        self.limits = limits
    }

    /// Opens a bare repository on a pool thread and runs the body there.
    package func open<Value: Sendable>(
        _ path: String,
        _ body: @escaping @Sendable (borrowing Repository) throws(GitFault) -> Value
    ) async throws(GitFault) -> Value {
        let limits = limits
        return try await run { () throws(GitFault) in
            let repository = try Repository(opening: path, limits: limits)
            return try body(repository)
        }
    }

    /// Makes an empty bare repository, with the mark of its owner where it has one; no fault when
    /// it is there already.
    package func create(
        at path: String,
        branch: String = "main",
        owner: String? = nil
    ) async throws(GitFault) {
        try await run { () throws(GitFault) in
            try Repository.create(at: path, branch: branch, owner: owner)
        }
    }

    /// Forks a blueprint: history kept, one commit on top.
    ///
    /// Doing it twice changes nothing. Throws `.exists` when something other than this fork is at
    /// the destination.
    package func fork(_ request: ForkRequest) async throws(GitFault) -> ForkReceipt {
        let limits = limits
        return try await run { () throws(GitFault) in
            try Repository.fork(request, limits: limits)
        }
    }

    /// Removes a repository with everything in it and what killed processes left of it; no fault
    /// when it is not there.
    ///
    /// Refuses a folder that is not a bare repository, and leaves one that was not made for
    /// `owner`.
    package func remove(
        at path: String,
        of owner: RepositoryOwner? = nil
    ) async throws(GitFault) {
        try await run { () throws(GitFault) in try Repository.remove(at: path, of: owner) }
    }

    /// What killed processes left of a repository under other names.
    package func leftovers(of path: String) async throws(GitFault) -> [String] {
        try await run { () throws(GitFault) in Repository.leftovers(of: path) }
    }

    /// The names of the repositories in a folder, without `.git`; those of which only leftovers
    /// are there as well.
    package func names(in folder: String) async throws(GitFault) -> [String] {
        try await run { () throws(GitFault) in Repository.names(in: folder) }
    }

    /// Brings all branches and tags of a remote or local repository into a bare one, which is made
    /// when absent.
    ///
    /// Branches and tags that are gone there go here as well.
    package func mirror(_ request: FetchRequest) async throws(GitFault) {
        let source = try await source(of: request)
        let home = home
        try await run { () throws(GitFault) in
            if let folder = source.folder, !Disk.holdsSource(folder) {
                throw .notFound("a Git repository at \(folder) on this server")
            }
            try home.prepare()
            try Repository.create(at: request.destination)
        }
        let transfer = GitTransfer(
            home: home,
            source: source,
            repository: request.destination,
            deadline: request.deadline
        )
        let head = try await onLoop { loop throws(GitFault) in
            try await transfer.mirror(on: loop)
        }
        guard let head else { return }
        try await open(request.destination) { repository throws(GitFault) in
            try repository.setDefaultBranch(head)
        }
    }

    /// Where a fetch comes from.
    ///
    /// - Throws: `.failed` where the `git` on this server would not keep to its addresses.
    func source(of request: FetchRequest) async throws(GitFault) -> FetchSource {
        let source = try FetchSource(parsing: request)
        guard source.isPinned else { return source }
        let version = version
        let found = try await run { () throws(GitFault) in version() }
        guard let found, found >= .pinning else {
            let shown = found.map { "is \($0)" } ?? "does not tell its version"
            throw .failed(
                "the git of this server \(shown), and only \(GitVersion.pinning) and newer ones "
                    + "keep to the addresses that were looked at; have the operators install one"
            )
        }
        return source
    }

    /// Runs what watches over children on one of the loops.
    func onLoop<Value: Sendable>(
        _ body: @escaping @Sendable (EventLoop) async throws(GitFault) -> Value
    ) async throws(GitFault) -> Value {
        let loop = group.next()
        // Awaited right here; a cancelled caller cancels it, which kills the child.
        let task = Task<Result<Value, GitFault>, Never>(executorPreference: loop) {
            do throws(GitFault) {
                return .success(try await body(loop))
            } catch {
                return .failure(error)
            }
        }
        let result = await withTaskCancellationHandler {
            await task.value
        } onCancel: {
            task.cancel()
        }
        return try result.get()
    }

    func run<Value: Sendable>(
        _ body: @escaping @Sendable () throws(GitFault) -> Value
    ) async throws(GitFault) -> Value {
        let result: Result<Value, GitFault>
        do {
            result = try await pool.run { Result(catching: body) }
        } catch {
            throw .busy
        }
        return try result.get()
    }
}

/// A fetch from a URL or a local path.
package struct FetchRequest: Sendable {
    /// What is sent as proof; hidden from descriptions.
    package enum Credential: Sendable, CustomStringConvertible {
        /// Nothing.
        case none
        /// HTTP basic authentication, for this host only.
        case basic(user: String, password: String)
        /// HTTP bearer authentication, for this host only.
        case bearer(String)
        /// A private key for SSH, and the lines of `known_hosts` by which the server is known.
        case key(String, knownHosts: String)

        /// The text that people read.
        package var description: String { "credential" }
    }

    /// `https://…`, `http://…` (without credential), `ssh://…`, `file:///…` or an absolute path.
    package var source: String
    /// The bare repository that receives.
    package var destination: String
    /// What is sent as proof.
    package var credential: Credential
    /// How long the whole transfer may take.
    package var deadline: Duration
    /// The addresses that the host of an `http` or `https` source is reached at and no others,
    /// whatever its name means meanwhile; whatever DNS says where there are none.
    package var addresses: [String]

    /// The source as it can be told: without user, password and query.
    package var shownSource: String { FetchSource.withoutSecrets(source) }

    /// A fetch, without a credential and within five minutes unless said otherwise.
    package init(
        source: String,
        destination: String,
        credential: Credential = .none,
        deadline: Duration = .seconds(300),
        addresses: [String] = []
    ) {
        self.addresses = addresses
        self.source = source
        self.destination = destination
        self.credential = credential
        self.deadline = deadline
    }
}
