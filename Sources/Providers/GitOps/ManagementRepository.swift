import Contract
import Domain
import Git
import Rendering

/// The repository that tells the GitOps engines of management clusters what there is to be: each
/// of them what is in its own folder.
///
/// Commits of this process take turns; those of others are noticed by the branch having moved, and
/// the edit is made again on top of theirs.
struct ManagementRepository: Sendable {
    let git: GitService
    let records: any GitOpsRecords
    let layout: RepositoryLayout
    let turnstile: Turnstile
    /// Seconds since 1970 now.
    let now: Int64

    /// What a commit came to.
    struct Receipt: Sendable, Equatable {
        var commit: ObjectID
        var changed: Bool
    }

    /// Writes the entry of a tenant, or finds it written.
    func write(_ entry: TenantEntry, for job: JobID) async throws(ProviderFault) -> Receipt {
        let subject = "\(try await verb(for: entry)) tenant \(entry.tenant)"
        return try await commit(subject, entry.tenant, job) {
            repository,
            folders throws(GitFault) in
            try folders.put(TenantEntry.namespacePath(of: entry.tenant), entry.namespace)
            for reader in try folders.readers(of: entry.tenant, in: repository) {
                let path = ReaderEntry.namespacePath(of: entry.tenant, in: reader)
                try folders.put(path, entry.namespace)
            }
        }
    }

    /// What writing the entry does, for the history.
    private func verb(for entry: TenantEntry) async throws(ProviderFault) -> String {
        var opposite = entry
        opposite.isSuspended.toggle()
        let before = opposite.namespace
        let isOpposite = try await look { repository, folders throws(GitFault) in
            let path = TenantEntry.namespacePath(of: entry.tenant)
            return try folders.file(path, in: repository) == before
        }
        guard isOpposite else { return "Register" }
        return entry.isSuspended ? "Suspend" : "Resume"
    }

    /// Removes the entry of a tenant and what is left of its clusters, or finds it gone.
    func remove(_ tenant: TenantName, for job: JobID) async throws(ProviderFault) -> Receipt {
        try await commit("Remove tenant \(tenant)", tenant, job) {
            repository,
            folders throws(GitFault) in
            for reader in try folders.readers(of: tenant, in: repository) {
                try folders.strike(tenant, from: reader, in: repository)
            }
            try folders.remove(TenantEntry.folder(of: tenant))
            try folders.remove(ClusterEntry.folder(of: tenant))
        }
    }

    /// What is wrong with the entry of a tenant; nil where it stands as it should.
    func fault(of entry: TenantEntry) async throws(ProviderFault) -> String? {
        let namespace = entry.namespace
        return try await look { repository, folders throws(GitFault) in
            guard folders.head != nil else { return "the management repository is empty" }
            let readers = try folders.readers(of: entry.tenant, in: repository)
            let copies = readers.map { ReaderEntry.namespacePath(of: entry.tenant, in: $0) }
            for path in [TenantEntry.namespacePath(of: entry.tenant)] + copies
            where try folders.file(path, in: repository) != namespace {
                return "\(path) is not as it was written"
            }
            for reader in readers {
                let list = ReaderEntry.indexPath(of: reader)
                let tenants = try folders.index(at: list, in: repository)
                guard tenants.names.contains(entry.tenant.text) else {
                    return "\(list) does not list the tenant"
                }
            }
            return nil
        }
    }

    /// What is left of a tenant, by its paths.
    func leftovers(of tenant: TenantName) async throws(ProviderFault) -> [String] {
        try await look { repository, folders throws(GitFault) in
            var left: [String] = []
            let readers = try folders.readers(in: repository)
            for folder in [TenantEntry.folder(of: tenant), ClusterEntry.folder(of: tenant)]
                + readers.map({ ReaderEntry.folder(of: tenant, in: $0) })
            {
                left += try folders.names(in: folder, of: repository).map { "\(folder)/\($0)" }
            }
            for list in readers.map(ReaderEntry.indexPath) {
                let tenants = try folders.index(at: list, in: repository)
                if tenants.names.contains(tenant.text) { left.append("\(list): \(tenant)") }
            }
            return left
        }
    }

    /// Looks at the newest state.
    func look<Value: Sendable>(
        _ body:
            @escaping @Sendable (
                borrowing Repository, ManagementFolders
            ) throws(GitFault) -> Value
    ) async throws(ProviderFault) -> Value {
        try await asking { () async throws(GitFault) in
            try await git.create(at: layout.management, branch: RepositoryLayout.branch)
            return try await git.open(layout.management) { repository throws(GitFault) in
                let reference = "refs/heads/\(RepositoryLayout.branch)"
                let head = try repository.commit(named: reference)
                return try body(repository, ManagementFolders(at: head))
            }
        }
    }

    /// One commit of what `edit` changes about a tenant; none where it changes nothing.
    func commit(
        _ subject: String,
        _ tenant: TenantName,
        _ job: JobID,
        _ edit: @escaping Edit
    ) async throws(ProviderFault) -> Receipt {
        try await commit(
            subject,
            [("Slipway-Tenant", tenant.text), (PlatformRepository.jobTrailer, job.description)],
            edit
        )
    }

    /// What a commit changes.
    typealias Edit =
        @Sendable (
            borrowing Repository, inout ManagementFolders
        ) throws(GitFault) -> Void

    /// One commit of what `edit` changes; none where it changes nothing.
    ///
    /// A repository that an earlier version laid out is carried over before.
    func commit(
        _ subject: String,
        _ trailers: [(String, String)],
        _ edit: @escaping Edit
    ) async throws(ProviderFault) -> Receipt {
        try await turnstile.pass { () async throws(ProviderFault) in
            try await carryOver()
            return try await write(subject, trailers, edit)
        }
    }

    /// The commit itself, for who has the turn.
    func write(
        _ subject: String,
        _ trailers: [(String, String)],
        _ edit: @escaping Edit
    ) async throws(ProviderFault) -> Receipt {
        let slipway = Signature(name: "Slipway", email: "slipway@localhost", seconds: now)
        let text = CommitText(
            message: subject,
            trailers: trailers,
            author: slipway,
            committer: slipway
        )
        return try await asking { () async throws(GitFault) in
            try await git.create(at: layout.management, branch: RepositoryLayout.branch)
            return try await git.open(layout.management) { repository throws(GitFault) in
                let receipt = try repository.commit(onto: RepositoryLayout.branch, text: text) {
                    repository,
                    head throws(GitFault) in
                    var folders = ManagementFolders(at: head)
                    try edit(repository, &folders)
                    return folders.edits
                }
                return Receipt(commit: receipt.commit, changed: receipt.changed)
            }
        }
    }
}
