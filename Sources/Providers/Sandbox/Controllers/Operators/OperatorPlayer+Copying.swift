import JSON
import Secrets

/// External Secrets, as far as its store is a namespace of the same cluster.
extension OperatorPlayer {
    /// How often a source is looked at, in milliseconds at the usual speed.
    private static let refreshing = 60_000

    /// The namespace that the object's store reads; nil where it is a store of another kind.
    func remoteNamespace(
        of object: SandboxObject,
        _ scene: Scene
    ) async throws(SandboxStatus) -> String? {
        guard let name = object.json["spec"]?["secretStoreRef"]?["name"]?.string else { return nil }
        let kind = SandboxKind("external-secrets.io", "SecretStore")
        let store = try await scene.cluster.get(SandboxKey(kind, object.namespace, name))
        return store?.json["spec"]?["provider"]?["kubernetes"]?["remoteNamespace"]?.string
    }

    /// Makes the object's Secret say what its sources say; what is missing of them.
    func copy(
        from namespace: String,
        for object: SandboxObject,
        _ scene: Scene
    ) async throws(SandboxStatus) -> String? {
        scene.look(after: scene.pace.of(Self.refreshing))
        let spec = object.json["spec"] ?? .null
        var data = JSONObject()
        for entry in spec["dataFrom"]?.array ?? [] {
            let name = entry["extract"]?["key"]?.string ?? ""
            guard let all = try await source(name, in: namespace, scene) else {
                return "there is no Secret \(name)"
            }
            for member in all { data[member.key] = member.value }
        }
        for entry in spec["data"]?.array ?? [] {
            let name = entry["remoteRef"]?["key"]?.string ?? ""
            let key = entry["remoteRef"]?["property"]?.string ?? ""
            guard let value = try await source(name, in: namespace, scene)?[key] else {
                return "there is no key \(key) of the Secret \(name)"
            }
            data[entry["secretKey"]?.string ?? key] = value
        }
        let template = spec["target"]?["template"] ?? .null
        for member in template["data"]?.object ?? JSONObject() {
            let text = Self.filled(member.value.string ?? "", with: data)
            data[member.key] = .string(Base64.encode(Array(text.utf8)))
        }
        let name = spec["target"]?["name"]?.string ?? object.name
        try await put(name, data, template, for: object, scene)
        return nil
    }

    private func source(
        _ name: String,
        in namespace: String,
        _ scene: Scene
    ) async throws(SandboxStatus) -> JSONObject? {
        try await scene.cluster.get(SandboxKey(.secret, namespace, name))?.json["data"]?.object
    }

    private func put(
        _ name: String,
        _ data: JSONObject,
        _ template: JSON,
        for object: SandboxObject,
        _ scene: Scene
    ) async throws(SandboxStatus) {
        let written = try await scene.cluster.update(
            SandboxKey(.secret, object.namespace, name),
            as: scene.manager
        ) { secret in
            secret.json["data"] = .object(data)
            for part in ["labels", "annotations"] {
                secret.metadata[part] = template["metadata"]?[part] ?? secret.metadata[part]
            }
        }
        guard written == nil else { return }
        try await scene.make(
            .manifest(
                "v1",
                "Secret",
                name,
                in: object.namespace,
                owner: object.reference(),
                [
                    "metadata": template["metadata"] ?? [:],
                    "type": template["type"] ?? "Opaque", "data": .object(data),
                ]
            )
        )
    }

    /// The template with values for `{{ index . "key" }}` and texts for `{{ "text" }}`.
    private static func filled(_ template: String, with data: JSONObject) -> String {
        var parts = template.split(separator: "{{", omittingEmptySubsequences: false)[...]
        var text = parts.popFirst().map(String.init) ?? ""
        while let part = parts.popFirst() {
            let quoted = part.split(separator: "\"", omittingEmptySubsequences: false)
            let name = quoted.count > 1 ? String(quoted[1]) : ""
            if quoted[0].allSatisfy({ $0 == " " }) {
                text += name
            } else {
                let value = data[name]?.string.flatMap(Base64.decode) ?? []
                text += String(decoding: value, as: UTF8.self)
            }
            text += String(part.drop { $0 != "}" }.dropFirst(2))
        }
        return text
    }
}
