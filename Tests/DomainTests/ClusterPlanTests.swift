import JSON
import Testing

@testable import Domain

struct ClusterPlanTests {
    typealias Trial = ClusterTrial

    @Test func `a new cluster has every default and a job that makes it`() throws {
        let decision = try Trial.creation(Trial.order(.cluster))
        let cluster = decision.cluster
        #expect(cluster.spec.managementCluster.text == "main")
        #expect(cluster.spec.className?.text == "small")
        #expect(cluster.spec.kubernetesVersion == "1.36.0")
        #expect(cluster.slug.description == "acme-web")
        #expect(cluster.status.phase == .pending && cluster.generation == 1)
        #expect(decision.job?.kind == .clusterCreate)
        #expect(decision.job?.lane == "cluster/acme/web")
        #expect(decision.event.type == .clusterRequested && decision.event.tenant == Trial.owner)
    }

    @Test func `without a kind it is a virtual cluster, which needs no class`() throws {
        let spec = try Trial.creation(Trial.order(nil)).cluster.spec
        #expect(spec.kind == .vcluster)
        #expect(spec.className == nil && spec.kubernetesVersion == nil)
    }

    @Test(arguments: [
        ("1.32.9", ["kubernetesVersion too-old"]), ("1.33.0", []), ("1.36.2", []),
    ])
    func `a virtual cluster begins with a version that its chart supports`(
        version: String,
        expected: [String]
    ) {
        let order = Trial.order(.vcluster) { $0.kubernetesVersion = version }
        #expect(Trial.faults { _ = try Trial.creation(order) } == expected)
    }

