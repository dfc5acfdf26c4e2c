package import Domain
import Drivers
package import JSON

extension NamespaceDriver {
    /// Ready is a namespace that is active and has its fence.
    package func observe(
        _ objects: [JSONObject],
        events: [JSONObject],
        for wish: ClusterWish,
        at now: Instant
    ) -> ClusterObservation {
        let seen = SeenObjects(objects)
        let root = seen.first("Namespace", wish.namespace, group: "")
        var observing = Observing(wish: wish, seen: seen, root: root, at: now)
        let isActive = root?.json["status"]?["phase"]?.string == "Active"
        observing.stages = [active(isActive, root), fenced(seen, wish)]
        if let quota = QuotaReading(among: seen).condition { observing.others.append(quota) }
        let platform = PlatformReading(of: wish, among: seen, isReachable: isActive)
        var result = observing.observation(
            platform: platform.stage,
            // What cannot be rendered was never applied.
            drift: try? set(for: wish),
            watched: watched(in: wish.features),
            events: SeenEvents.newest(of: events)
        )
        result.isReachable = isActive && !result.isDeleting
        result.controlPlaneVersion = wish.features.kubernetesVersion
        return result
    }

    private func active(_ isActive: Bool, _ root: SeenObject?) -> Stage {
        Stage(
            isActive
                ? .holds("InfrastructureReady", "NamespaceActive", "The namespace is there.")
                : .unknown("InfrastructureReady", "Creating", "The namespace is being made."),
            on: "the namespace to become active",
            since: root?.createdAt,
            deadline: Self.deadline
        )
    }

    /// Until quota and network policies are there, the namespace is not safe to use.
    private func fenced(_ seen: SeenObjects, _ wish: ClusterWish) -> Stage {
        let quota = seen.first("ResourceQuota", NamespaceFence.name, group: "")
        let policies = seen.every("NetworkPolicy", in: "networking.k8s.io").count
        let isFenced = quota?.status("hard") != nil && policies >= NamespaceFence.policiesCount
        let isDelivered = wish.cluster.status.observedGeneration == wish.cluster.generation
        let on = "quota and network policies to be in place"
        if !isFenced, isDelivered {
            return Stage(
                .fails(
                    "Fenced",
                    "Removed",
                    "Somebody removed a quota or a network policy; deliver the cluster anew."
                ),
                on: on,
                since: nil,
                deadline: Self.deadline,
                releasedBy: "whoever may change the cluster: POST …:reconcile"
            )
        }
        return Stage(
            isFenced
                ? .holds("Fenced", "Fenced", "Quota, limits and network policies are in place.")
                : .unknown("Fenced", "Applying", "Quota and network policies are being applied."),
            on: on,
            since: nil,
            deadline: Self.deadline
        )
    }
}
