package import Contract
package import Domain
package import JSON

/// The driver of clusters that were there already: nothing of them is made, only what connects
/// them with their tenant's repository.
package struct AdoptedDriver: ClusterDriver {
    /// How long the API server of an adopted cluster may be silent before somebody is called.
    package static let deadline = Duration.seconds(10 * 60)

    /// What was seen of the cluster itself.
    package let look: AdoptedLook?

    /// A driver that goes by that look; none tells nothing.
    package init(after look: AdoptedLook? = nil) {
        self.look = look
    }

    /// Adopted clusters count as clusters.
    package var kind: ClusterKind { .cluster }

    /// The namespace of what belongs to the connection, and the connection.
    ///
    /// What applies the repository is the root: as long as it is there, the cluster holds what it
    /// applied.
    package func manifests(for wish: ClusterWish) throws(ProviderFault) -> [Manifest] {
        var set = ManifestSet()
        set.add(
            NamespaceFence.namespace(wish.namespace, of: wish, security: .restricted),
            as: .namespace
        )
        let secret = SecretKey.kubeconfig(of: wish.cluster)
        if let platform = try PlatformConnection(wish: wish, place: .cluster(secret)) {
            for object in platform.objects {
                let kind = object["kind"]?.string
                let isRoot = kind == "Kustomization" || kind == "Application"
                set.add(object, as: isRoot ? .root : .part)
            }
        }
        return set.manifests
    }

    /// The namespace, and what tells how the connection does.
    package func watched(in features: ManagementFeatures) -> [WatchedKind] {
        [WatchedKind(group: "", kind: "Namespace")] + PlatformConnection.watched(in: features)
    }

    /// Where Slipway puts the kubeconfig that it was given.
    package func kubeconfigSecret(for wish: ClusterWish) -> SecretKey? {
        .kubeconfig(of: wish.cluster)
    }

    /// Ready is a cluster whose API server says so; drift is not told of what others make.
    package func observe(
        _ objects: [JSONObject],
        events: [JSONObject],
        for wish: ClusterWish,
        at now: Instant
    ) -> ClusterObservation {
        let seen = SeenObjects(objects)
        var result = ClusterObservation()
        result.events = SeenEvents.newest(of: events)
        let name = PlatformConnection.name
        let root =
            seen.first("Kustomization", name, group: "kustomize.toolkit.fluxcd.io")
            ?? seen.first(
                "Application",
                PlatformConnection.applicationName(slug: wish.slug),
                group: "argoproj.io"
            )
        result.rootUID = root?.uid
        let known = wish.cluster.status.seen.waiting
        if let root, let deletion = DeletionReading(of: root, among: seen) {
            result.isDeleting = true
            result.waiting = [deletion.stage(from: now)]
                .wait(after: known, at: now, caretaker: wish.caretaker)
        }
        result.isReachable = look?.isReachable ?? wish.cluster.status.seen.isReachable
        result.isReady = look?.isReady ?? wish.cluster.status.seen.isReady
        result.endpoint = look?.endpoint ?? wish.cluster.status.seen.endpoint
        result.controlPlaneVersion = look?.controlPlaneVersion
        result.workersVersion = look?.workersVersion
        result.nodes = look?.nodes
        let platform = PlatformReading(of: wish, among: seen, isReachable: result.isReachable)
        let stages = [reachable, platform.stage]
        result.waiting =
            result.waiting ?? stages.wait(after: known, at: now, caretaker: wish.caretaker)
        result.conditions = stages.conditions(while: result.waiting, at: now)
        result.conditions.append(ready)
        return result
    }

    private var reachable: Stage {
        let condition: SeenCondition =
            switch look {
            case nil: .unknown("Reachable", "NotLooked", "The cluster has not been looked at yet.")
            case let look? where look.isReady:
                .holds("Reachable", "Answers", "The API server answers.")
            case let look?: .fails("Reachable", "Unreachable", look.fault ?? "It is not ready.")
            }
        return Stage(
            condition,
            on: "the API server of the cluster to answer",
            since: nil,
            deadline: Self.deadline,
            releasedBy: "whoever runs the cluster, or by sending a kubeconfig that is good"
        )
    }

    private var ready: SeenCondition {
        look?.isReady == true
            ? .holds("Ready", "Ready", "The API server says that it is ready.")
            : .fails("Ready", "Unreachable", look?.fault ?? "The cluster has not been looked at.")
    }
}

/// What was seen of an adopted cluster through its own API.
package struct AdoptedLook: Sendable, Equatable {
    /// Whether the API server answers.
    package var isReachable = false
    /// Whether the API server says that it is ready.
    package var isReady = false
    /// Where the API server is.
    package var endpoint: String?
    /// Its version, without a leading `v`.
    package var controlPlaneVersion: String?
    /// The oldest version among the nodes, without a leading `v`.
    package var workersVersion: String?
    /// How many nodes there are, and how many work.
    package var nodes: NodeFigures?
    /// Why it cannot be used; nil where it can.
    package var fault: String?

    /// A look at nothing.
    package init() {}

    /// Takes in the nodes of the cluster.
    package mutating func take(nodes objects: [JSONObject]) {
        let ready = objects.filter { node in
            (node["status"]?["conditions"]?.array ?? []).contains { condition in
                condition["type"]?.string == "Ready" && condition["status"]?.string == "True"
            }
        }
        nodes = NodeFigures(desired: objects.count, ready: ready.count)
        workersVersion =
            objects.compactMap { node in
                node["status"]?["nodeInfo"]?["kubeletVersion"]?.string.flatMap { text in
                    SemanticVersion(text)
                }
            }
            .min()?.description
    }
}
