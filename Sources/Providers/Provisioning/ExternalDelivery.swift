import Contract
import Domain
import Folders
import JSON
import Kubernetes

/// What has External Secrets bring a credential to its consumer: a store that reads the service's
/// namespace with an account that may read the Secrets of that one credential, and nothing else.
struct ExternalDelivery: Sendable {
    private static let group = "external-secrets.io"
    private static let rights = "rbac.authorization.k8s.io"
    /// How often External Secrets looks whether the source says something else.
    private static let refreshEvery = "1m"
    /// The kinds that the cluster must serve.
    static let kinds = ["ExternalSecret", "SecretStore"].compactMap {
        ManifestKind("\(group)/v1/\($0)")
    }

    /// The consumer's Secret.
    let secret: ConsumerSecret
    /// The namespace of the service.
    let source: String

    private var client: KubernetesClient { secret.client }
    private var name: String { "binding-\(secret.binding.id)" }
    private var external: ObjectKey {
        key(GroupKind(group: Self.group, kind: "ExternalSecret"), in: secret.namespace)
    }

    private func key(_ kind: GroupKind, in namespace: String) -> ObjectKey {
        ObjectKey(kind, namespace: namespace, name: name)
    }

    /// Has the credential brought.
    ///
    /// - Throws: `.refused` where there is nothing that only a Secret may hold.
    func apply(
        _ rendered: CredentialRendering,
        number: Int64,
        _ context: StepContext?
    ) async throws(ProviderFault) {
        guard !rendered.sources.isEmpty else {
            throw .refused(
                reason: "nothing of this binding is in a Secret, so that External Secrets has "
                    + "nothing to copy; make another one with `delivery: secret`"
            )
        }
        for object in manifests(of: rendered, number: number) {
            try context?.continueOrStop()
            try await asking { () async throws(KubernetesFault) in
                _ = try await client.apply(object, force: true)
            }
        }
    }

    /// Everything that is applied, in that order.
    func manifests(of rendered: CredentialRendering, number: Int64) -> [JSONObject] {
        let account: JSON = [
            "kind": "ServiceAccount", "name": .string(name), "namespace": .string(secret.namespace),
        ]
        let right: JSON = ["apiGroup": .string(Self.rights), "kind": "Role", "name": .string(name)]
        let secrets: JSON = [
            "apiGroups": [""], "resources": ["secrets"], "verbs": ["get"],
            "resourceNames": .array(rendered.sources.map { .string($0) }),
        ]
        let store: JSON = [
            "provider": [
                "kubernetes": [
                    "remoteNamespace": .string(source),
                    "server": [
                        "caProvider": [
                            "type": "ConfigMap", "name": "kube-root-ca.crt", "key": "ca.crt",
                        ]
                    ],
                    "auth": ["serviceAccount": ["name": .string(name)]],
                ]
            ]
        ]
        let rights = "\(Self.rights)/v1"
        let group = "\(Self.group)/v1"
        return [
            object("v1", "ServiceAccount", secret.namespace, [:]),
            object(rights, "Role", source, ["rules": [secrets]]),
            object(rights, "RoleBinding", source, ["roleRef": right, "subjects": [account]]),
            object(group, "SecretStore", secret.namespace, ["spec": store]),
            object(
                group,
                "ExternalSecret",
                secret.namespace,
                ["spec": .object(wish(of: rendered, number: number))]
            ),
        ]
    }

    private func object(
        _ version: String,
        _ kind: String,
        _ namespace: String,
        _ rest: JSONObject
    ) -> JSONObject {
        var object: JSONObject = [
            "apiVersion": .string(version), "kind": .string(kind),
            "metadata": [
                "name": .string(name), "namespace": .string(namespace),
                "labels": .object(secret.labels),
            ],
        ]
        for member in rest { object[member.key] = member.value }
        return object
    }

