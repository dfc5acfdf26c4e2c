import Contract
import Domain
import Git

/// The copy here of a repository that a forge keeps: brought up to date before each edit, pushed
/// after it.
///
/// What the forge has is what counts; a commit that was not pushed is made again on top of it.
struct RemoteCopy: Sendable {
    /// How often an edit is made anew when others push at the same time.
    private static let attemptsMax = 5
    /// How often a forge is tried that does not answer.
    private static let awayRecheck = Duration.seconds(30)

    let git: GitService
    let hosts: any RepositoryHosts
    let path: String
    let tenant: Tenant
    private let remote: GitRemote

    /// The copy of the tenant's repository; nil where this server keeps it.
    init?(
        of tenant: Tenant,
        at path: String,
        _ git: GitService,
        _ hosts: (any RepositoryHosts)?
    ) async throws(ProviderFault) {
        guard tenant.spec.repository != nil else { return nil }
        guard let hosts else {
            throw .refused(reason: "nothing here speaks with forges; run the job elsewhere")
        }
        self.git = git
        self.hosts = hosts
        self.path = path
        self.tenant = tenant
        remote = try await hosts.remote(of: tenant)
    }

    /// Makes the copy what the forge has.
    ///
    /// - Returns: the tip.
    /// - Throws: `.refused` where what is there does not come after what Slipway pushed first.
    @discardableResult func refresh() async throws(ProviderFault) -> ObjectID {
        let root = try await hosts.hosted(tenant).root.flatMap { ObjectID($0) }
        guard let root else {
            throw .refused(reason: "nothing was pushed to \(shown) yet: run the tenant's own job")
        }
        guard let tip = try await fetch() else {
            throw .refused(
                reason: "the branch \(RepositoryLayout.branch) of \(shown) is gone: push it again, "
                    + "with the commit \(root) in its history, then retry the job"
            )
        }
        guard try await holds(root, behind: tip) else {
            throw .refused(
                reason: "the history of \(shown) does not hold \(root) any more, the commit that "
                    + "Slipway pushed first: bring it back, then retry the job"
            )
        }
        try await asking { () async throws(GitFault) in
            try await git.turn(RepositoryLayout.branch, to: tip, in: path)
        }
        return tip
    }

    /// The tip that the forge has; nil where nothing was pushed yet.
    private func fetch() async throws(ProviderFault) -> ObjectID? {
        try await asking { () async throws(GitFault) in
            try await git.fetch(
                RepositoryLayout.branch,
                from: remote,
                into: path,
                of: tenant.repositoryOwner.id
            )
        }
    }

    /// Pushes the fork as the first commits of the repository; nothing where they are there.
    func begin(with fork: ObjectID) async throws(ProviderFault) {
        if let tip = try await fetch() {
            guard try await holds(fork, behind: tip) else {
                throw .refused(
                    reason: "\(shown) has a branch \(RepositoryLayout.branch) that Slipway did not "
                        + "push, and is left alone: move the repository away, then retry the job"
                )
            }
        } else {
            try await asking { () async throws(GitFault) in try await push(fork) }
        }
        try await hosts.keep(root: fork, of: tenant)
    }

    /// Makes an edit on top of what the forge has and pushes it; once more where somebody else
    /// pushed meanwhile.
    ///
    /// `edit` commits to the branch here and returns the commit at which its change is there.
    func editing<Value: Sendable>(
        _ edit: () async throws(ProviderFault) -> Value,
        commit: (Value) -> ObjectID?
    ) async throws(ProviderFault) -> Value {
        for _ in 0..<Self.attemptsMax {
            let tip = try await refresh()
            let value = try await edit()
            guard let made = commit(value), made != tip else { return value }
            if try await holds(made, behind: tip) { return value }
            do throws(GitFault) {
                try await push(made)
                return value
            } catch .moved {
                continue
            } catch {
                throw fault(error)
            }
        }
        throw .transient(reason: "others push to \(shown) all the time")
    }

    /// Whether a commit is the other one or comes before it.
    func holds(_ commit: ObjectID, behind tip: ObjectID) async throws(ProviderFault) -> Bool {
        guard commit != tip else { return true }
        do throws(GitFault) {
            return try await git.open(path) { repository throws(GitFault) in
                guard repository.holds(commit), repository.holds(tip) else { return false }
                return try repository.isAncestor(commit, of: tip)
            }
        } catch .notFound {
            return false
        } catch {
            throw ProviderFault(error)
        }
    }

    private func push(_ commit: ObjectID) async throws(GitFault) {
        try await git.push(commit, to: RepositoryLayout.branch, of: remote, from: path)
    }

    private var shown: String {
        guard let choice = tenant.spec.repository else { return "the repository" }
        return "\(choice.owner)/\(choice.name) on forge \(choice.forge)"
    }

    private func asking<Value>(
        _ body: () async throws(GitFault) -> Value
    ) async throws(ProviderFault) -> Value {
        do throws(GitFault) { return try await body() } catch { throw fault(error) }
    }

    /// Who acts next: a forge that is away comes back, and whoever runs it renews a credential;
    /// neither counts as an attempt.
    private func fault(_ fault: GitFault) -> ProviderFault {
        switch fault {
        case .remote(let reason):
            .away(
                reason: "\(shown): \(reason)",
                releasedBy: "whoever runs the forge",
                retryAfter: Self.awayRecheck
            )
        case .timedOut:
            .away(
                reason: "\(shown) did not answer in time",
                releasedBy: "whoever runs the forge",
                retryAfter: Self.awayRecheck
            )
        case .denied(let reason):
            .away(
                reason: "\(shown) lets Slipway not in: \(reason)",
                releasedBy: "a platform admin, by renewing the forge's token or key",
                retryAfter: Self.awayRecheck
            )
        case .moved: .transient(reason: "somebody else pushed to \(shown)")
        case .notFound:
            .refused(reason: "\(shown): \(fault.sentence). Was it renamed, or are rights missing?")
        default: ProviderFault(fault)
        }
    }
}
