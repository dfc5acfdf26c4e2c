import Blueprints
import Contract
package import Domain
package import Git
import JSON
import Rendering

/// The platform repository of one tenant: forked once, and merged into from then on.
struct PlatformRepository: Sendable {
    /// How often a merge is redone when somebody pushes at the same time.
    private static let mergeAttemptsMax = 5
    /// How many of the newest commits are searched for one of this job's.
    private static let searchedCommitsMax = 200
    /// The trailer that names the job behind a commit.
    static let jobTrailer = "Slipway-Job"

    let git: GitService
    let layout: RepositoryLayout
    let hosts: (any RepositoryHosts)?
    let target: TenantTarget
    let job: JobID
    /// Seconds since 1970 now.
    let now: Int64

    /// What a run came to.
    struct Receipt: Sendable, Equatable {
        enum Kind: String, Sendable { case forked, updated, unchanged }

        var kind: Kind
        var commit: ObjectID
        var parameters: JSONObject
    }

    private var path: String { layout.platform(of: target.tenant) }

    /// Forks the blueprint, or merges the target into the fork that is there.
    ///
    /// What was made for another tenant is refused, whoever left it there.
    func bring(for tenant: Tenant) async throws(ProviderFault) -> Receipt {
        if let copy = try await RemoteCopy(of: tenant, at: path, git, hosts) {
            return try await bring(copy)
        }
        try await refuseLost(tenant)
        let rendering = try await render()
        let parameters = rendering.parameters.object ?? JSONObject()
        if let receipt = try await fork(rendering, for: tenant) {
            return Receipt(kind: .forked, commit: receipt.commit, parameters: parameters)
        }
        try await refuseForeign(tenant)
        return try await merge(parameters, tenant.repository)
    }

    /// The same on a forge, where the repository is made first, and what was committed is pushed.
    private func bring(_ copy: RemoteCopy) async throws(ProviderFault) -> Receipt {
        let tenant = copy.tenant
        let rendering = try await render()
        let parameters = rendering.parameters.object ?? JSONObject()
        if try await copy.hosts.hosted(tenant).root == nil {
            try await copy.hosts.make(for: tenant)
            let fork = try await fork(rendering, for: tenant)
            if fork == nil { try await refuseForeign(tenant) }
            var first = fork?.commit
            // An earlier job made another fork, which may be on the forge already.
            if first == nil { first = try await head() }
            if let first { try await copy.begin(with: first) }
            if let fork {
                return Receipt(kind: .forked, commit: fork.commit, parameters: parameters)
            }
        }
        return try await copy.editing { () async throws(ProviderFault) in
            try await refuseForeign(tenant)
            return try await merge(parameters, tenant.repository)
        } commit: {
            $0.commit
        }
    }

    private func head() async throws(ProviderFault) -> ObjectID? {
        try await asking { () async throws(GitFault) in
            try await git.open(path) { repository throws(GitFault) in
                try repository.commit(named: "refs/heads/\(RepositoryLayout.branch)")
            }
        }
    }

    /// A repository that was there once is not made anew: what people pushed would be gone.
    private func refuseLost(_ tenant: Tenant) async throws(ProviderFault) {
        guard let recorded = tenant.repository else { return }
        do throws(GitFault) {
            try await git.open(path) { (_) throws(GitFault) in }
        } catch .notFound {
            let reason = """
                the repository at \(path) is missing; it was at \(recorded.commit) when Slipway \
                last changed it: restore it from a backup, then retry the job
                """
            throw .refused(reason: reason)
        } catch {
            throw ProviderFault(error)
        }
    }

    private func refuseForeign(_ tenant: Tenant) async throws(ProviderFault) {
        let isOurs = try await asking { () async throws(GitFault) in
            try await git.open(path) { repository throws(GitFault) in
                try repository.belongs(to: tenant.repositoryOwner)
            }
        }
        guard !isOurs else { return }
        let reason = """
            the repository at \(path) was not made for this tenant: move it away, or, where it is \
            the tenant's, say so with `git config \(RepositoryOwner.key) \(tenant.id)` in it; then \
            retry the job
            """
        throw .refused(reason: reason)
    }

    private func render() async throws(ProviderFault) -> BlueprintRendering {
        try await render(
            from: layout.mirror(of: target.blueprint),
            at: target.commit,
            parameters: .object(target.parameters),
            builtIns: target.builtIns,
            carriesContent: false
        )
    }

    func render(
        from source: String,
        at commit: ObjectID,
        parameters: JSON,
        builtIns: BuiltIns,
        carriesContent: Bool
    ) async throws(ProviderFault) -> BlueprintRendering {
        let result = try await asking { () async throws(GitFault) in
            try await git.open(source) { repository throws(GitFault) in
                try BlueprintRendering.make(
                    in: repository,
                    at: commit,
                    parameters: parameters,
                    builtIns: builtIns,
                    carriesContent: carriesContent
                )
            }
        }
        switch result {
        case .success(let rendering): return rendering
        case .failure(let fault): throw ProviderFault(fault)
        }
    }

