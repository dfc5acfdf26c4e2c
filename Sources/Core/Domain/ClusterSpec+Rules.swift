extension ClusterSpec {
    /// The numbers of machines that a control plane may have: etcd needs a majority.
    package static let controlPlaneSizes = [1, 3, 5, 7]
    /// The most pods that one quota allows.
    package static let podsMax = 100_000

    /// Everything that is wrong with the spec by itself and by what its class allows.
    package func faults(by policy: ClusterClassPolicy?) -> [ClusterFault] {
        kindFaults + adoptionFaults + poolFaults(by: policy) + placeFaults(by: policy)
            + quota.faults + accessFaults + exposure.faults
            + classFaults(by: policy) + versionFaults
    }

    /// Kubernetes has been at version 1 since 2015, with three minors a year.
    private static let minorMax = 999

    private var versionFaults: [ClusterFault] {
        guard let text = kubernetesVersion, let version = SemanticVersion(text),
            version.major != 1 || version.minor > Self.minorMax
        else { return [] }
        let detail = "There is no Kubernetes \(text)."
        return [ClusterFault(.spec("kubernetesVersion"), "unknown-version", detail)]
    }

    /// The oldest minor version that new virtual clusters run: the chart is kept working with the
    /// newest four, of which 1.36 is the last one.
    package static let virtualMinorMin = 33

    /// That a new virtual cluster would be older than its chart supports.
    ///
    /// Those that are there go up from what they run.
    var ageFaults: [ClusterFault] {
        guard kind == .vcluster, let text = kubernetesVersion, let version = SemanticVersion(text),
            version.major == 1, version.minor < Self.virtualMinorMin
        else { return [] }
        let detail =
            "Virtual clusters run Kubernetes 1.\(Self.virtualMinorMin) or newer; \(text) is "
            + "older. Leave the member out for the chart's own version."
        return [ClusterFault(.spec("kubernetesVersion"), "too-old", detail)]
    }

    /// Everything that cannot be made of what there is.
    ///
    /// `running` is the version that the control plane was last seen at.
    package func faults(
        changing current: ClusterSpec,
        running: String?,
        by policy: ClusterClassPolicy?
    ) -> [ClusterFault] {
        var faults: [ClusterFault] = []
        func fixed(_ member: String, _ isSame: Bool, _ detail: String) {
            if !isSame { faults.append(ClusterFault(.spec(member), "fixed", detail)) }
        }
        fixed(
            "kind",
            kind == current.kind,
            "The kind of a cluster never changes. Make another cluster and move what runs in it."
        )
        fixed(
            "managementCluster",
            managementCluster == current.managementCluster,
            "A cluster stays in its management cluster. Make another cluster there."
        )
        fixed("class", className == current.className, "A cluster stays with its class.")
        fixed("region", region == current.region, "A cluster stays where it is.")
        fixed(
            "adopt",
            (adopt == nil) == (current.adopt == nil),
            "Whether a cluster was adopted does not change."
        )
        faults += versionFaults(changing: current.kubernetesVersion, running: running, by: policy)
        return faults + self.faults(by: policy?.allowing(current))
    }

    /// As many nodes as the pools may grow to; those of the class where none are ordered.
    ///
    /// What is adopted or has no machines counts for none.
    func nodesMost(by policy: ClusterClassPolicy?) -> Int {
        guard kind == .cluster, adopt == nil else { return 0 }
        return nodePools?.reduce(0) { $0 + $1.count.most } ?? policy?.nodesUsual ?? 0
    }

    /// A version counts as it is wanted and as it runs: an upgrade may still be under way, and
    /// what was never pinned is known by looking alone.
    private func versionFaults(
        changing wanted: String?,
        running: String?,
        by policy: ClusterClassPolicy?
    ) -> [ClusterFault] {
        guard kubernetesVersion != wanted else { return [] }
        guard wanted != nil || running != nil else {
            let detail =
                "Which version the cluster runs is not known yet. Ask again once its "
                + "`status.versions.controlPlane` says so."
            return [ClusterFault(.spec("kubernetesVersion"), "unknown-running-version", detail)]
        }
        let faults = upgradeFaults(from: wanted, by: policy)
        return faults.isEmpty ? upgradeFaults(from: running, by: policy) : faults
    }

    private func upgradeFaults(
        from standing: String?,
        by policy: ClusterClassPolicy?
    ) -> [ClusterFault] {
        guard let standing, let old = SemanticVersion(standing),
            let text = kubernetesVersion, let new = SemanticVersion(text), new != old
        else { return [] }
        let place = ClusterFault.Place.spec("kubernetesVersion")
        if new < old {
            return [
                ClusterFault(
                    place,
                    "downgrade",
                    "Kubernetes cannot go back from \(standing) to \(text)."
                )
            ]
        }
        guard new.major != old.major || new.minor - old.minor > 1 else { return [] }
        let step = policy?.kubernetesVersions.compactMap { SemanticVersion($0) }
            .filter { $0.major == old.major && $0.minor - old.minor == 1 }.max()
        let hint = step.map { " Go to \($0) first." } ?? ""
        return [
            ClusterFault(
                place,
                "skips-minor",
                "Kubernetes is upgraded one minor version at a time, from "
                    + "\(old.major).\(old.minor) to \(old.major).\(old.minor &+ 1).\(hint)"
            )
        ]
    }

    private var kindFaults: [ClusterFault] {
        var faults: [ClusterFault] = []
        func only(_ allowed: [ClusterKind], _ member: String, _ isUsed: Bool, _ detail: String) {
            guard isUsed, !allowed.contains(kind) else { return }
            faults.append(ClusterFault(.spec(member), "not-for-kind", detail))
        }
        only(
            [.cluster],
            "nodePools",
            nodePools != nil,
            "Only a cluster of kind `cluster` has nodes of its own; leave the member out."
        )
        only([.cluster], "region", region != nil, "Only a cluster of kind `cluster` has a region.")
        only(
            [.cluster, .vcluster],
            "class",
            className != nil,
            "A namespace is made from no class; leave the member out."
        )
        only(
            [.cluster, .vcluster],
            "kubernetesVersion",
            kubernetesVersion != nil,
            "A namespace has the version of its management cluster; leave the member out."
        )
        only(
            [.cluster, .vcluster],
            "controlPlane",
            controlPlaneReplicas != nil,
            "A namespace has no control plane of its own; leave the member out."
        )
        only(
            [.vcluster],
            "asleep",
            asleep,
            kind == .namespace
                ? "A namespace cannot sleep." : "Only a virtual cluster can sleep; scale the pools."
        )
        only([.cluster, .vcluster], "paused", paused, "There is nothing to pause in a namespace.")
        only(
            [.vcluster],
            "exposure",
            exposure != .internal,
            "Only a virtual cluster is exposed by itself."
        )
        return faults
    }

    private var adoptionFaults: [ClusterFault] {
        guard adopt != nil else { return [] }
        var faults: [ClusterFault] = []
        func refuse(_ member: String, _ isUsed: Bool, _ detail: String) {
            if isUsed { faults.append(ClusterFault(.spec(member), "not-for-adopted", detail)) }
        }
        refuse("kind", kind != .cluster, "Only a cluster of kind `cluster` can be adopted.")
        let detail = "Whoever made the cluster decides on this; leave the member out."
        refuse("class", className != nil, detail)
        refuse("nodePools", nodePools != nil, detail)
        refuse("kubernetesVersion", kubernetesVersion != nil, detail)
        refuse("controlPlane", controlPlaneReplicas != nil, detail)
        refuse("region", region != nil, detail)
        refuse("paused", paused, detail)
        return faults
    }

    private func classFaults(by policy: ClusterClassPolicy?) -> [ClusterFault] {
        guard className != nil, policy == nil else { return [] }
        return [
            ClusterFault(
                .spec("class"),
                "unknown",
                "There is no cluster class of this name; GET /v1/cluster-classes lists them."
            )
        ]
    }

    private func placeFaults(by policy: ClusterClassPolicy?) -> [ClusterFault] {
        if let policy, let region, !policy.regions.isEmpty, !policy.regions.contains(region) {
            return [
                ClusterFault(
                    .spec("region"),
                    "not-allowed",
                    "The class \(policy.name) allows \(policy.regions.joined(separator: ", "))."
                )
            ]
        }
        guard let policy, let version = kubernetesVersion, !policy.allows(version: version) else {
            return []
        }
        return [
            ClusterFault(
                .spec("kubernetesVersion"),
                "not-allowed",
                "The class \(policy.name) allows "
                    + "\(policy.kubernetesVersions.joined(separator: ", "))."
            )
        ]
    }

    /// What the names of the groups start with that Kubernetes itself puts callers into.
    private static let systemPrefix = "system:"

    private var accessFaults: [ClusterFault] {
        var seen: Set<String> = []
        return access.enumerated().compactMap { index, grant in
            let place = ClusterFault.Place.spec(["access", String(index), "group"])
            if grant.group.hasPrefix(Self.systemPrefix) {
                let detail = "Kubernetes itself fills the groups of `system:`; name one of people."
                return ClusterFault(place, "not-allowed", detail)
            }
            guard !seen.insert(grant.group).inserted else { return nil }
            let detail = "Name each group once, with the most that it may do."
            return ClusterFault(place, "repeated", detail)
        }
    }
}

