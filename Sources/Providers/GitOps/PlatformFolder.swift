import Blueprints
import Contract
import Domain
import Git
import Rendering

/// A folder of a tenant's platform repository that Slipway alone writes.
struct PlatformFolder: Sendable {
    let git: GitService
    let layout: RepositoryLayout
    let hosts: (any RepositoryHosts)?
    let tenant: Tenant
    /// The folder, without a slash at the end.
    let path: String
    /// What commits about it say beside their subject.
    let trailers: [(String, String)]
    /// Seconds since 1970 now.
    let now: Int64

    private var repository: String { layout.platform(of: tenant.name) }

    /// Makes parts of the folder what the edits say, by one commit or none.
    func change(
        _ changes: [FolderEdit],
        _ subject: String,
        for job: JobID
    ) async throws(ProviderFault) -> ObjectID {
        let edits = try changes.treeEdits(below: path)
        let text = text(subject, for: job)
        guard let copy = try await RemoteCopy(of: tenant, at: repository, git, hosts) else {
            return try await commitHere(edits, text)
        }
        return try await copy.editing { () async throws(ProviderFault) in
            try await commitHere(edits, text)
        } commit: {
            $0
        }
    }

    /// What the folder holds at a commit, or now where none is named; empty where it is not there.
    func files(at commit: String? = nil) async throws(ProviderFault) -> [RenderedRelease.File] {
        let named = commit.map { ObjectID($0) }
        if case .some(nil) = named { return [] }
        do throws(GitFault) {
            return try await git.open(repository) { [path] repository throws(GitFault) in
                let head = try repository.commit(named: "refs/heads/\(RepositoryLayout.branch)")
                guard let id = named ?? head else { return [] }
                return try repository.files(below: path, at: id)
            }
        } catch .notFound {
            return []
        } catch {
            throw ProviderFault(error)
        }
    }

    /// Removes the folder; one that is gone, or gone with the whole repository, is no fault.
    func remove(_ subject: String, for job: JobID) async throws(ProviderFault) {
        guard let copy = try await RemoteCopy(of: tenant, at: repository, git, hosts) else {
            _ = try await removeHere(subject, for: job)
            return
        }
        // What was never pushed holds nothing.
        guard try await copy.hosts.hosted(tenant).root != nil else { return }
        _ = try await copy.editing { () async throws(ProviderFault) in
            try await removeHere(subject, for: job)
        } commit: {
            $0
        }
    }

    private func removeHere(
        _ subject: String,
        for job: JobID
    ) async throws(ProviderFault) -> ObjectID? {
        let edits = try [FolderEdit("", [])].treeEdits(below: path)
        do throws(GitFault) {
            let owner = tenant.repositoryOwner
            let text = text(subject, for: job)
            return try await git.open(repository) { repository throws(GitFault) in
                let reference = "refs/heads/\(RepositoryLayout.branch)"
                // What belongs to somebody else, or was never filled, holds nothing of ours.
                guard try repository.belongs(to: owner),
                    try repository.commit(named: reference) != nil
                else { return nil }
                return try repository.commit(onto: RepositoryLayout.branch, text: text) { _, _ in
                    edits
                }.commit
            }
        } catch .notFound {
            return nil
        } catch {
            throw ProviderFault(error)
        }
    }

    private func commitHere(
        _ edits: [TreeEdit],
        _ text: CommitText
    ) async throws(ProviderFault) -> ObjectID {
        let owner = tenant.repositoryOwner
        let receipt = try await asking { () async throws(GitFault) in
            try await git.open(repository) { repository throws(GitFault) -> CommitReceipt? in
                guard try repository.belongs(to: owner) else { return nil }
                return try repository.commit(onto: RepositoryLayout.branch, text: text) { _, _ in
                    edits
                }
            }
        }
        guard let receipt else {
            let reason = "the repository at \(repository) was not made for this tenant"
            throw .refused(reason: "\(reason): run the tenant's own job, which says what to do")
        }
        return receipt.commit
    }

    private func text(_ subject: String, for job: JobID) -> CommitText {
        let slipway = Signature(name: "Slipway", email: "slipway@localhost", seconds: now)
        return CommitText(
            message: subject,
            trailers: [("Slipway-Tenant", tenant.name.text)] + trailers
                + [(PlatformRepository.jobTrailer, job.description)],
            author: slipway,
            committer: slipway
        )
    }
}

extension [FolderEdit] {
    /// The same for a tree: each part goes, then what it is to hold comes.
    func treeEdits(below folder: String) throws(ProviderFault) -> [TreeEdit] {
        var edits: [TreeEdit] = []
        do throws(GitFault) {
            for edit in self {
                let part = edit.path.isEmpty ? folder : "\(folder)/\(edit.path)"
                edits.append(.remove(try .own(part)))
                for file in edit.files {
                    edits.append(
                        .put(
                            TreeFile(
                                path: try .own("\(part)/\(file.path)"),
                                mode: file.isExecutable ? .executable : .regular,
                                content: .bytes(file.bytes)
                            )
                        )
                    )
                }
            }
        } catch {
            throw ProviderFault(error)
        }
        return edits
    }
}

extension Repository {
    /// The files of a folder at a commit, by their paths below it.
    borrowing func files(
        below folder: String,
        at commit: ObjectID
    ) throws(GitFault) -> [RenderedRelease.File] {
        let prefix = folder + "/"
        return try snapshot(of: commit) { $0.text.hasPrefix(prefix) }
            .filter { $0.path.text.hasPrefix(prefix) }
            .compactMap { file in
                // A path of a tree that is there is right below a folder as well.
                (try? RepositoryPath(parsing: String(file.path.text.dropFirst(prefix.utf8.count))))
                    .map { path in
                        RenderedRelease.File(
                            path: path,
                            isExecutable: file.mode == .executable,
                            bytes: file.content ?? []
                        )
                    }
            }
    }
}
