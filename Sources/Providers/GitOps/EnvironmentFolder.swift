import Blueprints
import Contract
import Domain
import Git
import JSON
import Rendering

/// The folder of one environment in its tenant's platform repository.
struct EnvironmentFolder: Sendable {
    let git: GitService
    let layout: RepositoryLayout
    let hosts: (any RepositoryHosts)?
    let tenant: Tenant
    let environment: EnvironmentName
    /// Seconds since 1970 now.
    let now: Int64

    /// The folder of an environment, without a slash at the end.
    static func path(of environment: EnvironmentName) -> String { "environments/\(environment)" }

    private var repository: String { layout.platform(of: tenant.name) }

    /// Makes the folder hold exactly these files, by one commit or none.
    func write(
        _ rendered: RenderedRelease,
        of release: EnvironmentRelease,
        for job: JobID
    ) async throws(ProviderFault) -> ObjectID {
        var edits: [TreeEdit] = [.remove(try own(""))]
        for file in rendered.files {
            edits.append(
                .put(
                    TreeFile(
                        path: try own("/\(file.path.text)"),
                        mode: file.isExecutable ? .executable : .regular,
                        content: .bytes(file.bytes)
                    )
                )
            )
        }
        return try await commit(
            edits,
            text(
                "Roll out \(release.number) of environment \(environment)"
                    + (rendered.stage.map { ": \($0)" } ?? ""),
                for: job
            )
        )
    }

    /// What the folder held at a commit.
    func files(at commit: String) async throws(ProviderFault) -> [RenderedRelease.File] {
        let prefix = Self.path(of: environment) + "/"
        let lost = ProviderFault.refused(
            reason: "the platform repository holds no files of the environment at \(commit)"
        )
        guard let id = ObjectID(commit) else { throw lost }
        let found = try await asking { () async throws(GitFault) in
            try await git.open(repository) { repository throws(GitFault) in
                try repository.snapshot(of: id) { $0.text.hasPrefix(prefix) }
            }
        }
        let files = found.filter { $0.path.text.hasPrefix(prefix) }.compactMap { file in
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
        guard !files.isEmpty else { throw lost }
        return files
    }

    /// Removes the folder; one that is gone, or gone with the whole repository, is no fault.
    func remove(for job: JobID) async throws(ProviderFault) {
        guard let copy = try await RemoteCopy(of: tenant, at: repository, git, hosts) else {
            _ = try await removeHere(for: job)
            return
        }
        // What was never pushed holds nothing.
        guard try await copy.hosts.hosted(tenant).root != nil else { return }
        _ = try await copy.editing { () async throws(ProviderFault) in
            try await removeHere(for: job)
        } commit: {
            $0
        }
    }

    private func removeHere(for job: JobID) async throws(ProviderFault) -> ObjectID? {
        let edits = [TreeEdit.remove(try own(""))]
        do throws(GitFault) {
            let owner = tenant.repositoryOwner
            let text = text("Remove environment \(environment)", for: job)
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

    private func commit(
        _ edits: [TreeEdit],
        _ text: CommitText
    ) async throws(ProviderFault) -> ObjectID {
        guard let copy = try await RemoteCopy(of: tenant, at: repository, git, hosts) else {
            return try await commitHere(edits, text)
        }
        return try await copy.editing { () async throws(ProviderFault) in
            try await commitHere(edits, text)
        } commit: {
            $0
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

    private func own(_ rest: String) throws(ProviderFault) -> RepositoryPath {
        do throws(GitFault) {
            return try RepositoryPath.own(Self.path(of: environment) + rest)
        } catch {
            throw ProviderFault(error)
        }
    }

    private func text(_ subject: String, for job: JobID) -> CommitText {
        let slipway = Signature(name: "Slipway", email: "slipway@localhost", seconds: now)
        return CommitText(
            message: subject,
            trailers: [
                ("Slipway-Tenant", tenant.name.text), ("Slipway-Environment", environment.text),
                (PlatformRepository.jobTrailer, job.description),
            ],
            author: slipway,
            committer: slipway
        )
    }
}
