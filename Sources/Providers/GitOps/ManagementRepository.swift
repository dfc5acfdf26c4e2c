import Contract
import Domain
import Git
import Rendering

/// The repository that tells the GitOps engine of the management cluster which tenants there are.
///
/// Commits of this process take turns; those of others are noticed by the branch having moved, and
/// the edit is made again on top of theirs.
struct ManagementRepository: Sendable {
    let git: GitService
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
        let files = entry.files
        let subject = "\(try await verb(for: entry)) tenant \(entry.tenant)"
        return try await commit(subject, entry.tenant, job) { index throws(GitFault) in
            index.insert(entry.tenant)
            var edits: [TreeEdit] = []
            for file in files {
                let path = try RepositoryPath.own(file.path)
                edits.append(.put(TreeFile(path: path, content: .bytes(Array(file.text.utf8)))))
            }
            return edits
        }
    }

    /// What writing the entry does, for the history.
    private func verb(for entry: TenantEntry) async throws(ProviderFault) -> String {
        var opposite = entry
        opposite.isSuspended.toggle()
        guard try await fault(of: opposite) == nil else { return "Register" }
        return entry.isSuspended ? "Suspend" : "Resume"
    }

    /// Removes the entry of a tenant, or finds it gone.
    func remove(_ tenant: TenantName, for job: JobID) async throws(ProviderFault) -> Receipt {
        try await commit("Remove tenant \(tenant)", tenant, job) { index throws(GitFault) in
            index.remove(tenant)
            return [.remove(try RepositoryPath.own(TenantEntry.folder(of: tenant)))]
        }
    }

    /// What is wrong with the entry of a tenant; nil where it stands as it should.
    func fault(of entry: TenantEntry) async throws(ProviderFault) -> String? {
        let files = entry.files
        return try await look { repository, head throws(GitFault) in
            guard let head else { return "the management repository is empty" }
            for file in files {
                let path = try RepositoryPath.own(file.path)
                guard try repository.file(path, of: head) == Array(file.text.utf8) else {
                    return "\(file.path) is not as it was written"
                }
            }
            let index = try Self.index(in: repository, at: head)
            return index.names.contains(entry.tenant.text)
                ? nil : "\(Self.indexPath) does not list the tenant"
        }
    }

    /// What is left of a tenant, by its paths.
    func leftovers(of tenant: TenantName) async throws(ProviderFault) -> [String] {
        try await look { repository, head throws(GitFault) in
            guard let head else { return [] }
            var left: [String] = []
            for name in TenantEntry.fileNames {
                let path = "\(TenantEntry.folder(of: tenant))/\(name)"
                let file = try repository.file(try RepositoryPath.own(path), of: head)
                if file != nil { left.append(path) }
            }
            if try Self.index(in: repository, at: head).names.contains(tenant.text) {
                left.append("\(Self.indexPath): \(tenant)")
            }
            return left
        }
    }

    private static let indexPath = "\(TenantEntry.folder)/kustomization.yaml"

    private func look<Value: Sendable>(
        _ body: @escaping @Sendable (borrowing Repository, ObjectID?) throws(GitFault) -> Value
    ) async throws(ProviderFault) -> Value {
        try await asking { () async throws(GitFault) in
            try await git.create(at: layout.management, branch: RepositoryLayout.branch)
            return try await git.open(layout.management) { repository throws(GitFault) in
                let reference = "refs/heads/\(RepositoryLayout.branch)"
                return try body(repository, try repository.commit(named: reference))
            }
        }
    }

    private func commit(
        _ subject: String,
        _ tenant: TenantName,
        _ job: JobID,
        _ edit: @escaping @Sendable (inout TenantIndex) throws(GitFault) -> [TreeEdit]
    ) async throws(ProviderFault) -> Receipt {
        let slipway = Signature(name: "Slipway", email: "slipway@localhost", seconds: now)
        let text = CommitText(
            message: subject,
            trailers: [
                ("Slipway-Tenant", tenant.text), (PlatformRepository.jobTrailer, job.description),
            ],
            author: slipway,
            committer: slipway
        )
        return try await turnstile.pass { () async throws(ProviderFault) in
            try await asking { () async throws(GitFault) in
                try await git.create(at: layout.management, branch: RepositoryLayout.branch)
                return try await git.open(layout.management) { repository throws(GitFault) in
                    let receipt = try repository.commit(onto: RepositoryLayout.branch, text: text) {
                        repository,
                        head throws(GitFault) in
                        try Self.edits(in: repository, at: head, edit)
                    }
                    return Receipt(commit: receipt.commit, changed: receipt.changed)
                }
            }
        }
    }

    private static func edits(
        in repository: borrowing Repository,
        at head: ObjectID?,
        _ edit: (inout TenantIndex) throws(GitFault) -> [TreeEdit]
    ) throws(GitFault) -> [TreeEdit] {
        var index = try index(in: repository, at: head)
        var edits = try edit(&index)
        let path = try RepositoryPath.own(indexPath)
        edits.append(.put(TreeFile(path: path, content: .bytes(index.bytes))))
        return edits
    }

    private static func index(
        in repository: borrowing Repository,
        at head: ObjectID?
    ) throws(GitFault) -> TenantIndex {
        var bytes: [UInt8]?
        if let head {
            bytes = try repository.file(try RepositoryPath.own(indexPath), of: head)
        }
        guard let index = TenantIndex(parsing: bytes ?? Array(TenantIndex.empty.utf8)) else {
            let advice = "its `resources` must be a list of folders, one a line"
            throw .malformed("\(indexPath) of the management repository cannot be read: \(advice)")
        }
        return index
    }
}
