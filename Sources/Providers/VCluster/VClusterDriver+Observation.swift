package import Domain
import Drivers
package import JSON

extension VClusterDriver {
    /// How long a release, its control plane and its address may take.
    package static let deadline = Duration.seconds(10 * 60)

    /// Ready is a virtual cluster whose control plane answers and whose release is as wanted; one
    /// that is to sleep is ready when it does.
    package func observe(
        _ objects: [JSONObject],
        events: [JSONObject],
        for wish: ClusterWish,
        at now: Instant
    ) -> ClusterObservation {
        let seen = SeenObjects(objects)
        // Without an engine nothing was ever delivered.
        let engine = (try? VClusterEngine(of: wish)) ?? .flux
        let release = ReleaseReading(of: wish, engine: engine, among: seen)
        let newest = SeenEvents.newest(of: events)
        let reading = VClusterReading(
            wish: wish,
            seen: seen,
            release: release,
            trouble: PodTrouble(of: wish.slug, in: newest, at: now)
        )
        var observing = Observing(wish: wish, seen: seen, root: release.root, at: now)
        observing.stages = reading.stages
        if !wish.cluster.spec.asleep { observing.others.append(reading.awake) }
        let quota = QuotaReading(among: seen, share: settings.share(of: wish))
        if let condition = quota.condition { observing.others.append(condition) }
        let platform = PlatformReading(of: wish, among: seen, isReachable: reading.isUp)
        var result = observing.observation(
            platform: platform.stage,
            // What cannot be rendered was never applied.
            drift: try? set(for: wish),
            watched: watched(in: wish.features),
            events: newest
        )
        result.isAsleep = reading.isAsleep
        result.isReachable = reading.isUp && !result.isDeleting
        result.endpoint = reading.endpoint
        result.controlPlaneVersion = reading.version
        return result
    }
}

/// What the chart's own objects tell of a virtual cluster.
private struct VClusterReading {
    let wish: ClusterWish
    let seen: SeenObjects
    let release: ReleaseReading
    /// Why its pods do not run; nil where nothing is told.
    let trouble: PodTrouble?

    private var plane: SeenObject? { seen.first("StatefulSet", wish.slug, group: "apps") }
    private var service: SeenObject? { seen.first("Service", wish.slug, group: "") }
    private var sleeping: VClusterSleep? { plane.map(VClusterSleep.init) }

    var isUp: Bool { sleeping?.isUp ?? false }

    /// No control plane, and nothing that it had synced; one that was to sleep from the first has
    /// nothing installed yet.
    var isAsleep: Bool {
        let isDown = sleeping?.isDown ?? (release.root != nil && release.state == .suspended)
        return isDown && (QuotaReading(among: seen).pods ?? 0) == 0
    }

    /// The version of the image that brings the Kubernetes binaries, once it runs; until then what
    /// ran before.
    var version: String? {
        guard isUp, sleeping?.isCurrent == true else {
            return wish.cluster.status.seen.controlPlaneVersion
        }
        let containers = plane?.spec("template")?.at("spec", "initContainers")?.array ?? []
        // A registry may have a port: the tag is behind the last colon.
        let image = containers.lazy.compactMap { $0["image"]?.string?.split(separator: ":") }
            .first { $0.dropLast().last?.hasSuffix("/kubernetes") ?? false }
        return image?.last.flatMap { SemanticVersion($0)?.description }
    }

    /// Where the API is: inside under the name of the Service, outside as it is exposed.
    var endpoint: String? {
        let played = plane?.sandboxAddress(in: wish)
        switch wish.cluster.spec.exposure {
        case .internal: return played ?? "https://\(wish.slug).\(wish.namespace).svc:443"
        case .host(let host): return played ?? "https://\(host)"
        case .loadBalancer:
            let first = service?.status("loadBalancer")?["ingress"]?[0]
            let host = first?["hostname"]?.string ?? first?["ip"]?.string
            return host.map {
                played ?? ($0.contains(":") ? "https://[\($0)]:443" : "https://\($0):443")
            }
        }
    }

