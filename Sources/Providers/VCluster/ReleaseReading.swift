import Domain
import Drivers
import JSON

/// How the release does, in the words of the engine that installs it.
struct ReleaseReading {
    enum State: Equatable {
        case ready
        case progressing(String)
        case failed(String)
        /// The engine was told to leave it.
        case suspended
    }

    /// The root object; nil where it is not there.
    let root: SeenObject?
    let state: State
    /// Since when it fails; nil where it does not.
    let since: Instant?

    init(of wish: ClusterWish, engine: VClusterEngine, among seen: SeenObjects) {
        switch engine {
        case .flux: self.init(flux: seen.first("HelmRelease", wish.slug))
        case .argocd:
            self.init(argocd: seen.first("Application", wish.slug, group: "argoproj.io"))
        case .clusterAPI:
            self.init(
                cluster: seen.first("Cluster", wish.slug, group: "cluster.x-k8s.io"),
                provider: seen.first("VCluster", wish.slug)
            )
        }
    }

    private init(flux root: SeenObject?) {
        self.root = root
        let ready = root?.condition("Ready")
        since = ready?.isFalse == true && root?.isObserved == true ? ready?.since : nil
        if root?.spec("suspend")?.bool == true {
            state = .suspended
        } else if let ready, root?.isObserved == true {
            let stalled = root?.condition("Stalled")?.isTrue ?? false
            let isTrying = root?.condition("Reconciling")?.isTrue ?? false
            switch ready.status {
            case .true: state = isTrying ? .progressing(ready.message) : .ready
            case .false where stalled || !isTrying || ready.reason.hasSuffix("Failed"):
                state = .failed(ready.message)
            case .false, .unknown: state = .progressing(ready.message)
            }
        } else {
            state = .progressing("The release is being installed.")
        }
    }

    private init(argocd root: SeenObject?) {
        self.root = root
        let application = root.map(ApplicationReading.init)
        since = application?.state.isFailed == true ? application?.finishedAt : nil
        if root?.spec("syncPolicy")?.at("automated", "enabled")?.bool == false {
            state = .suspended
        } else {
            switch application?.state {
            case .deployed: state = .ready
            case .progressing(let message): state = .progressing(message)
            case .failed(let message): state = .failed(message)
            case nil: state = .progressing("The release is being installed.")
            }
        }
    }

    /// The provider tells what Helm says; the Cluster above it only repeats that.
    private init(cluster root: SeenObject?, provider: SeenObject?) {
        self.root = root
        let ready = provider?.condition("Ready")
        let chart = provider?.condition("HelmChartDeployed")
        since = chart?.isFalse == true ? chart?.since : nil
        if root?.spec("paused")?.bool == true {
            state = .suspended
        } else if let chart, chart.isFalse {
            state = .failed(chart.message)
        } else if provider?.status("phase")?.string == "Failed" {
            let message = provider?.status("message")?.string ?? ready?.message
            state = .failed(VendorMessage.text(message ?? ""))
        } else if provider?.isObserved == true,
            ready?.isTrue == true || provider?.status("ready")?.bool == true
        {
            state = .ready
        } else {
            state = .progressing(ready?.message ?? "The release is being installed.")
        }
    }
}
