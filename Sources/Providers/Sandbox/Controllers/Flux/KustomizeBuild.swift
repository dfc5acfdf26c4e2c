import JSON

/// Builds the manifests of a folder as `kustomize build` does, as far as Slipway's repositories
/// and common ones need it; whatever else a `kustomization.yaml` asks for is refused by its name.
struct KustomizeBuild {
    /// What a folder's own file is called, in this order.
    private static let fileNames = ["kustomization.yaml", "kustomization.yml", "Kustomization"]
    /// How deep folders may refer to each other.
    private static let depthMax = 16
    /// Paths outside of the folder itself that it may refer to.
    private static let rootsMax = 32
    /// Manifests of one build.
    private static let manifestsMax = 5_000

    private let tree: CommitTree
    private let builder: FolderBuilder
    private var files: [String: [UInt8]] = [:]
    /// The paths that were read, each with the name of its content; nil for nothing there.
    private(set) var roots: [String: String?] = [:]

    init(tree: CommitTree, builder: FolderBuilder) {
        self.tree = tree
        self.builder = builder
    }

    /// The manifests of a folder; one without a `kustomization.yaml` has those of all files.
    mutating func manifests(of folder: String) async throws(BuildFault) -> [JSON] {
        guard try await isThere(folder) else {
            throw .wrong("path not found: ./\(folder): no such directory")
        }
        let manifests =
            file(of: folder) == nil
            ? try await everything(in: folder) : try await build(folder, depth: 0)
        guard manifests.count <= Self.manifestsMax else {
            throw .wrong("there are more than \(Self.manifestsMax) manifests")
        }
        var keys: Set<SandboxKey> = []
        for manifest in manifests {
            let key = SandboxObject(manifest.object ?? JSONObject()).key
            guard keys.insert(key).inserted else {
                throw .wrong("may not add resource with an already registered id: \(key)")
            }
        }
        return manifests
    }

    /// Whether there is such a folder or file; it is read where it was not yet.
    private mutating func isThere(_ path: String) async throws(BuildFault) -> Bool {
        if !roots.keys.contains(where: { RepositoryText.contains($0, path) }) {
            guard roots.count < Self.rootsMax else {
                throw .wrong("a folder refers to more than \(Self.rootsMax) places outside of it")
            }
            roots[path] = .some(try await tree.name(of: path))
            files.merge(try await tree.files(under: path)) { _, new in new }
        }
        return files.keys.contains { RepositoryText.contains(path, $0) }
    }

    private func file(of folder: String) -> String? {
        Self.fileNames.map { folder.isEmpty ? $0 : "\(folder)/\($0)" }.first { files[$0] != nil }
    }

    /// What a folder without a list of its own holds; folders below that have one are built.
    private mutating func everything(in folder: String) async throws(BuildFault) -> [JSON] {
        var manifests: [JSON] = []
        var built: [String] = []
        let paths = files.keys.filter { RepositoryText.contains(folder, $0) }.sorted()
        for path in paths where path.hasSuffix(".yaml") || path.hasSuffix(".yml") {
            guard !path.split(separator: "/").contains(where: { $0.hasPrefix(".") }),
                !built.contains(where: { RepositoryText.contains($0, path) })
            else { continue }
            if let base = base(above: path, below: folder) {
                built.append(base)
                manifests += try await build(base, depth: 1)
            } else {
                manifests += try read(path)
            }
        }
        return manifests
    }

    /// The topmost folder between a file and `folder` that has a list of its own.
    private func base(above path: String, below folder: String) -> String? {
        var found: String?
        var place = RepositoryText.folder(of: path)
        while place.utf8.count > folder.utf8.count {
            if file(of: place) != nil { found = place }
            place = RepositoryText.folder(of: place)
        }
        return found
    }

    private mutating func build(
        _ folder: String,
        depth: Int
    ) async throws(BuildFault) -> [JSON] {
        guard depth < Self.depthMax else {
            throw .wrong("./\(folder): folders refer to each other without an end")
        }
        guard let path = file(of: folder) else {
            let names = "'kustomization.yaml', 'kustomization.yml' or 'Kustomization'"
            throw .wrong("unable to find one of \(names) in directory './\(folder)'")
        }
        let documents = try builder.documents(of: files[path] ?? [], at: path)
        guard documents.count <= 1 else { throw .wrong("\(path): more than one document") }
        let list = try KustomizationFile(documents.first ?? [:], at: path)
        var manifests: [JSON] = []
        for entry in list.resources {
            manifests += try await resource(entry, in: folder, depth: depth)
        }
        var patches: [KustomizePatch] = []
        for patch in list.patches {
            let text = patch["patch"]?.string.map { Array($0.utf8) }
            let name = patch["path"]?.string ?? ""
            let bytes = if let text { text } else { try await content(name, in: folder) }
            patches += try builder.documents(of: bytes, at: path)
                .map { KustomizePatch($0, target: patch["target"]) }
        }
        return try list.transform(manifests, patches)
    }

    private mutating func resource(
        _ entry: String,
        in folder: String,
        depth: Int
    ) async throws(BuildFault) -> [JSON] {
        let isRemote = entry.contains("://") || entry.hasPrefix("git@") || entry.contains("?ref=")
        guard !isRemote, !entry.hasPrefix("github.com/") else {
            throw .wrong("resource '\(entry)': the sandbox reaches no network")
        }
        guard let path = RepositoryText.resolve(entry, in: folder) else {
            throw .wrong("resource '\(entry)' is outside of the repository")
        }
        guard try await isThere(path) else {
            let why = "accumulation err='accumulating resources from '\(entry)'"
            throw .wrong("accumulating resources: \(why): ./\(path): no such file or directory'")
        }
        return files[path] == nil ? try await build(path, depth: depth + 1) : try read(path)
    }

    private mutating func content(
        _ name: String,
        in folder: String
    ) async throws(BuildFault) -> [UInt8] {
        guard let path = RepositoryText.resolve(name, in: folder) else {
            throw .wrong("file '\(name)' is outside of the repository")
        }
        guard try await isThere(path), let bytes = files[path] else {
            throw .wrong("./\(path): no such file or directory")
        }
        return bytes
    }

    private func read(_ path: String) throws(BuildFault) -> [JSON] {
        var manifests: [JSON] = []
        for document in try builder.documents(of: files[path] ?? [], at: path) {
            let items = document["items"]?.array
            let isList = document["kind"]?.string?.hasSuffix("List") == true
            manifests += (isList ? items : nil) ?? [document]
        }
        let isWhole = manifests.allSatisfy { manifest in
            manifest["apiVersion"]?.string != nil && manifest["kind"]?.string != nil
                && manifest["metadata"]?["name"]?.string?.isEmpty == false
        }
        guard isWhole else {
            throw .wrong("\(path): a manifest lacks apiVersion, kind or metadata.name")
        }
        return manifests
    }
}
