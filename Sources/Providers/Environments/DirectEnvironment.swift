import Contract
import Domain
import Drivers
import JSON
import Kubernetes
import YAML

/// An environment whose objects Slipway applies by itself, where no engine reads Git.
struct DirectEnvironment: Sendable {
    /// The most objects of one environment.
    static let objectsMax = 500
    /// What is applied before everything else, in this order.
    private static let first = [
        "CustomResourceDefinition", "Namespace", "PriorityClass", "StorageClass", "ServiceAccount",
        "ClusterRole", "ClusterRoleBinding", "Role", "RoleBinding", "ConfigMap", "Secret",
        "PersistentVolumeClaim",
    ]

    let environment: Environment
    let place: EnvironmentPlace
    let namespace: String
    let records: any EnvironmentRecords

    /// Applies what the template comes to, then removes what is no longer among it.
    ///
    /// What is going to be applied is noted before, so that nothing is ever there unknown.
    func apply(
        _ rendered: RenderedRelease,
        asleep isAsleep: Bool,
        _ context: StepContext
    ) async throws(ProviderFault) {
        let client = try await place.guest()
        let before = try await records.applied(for: environment)
        var kept: Set<EnvironmentReading.Applied> = []
        // Kinds that the template defines itself are not known before they are applied.
        for documents in try Self.groups(of: rendered) {
            let objects = try await objects(documents, through: client)
            let applied = objects.map { EnvironmentReading.Applied($0.key) }
            try await records.note(applied, for: environment)
            for object in objects {
                try await apply(object, asleep: isAsleep, through: client, context)
            }
            kept.formUnion(applied)
        }
        let gone = before.filter { !kept.contains($0) }
        for entry in gone.reversed() { try await remove(ObjectKey(entry), client, context) }
        try await records.forget(gone, for: environment)
    }

    private func apply(
        _ object: Wanted,
        asleep isAsleep: Bool,
        through client: KubernetesClient,
        _ context: StepContext
    ) async throws(ProviderFault) {
        try await refuseForeign(object.key, through: client)
        try context.continueOrStop()
        do throws(KubernetesFault) {
            _ = try await client.apply(isAsleep ? object.asleep : object.json, force: true)
        } catch {
            throw error.providerFault.about("\(object.key)")
        }
    }

    /// Deletes everything that was applied, and names what is still there.
    func remove(_ context: StepContext) async throws(ProviderFault) -> [String] {
        // With a cluster of its own everything goes.
        let applied = try await records.applied(for: environment)
        guard !applied.isEmpty, !environment.spec.placement.isOwn else { return [] }
        let client = try await place.guest()
        var left: [String] = []
        for entry in applied.reversed() {
            let key = ObjectKey(entry)
            try await remove(key, client, context)
            guard let object = try await found(key, client) else { continue }
            let finalizers = object.finalizers.joined(separator: ", ")
            left.append(finalizers.isEmpty ? "\(key)" : "\(key) (finalizers: \(finalizers))")
        }
        return left
    }

    /// What is there and was made for this environment; everything else stays.
    private func found(
        _ key: ObjectKey,
        _ client: KubernetesClient
    ) async throws(ProviderFault) -> KubernetesObject? {
        do throws(KubernetesFault) {
            let object = try await client.get(key, projection: .metadata)
            return object.flatMap { $0.belongs(to: environment) ? $0 : nil }
        } catch .noSuchKind {
            return nil
        } catch {
            throw error.providerFault.about("\(key)")
        }
    }

    private func remove(
        _ key: ObjectKey,
        _ client: KubernetesClient,
        _ context: StepContext
    ) async throws(ProviderFault) {
        guard let object = try await found(key, client), !object.isDeleting else { return }
        try context.continueOrStop()
        do throws(KubernetesFault) {
            _ = try await client.delete(key, uid: object.uid)
        } catch {
            throw error.providerFault.about("\(key)")
        }
    }

    private func refuseForeign(
        _ key: ObjectKey,
        through client: KubernetesClient
    ) async throws(ProviderFault) {
        let object: KubernetesObject?
        do throws(KubernetesFault) {
            object = try await client.get(key, projection: .metadata)
        } catch .noSuchKind {
            return
        } catch {
            throw error.providerFault.about("\(key)")
        }
        guard let object, !object.belongs(to: environment) else { return }
        throw .refused(
            reason: "\(key) is there and was not made for this environment; remove it, or have "
                + "the template name its objects after `${ENVIRONMENT}`"
        )
    }
}

extension DirectEnvironment {
    /// An object as it is applied.
    private struct Wanted {
        let key: ObjectKey
        let json: JSONObject

        /// The object with nothing running of it; how many there are to be is remembered.
        var asleep: JSONObject {
            guard key.kind.group == "apps",
                ["Deployment", "StatefulSet"].contains(key.kind.kind)
            else { return json }
            let replicas = json["spec"]?["replicas"]?.int ?? 1
            let mark: JSON = .string("\(max(replicas, 1))")
            let patch: JSON = [
                "metadata": ["annotations": [EnvironmentWorkloads.annotation: mark]],
                "spec": ["replicas": 0],
            ]
            return JSON.object(json).merging(patch: patch).object ?? json
        }
    }