    @Test func `everything that is wrong is said at once`() throws {
        let order = Trial.order(.cluster) { spec in
            spec.controlPlaneReplicas = 2
            spec.kubernetesVersion = "1.20.0"
            spec.nodePools = [
                NodePool(name: "a", size: "huge", count: .fixed(3)),
                NodePool(name: "a", count: .scaled(9, through: 8)),
            ]
            spec.asleep = true
            spec.quota.memory = "lots"
            spec.exposure = .host("not a host")
        }
        let faults = Trial.faults {
            _ = try Trial.creation(order, named: String(repeating: "x", count: 41))
        }
        #expect(
            Set(faults) == [
                "name too-long", "controlPlane.replicas out-of-range",
                "kubernetesVersion not-allowed", "nodePools.0.size unknown",
                "nodePools.1.name repeated", "nodePools.1.min out-of-range",
                "nodePools out-of-range", "asleep not-for-kind", "quota.memory invalid-quantity",
                "exposure not-for-kind", "exposure.host invalid-name",
            ]
        )
    }

    @Test func `a class that became stricter keeps nobody from using less`() throws {
        let cluster = try Trial.settled(.cluster) { spec in
            spec.region = "eu"
            spec.nodePools = [NodePool(name: "a", size: "large", count: .fixed(9))]
        }
        var strict = Trial.small
        strict.kubernetesVersions = ["1.37.0"]
        strict.regions = ["us"]
        strict.sizes = ["small"]
        strict.nodesMax = 3
        let places = ClusterSurroundings(management: [], classes: [strict])
        func faults(_ pools: [NodePool]) -> [String] {
            Trial.faults {
                var order = cluster.order
                order.rest.nodePools = pools
                order.rest.deleteProtection = true
                _ = try cluster.change(
                    labels: cluster.labels,
                    order: order,
                    in: places,
                    on: Trial.later
                )
            }
        }
        #expect(faults([NodePool(name: "a", size: "large", count: .fixed(9))]) == [])
        #expect(faults([NodePool(name: "a", size: "large", count: .fixed(5))]) == [])
        #expect(
            faults([NodePool(name: "a", size: "large", count: .scaled(1, through: 10))])
                == ["nodePools out-of-range"]
        )
        #expect(
            faults([NodePool(name: "a", size: "other", count: .fixed(5))])
                == ["nodePools.0.size unknown"]
        )
    }

    @Test(arguments: [ClusterClass.Phase.faulty, .withdrawn])
    func `nothing new is made from a class that is not ready`(phase: ClusterClass.Phase) throws {
        var policy = Trial.small
        policy.phase = phase
        let places = ClusterSurroundings(management: [Trial.management("main")], classes: [policy])
        let faults = Trial.faults {
            let order = Trial.order(.cluster) { $0.className = policy.name }
            _ = try Trial.creation(order, in: places)
        }
        #expect(faults == ["class \(phase.rawValue)"])
    }

    @Test func `a class that was withdrawn is nobody's default`() throws {
        var old = Trial.small
        old.name = ClusterClassName("default")
        old.phase = .withdrawn
        let places = ClusterSurroundings(
            management: [Trial.management("main")],
            classes: [old, Trial.small]
        )
        let spec = try Trial.creation(Trial.order(.cluster), in: places).cluster.spec
        #expect(spec.className == Trial.small.name)
    }

    @Test func `pools of the class count before they are seen, within what it allows`() throws {
        var policy = Trial.small
        policy.nodesUsual = 4
        let places = ClusterSurroundings(management: [Trial.management("main")], classes: [policy])
        let decision = try Trial.creation(Trial.order(.cluster), in: places)
        #expect(decision.figures.nodes == 4)
        policy.nodesMax = 3
        let narrow = ClusterSurroundings(management: [Trial.management("main")], classes: [policy])
        let faults = Trial.faults { _ = try Trial.creation(Trial.order(.cluster), in: narrow) }
        #expect(faults == ["nodePools out-of-range"])
    }

    @Test func `what is chosen comes before what is found, and Flux before Argo CD`() {
        var spec = ManagementClusterSpec(connection: .sandbox)
        var features = ManagementFeatures()
        #expect(spec.engine(with: features) == nil)
        features.hasArgoCD = true
        #expect(spec.engine(with: features) == .argocd)
        features.hasFlux = true
        #expect(spec.engine(with: features) == .flux && spec.namespace(of: .flux) == "flux-system")
        spec.engine = .argocd
        #expect(spec.engine(with: features) == .argocd)
        #expect(spec.virtualClusters(with: ManagementFeatures()) == nil)
        features.infrastructure["VCluster"] = "v1alpha1"
        #expect(!features.has(.clusterAPI))
        features.clusterAPI = "v1beta2"
        #expect(features.has(.clusterAPI) && spec.virtualClusters(with: features) == .flux)
    }

    @Test func `what a kind does not have is refused`() {
        let faults = Trial.faults {
            _ = try Trial.creation(
                Trial.order(.namespace) { spec in
                    spec.nodePools = []
                    spec.asleep = true
                    spec.paused = true
                    spec.kubernetesVersion = "1.34.2"
                    spec.controlPlaneReplicas = 1
                    spec.region = "eu"
                }
            )
        }
        #expect(
            Set(faults) == [
                "nodePools not-for-kind", "asleep not-for-kind", "paused not-for-kind",
                "kubernetesVersion not-for-kind", "controlPlane not-for-kind",
                "region not-for-kind",
            ]
        )
    }

    @Test func `nobody lets Kubernetes' own groups in`() throws {
        let order = ClusterTrial.order(.namespace) {
            $0.access = [
                ClusterGrant(group: "system:authenticated", role: .admin),
                ClusterGrant(group: "acme-devs", role: .developer),
            ]
        }
        let refusal = #expect(throws: ClusterRefusal.self) { try ClusterTrial.creation(order) }
        guard case .invalid(let faults) = refusal else {
            Issue.record("\(refusal.debugDescription)")
            return
        }
        #expect(faults.map(\.place) == [.spec(["access", "0", "group"])])
    }

    @Test func `without a place or a class to be, it says what to do`() {
        let nowhere = ClusterSurroundings(management: [], classes: [])
        #expect(
            Trial.faults { _ = try Trial.creation(Trial.order(.cluster), in: nowhere) }
                == ["managementCluster missing", "class missing"]
        )
        let many = ClusterSurroundings(
            management: [Trial.management("one"), Trial.management("two")],
            classes: []
        )
        #expect(
            Trial.faults { _ = try Trial.creation(Trial.order(.vcluster), in: many) }
                == ["managementCluster missing"]
        )
    }

    @Test func `the default management cluster is taken before the others`() throws {
        let places = ClusterSurroundings(
            management: [Trial.management("one"), Trial.management("two") { $0.isDefault = true }],
            classes: []
        )
        let cluster = try Trial.creation(Trial.order(.vcluster), in: places).cluster
        #expect(cluster.spec.managementCluster.text == "two")
    }

    @Test func `a class for other tenants looks as if it was not there`() throws {
        var policy = Trial.small
        policy.tenants = try LabelSelector(parsing: "tier=gold")
        func places(_ labels: Labels) -> ClusterSurroundings {
            ClusterSurroundings(
                management: [Trial.management("main")],
                classes: [policy],
                tenantLabels: labels
            )
        }
        let gold = try Labels(parsing: [(key: "tier", value: "gold")])
        let order = Trial.order(.cluster) { $0.className = policy.name }
        #expect(throws: Never.self) { try Trial.creation(order, in: places(gold)) }
        let faults = Trial.faults { _ = try Trial.creation(order, in: places(Labels())) }
        #expect(faults == ["class unknown"])
    }

    @Test func `an adopted cluster is provisioned by nobody`() throws {
        let order = Trial.order(nil) { $0.adopt = ClusterAdoption() }
        #expect(Trial.faults { _ = try Trial.creation(order) } == ["kind not-for-adopted"])
        let whole = Trial.order(.cluster) { $0.adopt = ClusterAdoption(context: "admin") }
        let cluster = try Trial.creation(whole).cluster
        #expect(cluster.spec.className == nil && cluster.figures(by: nil).nodes == 0)
        let greedy = Trial.order(.cluster) { spec in
            spec.adopt = ClusterAdoption()
            spec.nodePools = []
        }
        #expect(Trial.faults { _ = try Trial.creation(greedy) } == ["nodePools not-for-adopted"])
    }

    @Test(arguments: [
        ("1.33.5", "1.34.2", []), ("1.33.5", "1.33.5", []),
        ("1.34.2", "1.33.5", ["kubernetesVersion downgrade"]),
        ("1.33.5", "1.36.0", ["kubernetesVersion skips-minor"]),
        (
            "1.33.5", "9223372036854775807.9223372036854775807.0",
            [
                "kubernetesVersion skips-minor", "kubernetesVersion not-allowed",
                "kubernetesVersion unknown-version",
            ]
        ),
        ("1.33.5", "1.34.9", []),
    ])
    func `Kubernetes is upgraded one minor at a time and never back`(
        from: String,
        to: String,
        expected: [String]
    ) throws {
        let cluster = try Trial.settled(.cluster) { $0.kubernetesVersion = from }
        let faults = Trial.faults {
            var order = cluster.order
            order.rest.kubernetesVersion = to
            _ = try cluster.change(
                labels: cluster.labels,
                order: order,
                in: Trial.places,
                on: Trial.later
            )
        }
        #expect(faults == expected)
    }

    @Test(
        arguments: [
            (nil, "1.33.5", "1.34.2", []), (nil, "1.33.5", "1.33.5", []),
            (nil, "1.33.5", "1.36.0", ["kubernetesVersion skips-minor"]),
            (nil, "1.34.2", "1.33.5", ["kubernetesVersion downgrade"]),
            (nil, nil, "1.34.2", ["kubernetesVersion unknown-running-version"]),
            // The upgrade to the version that is wanted is still under way.
            ("1.34.2", "1.33.5", "1.35.0", ["kubernetesVersion skips-minor"]),
            ("1.33.5", nil, "1.34.2", []),
        ] as [(String?, String?, String, [String])]
    )
    func `a virtual cluster is upgraded from what it runs, whoever chose that`(
        wanted: String?,
        running: String?,
        to: String,
        expected: [String]
    ) throws {
        var cluster = try Trial.settled(.vcluster)
        cluster.spec.kubernetesVersion = wanted
        cluster.status.seen.controlPlaneVersion = running
        let faults = Trial.faults {
            var order = cluster.order
            order.rest.kubernetesVersion = to
            _ = try cluster.change(
                labels: cluster.labels,
                order: order,
                in: Trial.places,
                on: Trial.later
            )
        }
        #expect(faults == expected)
    }

    @Test func `what no longer tells its version is known by the last one`() throws {
        var cluster = try Trial.settled(.vcluster)
        cluster.status.seen.controlPlaneVersion = "1.33.5"
        let seen = ClusterObservation()
        let next = try #require(cluster.sighting(of: seen, at: Trial.later.at))
        #expect(next.status.seen.controlPlaneVersion == "1.33.5")
    }

    @Test func `a version that the class no longer allows may stay, not come`() throws {
        var cluster = try Trial.settled(.cluster)
        cluster.spec.kubernetesVersion = "1.30.1"
        var order = cluster.order
        order.rest.deleteProtection = true
        #expect(throws: Never.self) {
            try cluster.change(
                labels: cluster.labels,
                order: order,
                in: Trial.places,
                on: Trial.later
            )
        }
    }

    @Test func `what never changes is refused together`() throws {
        let cluster = try Trial.settled(.cluster) { $0.region = "eu" }
        let faults = Trial.faults {
            var order = cluster.order
            order.kind = .vcluster
            order.managementCluster = ManagementClusterName("other")
            order.rest.region = "us"
            order.rest.className = nil
            order.rest.adopt = ClusterAdoption()
            _ = try cluster.change(
                labels: cluster.labels,
                order: order,
                in: Trial.places,
                on: Trial.later
            )
        }
        for place in ["kind fixed", "managementCluster fixed", "region fixed", "adopt fixed"] {
            #expect(faults.contains(place), "\(place)")
        }
    }

    @Test func `a change has a job where it reaches outside, and else only a generation`() throws {
        let cluster = try Trial.settled(.vcluster)
        func change(_ edit: (inout ClusterSpec) -> Void) throws -> Cluster.Decision? {
            var order = cluster.order
            edit(&order.rest)
            return try cluster.change(
                labels: cluster.labels,
                order: order,
                in: Trial.places,
                on: Trial.later
            )
        }
        #expect(try change { _ in } == nil)
        let protection = try #require(try change { $0.deleteProtection = true })
        #expect(protection.job == nil && protection.cluster.generation == 2)
        #expect(protection.cluster.status.observedGeneration == 2)
        let sleep = try #require(try change { $0.asleep = true })
        #expect(sleep.job?.kind == .clusterUpdate && sleep.cluster.status.phase == .updating)
    }

    @Test func `a protected cluster goes with its tenant only`() throws {
        let cluster = try Trial.settled(.vcluster) { $0.deleteProtection = true }
        #expect(throws: ClusterRefusal.isProtected) { try cluster.deletion(on: Trial.later) }
        let removal = cluster.removal(on: Trial.later)
        #expect(removal.job?.kind == .clusterDelete && removal.cluster.status.phase == .deleting)
        #expect(try removal.cluster.deletion(on: Trial.later) == nil)
        #expect(throws: ClusterRefusal.isDeleting) {
            try removal.cluster.change(
                labels: cluster.labels,
                order: cluster.order,
                in: Trial.places,
                on: Trial.later
            )
        }
    }

    @Test func `a management cluster says why it takes no more`() {
        let full = Trial.management("main") { $0.capacity = [.vcluster: 2] }
        #expect(full.refusal(of: .vcluster, used: 1) == nil)
        #expect(full.refusal(of: .vcluster, used: 2) != nil)
        #expect(full.refusal(of: .namespace, used: 9) == nil)
        let cordoned = Trial.management("main") { $0.isCordoned = true }
        #expect(cordoned.refusal(of: .namespace, used: 0) != nil)
    }

    @Test func `a spec and a status are read as they were written`() throws {
        let pool = NodePool(
            name: "a",
            size: "small",
            count: .scaled(0, through: 3),
            labels: try Labels(parsing: [(key: "x", value: "y")]),
            taints: [NodeTaint(key: "k", value: "v", effect: .noExecute)]
        )
        let cluster = try Trial.settled(.cluster) { spec in
            spec.nodePools = [pool]
            spec.access = [ClusterGrant(group: "devs", role: .developer)]
        }
        func copy<Value>(
            _ write: (inout JSONWriter) -> Void,
            _ read: (JSON) throws -> Value
        ) throws -> Value {
            var writer = JSONWriter(reserving: 256)
            write(&writer)
            return try read(try JSON.parse(writer.finish()))
        }
        #expect(try copy(cluster.spec.write) { try ClusterSpec(reading: $0) } == cluster.spec)
        var status = cluster.status
        status.seen.rootUID = "u"
        status.seen.nodes = NodeFigures(desired: 3, ready: 2)
        status.seen.waiting = ClusterWait(
            on: "machines",
            since: Trial.start.at,
            until: Trial.later.at,
            releasedBy: "the cloud"
        )
        status.seen.events = [
            SeenEvent(at: Trial.start.at, type: "Warning", reason: "R", object: "o", message: "m")
        ]
        #expect(try copy(status.write) { try ClusterStatus(reading: $0) } == status)
    }
}
