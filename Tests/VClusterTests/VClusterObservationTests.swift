import Contract
import Domain
import JSON
import TestSupport
import Testing
import VCluster

@Suite struct VClusterObservationTests {
    private let now = WishSample.moment.advanced(by: .seconds(60))

    private func look(
        _ objects: [JSON],
        events: [JSON] = [],
        at now: Instant? = nil,
        change: (inout ClusterWish) -> Void = { _ in }
    ) throws -> ClusterObservation {
        VClusterDriver().observe(
            objects.compactMap(\.object),
            events: events.compactMap(\.object),
            for: try WishSample.wish(.vcluster) {
                $0.platform = nil
                change(&$0)
            },
            at: now ?? self.now
        )
    }

    private func metadata(_ more: JSON = [:]) -> JSON {
        var metadata = more.object ?? JSONObject()
        metadata["name"] = "acme-main"
        metadata["namespace"] = "t-acme-main"
        metadata["uid"] = "u1"
        metadata["generation"] = 2
        metadata["creationTimestamp"] = .string("\(WishSample.moment)")
        return .object(metadata)
    }

    private func ready(_ status: String, _ reason: String, _ message: String) -> JSON {
        [
            "type": "Ready", "status": .string(status), "reason": .string(reason),
            "message": .string(message), "lastTransitionTime": .string("\(WishSample.moment)"),
        ]
    }

    private func release(
        _ conditions: [JSON],
        observed: Int = 2,
        metadata more: JSON = [:]
    ) -> JSON {
        [
            "apiVersion": "helm.toolkit.fluxcd.io/v2", "kind": "HelmRelease",
            "metadata": metadata(more),
            "status": [
                "observedGeneration": .integer(observed), "conditions": .array(conditions),
            ],
        ]
    }

    private func plane(replicas: Int = 1, ready: Int = 1, annotations: JSON = [:]) -> JSON {
        [
            "apiVersion": "apps/v1", "kind": "StatefulSet",
            "metadata": metadata(["annotations": annotations]),
            "spec": [
                "replicas": .integer(replicas),
                "template": [
                    "spec": [
                        "initContainers": [["image": "ghcr.io/loft-sh/kubernetes:v1.35.2"]]
                    ]
                ],
            ],
            "status": [
                "observedGeneration": 2, "replicas": .integer(ready),
                "readyReplicas": .integer(ready),
            ],
        ]
    }

    private var done: JSON { release([ready("True", "InstallSucceeded", "ok")]) }

    @Test func `it is ready when its control plane runs and its release is synced`() throws {
        let seen = try look([done, plane()])
        #expect(seen.isReady)
        #expect(seen.isReachable)
        #expect(seen.endpoint == "https://acme-main.t-acme-main.svc:443")
        #expect(seen.controlPlaneVersion == "1.35.2")
        let bad = seen.conditions.filter { $0.status != .true }
        #expect(bad.map(\.type) == ["PlatformSynced", "Asleep"])
        #expect(seen.nodes == nil)
    }

    @Test func `one that is to sleep from the first sleeps before anything is installed`() throws {
        var suspended = try #require(release([]).object)
        suspended["spec"] = ["suspend": true]
        let seen = try look([.object(suspended)]) { $0.cluster.spec.asleep = true }
        #expect(seen.isAsleep)
        #expect(seen.waiting == nil)
        let early = try look([]) { $0.cluster.spec.asleep = true }
        #expect(!early.isAsleep)
    }

    @Test func `an answer to an older wish is none`() throws {
        let seen = try look([
            release([ready("True", "InstallSucceeded", "ok")], observed: 1), plane(),
        ])
        #expect(!seen.isReady)
        #expect(seen.waiting?.on == "the release to be as it is wanted")
    }

    @Test func `a failed release says what Helm said`() throws {
        let seen = try look([release([ready("False", "InstallFailed", "values: bad key")])])
        let condition = try #require(seen.conditions.first)
        #expect(condition.reason == "InstallFailed")
        #expect(condition.message.contains("values: bad key"))
    }

    @Test func `a control plane that never starts is overdue after its deadline`() throws {
        let early = try look([done, plane(ready: 0)])
        #expect(early.waiting?.on == "the control plane to start")
        #expect(early.waiting?.until == now.advanced(by: .seconds(600)))
        let late = try look([done, plane(ready: 0)], at: now.advanced(by: .seconds(700))) {
            $0.cluster.status.seen = early
        }
        #expect(late.conditions.contains { $0.reason == "Overdue" && $0.status == .false })
    }

