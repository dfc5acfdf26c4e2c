import Domain
import Drivers
import JSON
import Readiness
import TestSupport
import Testing

@Suite struct ObjectReadinessTests {
    private func found(_ kind: String, _ rest: String) throws -> ObjectReadiness {
        let parts = kind.split(separator: " ")
        return Seen.readiness(
            try Seen.object(
                """
                apiVersion: \(parts[0])
                kind: \(parts[1])
                metadata: {name: x, namespace: shop, generation: 1}
                \(rest)
                """
            )
        )
    }

    @Test(arguments: [
        ("v1 Service", "spec: {type: ClusterIP}", "ready", "Ready"),
        ("v1 Service", "spec: {type: LoadBalancer}", "waiting", "NoAddress"),
        (
            "v1 Service",
            "spec: {type: LoadBalancer}\nstatus: {loadBalancer: {ingress: [{ip: 1.2.3.4}]}}",
            "ready", "Ready"
        ),
        ("networking.k8s.io/v1 Ingress", "status: {loadBalancer: {}}", "waiting", "NoAddress"),
        ("v1 Namespace", "status: {phase: Active}", "ready", "Ready"),
        ("v1 PersistentVolumeClaim", "status: {phase: Pending}", "waiting", "VolumePending"),
        ("v1 PersistentVolumeClaim", "status: {phase: Lost}", "failed", "VolumeLost"),
        ("v1 ConfigMap", "data: {}", "ready", "Ready"),
        (
            "apiextensions.k8s.io/v1 CustomResourceDefinition",
            "status: {conditions: [{type: Established, status: 'True'}]}", "ready", "Ready"
        ),
        ("apiextensions.k8s.io/v1 CustomResourceDefinition", "", "waiting", "NotEstablished"),
        (
            "cert-manager.io/v1 Certificate",
            "status: {conditions: [{type: Ready, status: 'False', reason: Pending}]}", "waiting",
            "Pending"
        ),
        (
            "example.com/v1 Thing",
            "status: {conditions: [{type: Stalled, status: 'True', reason: Broken}]}", "failed",
            "Broken"
        ),
        (
            "example.com/v1 Thing",
            "status: {conditions: [{type: Reconciling, status: 'True'},"
                + " {type: Ready, status: 'True'}]}", "waiting", "Reconciling"
        ),
        (
            "example.com/v1 Thing",
            "status: {observedGeneration: 0, conditions: [{type: Ready, status: 'True'}]}",
            "waiting", "NotObserved"
        ),
    ])
    func `each kind is ready by its own rules`(
        kind: String,
        rest: String,
        state: String,
        reason: String
    ) throws {
        let readiness = try found(kind, rest)
        #expect(readiness.state.rawValue == state)
        #expect(readiness.reason == reason)
    }

    @Test(arguments: [
        ("status: {}", "waiting", "NotReady"),
        ("status: {stage: created}", "waiting", "NotReady"),
        ("status: {stage: finished}", "waiting", "NotReady"),
        ("status: {stage: error}", "failed", "Failed"),
        (
            "status: {stage: finished, conditions: [{type: Ready, status: 'True'}]}", "waiting",
            "NotReady"
        ),
        (
            "status: {stage: finished, conditions: [{type: Done, status: 'True'},"
                + " {type: Ready, status: 'False'}]}", "ready", "Ready"
        ),
        ("status: {observedGeneration: 0, stage: error}", "waiting", "NotObserved"),
    ])
    func `an offering's rules hold together, and instead of the usual`(
        status: String,
        state: String,
        reason: String
    ) throws {
        let kind = try #require(ManifestKind("example.com/v1/Thing"))
        let stage = try #require(JSONPointer(parsing: "/status/stage"))
        let readiness = ObjectReadiness(
            of: try Seen.object(
                """
                apiVersion: example.com/v1beta1
                kind: Thing
                metadata: {name: x, namespace: shop, generation: 1}
                \(status)
                """
            ),
            among: SeenObjects([]),
            by: [
                ReadinessRule(
                    kind: kind,
                    test: .field(stage, in: ["started", "finished"], failed: ["error"])
                ),
                ReadinessRule(kind: kind, test: .condition("Done")),
            ]
        )
        #expect(readiness.state.rawValue == state)
        #expect(readiness.reason == reason)
    }

