import Domain
import Drivers
import JSON

/// The `Cluster` of Cluster API, in either version of its API: v1beta2 and, deprecated, v1beta1.
struct RootReading {
    let root: SeenObject

    private var isNew: Bool { root.version != "v1beta1" }

    /// A condition by its name of today, or by that of v1beta1.
    ///
    /// Each version of the object keeps the other's conditions in a corner of its own.
    func condition(_ new: String, _ old: String) -> SeenStatus? {
        let status = root.json["status"]
        let today = isNew ? status?["conditions"] : status?.at("v1beta2", "conditions")
        let before =
            isNew ? status?.at("deprecated", "v1beta1", "conditions") : status?["conditions"]
        let found = SeenObject.condition(new, in: today)
        // Nobody has looked yet; the other list may know more.
        guard let found, found.status != .unknown || before == nil else {
            return SeenObject.condition(old, in: before) ?? found
        }
        return found
    }

    /// Whether networks and the like are there.
    var isInfrastructureThere: Bool {
        if let condition = condition("InfrastructureReady", "InfrastructureReady") {
            return condition.isTrue
        }
        return flag("infrastructureProvisioned") || root.status("infrastructureReady")?.bool == true
    }

    /// Whether the API server has ever answered.
    var isInitialized: Bool {
        flag("controlPlaneInitialized")
            || condition("ControlPlaneInitialized", "ControlPlaneInitialized")?.isTrue == true
    }

    /// Whether the control plane works now.
    var isControlPlaneAvailable: Bool {
        if let condition = condition("ControlPlaneAvailable", "ControlPlaneReady") {
            return condition.isTrue
        }
        return root.status("controlPlaneReady")?.bool == true
    }

    /// Whether Cluster API itself reaches the API server; v1beta1 does not tell.
    var isProbeFailing: Bool {
        condition("RemoteConnectionProbe", "RemoteConnectionProbe")?.isFalse == true
    }

    /// The sum of everything, of the newest spec.
    ///
    /// Only v1beta1 has a `Ready`.
    var sum: SeenStatus? {
        guard let sum = condition("Available", "Ready") else { return nil }
        guard let seen = sum.observedGeneration, let generation = root.generation else {
            return sum
        }
        return seen >= generation ? sum : nil
    }

    /// Why nothing can come of it, in the words that only v1beta1 has.
    var failure: String? {
        let deprecated = root.status("deprecated")?["v1beta1"]
        let text = (root.status("failureMessage") ?? deprecated?["failureMessage"])?.string
        return text.map(VendorMessage.text)
    }

    /// Where the API server is.
    var endpoint: String? {
        let endpoint = root.spec("controlPlaneEndpoint")
        guard let host = endpoint?["host"]?.string, !host.isEmpty else { return nil }
        let port = endpoint?["port"]?.int ?? 6443
        return host.contains(":") ? "https://[\(host)]:\(port)" : "https://\(host):\(port)"
    }

    /// Whether the controllers leave it as it is.
    var isPaused: Bool {
        root.spec("paused")?.bool == true || root.annotation("cluster.x-k8s.io/paused") != nil
    }

    private func flag(_ name: String) -> Bool {
        root.status("initialization")?[name]?.bool == true
    }

    /// Whether a condition whose holding is nothing good holds: `RollingOut`, `ScalingUp`, ….
    func isUnderWay(_ type: String) -> SeenStatus? {
        condition(type, type).flatMap { $0.isTrue ? $0 : nil }
    }
}
