import JSON

/// Builds the manifests of a folder as `kustomize build` does, as far as Slipway's repositories
/// and common ones need it; whatever else a `kustomization.yaml` asks for is refused by its name.
struct KustomizeBuild {
    /// Why there are no manifests.
    enum Fault: Error, Equatable {
        /// Files of that path are needed first.
        case needs(String)
        /// The repository is wrong, in words.
        case failed(String)
    }

    /// What a folder's own file is called, in this order.
    static let fileNames = ["kustomization.yaml", "kustomization.yml", "Kustomization"]
    /// How deep folders may refer to each other.
    private static let depthMax = 16
    /// Manifests of one build.
    private static let manifestsMax = 5_000

    let cache: ManifestCache
    private(set) var files: [String: [UInt8]] = [:]
    /// The paths whose files are there.
    private(set) var loaded: [String] = []

    init(cache: ManifestCache) { self.cache = cache }

    /// Takes all files of a path.
    mutating func add(_ files: [String: [UInt8]], of path: String) {
        self.files.merge(files) { _, new in new }
        loaded.append(path)
    }

    /// The manifests of a folder; one without a `kustomization.yaml` has those of all files.
    func manifests(of folder: String) throws(Fault) -> [JSON] {
        guard isLoaded(folder) else { throw .needs(folder) }
        let isThere = files.keys.contains { RepositoryText.contains(folder, $0) }
        guard isThere else {
            throw .failed("kustomization path not found: stat ./\(folder): no such file")
        }
        let manifests =
            file(of: folder) == nil
            ? try everything(in: folder) : try build(folder, depth: 0)
        try check(manifests)
        return manifests
    }

    func isLoaded(_ path: String) -> Bool {
        loaded.contains { RepositoryText.contains($0, path) }
    }

    private func file(of folder: String) -> String? {
        Self.fileNames.map { folder.isEmpty ? $0 : "\(folder)/\($0)" }
            .first { files[$0] != nil }
    }

    /// What a folder without a list of its own holds; folders below that have one are built.
    private func everything(in folder: String) throws(Fault) -> [JSON] {
        var manifests: [JSON] = []
        var built: [String] = []
        let paths = files.keys.filter { RepositoryText.contains(folder, $0) }.sorted()
        for path in paths where path.hasSuffix(".yaml") || path.hasSuffix(".yml") {
            guard !path.split(separator: "/").contains(where: { $0.hasPrefix(".") }),
                !built.contains(where: { RepositoryText.contains($0, path) })
            else { continue }
            if let base = base(above: path, below: folder) {
                built.append(base)
                manifests += try build(base, depth: 1)
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
        while place != folder, place.utf8.count > folder.utf8.count {
            if file(of: place) != nil { found = place }
            place = RepositoryText.folder(of: place)
        }
        return found
    }

    private func build(_ folder: String, depth: Int) throws(Fault) -> [JSON] {
        guard depth < Self.depthMax else {
            throw .failed("./\(folder): folders refer to each other without an end")
        }
        guard let path = file(of: folder) else {
            throw .failed(
                "unable to find one of 'kustomization.yaml', 'kustomization.yml' or "
                    + "'Kustomization' in directory './\(folder)'"
            )
        }
        let documents = try cache.documents(of: files[path] ?? [], at: path)
        guard documents.count <= 1 else { throw .failed("\(path): more than one document") }
        let list = try KustomizationFile(documents.first ?? [:], at: path)
        var manifests: [JSON] = []
        for entry in list.resources {
            manifests += try resource(entry, in: folder, depth: depth)
        }
        return try list.transform(manifests) { (name: String) throws(Fault) in
            try content(name, in: folder)
        }
    }

    private func resource(
        _ entry: String,
        in folder: String,
        depth: Int
    ) throws(Fault) -> [JSON] {
        let isRemote = entry.contains("://") || entry.hasPrefix("git@") || entry.contains("?ref=")
        guard !isRemote, !entry.hasPrefix("github.com/") else {
            throw .failed("resource '\(entry)': the sandbox reaches no network")
        }
        guard let path = RepositoryText.resolve(entry, in: folder) else {
            throw .failed("resource '\(entry)' is outside of the repository")
        }
        if files[path] != nil { return try read(path) }
        if files.keys.contains(where: { RepositoryText.contains(path, $0) }) {
            return try build(path, depth: depth + 1)
        }
        guard isLoaded(path) else { throw .needs(path) }
        throw .failed(
            "accumulating resources: accumulation err='accumulating resources from '\(entry)': "
                + "./\(path): no such file or directory'"
        )
    }

    private func content(_ name: String, in folder: String) throws(Fault) -> [UInt8] {
        guard let path = RepositoryText.resolve(name, in: folder) else {
            throw .failed("file '\(name)' is outside of the repository")
        }
        if let bytes = files[path] { return bytes }
        guard isLoaded(path) else { throw .needs(path) }
        throw .failed("./\(path): no such file or directory")
    }

    private func read(_ path: String) throws(Fault) -> [JSON] {
        var manifests: [JSON] = []
        for document in try cache.documents(of: files[path] ?? [], at: path) {
            let items = document["items"]?.array
            let isList = document["kind"]?.string?.hasSuffix("List") == true && items != nil
            for manifest in isList ? items ?? [] : [document] {
                guard manifest["apiVersion"]?.string != nil, manifest["kind"]?.string != nil,
                    manifest["metadata"]?["name"]?.string?.isEmpty == false
                else {
                    throw .failed("\(path): a manifest lacks apiVersion, kind or metadata.name")
                }
                manifests.append(manifest)
            }
        }
        return manifests
    }

    private func check(_ manifests: [JSON]) throws(Fault) {
        guard manifests.count <= Self.manifestsMax else {
            throw .failed("there are more than \(Self.manifestsMax) manifests")
        }
        var keys: Set<SandboxKey> = []
        for manifest in manifests {
            let key = SandboxObject(manifest.object ?? JSONObject()).key
            guard keys.insert(key).inserted else {
                throw .failed("may not add resource with an already registered id: \(key)")
            }
        }
    }
}
