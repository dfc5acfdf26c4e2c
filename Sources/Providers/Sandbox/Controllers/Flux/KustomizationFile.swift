import JSON
import Secrets
import YAML

/// What a `kustomization.yaml` says.
struct KustomizationFile {
    typealias Fault = KustomizeBuild.Fault
    /// Reads a file beside this one.
    typealias Content = (String) throws(Fault) -> [UInt8]

    private static let known: Set<String> = [
        "apiVersion", "kind", "metadata", "resources", "bases", "namespace", "labels",
        "commonLabels", "commonAnnotations", "patches", "patchesStrategicMerge",
        "patchesJson6902", "configMapGenerator", "generatorOptions",
    ]

    let path: String
    private let json: JSON

    /// Takes the file, or refuses it with the names of what it asks for and is not played.
    init(_ json: JSON, at path: String) throws(Fault) {
        guard let object = json.object else { throw .failed("\(path): not an object") }
        let unknown = object.filter { !Self.known.contains($0.key) && !$0.value.isBlank }
        guard unknown.isEmpty else {
            let names = unknown.map { "`\($0.key)`" }.joined(separator: ", ")
            throw .failed("\(path): the sandbox does not play \(names)")
        }
        self.json = json
        self.path = path
    }

    /// What it lists.
    var resources: [String] {
        let entries = (json["resources"]?.array ?? []) + (json["bases"]?.array ?? [])
        return entries.compactMap(\.string)
    }

    /// The manifests after all that is to be done to them.
    func transform(_ manifests: [JSON], _ content: Content) throws(Fault) -> [JSON] {
        var manifests = manifests
        for generator in json["configMapGenerator"]?.array ?? [] {
            manifests.append(try configMap(generator, content))
        }
        for patch in try patches(content) { manifests = try patch.applied(to: manifests) }
        if let namespace = json["namespace"]?.string, !namespace.isEmpty {
            manifests = manifests.map { NamespaceChange(namespace).applied(to: $0) }
        }
        for change in labels { manifests = manifests.map(change.applied) }
        if let annotations = json["commonAnnotations"]?.object, !annotations.isEmpty {
            let patch: JSON = ["metadata": ["annotations": .object(annotations)]]
            manifests = manifests.map { $0.merging(patch: patch) }
        }
        return manifests
    }

    private var labels: [LabelChange] {
        var changes: [LabelChange] = []
        if let pairs = json["commonLabels"]?.object {
            changes.append(LabelChange(pairs: pairs, inSelectors: true, inTemplates: true))
        }
        for entry in json["labels"]?.array ?? [] {
            guard let pairs = entry["pairs"]?.object else { continue }
            let inSelectors = entry["includeSelectors"]?.bool ?? false
            changes.append(
                LabelChange(
                    pairs: pairs,
                    inSelectors: inSelectors,
                    inTemplates: inSelectors || entry["includeTemplates"]?.bool ?? false
                )
            )
        }
        return changes
    }

    private func patches(_ content: Content) throws(Fault) -> [KustomizePatch] {
        var patches: [KustomizePatch] = []
        for field in ["patches", "patchesJson6902"] {
            for entry in json[field]?.array ?? [] {
                let bytes: [UInt8]
                if let text = entry["patch"]?.string {
                    bytes = Array(text.utf8)
                } else if let name = entry["path"]?.string {
                    bytes = try content(name)
                } else {
                    throw .failed("\(path): an entry of `\(field)` has neither `patch` nor `path`")
                }
                patches += try read(bytes, target: entry["target"])
            }
        }
        for entry in json["patchesStrategicMerge"]?.array ?? [] {
            guard let text = entry.string else { continue }
            let bytes = text.contains("\n") ? Array(text.utf8) : try content(text)
            patches += try read(bytes, target: nil)
        }
        return patches
    }

    private func read(_ bytes: [UInt8], target: JSON?) throws(Fault) -> [KustomizePatch] {
        do throws(YAMLFault) {
            return try YAML.documents(bytes).map { KustomizePatch($0.value, target: target) }
        } catch {
            throw .failed("\(path): a patch cannot be read: \(error)")
        }
    }

    /// Only under its own name: what refers to it is not rewritten.
    private func configMap(_ generator: JSON, _ content: Content) throws(Fault) -> JSON {
        let options = (json["generatorOptions"] ?? [:]).merging(patch: generator["options"] ?? [:])
        guard options["disableNameSuffixHash"]?.bool == true else {
            throw .failed(
                "\(path): the sandbox plays `configMapGenerator` only with "
                    + "`disableNameSuffixHash: true`"
            )
        }
        guard let name = generator["name"]?.string, generator["envs"] == nil else {
            throw .failed("\(path): `configMapGenerator` takes `name`, `literals` and `files` here")
        }
        var data = JSONObject()
        for entry in (generator["literals"]?.array ?? []).compactMap(\.string) {
            let parts = entry.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2 else {
                throw .failed("\(path): the literal '\(entry)' has no =")
            }
            data[String(parts[0])] = .string(String(parts[1]))
        }
        for entry in (generator["files"]?.array ?? []).compactMap(\.string) {
            let parts = entry.split(separator: "=", maxSplits: 1).map(String.init)
            let file = parts.last ?? entry
            let key = parts.count == 2 ? parts[0] : file.split(separator: "/").last.map(String.init)
            data[key ?? file] = .string(String(decoding: try content(file), as: UTF8.self))
        }
        var metadata: JSONObject = ["name": .string(name)]
        metadata["namespace"] = generator["namespace"]
        metadata["labels"] = options["labels"]
        metadata["annotations"] = options["annotations"]
        return [
            "apiVersion": "v1", "kind": "ConfigMap", "metadata": .object(metadata),
            "data": .object(data),
        ]
    }
}

extension JSON {
    /// Nothing is said: null, or an empty list, object or text.
    fileprivate var isBlank: Bool {
        switch self {
        case .null: true
        case .array(let list): list.isEmpty
        case .object(let object): object.isEmpty
        case .string(let text): text.isEmpty
        case .bool, .number: false
        }
    }
}
