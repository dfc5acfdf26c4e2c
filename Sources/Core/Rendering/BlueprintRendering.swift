package import Blueprints
package import Domain
package import Git
package import JSON

/// A blueprint at one commit, filled in with parameters: what a fork holds, and what a caller is
/// shown before there is one.
package struct BlueprintRendering: Sendable {
    /// The files of the tenant's repository, the record included.
    package let files: [TreeFile]
    /// How they came out of the blueprint's, the record left out.
    package let tree: RenderedTree
    /// What the repository says about where it comes from.
    package let record: BlueprintRecord

    /// The parameters with defaults filled in.
    package var parameters: JSON { tree.parameters }

    /// Renders what a repository holds at a commit.
    ///
    /// Blocks. `carriesContent` has all files come as bytes, for writing into another repository.
    package static func make(
        in repository: borrowing Repository,
        at commit: ObjectID,
        parameters: JSON,
        builtIns: BuiltIns,
        carriesContent: Bool
    ) throws(GitFault) -> Result<BlueprintRendering, RenderFault> {
        let manifest: BlueprintManifest
        switch try self.manifest(in: repository, at: commit) {
        case .success(let found): manifest = found
        case .failure(let fault): return .failure(fault)
        }
        let snapshot = try repository.snapshot(of: commit) { path in
            carriesContent || manifest.takesSubstitution(path.text)
        }
        let template = BlueprintTemplate(
            manifest: manifest,
            files: snapshot.map(BlueprintFile.init)
        )
        let tree: RenderedTree
        do throws(RenderFault) {
            tree = try template.render(parameters: parameters, builtIns: builtIns)
        } catch {
            return .failure(error)
        }
        var contents: [String: [UInt8]] = [:]
        if carriesContent {
            for file in snapshot { contents[file.id.hex] = file.content }
        }
        var files: [TreeFile] = []
        for file in tree.files {
            files.append(try treeFile(file, contents))
        }
        let record = BlueprintRecord(commit: commit.hex, tree.parameters, builtIns)
        files.append(try recordFile(record))
        return .success(BlueprintRendering(files: files, tree: tree, record: record))
    }

    /// Reads `blueprint.yaml` at a commit.
    ///
    /// Blocks.
    package static func manifest(
        in repository: borrowing Repository,
        at commit: ObjectID
    ) throws(GitFault) -> Result<BlueprintManifest, RenderFault> {
        let path = try RepositoryPath.own(BlueprintManifest.path)
        guard let bytes = try repository.file(path, of: commit) else {
            let message = "the version has no blueprint.yaml; add one and tag it"
            return .failure(
                RenderFault(Finding(.badManifest, file: BlueprintManifest.path, message: message))
            )
        }
        return Result { () throws(RenderFault) in try BlueprintManifest(parsing: bytes) }
    }

    private static func treeFile(
        _ file: RenderedFile,
        _ contents: [String: [UInt8]]
    ) throws(GitFault) -> TreeFile {
        let content: TreeFile.Content
        switch file.content {
        case .rendered(let bytes): content = .bytes(bytes)
        case .unchanged(let identity):
            if let bytes = contents[identity] {
                content = .bytes(bytes)
            } else if let id = ObjectID(identity) {
                content = .object(id)
            } else {
                throw .failed("a rendered file has the content \(identity)")
            }
        }
        return TreeFile(path: file.path, mode: FileMode(gitMode: file.mode), content: content)
    }

    private static func recordFile(_ record: BlueprintRecord) throws(GitFault) -> TreeFile {
        TreeFile(path: try .own(BlueprintRecord.path), content: .bytes(record.bytes))
    }
}

extension RepositoryPath {
    /// A path that the program itself made up.
    package static func own(_ text: String) throws(GitFault) -> RepositoryPath {
        do throws(PathFault) {
            return try RepositoryPath(parsing: text)
        } catch {
            throw .malformed("the path \(text) \(error.reason)")
        }
    }
}

extension BlueprintRecord {
    /// The record of a rendering; the built-in values name blueprint and version.
    fileprivate init(commit: String, _ parameters: JSON, _ builtIns: BuiltIns) {
        self.init(
            blueprint: builtIns.blueprint,
            version: builtIns.version,
            commit: commit,
            parameters: parameters,
            builtIns: builtIns
        )
    }
}

extension BlueprintFile {
    /// A file as a repository holds it.
    package init(_ file: SnapshotFile) {
        self.init(
            path: file.path,
            mode: file.mode.gitMode,
            identity: file.id.hex,
            content: file.content
        )
    }
}

extension FileMode {
    fileprivate var gitMode: String {
        switch self {
        case .regular: "100644"
        case .executable: "100755"
        case .symbolicLink: RenderedFile.linkMode
        }
    }

    init(gitMode: String) {
        switch gitMode {
        case "100755": self = .executable
        case RenderedFile.linkMode: self = .symbolicLink
        default: self = .regular
        }
    }
}
