import Domain
import Drivers
import JSON
import Readiness
import Testing
import YAML

/// Objects as an API server tells them, written as YAML.
enum Seen {
    static func object(_ text: String) throws -> SeenObject {
        SeenObject(try #require(try YAML.parse(Array(text.utf8)).object))
    }

    /// A workload of generation 2 with that spec and status.
    static func workload(_ kind: String, spec: String, status: String) throws -> SeenObject {
        let group = kind == "Job" ? "batch/v1" : "apps/v1"
        return try object(
            """
            apiVersion: \(group)
            kind: \(kind)
            metadata: {name: web, namespace: shop, uid: u-1, generation: 2}
            spec: {\(spec)}
            status: {\(status)}
            """
        )
    }

    static func readiness(
        _ object: SeenObject,
        with others: [SeenObject] = [],
        events: [SeenEvent] = []
    ) -> ObjectReadiness {
        let all = SeenObjects(([object] + others).map(\.json))
        return ObjectReadiness(of: object, among: all, events: events)
    }
}

@Suite struct WorkloadReadinessTests {
    @Test(arguments: ["Deployment", "ReplicaSet", "StatefulSet", "DaemonSet"])
    func `counts that nobody can have do no harm`(_ kind: String) throws {
        let counts = ["replicas", "currentNumberScheduled", "numberAvailable"]
            .map { "\($0): \(Int.max)" }.joined(separator: ", ")
        for wanted in [Int.min, -1, Int.max] {
            let partition = "updateStrategy: {rollingUpdate: {partition: \(Int.min)}}"
            let object = try Seen.workload(
                kind,
                spec: "replicas: \(wanted), \(partition)",
                status: "observedGeneration: 2, \(counts), desiredNumberScheduled: \(wanted)"
            )
            #expect(!Seen.readiness(object).reason.isEmpty)
        }
    }

    @Test(arguments: [
        ("observedGeneration: 1, replicas: 2, updatedReplicas: 2", "NotObserved"),
        ("observedGeneration: 2, replicas: 2, updatedReplicas: 1, readyReplicas: 2", "RollingOut"),
        (
            "observedGeneration: 2, replicas: 3, updatedReplicas: 2, readyReplicas: 3,"
                + " availableReplicas: 3", "RollingOut"
        ),
        ("observedGeneration: 2, replicas: 2, updatedReplicas: 2, readyReplicas: 1", "RollingOut"),
        (
            "observedGeneration: 2, replicas: 2, updatedReplicas: 2, readyReplicas: 2,"
                + " availableReplicas: 1", "RollingOut"
        ),
        (
            "observedGeneration: 2, replicas: 2, updatedReplicas: 2, readyReplicas: 2,"
                + " availableReplicas: 2", "Ready"
        ),
    ])
    func `a Deployment is ready when all its pods are new, ready and available`(
        status: String,
        reason: String
    ) throws {
        let object = try Seen.workload("Deployment", spec: "replicas: 2", status: status)
        let found = Seen.readiness(object)
        #expect(found.reason == reason)
        #expect((found.state == .ready) == (reason == "Ready"))
    }

    @Test func `a Deployment of no pods is ready, one that says no number wants one`() throws {
        let none = try Seen.workload(
            "Deployment",
            spec: "replicas: 0",
            status: "observedGeneration: 2"
        )
        #expect(Seen.readiness(none).state == .ready)
        let one = try Seen.workload("Deployment", spec: "", status: "observedGeneration: 2")
        #expect(Seen.readiness(one).message == "0 of 1 pods are of the newest template.")
    }

    @Test func `a Deployment over its deadline has failed, and says why its pods do not run`()
        throws
    {
        let object = try Seen.workload(
            "Deployment",
            spec: "replicas: 1",
            status: "observedGeneration: 2, conditions: [{type: Progressing, status: 'False',"
                + " reason: ProgressDeadlineExceeded, message: timed out}]"
        )
        #expect(Seen.readiness(object).reason == "ProgressDeadlineExceeded")
        let found = Seen.readiness(object, with: try crashing())
        #expect(found.state == .failed)
        #expect(found.reason == "CrashLoop")
    }

    @Test func `a paused roll-out says who goes on with it`() throws {
        let object = try Seen.workload(
            "Deployment",
            spec: "replicas: 1, paused: true",
            status: "observedGeneration: 2"
        )
        let found = Seen.readiness(object)
        #expect(found.reason == "Paused")
        #expect(found.releasedBy == "whoever resumes the Deployment")
    }

