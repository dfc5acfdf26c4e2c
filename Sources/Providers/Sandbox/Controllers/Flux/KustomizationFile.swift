import JSON

/// What a `kustomization.yaml` says.
struct KustomizationFile {
    private static let known: Set<String> = [
        "apiVersion", "kind", "metadata", "resources", "namespace", "labels", "commonAnnotations",
        "patches", "images",
    ]

    private let path: String
    private let json: JSON

    /// Takes the file, or refuses it with the names of what it asks for and is not played.
    init(_ json: JSON, at path: String) throws(BuildFault) {
        guard let object = json.object else { throw .wrong("\(path): not an object") }
        let unknown = object.filter { !Self.known.contains($0.key) && !$0.value.isBlank }
        guard unknown.isEmpty else {
            let names = unknown.map { "`\($0.key)`" }.joined(separator: ", ")
            throw .wrong("\(path): the sandbox does not play \(names)")
        }
        let labels = json["labels"]?.array ?? []
        guard !labels.contains(where: { $0["includeSelectors"] == true }) else {
            throw .wrong("\(path): the sandbox does not play `includeSelectors`")
        }
        self.json = json
        self.path = path
    }

    /// What it lists.
    var resources: [String] { (json["resources"]?.array ?? []).compactMap(\.string) }

    /// Its patches, each in the file or at a path.
    var patches: [JSON] { json["patches"]?.array ?? [] }

    /// The manifests after all that is to be done to them.
    func transform(
        _ manifests: [JSON],
        _ patches: [KustomizePatch]
    ) throws(BuildFault) -> [JSON] {
        var manifests = manifests
        for patch in patches { manifests = try patch.applied(to: manifests, of: path) }
        if let namespace = json["namespace"]?.string, !namespace.isEmpty {
            manifests = manifests.map { NamespaceChange(namespace).applied(to: $0) }
        }
        var metadata = JSON.object(["annotations": json["commonAnnotations"] ?? [:]])
        for entry in json["labels"]?.array ?? [] {
            metadata = metadata.merging(patch: ["labels": entry["pairs"] ?? [:]])
        }
        let isBlank = metadata["annotations"]?.isBlank == true && metadata["labels"] == nil
        let images = json["images"]?.array ?? []
        return manifests.map { manifest in
            var manifest = manifest
            for image in images { manifest = Self.changing(image, in: manifest) }
            return isBlank ? manifest : manifest.merging(patch: ["metadata": metadata])
        }
    }

    /// Containers of an image run another one.
    private static func changing(_ image: JSON, in value: JSON) -> JSON {
        switch value {
        case .array(let list): .array(list.map { changing(image, in: $0) })
        case .object(let members):
            .object(
                members.reduce(into: JSONObject()) { result, member in
                    let isContainers = ["containers", "initContainers"].contains(member.key)
                    let list = isContainers ? member.value.array : nil
                    result[member.key] =
                        list.map { .array($0.map { container(image, $0) }) }
                        ?? changing(image, in: member.value)
                }
            )
        default: value
        }
    }

    private static func container(_ image: JSON, _ container: JSON) -> JSON {
        guard let before = container["image"]?.string, let name = image["name"]?.string else {
            return container
        }
        // A colon before the last slash is a registry's port.
        let start = before.lastIndex(of: "/") ?? before.startIndex
        let end = before[start...].firstIndex { $0 == ":" || $0 == "@" } ?? before.endIndex
        guard before[..<end] == name else { return container }
        var after = image["newName"]?.string ?? name
        if let digest = image["digest"]?.string {
            after += "@\(digest)"
        } else {
            after += image["newTag"]?.string.map { ":\($0)" } ?? String(before[end...])
        }
        return container.merging(patch: ["image": .string(after)])
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

/// Puts what stands in namespaces into one of them.
struct NamespaceChange {
    private static let clusterKinds = Set(
        (KindTable.everywhere + KindTable.management + KindTable.operators)
            .filter { !$0.isNamespaced }.map(\.kind)
    )

    let namespace: String

    init(_ namespace: String) { self.namespace = namespace }

    func applied(to manifest: JSON) -> JSON {
        let kind = SandboxObject(manifest.object ?? JSONObject()).kind
        let place: JSON = ["namespace": .string(namespace)]
        if kind == .namespace {
            return manifest.merging(patch: ["metadata": ["name": .string(namespace)]])
        }
        var changed = manifest
        if !Self.clusterKinds.contains(kind) {
            changed = changed.merging(patch: ["metadata": place])
        }
        guard kind.name.hasSuffix("RoleBinding"), let subjects = changed["subjects"]?.array else {
            return changed
        }
        let moved = subjects.map { subject in
            subject["kind"] == "ServiceAccount" ? subject.merging(patch: place) : subject
        }
        return changed.merging(patch: ["subjects": .array(moved)])
    }
}