extension ClusterSpec {
    private func poolFaults(by policy: ClusterClassPolicy?) -> [ClusterFault] {
        var faults: [ClusterFault] = []
        if let replicas = controlPlaneReplicas, !Self.controlPlaneSizes.contains(replicas) {
            faults.append(
                ClusterFault(
                    .spec(["controlPlane", "replicas"]),
                    "out-of-range",
                    "A control plane has 1, 3, 5 or 7 machines."
                )
            )
        }
        var names: Set<String> = []
        for (index, pool) in (nodePools ?? []).enumerated() {
            let place = ["nodePools", String(index)]
            if !names.insert(pool.name).inserted {
                faults.append(
                    ClusterFault(
                        .spec(place + ["name"]),
                        "repeated",
                        "Give each pool a name of its own."
                    )
                )
            }
            faults += pool.faults(at: place, sizes: policy?.sizes ?? [])
        }
        let nodes = nodesMost(by: policy)
        if let policy, let most = policy.nodesMax, nodes > most {
            faults.append(
                ClusterFault(
                    .spec("nodePools"),
                    "out-of-range",
                    "A cluster of class \(policy.name) has at most \(most) nodes, not \(nodes)."
                )
            )
        }
        return faults
    }
}

extension NodePool {
    fileprivate func faults(at place: [String], sizes: [String]) -> [ClusterFault] {
        var faults: [ClusterFault] = []
        if case .scaled(let least, let most) = count, least > most {
            faults.append(
                ClusterFault(.spec(place + ["min"]), "out-of-range", "`min` is at most `max`.")
            )
        }
        if count.most > Self.nodesMax {
            let member = if case .fixed = count { "count" } else { "max" }
            faults.append(
                ClusterFault(
                    .spec(place + [member]),
                    "out-of-range",
                    "A pool has at most \(Self.nodesMax) nodes."
                )
            )
        }
        if let size, !sizes.isEmpty, !sizes.contains(size) {
            faults.append(
                ClusterFault(
                    .spec(place + ["size"]),
                    "unknown",
                    "The class knows the sizes \(sizes.joined(separator: ", "))."
                )
            )
        }
        return faults
    }
}