    @Test func `a load balancer without an address is waited for`() throws {
        let service: JSON = [
            "apiVersion": "v1", "kind": "Service", "metadata": metadata(),
            "status": ["loadBalancer": [:]],
        ]
        let seen = try look([done, plane(), service]) { $0.cluster.spec.exposure = .loadBalancer }
        #expect(seen.waiting?.on == "the load balancer to get an address")
        let given: JSON = [
            "apiVersion": "v1", "kind": "Service", "metadata": metadata(),
            "status": ["loadBalancer": ["ingress": [["ip": "2001:db8::1"]]]],
        ]
        let reached = try look([done, plane(), given, quota(loadBalancers: "1", of: "1")]) {
            $0.cluster.spec.exposure = .loadBalancer
        }
        #expect(reached.endpoint == "https://[2001:db8::1]:443")
        #expect(reached.isReady)
        #expect(reached.waiting == nil)
        #expect(reached.conditions.first { $0.type == "WithinQuota" }?.status == .true)
    }

    private func quota(loadBalancers used: String, of hard: String) -> JSON {
        [
            "apiVersion": "v1", "kind": "ResourceQuota", "metadata": ["name": "slipway"],
            "status": [
                "hard": ["services.loadbalancers": .string(hard)],
                "used": ["services.loadbalancers": .string(used)],
            ],
        ]
    }

    @Test func `load balancers of the tenant's own can be used up`() throws {
        let seen = try look([done, plane(), quota(loadBalancers: "3", of: "3")]) {
            $0.cluster.spec.exposure = .loadBalancer
            $0.cluster.spec.quota.loadBalancers = 2
        }
        let condition = seen.conditions.first { $0.type == "WithinQuota" }
        #expect(condition?.reason == "QuotaExhausted")
    }

    @Test func `the Service of the chart is among what is watched`() throws {
        let features = try WishSample.wish(.vcluster).features
        let service = VClusterDriver().watched(in: features).first { $0.kind == "Service" }
        #expect(service?.labelSelector == "app=vcluster")
    }

