import Clusters
import Domain
import Git
import GitOps
import JSON
import Kubernetes
import Synchronization

/// Plays what runs in a management cluster beside the API server, one turn at a time.
///
/// Flux, Helm, and what the vCluster chart makes: enough for jobs to get on, and nothing of its own
/// accord.
final class Player: Sendable {
    let client: KubernetesClient
    private let git: GitService
    private let layout: RepositoryLayout
    let namespace: String
    /// What the management cluster is called.
    private let place: String
    /// Where the platform repository is read.
    private let platformNamespace: String
    private let applied: Mutex<[String: [ObjectKey]]> = Mutex([:])

    private struct Mischief: Sendable {
        var fault: String?
        var ignored: Set<String> = []
        var wasSuspended: Bool?
        var isOutOfOrder = false
    }

    private let mischief = Mutex(Mischief())

    /// From now on Flux fails with that message; it recovers with nil.
    func fails(_ message: String?) { mischief.withLock { $0.fault = message } }

    /// From now on nobody looks after objects of that kind.
    func leaves(_ kind: String) { mischief.withLock { _ = $0.ignored.insert(kind) } }

    /// Whether the release was suspended when it was uninstalled; nil where none was.
    var suspendedAtTheEnd: Bool? { mischief.withLock(\.wasSuspended) }

    /// Plays for the cluster whose namespace that is.
    init(
        client: KubernetesClient,
        git: GitService,
        layout: RepositoryLayout,
        namespace: String,
        place: String,
        platformNamespace: String
    ) {
        self.place = place
        self.client = client
        self.git = git
        self.layout = layout
        self.namespace = namespace
        self.platformNamespace = platformNamespace
    }

    /// One turn.
    func turn() async throws {
        try await flux()
        try await platform()
        try await clusterAPI()
        try await releases()
        try await workloads()
        try await quotas()
    }

    /// Whether nodes were ever asked to be newer than their control plane.
    var sawNodesFirst: Bool { mischief.withLock(\.isOutOfOrder) }

    /// Nodes were asked to be newer than their control plane.
    func sawNodesBeforeControlPlane() { mischief.withLock { $0.isOutOfOrder = true } }

    // MARK: - Flux

    private struct Folder: Sendable {
        var head: String
        var entry: JSONObject?
        var files: [JSONObject] = []
    }

    /// Applies what the management repository holds for the cluster, and prunes what it applied.
    private func flux() async throws {
        let folder: Folder
        do { folder = try await self.folder() } catch GitFault.notFound { return }
        let kind = GroupKind(group: "kustomize.toolkit.fluxcd.io", kind: "Kustomization")
        let key = ObjectKey(kind, namespace: "flux-system", name: namespace)
        guard let entry = folder.entry else {
            try await prune(keeping: [])
            _ = try await client.delete(key, uid: nil)
            return
        }
        let object = try await client.apply(entry, manager: "flux", force: true).object
        var keys: [ObjectKey] = []
        var fault = mischief.withLock(\.fault)
        for file in folder.files where fault == nil {
            let wish = try KubernetesObject(file)
            keys.append(wish.key)
            do {
                _ = try await client.apply(file, manager: "kustomize-controller", force: true)
            } catch {
                fault = "\(error)"
            }
        }
        try await prune(keeping: keys)
        try await status(
            key,
            [
                "observedGeneration": .integer(object.generation),
                "lastAppliedRevision": .string("main@sha1:\(folder.head)"),
                "conditions": [Self.condition("Ready", fault == nil, fault ?? "Applied")],
            ]
        )
    }

    private func prune(keeping keys: [ObjectKey]) async throws {
        let old = applied.withLock { applied in
            defer { applied[namespace] = keys }
            return applied[namespace] ?? []
        }
        for key in old where !keys.contains(key) {
            guard let object = try await client.get(key) else { continue }
            let mark = object.annotations["kustomize.toolkit.fluxcd.io/prune"]
            if mark != "disabled" { _ = try await client.delete(key, uid: nil) }
        }
    }

    private func folder() async throws -> Folder {
        let (namespace, place) = (namespace, place)
        return try await git.open(layout.management) { repository throws(GitFault) in
            guard let head = try repository.commit(named: "refs/heads/main") else {
                return Folder(head: "")
            }
            var folder = Folder(head: head.hex)
            var files: [String: JSONObject] = [:]
            for file in try repository.snapshot(of: head, reading: { _ in true }) {
                guard let content = file.content else { continue }
                files[file.path.text] = Manifests.object(content)
            }
            let entry = files.first { path, object in
                path.hasPrefix("management/\(place)/")
                    && object["metadata"]?["name"]?.string == namespace
                    && object["kind"]?.string == "Kustomization"
            }
            folder.entry = entry?.value
            guard let path = folder.entry?["spec"]?["path"]?.string?.dropFirst(2) else {
                return folder
            }
            let names = files["\(path)/kustomization.yaml"]?["resources"]?.array ?? []
            // Flux applies namespaces before anything else.
            let listed = names.compactMap { $0.string.flatMap { files["\(path)/\($0)"] } }
            let isFirst = { (object: JSONObject) in object["kind"]?.string == "Namespace" }
            folder.files = listed.filter(isFirst) + listed.filter { !isFirst($0) }
            return folder
        }
    }