    @Test func `what is being deleted names what holds it`() throws {
        let object = try Seen.object(
            """
            apiVersion: v1
            kind: ConfigMap
            metadata: {name: x, deletionTimestamp: "2026-01-01T00:00:00Z", finalizers: [a/b]}
            """
        )
        #expect(Seen.readiness(object).message == "It is being deleted and held by a/b.")
    }

    @Test(arguments: [
        ("[]", "waiting", "NotAccepted"),
        ("[{type: Accepted, status: 'True', observedGeneration: 0}]", "waiting", "NotAccepted"),
        (
            "[{type: Accepted, status: 'True'}, {type: ResolvedRefs, status: 'False',"
                + " reason: BackendNotFound, message: no web}]", "waiting", "BackendNotFound"
        ),
        (
            "[{type: Accepted, status: 'True', observedGeneration: 1},"
                + " {type: ResolvedRefs, status: 'True'}]", "ready", "Ready"
        ),
    ])
    func `a route is ready when every parent took its newest spec`(
        conditions: String,
        state: String,
        reason: String
    ) throws {
        let route = "gateway.networking.k8s.io/v1 HTTPRoute"
        let readiness = try found(
            route,
            """
            spec: {parentRefs: [{name: public}]}
            status: {parents: [{parentRef: {name: public}, conditions: \(conditions)}]}
            """
        )
        #expect(readiness.state.rawValue == state)
        #expect(readiness.reason == reason)
        let alone = try found(route, "spec: {parentRefs: [{name: public}]}")
        #expect(alone.message == "No gateway has taken it yet.")
    }

    @Test(arguments: [
        ("state: {waiting: {reason: ErrImagePull, message: not found}}", "ImagePullFailed"),
        (
            "state: {waiting: {reason: CreateContainerConfigError, message: no secret}}",
            "ContainerNotCreated"
        ),
        ("ready: false, state: {running: {}}", "NotReady"),
        ("state: {waiting: {reason: ContainerCreating}}", "Starting"),
    ])
    func `a pod says what its container lacks`(container: String, reason: String) throws {
        let readiness = try found(
            "v1 Pod",
            "status: {phase: Pending, containerStatuses: [{name: app, \(container)}]}"
        )
        #expect(readiness.state == .waiting)
        #expect(readiness.reason == reason)
    }

    @Test func `a volume that waits for its first pod is ready, by what is reported of it`()
        throws
    {
        let claim = try Seen.object(
            "{apiVersion: v1, kind: PersistentVolumeClaim, metadata: {name: data}}"
        )
        let report = SeenEvent(
            at: WishSample.moment,
            type: "Normal",
            reason: "WaitForFirstConsumer",
            object: "PersistentVolumeClaim/data",
            message: "waiting for first consumer"
        )
        #expect(Seen.readiness(claim, events: [report]).state == .ready)
        #expect(Seen.readiness(claim).state == .waiting)
    }

    @Test func `of many objects the failed come first, then those somebody can release`() throws {
        let names = ["a", "b", "c"]
        let kinds = [
            "{apiVersion: v1, kind: ConfigMap, metadata: {name: a}}",
            "{apiVersion: v1, kind: Service, metadata: {name: b}, spec: {type: LoadBalancer}}",
            "{apiVersion: v1, kind: PersistentVolumeClaim, metadata: {name: c},"
                + " status: {phase: Lost}}",
        ]
        let objects = try kinds.map(Seen.object)
        let rollout = RolloutReadiness(of: objects, among: SeenObjects(objects.map(\.json)))
        #expect(rollout.entries.map(\.name) == names.reversed())
        #expect(rollout.state == .failed)
        #expect(rollout.obstacle?.name == "c")
        let mild = RolloutReadiness(of: Array(objects.prefix(2)), among: SeenObjects([]))
        #expect(mild.obstacle?.readiness.reason == "NoAddress")
        #expect(RolloutReadiness(of: [], among: SeenObjects([])).state == .ready)
    }

    @Test func `the list is bounded, the count is not`() throws {
        let one = try Seen.object("{apiVersion: v1, kind: ConfigMap, metadata: {name: a}}")
        let many = Array(repeating: one, count: RolloutReadiness.listedMax + 1)
        let rollout = RolloutReadiness(of: many, among: SeenObjects([]))
        #expect(rollout.entries.count == RolloutReadiness.listedMax)
        #expect(rollout.count == RolloutReadiness.listedMax + 1)
    }
}
