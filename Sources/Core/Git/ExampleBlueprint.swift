import Domain

/// Makes a repository of the example blueprint that the program carries inside itself.
package enum ExampleBlueprint {
    /// What the embedded files' paths start with.
    package static let prefix = "examples/platform-blueprint/"
    /// When the first version was made, in seconds since 1970 (2026-01-05); a month lies between
    /// two versions.
    ///
    /// Fixed, so that every installation has the same commits.
    private static let firstSeconds: Int64 = 1_767_571_200
    private static let monthSeconds: Int64 = 2_592_000

    /// Makes the bare repository, or adds the versions that it does not have yet.
    ///
    /// Doing it twice changes nothing.
    ///
    /// Files come by path, `v1.0.0/README.md`; a version holds what it adds or replaces. Paths that
    /// start with no version are left out.
    package static func build(
        files: [(path: String, bytes: [UInt8])],
        into path: String,
        limits: GitLimits = GitLimits()
    ) throws(GitFault) {
        try Repository.create(at: path)
        let repository = try Repository(opening: path, limits: limits)
        var head: ObjectID?
        for (index, version) in try versions(in: files).enumerated() {
            if let known = try repository.commit(named: "refs/tags/\(version.name)") {
                head = known
                continue
            }
            head = try add(version, number: index, onto: head, in: repository)
        }
    }

    private struct Version {
        let name: String
        let order: SemanticVersion
        var edits: [TreeEdit] = []
    }

    private static func versions(
        in files: [(path: String, bytes: [UInt8])]
    ) throws(GitFault) -> [Version] {
        var versions: [String: Version] = [:]
        for file in files {
            let parts = file.path.split(separator: "/", maxSplits: 1)
            guard parts.count == 2, let order = SemanticVersion(parts[0]) else { continue }
            let path: RepositoryPath
            do throws(PathFault) {
                path = try RepositoryPath(parsing: String(parts[1]))
            } catch {
                throw .refused([Refusal(path: file.path, reason: error.reason)])
            }
            let name = String(parts[0])
            versions[name, default: Version(name: name, order: order)].edits.append(
                .put(TreeFile(path: path, content: .bytes(file.bytes)))
            )
        }
        return versions.values.sorted { $0.order < $1.order }
    }

    private static func add(
        _ version: Version,
        number: Int,
        onto parent: ObjectID?,
        in repository: borrowing Repository
    ) throws(GitFault) -> ObjectID {
        let seconds = firstSeconds + Int64(number) * monthSeconds
        let signature = Signature(
            name: "Slipway",
            email: "slipway@localhost",
            seconds: seconds
        )
        let tree = try repository.editTree(parent, version.edits)
        let text = CommitText(
            message: "Release the platform \(version.name)",
            author: signature,
            committer: signature
        )
        let commit = try repository.writeCommit(
            tree: tree,
            parents: parent.map { [$0] } ?? [],
            text: text
        )
        let main = try repository.commit(named: "refs/heads/main")
        if main == parent { try repository.move("refs/heads/main", from: main, to: commit) }
        try repository.tag(
            version.name,
            commit: commit,
            message: "The platform, version \(version.name)",
            by: signature
        )
        return commit
    }
}