    /// What must hold; of one that sleeps, that it does.
    var stages: [Stage] {
        let awake = [installed, running, reachable, synced]
        guard wish.cluster.spec.asleep else { return awake }
        return [sleep]
            + awake.dropFirst().map { stage in
                var halted = stage
                halted.condition = .fails(
                    stage.condition.type,
                    "Asleep",
                    "The cluster is to sleep."
                )
                halted.isHalted = true
                return halted
            }
    }

    /// That it does not sleep.
    var awake: SeenCondition { .fails("Asleep", "Awake", "The cluster is to be awake.") }

    private var installed: Stage {
        let condition: SeenCondition
        switch (plane, release.state) {
        case (_?, _):
            condition = .holds("InfrastructureReady", "Installed", "The chart is installed.")
        case (nil, .failed(let message)):
            condition = .fails("InfrastructureReady", "InstallFailed", message)
        case (nil, .suspended):
            condition = .unknown("InfrastructureReady", "Suspended", "The release is suspended.")
        case (nil, .progressing(let message)):
            condition = .unknown("InfrastructureReady", "Installing", message)
        case (nil, .ready):
            condition = .unknown("InfrastructureReady", "Installing", "The chart is installed.")
        }
        return stage(condition, on: "the chart to be installed", since: release.root?.createdAt)
    }

    private var running: Stage {
        let replicas = plane?.spec("replicas")?.int ?? 1
        let ready = plane?.status("readyReplicas")?.int ?? 0
        let condition: SeenCondition
        if isUp {
            condition = .holds("ControlPlaneReady", "Running", "The control plane runs.")
        } else if replicas == 0 {
            condition = .unknown("ControlPlaneReady", "Waking", "The control plane is asleep.")
        } else {
            let lack = "\(ready) of \(replicas) replicas of the control plane are ready."
            condition = .unknown(
                "ControlPlaneReady",
                trouble?.reason ?? "Starting",
                trouble.map { VendorMessage.text("\(lack) \($0.message)") } ?? lack
            )
        }
        var stage = stage(
            condition,
            on: replicas == 0 ? "the control plane to wake" : "the control plane to start",
            since: nil,
            releasedBy: trouble?.releasedBy
        )
        stage.because = trouble?.message
        return stage
    }

    private var reachable: Stage {
        let condition: SeenCondition =
            if !isUp {
                .unknown("Reachable", "ControlPlaneNotReady", "The control plane does not run yet.")
            } else if let endpoint {
                .holds("Reachable", "Reachable", "The API is at \(VendorMessage.text(endpoint)).")
            } else {
                .unknown("Reachable", "NoAddress", "The load balancer has no address yet.")
            }
        return stage(
            condition,
            on: "the load balancer to get an address",
            since: nil,
            releasedBy: "whoever provides load balancers to the management cluster"
        )
    }

    private var synced: Stage {
        let type = "ReleaseSynced"
        let condition: SeenCondition =
            switch release.state {
            case .ready: .holds(type, "Synced", "The release is as it is wanted.")
            case .suspended where wish.cluster.spec.paused:
                .holds(type, "Paused", "The release is paused.")
            case .suspended: .unknown(type, "Suspended", "The release is suspended.")
            case .progressing(let message): .unknown(type, "Syncing", message)
            case .failed(let message): .fails(type, "ReleaseFailed", message)
            }
        return stage(condition, on: "the release to be as it is wanted", since: release.since)
    }

    var sleep: Stage {
        let condition: SeenCondition
        if isAsleep {
            condition = .holds("Asleep", "Asleep", "Nothing of it runs; its state is kept.")
        } else if sleeping?.isDown == true {
            condition = .unknown("Asleep", "RemovingWorkloads", "Its workloads are being removed.")
        } else {
            condition = .unknown("Asleep", "ScalingDown", "The control plane is being stopped.")
        }
        return stage(
            condition,
            on: "the control plane and its workloads to stop",
            since: sleeping?.pausedAt
        )
    }

    private func stage(
        _ condition: SeenCondition,
        on: String,
        since: Instant?,
        releasedBy: String? = nil
    ) -> Stage {
        Stage(
            condition,
            on: on,
            since: since,
            deadline: VClusterDriver.deadline,
            releasedBy: releasedBy
        )
    }
}
