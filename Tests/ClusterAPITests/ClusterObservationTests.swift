import ClusterAPI
import Domain
import JSON
import TestSupport
import Testing

@Suite struct ClusterObservationTests {
    private let moment = WishSample.moment

    private func look(
        _ objects: [JSON],
        after seconds: Int = 60,
        template: String = Templates.plain,
        change: (inout ClusterWish) -> Void = { _ in }
    ) throws -> ClusterObservation {
        ClusterAPIDriver().observe(
            objects.compactMap(\.object),
            events: [],
            for: try Templates.wish(template) {
                $0.platform = nil
                $0.cluster.spec.nodePools = [NodePool(name: "md-0", count: .fixed(2))]
                change(&$0)
            },
            at: moment.advanced(by: .seconds(seconds))
        )
    }

    @Test(arguments: ScriptedCluster.versions)
    func `it is ready when Cluster API and the nodes say so`(_ version: String) throws {
        let cluster = ScriptedCluster(version: version)
        let seen = try look(cluster.objects)
        #expect(seen.isReady, "\(seen.conditions)")
        #expect(seen.isReachable)
        #expect(seen.waiting == nil)
        #expect(seen.nodes == NodeFigures(desired: 2, ready: 2))
        #expect(seen.pools.map(\.name) == ["md-0"])
        #expect(seen.pools.map(\.version) == ["1.35.0"])
        #expect(seen.controlPlaneVersion == "1.35.0")
        #expect(seen.workersVersion == "1.35.0")
        #expect(seen.endpoint == "https://10.0.0.1:6443")
        #expect(
            Set(seen.conditions.map(\.type)).isSuperset(of: [
                "InfrastructureReady", "ControlPlaneReady", "Reachable", "WorkersReady", "UpToDate",
                "Ready",
            ])
        )
    }

    @Test(arguments: ScriptedCluster.versions)
    func `each phase says what it waits for and until when`(_ version: String) throws {
        let phases: [(inout ScriptedCluster) -> Void] = [
            {
                $0.infrastructure = "False"
                $0.isInitialized = false
                $0.controlPlane = "False"
                $0.sum = "False"
            },
            {
                $0.isInitialized = false
                $0.controlPlane = "False"
                $0.sum = "False"
            },
            { $0.ready = 1 },
        ]
        let expected = [
            ("the infrastructure to be made", 1_800), ("the control plane to come up", 1_200),
            ("the nodes to work", 1_200),
        ]
        for (phase, (on, seconds)) in zip(phases, expected) {
            var cluster = ScriptedCluster(version: version)
            phase(&cluster)
            let seen = try look(cluster.objects)
            #expect(!seen.isReady)
            #expect(seen.waiting?.on == on)
            let who = seen.waiting?.releasedBy
            #expect(who?.hasPrefix("whoever runs management cluster local") == true)
            let since = try #require(seen.waiting?.since)
            #expect(seen.waiting?.until == since.advanced(by: .seconds(seconds)))
            let late = try look(cluster.objects, after: seconds + 61) {
                $0.cluster.status.seen = seen
            }
            #expect(late.waiting == seen.waiting)
            #expect(late.conditions.contains { $0.reason == "Overdue" && $0.status == .false })
        }
    }

    @Test(arguments: ScriptedCluster.versions)
    func `an upgrade is done when the oldest machine has the version`(_ version: String) throws {
        var cluster = ScriptedCluster(version: version)
        cluster.planeVersion = "v1.34.2"
        let plane = try look(cluster.objects)
        #expect(!plane.isReady)
        #expect(plane.conditions.contains { $0.message.contains("from 1.34.2 to 1.35.0") })
        cluster.planeVersion = "v1.35.0"
        cluster.nodeVersion = "v1.34.2"
        let nodes = try look(cluster.objects)
        #expect(nodes.workersVersion == "1.34.2")
        #expect(!nodes.isReady)
        let first = try look(cluster.objects) { $0.workersVersion = "1.34.2" }
        #expect(first.isReady, "\(first.conditions)")
    }

    @Test(arguments: ScriptedCluster.versions)
    func `whatever happens the same conditions are told, so that none goes stale`(
        _ version: String
    ) throws {
        let whole = ScriptedCluster(version: version)
        let changes: [(inout ScriptedCluster) -> Void] = [
            { $0.isInitialized = false }, { $0.isPaused = true }, { $0.isDeleting = true },
            { $0.sum = "False" },
        ]
        let types = Set(try look(whole.objects).conditions.map(\.type))
        for change in changes {
            var cluster = whole
            change(&cluster)
            let told = try look(cluster.objects).conditions.map(\.type)
            #expect(Set(told).union(["PlatformSynced"]) == types)
            #expect(Set(told).count == told.count)
        }
    }

    @Test func `a phase that says Failed decides nothing`() throws {
        var cluster = ScriptedCluster(version: "v1beta1")
        cluster.phase = "Failed"
        #expect(try look(cluster.objects).isReady)
    }

    @Test func `v1beta2 is not ready by its phase alone`() throws {
        var cluster = ScriptedCluster(version: "v1beta2")
        cluster.sum = "False"
        cluster.phase = "Provisioned"
        #expect(try !look(cluster.objects).isReady)
    }

    @Test func `a sum of an older wish is none`() throws {
        var cluster = ScriptedCluster(version: "v1beta2")
        cluster.observed = 1
        #expect(try !look(cluster.objects).isReady)
    }

    @Test func `an API server that stops answering is unreachable`() throws {
        var cluster = ScriptedCluster(version: "v1beta2")
        cluster.probe = "False"
        let seen = try look(cluster.objects)
        #expect(!seen.isReachable)
        #expect(seen.conditions.contains { $0.type == "Reachable" && $0.reason == "Unreachable" })
    }

    @Test func `a pool that is missing, too many or of another number is told`() throws {
        let cluster = ScriptedCluster(version: "v1beta2")
        func lack(_ pools: [NodePool]) throws -> String? {
            let seen = try look(cluster.objects) { $0.cluster.spec.nodePools = pools }
            return seen.conditions.first { $0.type == "WorkersReady" }?.message
        }
        #expect(try lack([]) == "Pool md-0 is still there.")
        #expect(
            try lack([NodePool(name: "md-0", count: .fixed(5))])
                == "Pool md-0 is going from 2 to 5 nodes."
        )
        #expect(
            try lack([
                NodePool(name: "md-0", count: .fixed(2)), NodePool(name: "x", count: .fixed(1)),
            ]) == "Pool x is not there yet."
        )
        #expect(
            try lack([NodePool(name: "md-0", count: .scaled(1, through: 4))])
                == "All nodes that are wanted work."
        )
    }

    @Test func `unhealthy machines and a stopped remediation are visible`() throws {
        func health(_ allowed: String, _ more: [JSON] = []) throws -> SeenCondition? {
            let check: JSON = [
                "apiVersion": "cluster.x-k8s.io/v1beta2", "kind": "MachineHealthCheck",
                "metadata": ["name": "acme-main-md-0-health"],
                "status": [
                    "expectedMachines": 3, "currentHealthy": 1,
                    "conditions": [["type": "RemediationAllowed", "status": .string(allowed)]],
                ],
            ]
            let objects = ScriptedCluster(version: "v1beta2").objects + [check]
            let seen = try look(objects + more)
            return seen.conditions.first { $0.type == "MachinesHealthy" }
        }
        let ill: JSON = [
            "apiVersion": "cluster.x-k8s.io/v1beta2", "kind": "Machine",
            "metadata": [
                "name": "ill", "labels": ["cluster.x-k8s.io/cluster-name": "acme-main"],
            ],
            "spec": ["clusterName": "acme-main"],
            "status": ["conditions": [["type": "HealthCheckSucceeded", "status": "False"]]],
        ]
        #expect(try health("True")?.reason == "NotYetHealthy")
        #expect(try health("True", [ill])?.reason == "Remediating")
        #expect(try health("False")?.reason == "RemediationStopped")
        #expect(try health("True")?.message.contains("2 of 3 machines") == true)
    }

    @Test func `a pause from elsewhere is told with who can end it`() throws {
        var cluster = ScriptedCluster(version: "v1beta2")
        cluster.isPaused = true
        let seen = try look(cluster.objects)
        #expect(seen.waiting?.releasedBy == "whoever paused it in the management cluster")
        #expect(seen.waiting?.until == nil)
        let wanted = try look(cluster.objects) { $0.cluster.spec.paused = true }
        #expect(wanted.waiting?.on == "the cluster to be resumed")
        #expect(wanted.conditions.contains { $0.type == "Paused" && $0.status == .true })
    }

    @Test func `deadlines do not run while it is paused, and begin anew afterwards`() throws {
        var cluster = ScriptedCluster(version: "v1beta2")
        cluster.infrastructure = "False"
        cluster.sum = "False"
        let day = 86_400
        let paused = try look(cluster.objects, after: day) { $0.cluster.spec.paused = true }
        #expect(paused.waiting?.until == nil)
        #expect(!paused.conditions.contains { $0.reason == "Overdue" })
        let resumed = try look(cluster.objects, after: day + 5) {
            $0.cluster.status.seen = paused
        }
        #expect(resumed.waiting?.since == moment.advanced(by: .seconds(day + 5)))
        let later = try look(cluster.objects, after: day + 65) {
            $0.cluster.status.seen = resumed
        }
        #expect(later.waiting == resumed.waiting)
        #expect(!later.conditions.contains { $0.reason == "Overdue" })
    }

    @Test func `in the sandbox it is where the sandbox serves it`() throws {
        let address = "http://127.0.0.1:8080/sandbox/acme-main"
        var cluster = ScriptedCluster(version: "v1beta2")
        cluster.annotations = ["sandbox.slipway.dev/address": .string(address)]
        let played = try look(cluster.objects) { $0.features.isSandbox = true }
        #expect(played.endpoint == address)
        #expect(try look(cluster.objects).endpoint == "https://10.0.0.1:6443")
    }

    @Test func `a stuck deletion names the machine and the finalizer, not the cluster`() throws {
        var cluster = ScriptedCluster(version: "v1beta2")
        cluster.isDeleting = true
        let seen = try look(cluster.objects)
        #expect(seen.isDeleting)
        #expect(
            seen.waiting?.on
                == "Machine/acme-main-md-0-x to give up its finalizer machine.cluster.x-k8s.io"
        )
        let late = try look(cluster.objects, after: 1_801)
        #expect(late.conditions.first?.reason == "Overdue")
    }

    @Test func `somebody else's change is drift with their name`() throws {
        var cluster = ScriptedCluster(version: "v1beta2")
        cluster.desired = 5
        let seen = try look(cluster.objects)
        #expect(
            seen.drift.contains("MachineDeployment/acme-main-md-0 .spec.replicas (kubectl-edit)")
        )
    }

    @Test func `nothing is claimed before anything is there`() throws {
        let seen = try look([])
        #expect(seen.rootUID == nil)
        #expect(seen.nodes == nil)
        #expect(seen.waiting?.on == "the cluster's objects to be applied")
    }
}