    @Test func `a control plane that does not start says why, and who can release it`() throws {
        func report(_ reason: String, _ message: String, about kind: String, _ name: String) -> JSON
        {
            [
                "apiVersion": "v1", "kind": "Event", "type": "Warning", "reason": .string(reason),
                "message": .string(message), "lastTimestamp": .string("\(now)"),
                "involvedObject": ["kind": .string(kind), "name": .string(name)],
            ]
        }
        let pull = report("BackOff", "Back-off pulling image \"a\"", about: "Pod", "acme-main-0")
        let seen = try look([done, plane(ready: 0)], events: [pull])
        let condition = try #require(seen.conditions.first { $0.type == "ControlPlaneReady" })
        #expect(condition.reason == "ImagePullFailed")
        #expect(condition.message.contains("Back-off pulling image"))
        #expect(
            seen.waiting?.on
                == "the control plane to start: Pod/acme-main-0: Back-off pulling image \"a\""
        )
        #expect(seen.waiting?.releasedBy == "whoever runs management cluster local")
        let later = now.advanced(by: .seconds(60))
        let quota = report(
            "FailedCreate",
            "pods is forbidden: exceeded quota: slipway",
            about: "StatefulSet",
            "acme-main"
        )
        let next = try look([done, plane(ready: 0)], events: [quota], at: later) {
            $0.cluster.status.seen = seen
        }
        #expect(next.waiting?.since == seen.waiting?.since)
        #expect(next.waiting?.releasedBy == "the tenant: raise spec.quota or remove something")
    }

    @Test func `until the newest template runs the version is that of before`() throws {
        var rolling = try #require(plane().object)
        rolling["status"] = [
            "observedGeneration": 2, "replicas": 1, "readyReplicas": 1, "currentRevision": "a",
            "updateRevision": "b",
        ]
        let seen = try look([done, .object(rolling)]) {
            $0.cluster.status.seen.controlPlaneVersion = "1.34.2"
        }
        #expect(seen.controlPlaneVersion == "1.34.2")
        let down = try look([done, plane(replicas: 0, ready: 0)]) {
            $0.cluster.status.seen.controlPlaneVersion = "1.35.2"
        }
        #expect(down.controlPlaneVersion == "1.35.2")
    }

    @Test func `in the sandbox it is where the sandbox serves it`() throws {
        let address = "http://127.0.0.1:8080/sandbox/acme-main"
        let told = plane(annotations: ["sandbox.slipway.dev/address": .string(address)])
        let played = try look([done, told]) { $0.features.isSandbox = true }
        #expect(played.endpoint == address)
        #expect(try look([done, told]).endpoint == "https://acme-main.t-acme-main.svc:443")
    }

    @Test func `while it is paused nothing is due, and it says who can go on`() throws {
        let paused: (inout ClusterWish) -> Void = { $0.cluster.spec.paused = true }
        let seen = try look([done, plane(ready: 0)], change: paused)
        #expect(seen.waiting?.on == "the cluster to be resumed")
        #expect(seen.waiting?.until == nil)
        #expect(seen.waiting?.releasedBy == "whoever may change the cluster: POST …:resume")
        let late = now.advanced(by: .seconds(86_400))
        let still = try look([done, plane(ready: 0)], at: late) {
            paused(&$0)
            $0.cluster.status.seen = seen
        }
        #expect(still.waiting == seen.waiting)
        #expect(!still.conditions.contains { $0.reason == "Overdue" })
        let resumed = try look([done, plane(ready: 0)], at: late) {
            $0.cluster.status.seen = still
        }
        #expect(resumed.waiting?.since == late)
    }

    @Test func `it sleeps when nothing of it runs any more`() throws {
        let down = plane(replicas: 0, ready: 0)
        func quota(_ pods: String) -> JSON {
            [
                "apiVersion": "v1", "kind": "ResourceQuota", "metadata": ["name": "slipway"],
                "status": ["hard": ["pods": "100"], "used": ["pods": .string(pods)]],
            ]
        }
        let falling = try look([done, down, quota("2")]) { $0.cluster.spec.asleep = true }
        #expect(!falling.isAsleep)
        #expect(falling.conditions.first?.reason == "RemovingWorkloads")
        let asleep = try look([done, down, quota("0")]) { $0.cluster.spec.asleep = true }
        #expect(asleep.isAsleep)
        #expect(asleep.isReady)
        #expect(!asleep.isReachable)
    }

    @Test func `one that wakes after a year is not overdue at once`() throws {
        let year = WishSample.moment.advanced(by: .seconds(365 * 86_400))
        let seen = try look([done, plane(replicas: 1, ready: 0)], at: year)
        #expect(!seen.conditions.contains { $0.reason == "Overdue" })
        #expect(seen.waiting?.since == year)
    }

    @Test func `one that is to be awake and sleeps is waking`() throws {
        let seen = try look([done, plane(replicas: 0, ready: 0)])
        #expect(seen.conditions.contains { $0.reason == "Waking" })
    }

    @Test func `a deletion that hangs names the release and its finalizer`() throws {
        let going = release(
            [ready("False", "UninstallFailed", "timed out waiting")],
            metadata: [
                "deletionTimestamp": .string("\(WishSample.moment)"),
                "finalizers": ["finalizers.fluxcd.io"],
            ]
        )
        let seen = try look([going])
        #expect(seen.isDeleting)
        #expect(
            seen.waiting?.on
                == "HelmRelease/acme-main to give up its finalizer finalizers.fluxcd.io"
        )
        #expect(seen.conditions.first?.message.contains("timed out waiting") == true)
    }

    @Test func `Argo CD is deployed only when synced, healthy and done`() throws {
        func application(_ sync: String, _ health: String, _ phase: String) -> JSON {
            [
                "apiVersion": "argoproj.io/v1alpha1", "kind": "Application",
                "metadata": metadata(),
                "status": [
                    "sync": ["status": .string(sync)], "health": ["status": .string(health)],
                    "operationState": ["phase": .string(phase), "message": "m"],
                ],
            ]
        }
        let argo: (inout ClusterWish) -> Void = { $0.management.virtualClusters = .argocd }
        for (sync, health, phase, isReady) in [
            ("Synced", "Healthy", "Succeeded", true), ("OutOfSync", "Healthy", "Succeeded", false),
            ("Synced", "Progressing", "Succeeded", false), ("Synced", "Healthy", "Running", false),
            ("Synced", "Healthy", "Failed", false), ("Synced", "Degraded", "Succeeded", false),
        ] {
            let seen = try look([application(sync, health, phase), plane()], change: argo)
            #expect(seen.isReady == isReady, "\(sync) \(health) \(phase)")
        }
    }

    @Test(arguments: ["v1beta1", "v1beta2"])
    func `the provider of Cluster API is ready when it says so`(_ version: String) throws {
        let root: JSON = [
            "apiVersion": .string("cluster.x-k8s.io/\(version)"), "kind": "Cluster",
            "metadata": metadata(),
        ]
        func provider(_ status: JSON) -> JSON {
            [
                "apiVersion": "infrastructure.cluster.x-k8s.io/v1alpha1", "kind": "VCluster",
                "metadata": metadata(), "status": status,
            ]
        }
        let change: (inout ClusterWish) -> Void = {
            $0.management.virtualClusters = .clusterAPI
            $0.features.clusterAPI = version
        }
        let good = provider(["observedGeneration": 2, "ready": true, "phase": "Deployed"])
        #expect(try look([root, good, plane()], change: change).isReady)
        let bad = provider(["observedGeneration": 2, "phase": "Failed", "message": "no chart"])
        let failed = try look([root, bad], change: change)
        #expect(failed.conditions.first?.message.contains("no chart") == true)
    }
}