    /// The fork, made now or before; nil where the repository has been another one already.
    private func fork(
        _ rendering: BlueprintRendering,
        for tenant: Tenant
    ) async throws(ProviderFault) -> ForkReceipt? {
        let request = ForkRequest(
            source: layout.mirror(of: target.blueprint),
            base: target.commit,
            destination: path,
            branch: RepositoryLayout.branch,
            owner: tenant.repositoryOwner.id,
            files: rendering.files,
            text: text(
                "Fork blueprint \(target.blueprint) \(target.tag) for \(target.tenant)",
                at: target.createdAt
            )
        )
        do throws(GitFault) {
            return try await git.fork(request)
        } catch .exists {
            return nil
        } catch {
            throw ProviderFault(error)
        }
    }

    /// Equal for equal jobs, so that a fork made twice is the same commit.
    private func text(_ subject: String, at seconds: Int64) -> CommitText {
        let slipway = Signature(name: "Slipway", email: "slipway@localhost", seconds: seconds)
        return CommitText(
            message: subject,
            trailers: [
                ("Slipway-Tenant", target.tenant.text),
                ("Slipway-Blueprint", target.blueprint.text),
                ("Slipway-Version", target.tag),
                ("Slipway-Base", target.commit.hex),
                (Self.jobTrailer, job.description),
            ],
            author: slipway,
            committer: slipway
        )
    }

    private func merge(
        _ parameters: JSONObject,
        _ recorded: TenantRepository?
    ) async throws(ProviderFault) -> Receipt {
        let base = try await base(recorded)
        let builtIns = target.builtIns
        let old = try await renderBase(base)
        let new = try await render(
            from: layout.mirror(of: target.blueprint),
            at: target.commit,
            parameters: .object(target.parameters),
            builtIns: builtIns,
            carriesContent: true
        )
        let subject = "Update blueprint \(target.blueprint) to \(target.tag) for \(target.tenant)"
        let text = text(subject, at: now)
        let result = try await asking { () async throws(GitFault) in
            try await git.open(path) { repository throws(GitFault) in
                try Self.merge(old.files, new.files, text, in: repository)
            }
        }
        switch result {
        case .merged(let commit, let kind):
            return Receipt(kind: kind, commit: commit, parameters: parameters)
        case .conflicts(let paths):
            throw .refused(reason: Self.advice(on: paths))
        }
    }

    private static func advice(on paths: [String]) -> String {
        """
        both the tenant and the new version changed these files: \
        \(paths.prefix(50).joined(separator: ", ")). Push a commit to the tenant's repository \
        that makes them as the new version wants them, or as they were before the tenant's \
        change, then retry the job
        """
    }

    private enum MergeResult: Sendable {
        case merged(ObjectID, Receipt.Kind)
        case conflicts([String])
    }

    private static func merge(
        _ old: [TreeFile],
        _ new: [TreeFile],
        _ text: CommitText,
        in repository: borrowing Repository
    ) throws(GitFault) -> MergeResult {
        let reference = "refs/heads/\(RepositoryLayout.branch)"
        let base = try repository.writeTree(old)
        let theirs = try repository.writeTree(new)
        var found: ObjectID?
        for _ in 0..<mergeAttemptsMax {
            guard let head = try repository.commit(named: reference) else {
                throw .notFound("the branch \(RepositoryLayout.branch)")
            }
            let changes = Changes(base: base, theirs: theirs)
            if let done = try commit(of: changes, saying: text, behind: head, in: repository) {
                return .merged(done, .updated)
            }
            if base == theirs { return .merged(head, .unchanged) }
            let merged: ObjectID
            switch try repository.merge(base: base, ours: head, theirs: theirs) {
            case .merged(let tree): merged = tree
            case .conflicts(let paths): return .conflicts(paths)
            }
            if try repository.info(of: head).tree == merged { return .merged(head, .unchanged) }
            let commit = try repository.writeCommit(tree: merged, parents: [head], text: text)
            do throws(GitFault) {
                try repository.move(reference, from: head, to: commit)
                return .merged(commit, .updated)
            } catch .moved(_, let other) {
                found = other
            }
        }
        throw .moved(reference: reference, found: found)
    }

    /// What is merged: the way from one tree to another.
    private struct Changes {
        let base: ObjectID
        let theirs: ObjectID
    }

    /// The commit that an earlier attempt of this job made.
    ///
    /// Whoever may push can write the same words: only a commit that brings the same changes is
    /// one.
    private static func commit(
        of changes: Changes,
        saying text: CommitText,
        behind head: ObjectID,
        in repository: borrowing Repository
    ) throws(GitFault) -> ObjectID? {
        for commit in try repository.log(from: head, limit: searchedCommitsMax) {
            guard commit.message == text.text, commit.parents.count == 1,
                commit.committer.email == text.committer.email
            else { continue }
            let merge = try repository.merge(
                base: changes.base,
                ours: commit.parents[0],
                theirs: changes.theirs
            )
            if merge == .merged(tree: commit.tree) { return commit.id }
        }
        return nil
    }
}

extension Tenant {
    /// The tenant as the owner of its repository.
    package var repositoryOwner: RepositoryOwner {
        RepositoryOwner(id: id.description, isKnown: repository != nil)
    }
}