    /// The tenant's repository is fetched with the credentials that are there, and applied.
    private func platform() async throws {
        let source = ObjectKey(
            GroupKind(group: "source.toolkit.fluxcd.io", kind: "GitRepository"),
            namespace: platformNamespace,
            name: "platform"
        )
        let secret = ObjectKey(
            GroupKind(kind: "Secret"),
            namespace: platformNamespace,
            name: "platform-git"
        )
        guard let repository = try await client.get(source), !repository.isDeleting else { return }
        let isAllowed = try await client.get(secret) != nil
        try await status(
            source,
            [
                "observedGeneration": .integer(repository.generation),
                "conditions": [
                    Self.condition("Ready", isAllowed, isAllowed ? "stored artifact" : "denied")
                ],
            ]
        )
        let sync = ObjectKey(
            GroupKind(group: "kustomize.toolkit.fluxcd.io", kind: "Kustomization"),
            namespace: platformNamespace,
            name: "platform"
        )
        guard isAllowed, let object = try await client.get(sync), !object.isDeleting else { return }
        try await status(
            sync,
            [
                "observedGeneration": .integer(object.generation),
                "lastAppliedRevision": "main@sha1:0",
                "conditions": [Self.condition("Ready", true, "Applied")],
            ]
        )
    }

    // MARK: - Helm and the chart

    private func releases() async throws {
        guard !mischief.withLock({ $0.ignored.contains("HelmRelease") }) else { return }
        let kind = GroupKind(group: "helm.toolkit.fluxcd.io", kind: "HelmRelease")
        for release in try await client.list(kind, namespace: namespace).items {
            if release.isDeleting {
                try await uninstall(release)
                continue
            }
            if release.finalizers.isEmpty {
                _ = try await client.mergePatch(
                    release.key,
                    ["metadata": ["finalizers": ["finalizers.fluxcd.io"]]]
                )
            }
            guard release.spec["suspend"]?.bool != true else { continue }
            for object in Chart(release.name, in: namespace).objects {
                let key = try KubernetesObject(object).key
                // Helm leaves alone what it has installed and nobody changes in the chart.
                if try await client.get(key) == nil {
                    _ = try await client.apply(object, manager: "helm", force: true)
                }
            }
            let generation = try await client.get(release.key)?.generation ?? 0
            try await status(
                release.key,
                [
                    "observedGeneration": .integer(generation),
                    "conditions": [Self.condition("Ready", true, "Helm install succeeded")],
                ]
            )
        }
    }

    private func uninstall(_ release: KubernetesObject) async throws {
        mischief.withLock { $0.wasSuspended = release.spec["suspend"]?.bool ?? false }
        for object in Chart(release.name, in: namespace).objects.reversed() {
            _ = try await client.delete(try KubernetesObject(object).key, uid: nil)
        }
        _ = try await client.mergePatch(release.key, ["metadata": ["finalizers": nil]])
    }

    private func workloads() async throws {
        let kind = GroupKind(group: "apps", kind: "StatefulSet")
        for set in try await client.list(kind, namespace: namespace).items {
            let replicas = set.spec["replicas"]?.int ?? 1
            try await status(
                set.key,
                [
                    "observedGeneration": .integer(set.generation),
                    "replicas": .integer(replicas), "readyReplicas": .integer(replicas),
                ]
            )
        }
    }

    /// Quotas are counted by what runs beside the API server.
    private func quotas() async throws {
        let kind = GroupKind(kind: "ResourceQuota")
        for quota in try await client.list(kind, namespace: namespace).items {
            let hard = quota.spec["hard"] ?? [:]
            guard quota.status["hard"] != hard, !quota.isDeleting else { continue }
            var used = JSONObject()
            for member in hard.object ?? JSONObject() { used[member.key] = "0" }
            try await status(quota.key, ["hard": hard, "used": .object(used)])
        }
    }

    // MARK: -

    func status(_ key: ObjectKey, _ status: JSON) async throws {
        _ = try await client.mergePatch(
            key,
            ["status": status],
            subresource: "status",
            manager: "player"
        )
    }

    static func condition(
        _ type: String,
        _ holds: Bool,
        _ message: String,
        at generation: Int
    ) -> JSON {
        condition(type, holds, message).merging(
            patch: ["observedGeneration": .integer(generation)]
        )
    }

    static func condition(_ type: String, _ holds: Bool, _ message: String) -> JSON {
        [
            "type": .string(type), "status": holds ? "True" : "False",
            "reason": holds ? "Succeeded" : "Failed", "message": .string(message),
            "lastTransitionTime": "2026-11-21T00:00:00Z",
        ]
    }
}
