import JSON

/// How a kind is served: its versions, its name in paths, and what can be done with it.
struct SandboxResource: Sendable, Hashable {
    /// The kind.
    var kind: SandboxKind
    /// The served versions, the preferred one first.
    var versions: [String]
    /// The name in paths.
    var plural: String
    /// Whether objects stand in namespaces.
    var isNamespaced: Bool
    /// Short names for kubectl.
    var shortNames: [String] = []
    /// Groups of kinds for kubectl, such as `all`.
    var categories: [String] = []
    /// Whether the status is written on its own.
    var hasStatus = true
    /// Whether there is a `scale` subresource.
    var hasScale = false
    /// Whether a CustomResourceDefinition declares it.
    var isCustom = false
    /// Columns that the definition asks for, by version.
    var columns: [String: JSON] = [:]

    var group: String { kind.group }
    var singular: String { kind.name.lowercased() }

    /// What Kubernetes itself has, as opposed to what others bring along.
    var isBuiltIn: Bool {
        !isCustom && group != SandboxKind.gateways
            && (group.isEmpty || group.hasSuffix(".k8s.io") || !group.contains("."))
    }

    /// How lists and objects of this kind are merged.
    var shape: ListShape { ListShape(isBuiltIn: isBuiltIn) }

    /// Whether changes of what is wanted are counted.
    var hasGeneration: Bool {
        !isBuiltIn || Self.counted.contains(kind.name)
    }

    /// `apps/v1`, `v1`.
    func apiVersion(_ version: String) -> String {
        group.isEmpty ? version : "\(group)/\(version)"
    }

    /// As messages have it: `deployments.apps`, `pods`.
    var qualifiedName: String { group.isEmpty ? plural : "\(plural).\(group)" }

    /// Where its objects stand: `apis/apps/v1`, `api/v1`.
    func root(_ version: String) -> String {
        "\(group.isEmpty ? "api" : "apis")/\(apiVersion(version))"
    }

    /// What can be done with objects of this kind.
    var verbs = [
        "create", "delete", "deletecollection", "get", "list", "patch", "update", "watch",
    ]

    private static let counted: Set<String> = [
        "Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "Job", "CronJob", "Ingress",
        "NetworkPolicy", "PodDisruptionBudget", "HorizontalPodAutoscaler", "Pod",
        "ReplicationController", "CustomResourceDefinition", "ValidatingAdmissionPolicy",
    ]
}
