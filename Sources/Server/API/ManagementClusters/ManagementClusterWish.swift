import Domain
import JSON
import Secrets
import Storage

/// What a caller wants of a management cluster, read from a body.
struct ManagementClusterWish: Sendable {
    /// The largest capacity that can be set.
    private static let capacityMax = 100_000

    let labels: Labels
    let spec: ManagementClusterSpec
    /// What was sent; nil where what is stored stays.
    let kubeconfig: SentKubeconfig?

    init?(_ reader: inout ObjectReader, _ clusters: APIClusters) {
        let labels = reader.labels()
        let read = reader.object("spec", isRequired: true) { reader in
            Self.spec(&reader, clusters)
        }
        guard let read else { return nil }
        self.labels = labels ?? Labels()
        (spec, kubeconfig) = read
    }

    /// What becomes of the stored kubeconfig.
    func change(of management: ManagementClusterID, _ sealer: Sealer) -> CredentialsChange {
        kubeconfig?.change(management.kubeconfigContext, with: sealer) ?? .keep
    }

    /// - Throws: `invalid-input` where a new one of its kind needs a kubeconfig and has none.
    func checkIsWhole() throws(Problem) {
        guard spec.connection == .kubeconfig, kubeconfig == nil else { return }
        throw Problem(
            invalidSpec: "kubeconfig",
            "missing",
            "Send the kubeconfig with which the cluster is reached."
        )
    }

    private static func spec(
        _ reader: inout ObjectReader,
        _ clusters: APIClusters
    ) -> (ManagementClusterSpec, SentKubeconfig?)? {
        let connection = reader.required(
            "connection",
            Reading.choice(ManagementClusterSpec.Connection.self)
        )
        let context = reader.optional("context", orNull: true, Reading.context)
        let kubeconfig = SentKubeconfig(&reader, context: context, for: .management, clusters)
        let delivery = reader.optional(
            "delivery",
            Reading.choice(ManagementClusterSpec.Delivery.self)
        )
        let engine = reader.optional(
            "engine",
            orNull: true,
            Reading.choice(ManagementClusterSpec.Engine.self)
        )
        let virtual = reader.optional(
            "virtualClusters",
            orNull: true,
            Reading.choice(ManagementClusterSpec.VirtualClusters.self)
        )
        let namespace: ResourceName<Self>? =
            reader.optional("engineNamespace", orNull: true, Reading.name)
        let source: ResourceName<Self>? =
            reader.optional("sourceName", orNull: true, Reading.name)
        let gateway = reader.object("gateway", orNull: true) { Self.gateway(&$0) }
        let isDefault = reader.optional("default", Reading.bool)
        let isCordoned = reader.optional("cordoned", Reading.bool)
        let capacity = reader.object("capacity") { Self.capacity(&$0) }
        guard let connection else { return nil }
        if connection != .kubeconfig, kubeconfig != nil {
            reader.refuse(
                "kubeconfig",
                "not-allowed",
                "Only the connection `kubeconfig` takes one; leave the member out."
            )
        }
        let spec = ManagementClusterSpec(
            connection: connection,
            context: kubeconfig?.context ?? context,
            delivery: delivery ?? .gitops,
            engine: engine,
            virtualClusters: virtual,
            engineNamespace: namespace?.text,
            sourceName: source?.text,
            gateway: gateway ?? nil,
            isDefault: isDefault ?? false,
            isCordoned: isCordoned ?? false,
            capacity: capacity ?? [:]
        )
        return (spec, kubeconfig)
    }

    private static func gateway(
        _ reader: inout ObjectReader
    ) -> ManagementClusterSpec.Gateway? {
        let name: ResourceName<Self>? = reader.required("name", Reading.name)
        let namespace: ResourceName<Self>? = reader.required("namespace", Reading.name)
        guard let name, let namespace else { return nil }
        return ManagementClusterSpec.Gateway(name: name.text, namespace: namespace.text)
    }

    private static func capacity(_ reader: inout ObjectReader) -> [ClusterKind: Int] {
        var capacity: [ClusterKind: Int] = [:]
        for kind in ClusterKind.allCases {
            capacity[kind] = reader.optional(
                kind.rawValue,
                orNull: true,
                Reading.number(0...capacityMax)
            )
        }
        return capacity
    }
}

extension ManagementCluster {
    /// `{labels, spec}` as JSON.
    func wish() throws(Problem) -> JSON {
        try .wish(labels: labels, spec: spec.write)
    }

    /// The decision to make the management cluster as the wish says; nil where it is so already.
    func wanting(
        _ wish: ManagementClusterWish,
        _ call: Invocation
    ) throws(Problem) -> ManagementClusterChange.Decided? {
        guard wish.spec.connection == spec.connection else {
            throw Problem(
                invalidSpec: "connection",
                "fixed",
                "How a management cluster is reached does not change; register another."
            )
        }
        guard wish.kubeconfig != nil || wish.spec.context == spec.context else {
            throw Problem(
                invalidSpec: "context",
                "needs-kubeconfig",
                "Of a kubeconfig only its context is kept; send the kubeconfig again."
            )
        }
        let decision = change(
            labels: wish.labels,
            spec: wish.spec,
            renewsKubeconfig: wish.kubeconfig != nil,
            on: call.occasion
        )
        return decision.map { ($0, wish.change(of: id, call.services.sealer)) }
    }
}