extension ClusterQuota {
    fileprivate var faults: [ClusterFault] {
        var faults: [ClusterFault] = []
        for (member, text) in [("cpu", cpu), ("memory", memory), ("storage", storage)]
        where !Quantity.isValid(text) {
            faults.append(
                ClusterFault(
                    .spec(["quota", member]),
                    "invalid-quantity",
                    "Expected a quantity of Kubernetes, such as `500m`, `8` or `16Gi`."
                )
            )
        }
        return faults
    }
}

extension ClusterExposure {
    fileprivate var faults: [ClusterFault] {
        guard case .host(let host) = self else { return [] }
        let labels = host.split(separator: ".", omittingEmptySubsequences: false)
        // The longest name of DNS (RFC 1035 §2.3.4).
        let isName =
            host.utf8.count <= 253 && labels.count > 1
            && labels.allSatisfy { label in
                // What is wrong with it is said once, of the whole.
                (try? ResourceName<Self>(parsing: String(label))) != nil
            }
        guard !isName else { return [] }
        return [
            ClusterFault(
                .spec(["exposure", "host"]),
                "invalid-name",
                "Expected a host name such as `acme.clusters.example.org`."
            )
        ]
    }
}

/// Amounts as Kubernetes writes them.
package enum Quantity {
    private static let suffixes: Set<String> = [
        "", "m", "k", "M", "G", "T", "P", "E", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei",
    ]

    /// Whether the text is a number that is not negative, with one of the known suffixes.
    package static func isValid(_ text: String) -> Bool {
        guard text.utf8.count <= 20 else { return false }
        let number = text.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
        let halves = number.split(separator: ".", omittingEmptySubsequences: false)
        guard let whole = halves.first, !whole.isEmpty, halves.count <= 2,
            halves.count == 1 || !halves[1].isEmpty
        else { return false }
        return suffixes.contains(String(text.dropFirst(number.count)))
    }
}

extension ClusterClassPolicy {
    /// The same, with everything allowed to stay that a cluster has already: a class that became
    /// stricter takes nothing away, and keeps nobody from using less.
    fileprivate func allowing(_ current: ClusterSpec) -> ClusterClassPolicy {
        var policy = self
        if let version = current.kubernetesVersion, !allows(version: version) {
            policy.kubernetesVersions.append(version)
        }
        if let region = current.region, !regions.isEmpty, !regions.contains(region) {
            policy.regions.append(region)
        }
        if !sizes.isEmpty {
            let known = (current.nodePools ?? []).compactMap(\.size)
            policy.sizes += Set(known).subtracting(sizes).sorted()
        }
        policy.nodesMax = nodesMax.map { max($0, current.nodesMost(by: self)) }
        return policy
    }
}
