import JSON

/// Puts what stands in namespaces into one of them.
struct NamespaceChange {
    private static let clusterKinds: Set<SandboxKind> = Set(
        (KindTable.everywhere + KindTable.management).filter { !$0.isNamespaced }.map(\.kind)
            + [SandboxKind("cert-manager.io", "ClusterIssuer")]
    )

    let namespace: String

    init(_ namespace: String) { self.namespace = namespace }

    func applied(to manifest: JSON) -> JSON {
        let object = SandboxObject(manifest.object ?? JSONObject())
        if object.kind == .namespace {
            return manifest.merging(patch: ["metadata": ["name": .string(namespace)]])
        }
        var changed = manifest
        if !Self.clusterKinds.contains(object.kind) {
            changed = manifest.merging(patch: ["metadata": ["namespace": .string(namespace)]])
        }
        guard ["RoleBinding", "ClusterRoleBinding"].contains(object.kind.name),
            case .object(var members) = changed, let subjects = members["subjects"]?.array
        else { return changed }
        members["subjects"] = .array(
            subjects.map { subject in
                subject["kind"]?.string == "ServiceAccount"
                    ? subject.merging(patch: ["namespace": .string(namespace)]) : subject
            }
        )
        return .object(members)
    }
}

/// Gives manifests labels.
struct LabelChange {
    private static let workloads: Set<String> = [
        "Deployment", "ReplicaSet", "StatefulSet", "DaemonSet",
    ]

    let pairs: JSONObject
    let inSelectors: Bool
    let inTemplates: Bool

    func applied(to manifest: JSON) -> JSON {
        let object = SandboxObject(manifest.object ?? JSONObject())
        let labels: JSON = ["metadata": ["labels": .object(pairs)]]
        var changed = manifest.merging(patch: labels)
        let isWorkload = object.kind.group == "apps" && Self.workloads.contains(object.kind.name)
        if inTemplates, isWorkload || object.kind.name == "Job" {
            changed = changed.merging(patch: ["spec": ["template": labels]])
        }
        if inSelectors, isWorkload {
            let selector: JSON = ["selector": ["matchLabels": .object(pairs)]]
            changed = changed.merging(patch: ["spec": selector])
        }
        if inSelectors, object.kind == .service {
            changed = changed.merging(patch: ["spec": ["selector": .object(pairs)]])
        }
        return changed
    }
}