    /// The keys as the offering names them; texts are filled in inside the cluster.
    private func wish(of rendered: CredentialRendering, number: Int64) -> JSONObject {
        var data: [JSON] = []
        var texts: [String: String] = [:]
        for entry in rendered.entries {
            switch entry.source {
            case .text(let text): texts[entry.key] = text
            case .secret(let name, let key):
                data.append([
                    "secretKey": .string(entry.key),
                    "remoteRef": ["key": .string(name), "property": .string(key)],
                ])
            }
        }
        var filled = JSONObject()
        for key in texts.keys.sorted() { filled[key] = .string(Self.template(key, texts)) }
        var spec: JSONObject = [
            "refreshInterval": .string(Self.refreshEvery),
            "secretStoreRef": ["kind": "SecretStore", "name": .string(name)],
            "target": [
                "name": .string(secret.binding.secretName), "creationPolicy": "Owner",
                "deletionPolicy": "Retain",
                "template": [
                    "type": .string(rendered.offered.type), "engineVersion": "v2",
                    "mergePolicy": "Merge",
                    "metadata": [
                        "labels": .object(secret.labels),
                        "annotations": .object(ConsumerSecret.annotations(of: number)),
                    ],
                    "data": .object(filled),
                ],
            ],
        ]
        if !data.isEmpty { spec["data"] = .array(data) }
        if let all = rendered.takesAllOf {
            spec["dataFrom"] = [["extract": ["key": .string(all)]]]
        }
        return spec
    }

    /// The text as a template of Go, in which `$(key)` is another key's value, and no brace of the
    /// text begins anything.
    static func template(
        _ key: String,
        _ texts: [String: String],
        _ open: Set<String> = []
    ) -> String {
        let parts = (texts[key] ?? "").split(separator: "{", omittingEmptySubsequences: false)
        let plain = parts.joined(separator: #"{{ "{" }}"#)
        return KeyReferences.filled(plain) { name in
            // No key has a brace in its name.
            if name.contains("{") { return nil }
            guard texts[name] != nil, !open.contains(name) else {
                return "{{ index . \(JSON.string(name).text) }}"
            }
            return template(name, texts, open.union([key]))
        }
    }

    /// What External Secrets has still to do until the consumer has that credential; nil once it
    /// has.
    func wait(for number: Int64) async throws(ProviderFault) -> Wait? {
        guard let found = try await client.found(external) else {
            return Wait(on: "\(external) to be there")
        }
        let conditions = found.json["status"]?["conditions"]?.array ?? []
        let ready = conditions.first { $0["type"]?.string == "Ready" }
        let isReady = ready?["status"]?.string == "True"
        if isReady, try await secret.number() == number { return nil }
        let why = isReady ? nil : ready?["message"]?.string
        return Wait(
            on: "\(external) to bring the credential" + (why.map { ": \($0)" } ?? ""),
            releasedBy: "External Secrets, and whoever runs it in the cluster"
        )
    }

    /// Removes all of it, as far as it is there; what External Secrets has made goes with it.
    func remove(_ context: StepContext?) async throws(ProviderFault) {
        let here = secret.namespace
        for key in [
            external,
            key(GroupKind(group: Self.group, kind: "SecretStore"), in: here),
            key(GroupKind(group: Self.rights, kind: "RoleBinding"), in: source),
            key(GroupKind(group: Self.rights, kind: "Role"), in: source),
            key(GroupKind(kind: "ServiceAccount"), in: here),
        ] {
            guard let found = try await client.found(key, projection: .metadata) else { continue }
            try context?.continueOrStop()
            try await asking { () async throws(KubernetesFault) in
                _ = try await client.delete(key, uid: found.uid)
            }
        }
    }
}

extension CredentialRendering {
    /// The Secrets that its values are in.
    var sources: [String] {
        var names = Set([takesAllOf].compactMap(\.self))
        for case .secret(let name, _) in entries.map(\.source) { names.insert(name) }
        return names.sorted()
    }
}
