import JSON

/// Empties namespaces that are to go, and lets them go when nothing is left.
struct NamespaceController: SandboxController {
    /// How often a namespace that waits for its content is looked at: every half second.
    private static let recheck = Duration.milliseconds(500)

    let name = "namespace-controller"
    let kinds: [SandboxKind] = [.namespace]

    func reconcile(
        _ key: SandboxKey,
        in cluster: SandboxCluster
    ) async throws(SandboxStatus) -> SandboxRequeue {
        guard let namespace = try await cluster.get(key), namespace.isDeleting else {
            return .none
        }
        for object in try await cluster.contents(of: key.name) where !object.isDeleting {
            try await cluster.delete(object.key, uid: object.uid)
        }
        let left = try await cluster.contents(of: key.name)
        try await tell(key, left, in: cluster)
        guard left.isEmpty else { return .after(Self.recheck) }
        try await cluster.update(key, as: name) { $0.spec["finalizers"] = [] }
        return .none
    }

    /// Says what the namespace waits for.
    private func tell(
        _ key: SandboxKey,
        _ left: [SandboxObject],
        in cluster: SandboxCluster
    ) async throws(SandboxStatus) {
        var kinds: [String: Int] = [:]
        var finalizers: [String: Int] = [:]
        for object in left {
            kinds[object.kind.description, default: 0] += 1
            for finalizer in object.finalizers { finalizers[finalizer, default: 0] += 1 }
        }
        let kindList = kinds.sorted { $0.key < $1.key }
            .map { "\($0.key) has \($0.value) resource instances" }
        let finalizerList = finalizers.sorted { $0.key < $1.key }
            .map { "\($0.key) in \($0.value) resource instances" }
        let now = cluster.now
        try await cluster.updateStatus(key, as: name) { namespace in
            func set(_ type: String, _ isTrue: Bool, _ reason: String, _ message: String) {
                namespace.setCondition(type, isTrue, reason: reason, message: message, at: now)
            }
            set(
                "NamespaceDeletionDiscoveryFailure",
                false,
                "ResourcesDiscovered",
                "All resources successfully discovered"
            )
            set(
                "NamespaceContentRemaining",
                !left.isEmpty,
                left.isEmpty ? "ContentRemoved" : "SomeResourcesRemain",
                left.isEmpty
                    ? "All content successfully removed"
                    : "Some resources are remaining: \(kindList.joined(separator: ", "))"
            )
            set(
                "NamespaceFinalizersRemaining",
                !finalizers.isEmpty,
                finalizers.isEmpty ? "ContentHasNoFinalizers" : "SomeFinalizersRemain",
                finalizers.isEmpty
                    ? "All content-preserving finalizers finished"
                    : "Some content in the namespace has finalizers remaining: "
                        + finalizerList.joined(separator: ", ")
            )
        }
    }
}

extension SandboxCluster {
    /// Everything that stands in a namespace.
    func contents(of namespace: String) async throws(SandboxStatus) -> [SandboxObject] {
        let page = try await asking { () async throws(SandboxOutage) in
            try await server.records.list(SandboxQuery(nil, namespace: namespace), in: name)
        }
        var objects: [SandboxObject] = []
        for record in page?.records ?? [] { objects.append(try SandboxObject(record)) }
        return objects
    }
}
