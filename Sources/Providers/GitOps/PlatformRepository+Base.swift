import Blueprints
import Contract
import Domain
import Git
import JSON
import Rendering

extension PlatformRepository {
    /// What the repository was rendered from last.
    struct Base: Sendable {
        var commit: ObjectID
        var parameters: JSON
        var builtIns: BuiltIns
    }

    /// The base of the merge: what Slipway recorded, with the built-in values of that time from
    /// the repository's own record; without a record of ours, the repository's.
    func base(_ recorded: TenantRepository?) async throws(ProviderFault) -> Base {
        let path = layout.platform(of: target.tenant)
        let written = try await asking { () async throws(GitFault) in
            try await git.open(path) { repository throws(GitFault) in
                try Self.record(in: repository)
            }
        }
        if let recorded, let commit = ObjectID(recorded.baseCommit) {
            var builtIns = target.builtIns
            if let written, written.commit == recorded.baseCommit {
                builtIns = written.builtIns
            } else {
                builtIns.version = try await tag(of: recorded.blueprintVersion, at: commit)
            }
            return Base(
                commit: commit,
                parameters: .object(recorded.parameters),
                builtIns: builtIns
            )
        }
        guard let written, let commit = ObjectID(written.commit) else {
            let reason = """
                something other than a fork of the blueprint is at \(path); move it away, then \
                retry the job
                """
            throw .refused(reason: reason)
        }
        return Base(commit: commit, parameters: written.parameters, builtIns: written.builtIns)
    }

    /// The tag that a version was forked from, which the files name; the version itself where the
    /// mirror has no such tag any more.
    private func tag(
        of version: String,
        at commit: ObjectID
    ) async throws(ProviderFault) -> String {
        let mirror = layout.mirror(of: target.blueprint)
        let tags = try await asking { () async throws(GitFault) in
            try await git.open(mirror) { repository throws(GitFault) in
                try repository.tags().filter { $0.commit == commit }.map(\.name)
            }
        }
        return tags.first { $0.contains(version) } ?? version
    }

    private static func record(
        in repository: borrowing Repository
    ) throws(GitFault) -> BlueprintRecord? {
        let reference = "refs/heads/\(RepositoryLayout.branch)"
        guard let head = try repository.commit(named: reference) else { return nil }
        let path = try RepositoryPath.own(BlueprintRecord.path)
        return try repository.file(path, of: head).flatMap { BlueprintRecord(parsing: $0) }
    }

    /// Renders the base, from the mirror or, where the commit is gone there, from the fork, which
    /// keeps the history it was forked with.
    func renderBase(_ base: Base) async throws(ProviderFault) -> BlueprintRendering {
        let mirror = layout.mirror(of: target.blueprint)
        do throws(ProviderFault) {
            return try await render(base, from: mirror)
        } catch .refused {
            return try await render(base, from: layout.platform(of: target.tenant))
        }
    }

    private func render(
        _ base: Base,
        from source: String
    ) async throws(ProviderFault) -> BlueprintRendering {
        try await render(
            from: source,
            at: base.commit,
            parameters: base.parameters,
            builtIns: base.builtIns,
            carriesContent: true
        )
    }
}
