package import EventLoop

/// Git work off the loops: libgit2 on a blocking pool, network transfers in child processes.
package final class GitService: Sendable {
    private let pool: BlockingPool
    /// What is read and written at most.
    package let limits: GitLimits

    /// - Parameter home: a folder for Git's own configuration file, made when absent.
    package init(pool: BlockingPool, home: String, limits: GitLimits = GitLimits()) {
        self.pool = pool
        self.limits = limits
    }

    /// Opens a bare repository on a pool thread and runs the body there.
    package func open<Value: Sendable>(
        _ path: String,
        _ body: @escaping @Sendable (borrowing Repository) throws(GitFault) -> Value
    ) async throws(GitFault) -> Value {
        preconditionFailure("not built yet")
    }

    /// Makes an empty bare repository; no fault when it is there already.
    package func create(at path: String, branch: String = "main") async throws(GitFault) {
        preconditionFailure("not built yet")
    }

    /// Forks a blueprint: history kept, one commit on top. Doing it twice changes nothing.
    /// Throws `.exists` when something other than this fork is at the destination.
    package func fork(_ request: ForkRequest) async throws(GitFault) -> ForkReceipt {
        preconditionFailure("not built yet")
    }

    /// Brings all branches and tags of a remote or local repository into a bare one,
    /// which is made when absent. Branches and tags that are gone there go here as well.
    package func mirror(_ request: FetchRequest) async throws(GitFault) {
        preconditionFailure("not built yet")
    }

    /// Removes a repository with everything in it; no fault when it is not there.
    /// Refuses a folder that is not a bare repository.
    package func remove(at path: String) async throws(GitFault) {
        preconditionFailure("not built yet")
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

        package var description: String { "credential" }
    }

    /// `https://…`, `ssh://…`, `file:///…` or an absolute path.
    package var source: String
    /// The bare repository that receives.
    package var destination: String
    /// What is sent as proof.
    package var credential: Credential
    /// How long the whole transfer may take.
    package var deadline: Duration

    package init(
        source: String,
        destination: String,
        credential: Credential = .none,
        deadline: Duration = .seconds(300)
    ) {
        self.source = source
        self.destination = destination
        self.credential = credential
        self.deadline = deadline
    }
}
