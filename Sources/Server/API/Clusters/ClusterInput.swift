import Domain
import JSON
import Secrets
import Storage

/// What a caller wants of a cluster, read from a body.
struct ClusterInput: Sendable {
    let labels: Labels
    let order: ClusterOrder
    /// The kubeconfig of a cluster that is adopted; nil where what is stored stays.
    let kubeconfig: SentKubeconfig?

    /// Reads `labels` and `spec`.
    ///
    /// `needsSpec` says whether `spec` must be there; without one the defaults hold.
    init?(_ reader: inout ObjectReader, _ clusters: APIClusters, needsSpec: Bool = true) {
        let labels = reader.labels()
        let isSaid = reader.has("spec")
        let read = reader.object("spec", isRequired: needsSpec) { ClusterSpecReader(&$0, clusters) }
        guard read != nil || !isSaid else { return nil }
        self.labels = labels ?? Labels()
        order =
            read?.order
            ?? ClusterOrder(kind: nil, managementCluster: nil, rest: ClusterSpecReader.blank)
        kubeconfig = read?.kubeconfig
    }

    /// What becomes of the stored kubeconfig.
    func change(of cluster: ClusterID, _ sealer: Sealer) -> CredentialsChange {
        kubeconfig?.change(cluster.kubeconfigContext, with: sealer) ?? .keep
    }

    /// - Throws: `invalid-input` where a cluster is adopted without a kubeconfig.
    func checkIsWhole() throws(Problem) {
        guard order.rest.adopt != nil, kubeconfig == nil else { return }
        throw Problem(
            invalid: JSONPointer(["spec", "adopt", "kubeconfig"]),
            "missing",
            "Send the kubeconfig with which the cluster is reached."
        )
    }
}

/// Reads the member `spec` of a cluster.
struct ClusterSpecReader {
    /// A spec that says nothing but the defaults; its kind and management cluster stand for none.
    static var blank: ClusterSpec {
        ClusterSpec(kind: .vcluster, managementCluster: ClusterOrder.nowhere)
    }

    let order: ClusterOrder
    let kubeconfig: SentKubeconfig?

    init(_ reader: inout ObjectReader, _ clusters: APIClusters) {
        let kind = reader.optional("kind", Reading.choice(ClusterKind.self))
        let management: ManagementClusterName? =
            reader.optional("managementCluster", orNull: true, Reading.name)
        var spec = Self.blank
        spec.className = reader.optional("class", orNull: true, Reading.name)
        spec.kubernetesVersion =
            reader.optional("kubernetesVersion", orNull: true, Reading.kubernetesVersion)
        spec.region = reader.optional("region", orNull: true, Reading.text(1...63))
        spec.controlPlaneReplicas = reader.object("controlPlane") { reader in
            reader.optional("replicas", orNull: true, Reading.number(0...100))
        }
        spec.nodePools = reader.objects(
            "nodePools",
            countMax: ClusterSpec.poolsMax,
            orNull: true,
            Self.pool
        )
        spec.quota = reader.object("quota") { Self.quota(&$0) } ?? ClusterQuota()
        spec.exposure = reader.object("exposure", Self.exposure) ?? .internal
        spec.volumes = reader.optional("volumes", Reading.choice(VolumePolicy.self)) ?? .delete
        spec.access =
            reader.objects("access", countMax: ClusterSpec.accessMax, Self.grant) ?? []
        spec.platform = reader.optional("platform", Reading.bool) ?? true
        spec.paused = reader.optional("paused", Reading.bool) ?? false
        spec.asleep = reader.optional("asleep", Reading.bool) ?? false
        spec.deleteProtection = reader.optional("deleteProtection", Reading.bool) ?? false
        let adoption = reader.object("adopt", orNull: true) { Self.adoption(&$0, clusters) }
        spec.adopt = adoption?.0
        kubeconfig = adoption?.1
        order = ClusterOrder(
            kind: kind ?? (adoption == nil ? nil : .cluster),
            managementCluster: management,
            rest: spec
        )
    }

    private static func adoption(
        _ reader: inout ObjectReader,
        _ clusters: APIClusters
    ) -> (ClusterAdoption, SentKubeconfig?) {
        let context = reader.optional("context", orNull: true, Reading.context)
        let kubeconfig = SentKubeconfig(&reader, context: context, for: .adoption, clusters)
        return (ClusterAdoption(context: kubeconfig?.context ?? context), kubeconfig)
    }