    @Test(arguments: [
        (
            "replicas: 3, updateStrategy: {rollingUpdate: {partition: 2}}",
            "replicas: 3, updatedReplicas: 1, readyReplicas: 3", true
        ),
        (
            "replicas: 3, updateStrategy: {type: OnDelete}",
            "replicas: 3, updatedReplicas: 0, readyReplicas: 3", true
        ),
        ("replicas: 3", "replicas: 3, updatedReplicas: 2, readyReplicas: 3", false),
        (
            "replicas: 1",
            "replicas: 1, updatedReplicas: 1, readyReplicas: 1, currentRevision: a,"
                + " updateRevision: b", false
        ),
    ])
    func `a StatefulSet replaces what its strategy asks it to`(
        spec: String,
        status: String,
        isReady: Bool
    ) throws {
        let object = try Seen.workload(
            "StatefulSet",
            spec: spec,
            status: "observedGeneration: 2, \(status)"
        )
        #expect((Seen.readiness(object).state == .ready) == isReady)
    }

    @Test func `a DaemonSet is ready when it is available on every node that it wants`() throws {
        let counted = "observedGeneration: 2, desiredNumberScheduled: 2, numberReady: 2,"
        let current = " currentNumberScheduled: 2, numberAvailable: 2, updatedNumberScheduled: "
        let done = try Seen.workload("DaemonSet", spec: "", status: counted + current + "2")
        #expect(Seen.readiness(done).state == .ready)
        let behind = try Seen.workload("DaemonSet", spec: "", status: counted + current + "1")
        #expect(Seen.readiness(behind).message == "1 of 2 pods are of the newest template.")
        let uncounted = try Seen.workload(
            "DaemonSet",
            spec: "",
            status: "observedGeneration: 2"
        )
        #expect(Seen.readiness(uncounted).reason == "NotObserved")
    }

    @Test(arguments: [
        ("", "conditions: [{type: Complete, status: 'True'}]", "Ready", "ready"),
        (
            "",
            "conditions: [{type: Failed, status: 'True', reason: BackoffLimitExceeded}]",
            "JobFailed", "failed"
        ),
        ("suspend: true", "", "Suspended", "waiting"),
        ("", "active: 1", "Running", "waiting"),
    ])
    func `a Job is ready when it is complete`(
        spec: String,
        status: String,
        reason: String,
        state: String
    ) throws {
        let object = try Seen.workload("Job", spec: spec, status: status)
        let found = Seen.readiness(object)
        #expect(found.reason == reason)
        #expect(found.state.rawValue == state)
    }

    @Test func `a refused pod names the quota, and who can raise it`() throws {
        let object = try Seen.workload(
            "Deployment",
            spec: "replicas: 1",
            status: "observedGeneration: 2, conditions: [{type: ReplicaFailure, status: 'True',"
                + " reason: FailedCreate, message: 'pods forbidden: exceeded quota: slipway'}]"
        )
        let found = Seen.readiness(object)
        #expect(found.reason == "QuotaExhausted")
        #expect(found.releasedBy == "the tenant: raise the quota or remove something")
    }

    @Test func `a crash loop is found through the ReplicaSet, with the container to ask`() throws {
        let object = try Seen.workload(
            "Deployment",
            spec: "replicas: 1",
            status: "observedGeneration: 2, replicas: 1, updatedReplicas: 1"
        )
        let found = Seen.readiness(object, with: try crashing())
        #expect(found.reason == "CrashLoop")
        #expect(
            found.message
                == "Pod/web-1-x, container app keeps ending with exit code 137 (OOMKilled),"
                + " 4 times so far."
        )
        #expect(found.container?.pod == "web-1-x")
        #expect(found.container?.isPrevious == true)
        #expect(found.quoting("panic: no DATABASE_URL").message.hasSuffix("no DATABASE_URL"))
        #expect(found.quoting("password: hunter2").message.contains("hunter2") == false)
        #expect(found.quoting(" \n") == found)
    }

    /// A ReplicaSet of the workload and a pod of it that keeps ending.
    private func crashing() throws -> [SeenObject] {
        [
            try Seen.object(
                """
                apiVersion: apps/v1
                kind: ReplicaSet
                metadata:
                  {name: web-1, namespace: shop, uid: u-2, ownerReferences: [{uid: u-1}]}
                """
            ),
            try Seen.object(
                """
                apiVersion: v1
                kind: Pod
                metadata:
                  {name: web-1-x, namespace: shop, uid: u-3, ownerReferences: [{uid: u-2}]}
                status:
                  phase: Running
                  containerStatuses:
                    - name: app
                      restartCount: 4
                      state: {waiting: {reason: CrashLoopBackOff, message: back-off}}
                      lastState: {terminated: {exitCode: 137, reason: OOMKilled}}
                """
            ),
        ]
    }
}