    /// One document of the template, and where it stands.
    private struct Document {
        let json: JSONObject
        let path: String

        var kind: String { json["kind"]?.string ?? "" }
    }

    /// The documents of the template, those first that define kinds.
    private static func groups(
        of rendered: RenderedRelease
    ) throws(ProviderFault) -> [[Document]] {
        var documents: [Document] = []
        for file in rendered.files {
            let path = file.path.text
            let name = path.split(separator: "/").last.map(String.init) ?? path
            guard !["kustomization.yaml", "kustomization.yml", "Kustomization"].contains(name)
            else {
                throw .refused(
                    reason: "the template has a \(name), which only Flux or Argo CD build; the "
                        + "cluster's management cluster has the delivery `direct`"
                )
            }
            guard [".yaml", ".yml", ".json"].contains(where: name.hasSuffix) else { continue }
            documents += try Self.documents(of: file.bytes, path)
        }
        guard documents.count <= objectsMax else {
            throw .refused(
                reason: "the template comes to \(documents.count) objects; at most "
                    + "\(objectsMax) are applied"
            )
        }
        let definitions = documents.filter { $0.kind == first[0] }
        return [definitions, documents.filter { $0.kind != first[0] }].filter { !$0.isEmpty }
    }

    /// The objects in the order in which they are applied, each in the environment's namespace.
    private func objects(
        _ documents: [Document],
        through client: KubernetesClient
    ) async throws(ProviderFault) -> [Wanted] {
        var wanted: [Wanted] = []
        for document in documents {
            wanted.append(try await self.wanted(document.json, document.path, client))
        }
        let ranks = wanted.map { Self.first.firstIndex(of: $0.key.kind.kind) ?? Self.first.count }
        return zip(wanted, ranks).enumerated().sorted { one, other in
            (one.element.1, one.offset) < (other.element.1, other.offset)
        }.map(\.element.0)
    }

    /// The documents of a file; what a `List` holds stands for itself.
    private static func documents(
        of bytes: [UInt8],
        _ path: String
    ) throws(ProviderFault) -> [Document] {
        let manifests: [YAMLManifest]
        do throws(YAMLFault) {
            manifests = try YAML.documents(bytes)
        } catch {
            throw .refused(reason: "\(path): \(error)")
        }
        var documents: [Document] = []
        for manifest in manifests {
            guard let object = manifest.value.object else {
                throw .refused(reason: "\(path), line \(manifest.line): this is no object")
            }
            let items = object["kind"]?.string == "List" ? object["items"]?.array : nil
            let parts = items?.compactMap(\.object) ?? [object]
            documents += parts.map { Document(json: $0, path: path) }
        }
        return documents
    }

    private func wanted(
        _ json: JSONObject,
        _ path: String,
        _ client: KubernetesClient
    ) async throws(ProviderFault) -> Wanted {
        let version = json["apiVersion"]?.string ?? ""
        let kind = GroupKind(
            group: GroupKind.split(apiVersion: version).group,
            kind: json["kind"]?.string ?? ""
        )
        guard let name = json["metadata"]?["name"]?.string, !name.isEmpty, !kind.kind.isEmpty else {
            throw .refused(reason: "\(path): an object without kind or name")
        }
        let isNamespaced = try await isNamespaced(kind, path, client)
        guard isNamespaced || place.cluster.spec.kind != .namespace else {
            throw .refused(
                reason: "\(path): \(kind.kind)/\(name) belongs to no namespace, and the "
                    + "environment is placed in one"
            )
        }
        let patch: JSON = [
            "metadata": [
                "namespace": isNamespaced ? .string(namespace) : .null,
                "labels": [
                    "slipway.dev/tenant": .string(environment.tenantName.text),
                    EnvironmentConnection.label: .string(environment.name.text),
                ],
            ]
        ]
        return Wanted(
            key: ObjectKey(kind, namespace: isNamespaced ? namespace : nil, name: name),
            json: JSON.object(json).merging(patch: patch).object ?? json
        )
    }

    private func isNamespaced(
        _ kind: GroupKind,
        _ path: String,
        _ client: KubernetesClient
    ) async throws(ProviderFault) -> Bool {
        do throws(KubernetesFault) {
            return try await client.resource(for: kind).isNamespaced
        } catch .noSuchKind {
            throw .transient(
                reason: "\(path): the cluster does not serve \(kind) yet; what defines it must be "
                    + "installed"
            )
        } catch {
            throw error.providerFault
        }
    }
}

extension EnvironmentReading.Applied {
    /// What is found there.
    init(_ key: ObjectKey) {
        self.init(
            group: key.kind.group,
            kind: key.kind.kind,
            namespace: key.namespace,
            name: key.name
        )
    }
}
