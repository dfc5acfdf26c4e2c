package import Blueprints
package import Domain
package import Git
package import JSON

/// A template of a blueprint at one commit, filled in for one environment.
package struct EnvironmentRendering: Sendable {
    /// The files, below the environment's own folder; each with its bytes.
    package let files: [TreeFile]
    /// Where the environment answers; nil for one that serves nothing.
    package let url: String?
    /// What else callers are told, in the order of the template.
    package let outputs: [(name: String, value: String)]
    /// The objects through which traffic is split; nil where it never is.
    package let rollout: RolloutObjects?

    /// Renders what a repository holds at a commit.
    ///
    /// Blocks.
    package static func make(
        in repository: borrowing Repository,
        at commit: ObjectID,
        template name: String,
        parameters: JSON,
        values: EnvironmentValues
    ) throws(GitFault) -> Result<EnvironmentRendering, RenderFault> {
        let manifest: BlueprintManifest
        switch try BlueprintRendering.manifest(in: repository, at: commit) {
        case .success(let found): manifest = found
        case .failure(let fault): return .failure(fault)
        }
        guard let template = manifest.environments.first(where: { $0.name == name }) else {
            return .failure(RenderFault(missing(name, manifest)))
        }
        let snapshot = try repository.snapshot(of: commit) { template.holds($0.text) }
            .filter { template.holds($0.path.text) }
        if let link = snapshot.first(where: { $0.mode == .symbolicLink }) {
            let message = "is a link; an environment template holds plain files only"
            return .failure(RenderFault(Finding(.badPath, file: link.path.text, message: message)))
        }
        do throws(RenderFault) {
            let rendered = try template.render(
                snapshot.map(BlueprintFile.init),
                parameters: parameters,
                values: values
            )
            return .success(EnvironmentRendering(rendered, from: snapshot))
        } catch {
            return .failure(error)
        }
    }

    private init(
        _ rendered: RenderedEnvironment,
        from snapshot: [SnapshotFile]
    ) {
        var contents: [String: [UInt8]] = [:]
        for file in snapshot { contents[file.id.hex] = file.content }
        files = rendered.tree.files.map { file in
            let bytes =
                switch file.content {
                case .rendered(let bytes): bytes
                case .unchanged(let identity): contents[identity] ?? []
                }
            return TreeFile(
                path: file.path,
                mode: FileMode(gitMode: file.mode),
                content: .bytes(bytes)
            )
        }
        url = rendered.url
        outputs = rendered.outputs
        rollout = rendered.rollout
    }

    private static func missing(_ name: String, _ manifest: BlueprintManifest) -> Finding {
        let names = manifest.environments.map { "`\($0.name)`" }.joined(separator: ", ")
        let there = names.isEmpty ? "it has none" : "it has \(names)"
        return Finding(
            .badManifest,
            file: BlueprintManifest.path,
            message: "has no environment template `\(name)`; \(there)"
        )
    }
}
