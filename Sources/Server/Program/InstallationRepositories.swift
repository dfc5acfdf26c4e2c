import Domain
import Git
import GitOps
import Sandbox

/// The repositories of this installation, for the sandbox's GitOps engines.
struct InstallationRepositories: SandboxRepositories {
    /// Bytes of all files that one reading takes: far more than manifests have.
    private static let bytesMax = 32 << 20

    let git: GitService
    let layout: RepositoryLayout
    /// The tenant whose repository on a forge is read at that address; nil where there is none.
    let guest: @Sendable (String) async -> TenantName?

    func head(
        of url: String,
        at reference: String
    ) async throws(SandboxRepositoryFault) -> String? {
        let isOurs = layout.folder(ofURL: url) != nil || ObjectID(reference) != nil
        return try await open(url) { repository throws(GitFault) in
            // Of a repository on a forge there is a copy here, which says what was there last.
            try repository.commit(named: isOurs ? reference : Repository.tracking(reference))?.hex
        }
    }

    func tree(
        of url: String,
        at commit: String,
        under path: String
    ) async throws(SandboxRepositoryFault) -> String? {
        let (id, place) = try parse(commit, path)
        return try await open(url) { repository throws(GitFault) in
            try repository.object(at: place, of: id)?.hex
        }
    }

    func files(
        of url: String,
        at commit: String,
        under path: String
    ) async throws(SandboxRepositoryFault) -> [String: [UInt8]] {
        let (id, place) = try parse(commit, path)
        let files = try await open(url) { repository throws(GitFault) in
            if let place, let bytes = try repository.file(place, of: id) {
                return [place.text: bytes]
            }
            return try repository.files(in: place, of: id)
        }
        guard files.values.reduce(0, { $0 + $1.count }) <= Self.bytesMax else {
            throw .unreadable("the files have more than \(Self.bytesMax >> 20) MiB together")
        }
        return files
    }

    private func parse(
        _ commit: String,
        _ path: String
    ) throws(SandboxRepositoryFault) -> (ObjectID, RepositoryPath?) {
        guard let id = ObjectID(commit) else { throw .unreadable("\(commit) is no commit") }
        guard !path.isEmpty else { return (id, nil) }
        do throws(PathFault) {
            return (id, try RepositoryPath(parsing: path))
        } catch {
            throw .unreadable("the path \(path) \(error.reason)")
        }
    }

    private func open<Value: Sendable>(
        _ url: String,
        _ body: @escaping @Sendable (borrowing Repository) throws(GitFault) -> Value
    ) async throws(SandboxRepositoryFault) -> Value {
        var folder = layout.folder(ofURL: url)
        if folder == nil, let guest = await guest(url) { folder = layout.platform(of: guest) }
        guard let folder else { throw .outside }
        do throws(GitFault) {
            return try await git.open(folder, body)
        } catch {
            throw .unreadable("the repository cannot be read: \(error)")
        }
    }
}

extension RepositoryLayout {
    /// The folder of the management repository or of a tenant's, by its clone URL; nil for every
    /// other.
    ///
    /// Hosts have many names, so only the path counts.
    fileprivate func folder(ofURL url: String) -> String? {
        let parts = Self.path(ofURL: url)
        let base = Self.path(ofURL: baseURL)
        guard parts.starts(with: base) else { return nil }
        let rest = Array(parts.dropFirst(base.count))
        guard rest.count == 2, rest[1].hasSuffix(".git") else { return nil }
        switch (rest[0], rest[1].dropLast(4)) {
        case (Self.platformOwner, Self.managementName): return management
        case (let tenant, let name) where name == Self.platformName:
            // No such name, no such tenant.
            return (try? TenantName(parsing: tenant)).map(platform)
        default: return nil
        }
    }

    /// The segments behind scheme and host.
    private static func path(ofURL url: String) -> [String] {
        guard let scheme = url.firstIndex(of: ":"), url[scheme...].hasPrefix("://") else {
            return []
        }
        let rest = url[url.index(scheme, offsetBy: 3)...]
        return rest.split(separator: "/", omittingEmptySubsequences: false).dropFirst()
            .map(String.init)
    }
}