    private static func pool(_ reader: inout ObjectReader) -> NodePool? {
        let name: ResourceName<NodePool>? = reader.required("name", Reading.name)
        if let name, name.text.utf8.count > NodePool.nameLengthMax {
            reader.refuse("name", "too-long", "At most \(NodePool.nameLengthMax) characters.")
        }
        let size = reader.optional("size", orNull: true, Reading.text(1...63))
        let count = count(&reader)
        let labels = reader.labels()
        let taints = reader.objects("taints", countMax: 20, Self.taint)
        guard let name, let count else { return nil }
        return NodePool(
            name: name.text,
            size: size,
            count: count,
            labels: labels ?? Labels(),
            taints: taints ?? []
        )
    }

    /// `count`, or `min` and `max`.
    private static func count(_ reader: inout ObjectReader) -> NodeCount? {
        let range = Reading.number(0...NodePool.nodesMax)
        let isFixed = reader.has("count")
        let isScaled = reader.has("min") || reader.has("max")
        if isFixed, isScaled {
            reader.refuse("count", "ambiguous", "Send either `count`, or `min` and `max`.")
            _ = (reader.optional("count", range), reader.optional("min", range))
            _ = reader.optional("max", range)
            return nil
        }
        guard isScaled, !isFixed else { return reader.required("count", range).map { .fixed($0) } }
        let least = reader.required("min", range)
        let most = reader.required("max", range)
        guard let least, let most else { return nil }
        return .scaled(least, through: most)
    }

    private static func taint(_ reader: inout ObjectReader) -> NodeTaint? {
        let key = reader.required("key", Reading.labelKey)
        let value = reader.optional("value", Reading.labelValue)
        let effect = reader.required("effect", Reading.choice(NodeTaint.Effect.self))
        guard let key, let effect else { return nil }
        return NodeTaint(key: key, value: value ?? "", effect: effect)
    }

    private static func quota(_ reader: inout ObjectReader) -> ClusterQuota {
        let usual = ClusterQuota()
        let quantity = Reading.text(1...20)
        return ClusterQuota(
            cpu: reader.optional("cpu", quantity) ?? usual.cpu,
            memory: reader.optional("memory", quantity) ?? usual.memory,
            storage: reader.optional("storage", quantity) ?? usual.storage,
            pods: reader.optional("pods", Reading.number(0...ClusterSpec.podsMax)) ?? usual.pods,
            loadBalancers: reader.optional("loadBalancers", Reading.number(0...1_000))
                ?? usual.loadBalancers
        )
    }

    private static func exposure(_ reader: inout ObjectReader) -> ClusterExposure? {
        let type = reader.required("type", Reading.choice(ClusterExposure.Word.self))
        let host = reader.optional("host", orNull: true, Reading.text(1...253))
        guard let type else { return nil }
        if type != .host, host != nil {
            reader.refuse("host", "not-allowed", "Only the type `host` has one.")
        }
        switch type {
        case .internal: return .internal
        case .loadBalancer: return .loadBalancer
        case .host:
            if let host { return .host(host) }
            reader.refuse("host", "missing", "The type `host` needs a host name.")
            return nil
        }
    }

    private static func grant(_ reader: inout ObjectReader) -> ClusterGrant? {
        let group = reader.required("group", Reading.text(1...253))
        let role = reader.required("role", Reading.choice(ClusterRole.self))
        guard let group, let role else { return nil }
        return ClusterGrant(group: group, role: role)
    }
}

extension Reading {
    /// A version of Kubernetes without a leading `v`, such as `1.34.2` or `1.34.2+k3s1`.
    static func kubernetesVersion(_ value: JSON) throws(ReadingFault) -> String {
        let text = try string(value)
        guard let version = SemanticVersion(text), version.description == text else {
            throw ReadingFault(
                "invalid-version",
                "Expected a whole version such as 1.34.2, without a leading v."
            )
        }
        return text
    }

    /// The key of a label or taint.
    static func labelKey(_ value: JSON) throws(ReadingFault) -> String {
        let text = try string(value)
        // The fault below says what is expected.
        guard (try? LabelKey(parsing: text)) != nil else {
            throw ReadingFault("invalid-key", "Expected a key as labels have them.")
        }
        return text
    }

    /// The value of a label or taint.
    static func labelValue(_ value: JSON) throws(ReadingFault) -> String {
        let text = try string(value)
        // The fault below says what is expected.
        guard (try? LabelValue(parsing: text)) != nil else {
            throw ReadingFault("invalid-value", "Expected a value as labels have them.")
        }
        return text
    }
}
