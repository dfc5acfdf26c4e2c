package import Contract
package import Domain
package import Drivers
import JSON
package import Kubernetes

/// What Slipway keeps of what it has applied by itself.
package protocol FolderInventory: Sendable {
    /// What Slipway itself has applied of a folder, in its order.
    func applied(
        of folder: DeliveredFolder,
        of tenant: TenantID
    ) async throws(ProviderFault) -> [FolderReading.Applied]

    /// Notes what is going to be applied.
    func note(
        _ applied: [FolderReading.Applied],
        of folder: DeliveredFolder,
        of tenant: TenantID
    ) async throws(ProviderFault)

    /// Forgets what is gone.
    func forget(
        _ applied: [FolderReading.Applied],
        of folder: DeliveredFolder,
        of tenant: TenantID
    ) async throws(ProviderFault)
}

/// A folder whose objects Slipway applies by itself, where no engine reads Git.
package struct DirectFolder: Sendable {
    /// The most objects of one folder.
    static let objectsMax = 500
    /// On what sleeps: how many there are to be once it wakes.
    package static let replicas = "slipway.dev/replicas"
    /// What is applied before everything else, in this order.
    private static let first = [
        "CustomResourceDefinition", "Namespace", "PriorityClass", "StorageClass", "ServiceAccount",
        "ClusterRole", "ClusterRoleBinding", "Role", "RoleBinding", "ConfigMap", "Secret",
        "PersistentVolumeClaim",
    ]

    let folder: DeliveredFolder
    let tenant: TenantID
    let tenantName: TenantName
    let namespace: String
    /// Whether nothing but the namespace may be reached.
    let isConfined: Bool
    let reach: ClusterPlace.Reach
    let inventory: any FolderInventory

    /// The folder of that tenant with its namespace in a cluster.
    package init(
        _ folder: DeliveredFolder,
        of tenant: TenantID,
        named tenantName: TenantName,
        in namespace: String,
        confined isConfined: Bool,
        through reach: @escaping ClusterPlace.Reach,
        noting inventory: any FolderInventory
    ) {
        self.folder = folder
        self.tenant = tenant
        self.tenantName = tenantName
        self.namespace = namespace
        self.isConfined = isConfined
        self.reach = reach
        self.inventory = inventory
    }

    /// Applies what the files hold, then removes what is no longer among it.
    ///
    /// What is going to be applied is noted before, so that nothing is ever there unknown. With
    /// `adopting`, objects that are there already are taken over.
    package func apply(
        _ files: [RenderedRelease.File],
        asleep isAsleep: Bool = false,
        adopting: Bool = false,
        _ context: StepContext
    ) async throws(ProviderFault) {
        let client = try await reach()
        let before = try await inventory.applied(of: folder, of: tenant)
        var kept: Set<FolderReading.Applied> = []
        // Kinds that the files define themselves are not known before they are applied.
        for documents in try Self.groups(of: files) {
            let objects = try await objects(documents, through: client)
            let applied = objects.map { FolderReading.Applied($0.key) }
            try await inventory.note(applied, of: folder, of: tenant)
            for object in objects {
                if !adopting { try await refuseForeign(object.key, through: client) }
                try await apply(object, asleep: isAsleep, through: client, context)
            }
            kept.formUnion(applied)
        }
        let gone = before.filter { !kept.contains($0) }
        for entry in gone.reversed() { try await remove(ObjectKey(entry), client, context) }
        try await inventory.forget(gone, of: folder, of: tenant)
    }

    private func apply(
        _ object: Wanted,
        asleep isAsleep: Bool,
        through client: KubernetesClient,
        _ context: StepContext
    ) async throws(ProviderFault) {
        try context.continueOrStop()
        do throws(KubernetesFault) {
            _ = try await client.apply(isAsleep ? object.asleep : object.json, force: true)
        } catch {
            throw error.providerFault.about("\(object.key)")
        }
    }

    /// Deletes everything that was applied, and names what is still there.
    package func remove(_ context: StepContext) async throws(ProviderFault) -> [String] {
        let applied = try await inventory.applied(of: folder, of: tenant)
        guard !applied.isEmpty else { return [] }
        let client = try await reach()
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

    /// Forgets everything that was applied.
    func forgetAll() async throws(ProviderFault) {
        let applied = try await inventory.applied(of: folder, of: tenant)
        try await inventory.forget(applied, of: folder, of: tenant)
    }

    /// What is there and was made for this folder; everything else stays.
    private func found(
        _ key: ObjectKey,
        _ client: KubernetesClient
    ) async throws(ProviderFault) -> KubernetesObject? {
        do throws(KubernetesFault) {
            let object = try await client.get(key, projection: .metadata)
            return object.flatMap { $0.belongs(to: folder, of: tenantName) ? $0 : nil }
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
        guard let object, !object.belongs(to: folder, of: tenantName) else { return }
        throw .refused(reason: "\(key) \(folder.foreign)")
    }
}

extension DirectFolder {
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
                "metadata": ["annotations": [DirectFolder.replicas: mark]],
                "spec": ["replicas": 0],
            ]
            return JSON.object(json).merging(patch: patch).object ?? json
        }
    }

    /// The documents of the files, those first that define kinds.
    private static func groups(
        of files: [RenderedRelease.File]
    ) throws(ProviderFault) -> [[FolderDocument]] {
        let documents = try FolderDocument.all(in: files)
        guard documents.count <= objectsMax else {
            throw .refused(
                reason: "the files come to \(documents.count) objects; at most \(objectsMax) are "
                    + "applied"
            )
        }
        let definitions = documents.filter { $0.kind.kind == first[0] }
        return [definitions, documents.filter { $0.kind.kind != first[0] }].filter { !$0.isEmpty }
    }

    /// The objects in the order in which they are applied, each in the environment's namespace.
    private func objects(
        _ documents: [FolderDocument],
        through client: KubernetesClient
    ) async throws(ProviderFault) -> [Wanted] {
        var wanted: [Wanted] = []
        for document in documents { wanted.append(try await self.wanted(document, client)) }
        let ranks = wanted.map { Self.first.firstIndex(of: $0.key.kind.kind) ?? Self.first.count }
        return zip(wanted, ranks).enumerated().sorted { one, other in
            (one.element.1, one.offset) < (other.element.1, other.offset)
        }.map(\.element.0)
    }

    private func wanted(
        _ document: FolderDocument,
        _ client: KubernetesClient
    ) async throws(ProviderFault) -> Wanted {
        let (kind, path) = (document.kind, document.path)
        let isNamespaced = try await isNamespaced(kind, path, client)
        // Whoever writes an offering says where each object goes; a template never does.
        let named = folder.subject == .service ? document.namespace : nil
        let place = isNamespaced ? named ?? namespace : nil
        guard !isConfined || place == namespace else {
            throw .refused(
                reason: "\(path): \(kind.kind)/\(document.name) belongs to no namespace or another "
                    + "one, and nothing but namespace \(namespace) may be reached"
            )
        }
        let patch: JSON = [
            "metadata": [
                "namespace": place.map { .string($0) } ?? .null,
                "labels": [
                    "slipway.dev/tenant": .string(tenantName.text),
                    folder.label: .string(folder.name),
                ],
            ]
        ]
        return Wanted(
            key: ObjectKey(kind, namespace: place, name: document.name),
            json: JSON.object(document.json).merging(patch: patch).object ?? document.json
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

extension DeliveredFolder {
    /// Why an object that was not made for it keeps it from being applied.
    fileprivate var foreign: String {
        switch subject {
        case .environment:
            "is there and was not made for this environment; remove it, or have the template name "
                + "its objects after `${ENVIRONMENT}`"
        case .service:
            "is there and was not made for this service; remove it, or order the service with "
                + "`adopt`"
        }
    }
}

extension KubernetesObject {
    /// Whether the object says that it was made for that folder.
    package func belongs(to folder: DeliveredFolder, of tenant: TenantName) -> Bool {
        labels["slipway.dev/tenant"] == tenant.text && labels[folder.label] == folder.name
    }
}

extension FolderReading.Applied {
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
