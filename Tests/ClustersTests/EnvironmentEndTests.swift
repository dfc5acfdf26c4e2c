import Contract
import Domain
import Environments
import EventLoop
import Folders
import JSON
import Kubernetes
import Logging
import Sandbox
import Testing

/// That every roll-out, waking and deletion of an environment comes to an end, and what is seen of
/// one in between.
@Suite(.timeLimit(.minutes(5))) struct EnvironmentEndTests {
    private static let flux = ClusterBench.Form(kind: .vcluster, delivery: .gitops)
    private static let argo = ClusterBench.Form(
        kind: .vcluster,
        delivery: .gitops,
        engine: .argocd
    )

    private static func run(
        _ form: ClusterBench.Form = flux,
        template: [String: String] = EnvironmentBench.files,
        _ body: @escaping @Sendable (EnvironmentBench) async throws -> Void
    ) async throws {
        let opening = ServerOpening.sandbox(
            playing: true,
            form.engine == .flux ? .flux : .argocd
        )
        try await ClusterBench.run(form, on: opening) { bench in
            try await body(try await EnvironmentBench(in: bench, template: template))
        }
    }

    @Test(arguments: [
        ProviderFault.transient(reason: "connection refused"),
        .away(reason: "no route", releasedBy: "the network", retryAfter: .seconds(30)),
    ])
    func `a cluster that does not answer is waited for up to the deadline`(
        _ fault: ProviderFault
    ) async throws {
        try await Self.run { bench in
            bench.outage.set(fault)
            let job = try await bench.ask(1, image: "shop:1")
            let waiting = try await bench.trial.run(job, turns: 2)
            #expect(waiting.step == "place")
            #expect(waiting.wait?.on.hasPrefix("this to pass: ") == true, "\(waiting)")
            bench.records.pass(.seconds(11 * 60))
            let late = try await bench.trial.run(job, from: waiting, turns: 2)
            #expect(late.step == nil, "\(late)")
            let outcome = try #require(bench.records.ended.last)
            #expect(outcome.state == .failed)
            #expect(outcome.detail.contains("this to pass"), "\(outcome.detail)")
            #expect(try await bench.current?.status.phase == .failed)
            bench.outage.set(nil)
            let again = try await bench.trial.run(try await bench.ask(2, image: "shop:1"))
            #expect(again.step == nil, "\(again)")
            #expect(try await bench.current?.status.phase == .ready)
            #expect(try await bench.current?.status.live?.commit?.count == 40)
        }
    }

    @Test func `a cluster that is being made is waited for, and not for ever`() async throws {
        try await Self.run { bench in
            var cluster = try #require(try await bench.bench.current)
            cluster.status.phase = .provisioning
            bench.bench.records.set(cluster)
            let job = try await bench.ask(1, image: "shop:1")
            // The first look says that work has begun; from then on the time counts.
            _ = try await bench.trial.run(job, turns: 0)
            #expect(try await bench.current?.status.coming?.startedAt != nil)
            let waiting = try await bench.trial.run(job, turns: 0)
            #expect(waiting.step == "resolve")
            bench.records.pass(.seconds(30 * 60))
            #expect(try await bench.trial.run(job, turns: 0).step == "resolve")
            bench.records.pass(.seconds(31 * 60))
            let late = try await bench.trial.run(job, turns: 0)
            #expect(late.step == nil, "\(late)")
            #expect(bench.records.ended.last?.detail.contains("is provisioning") == true)
        }
    }

    @Test func `who holds a tenant holds its roll-outs, however long, and is named`() async throws {
        try await Self.run { bench in
            let cluster = try #require(try await bench.bench.current)
            var tenant = try #require(try await bench.bench.records.tenant(cluster.tenant))
            tenant.spec.suspended = true
            bench.bench.records.set(tenant)
            let job = try await bench.ask(1, image: "shop:1")
            _ = try await bench.trial.run(job, turns: 0)
            bench.records.pass(.seconds(30 * 86_400))
            let waiting = try await bench.trial.run(job, turns: 0)
            #expect(waiting.wait?.on.hasSuffix("to be resumed") == true, "\(waiting)")
            #expect(waiting.wait?.releasedBy == "whoever resumes the tenant")
            tenant.spec.suspended = false
            bench.bench.records.set(tenant)
            #expect(try await bench.trial.run(job).step == nil)
            #expect(try await bench.current?.status.phase == .ready)
        }
    }

    @Test(arguments: [flux, argo])
    func `what is delivered to one that sleeps runs once it is woken`(
        _ form: ClusterBench.Form
    ) async throws {
        try await Self.run(form) { bench in
            try await bench.trial.run(try await bench.ask(1, image: "shop:1"))
            try await bench.trial.run(try await bench.askFor(sleep: true, 2))
            let quiet = try await bench.ask(3, image: "shop:2") { $0.rest.asleep = true }
            #expect(try await bench.trial.run(quiet).step == nil)
            #expect(try await bench.current?.status.phase == .asleep)
            let awake = try await bench.trial.run(try await bench.askFor(sleep: false, 4))
            #expect(awake.step == nil, "\(awake)")
            #expect(try await bench.current?.status.phase == .ready)
            let pod = try await Self.object("Deployment", "apps", "app", in: bench)?
                .value(at: ["spec", "template", "spec"])
            #expect(pod?["containers"]?[0]?["image"]?.string == "shop:2")
        }
    }

    @Test func `waking ends when its time is over, and says what it still waited for`()
        async throws
    {
        try await Self.run { bench in
            try await bench.trial.run(try await bench.ask(1, image: "shop:1"))
            try await bench.trial.run(try await bench.askFor(sleep: true, 2))
            let job = try await bench.askFor(sleep: false, 3)
            let waiting = try await bench.trial.run(job, turns: 0)
            #expect(waiting.step == "await-switched", "\(waiting)")
            bench.records.pass(.seconds(11 * 60))
            let late = try await bench.trial.run(job, from: waiting, turns: 0)
            #expect(late.step == nil, "\(late)")
            let status = try #require(try await bench.current).status
            #expect(status.phase == .degraded)
            let ready = status.conditions.first { $0.type == "Ready" }
            #expect(ready?.message.contains("still waiting for") == true, "\(status.conditions)")
        }
    }

    @Test(arguments: [flux, argo])
    func `where the cluster goes as well, what applies the environment still goes`(
        _ form: ClusterBench.Form
    ) async throws {
        try await Self.run(form) { bench in
            try await bench.trial.run(try await bench.ask(1, image: "shop:1"))
            var cluster = try #require(try await bench.bench.current)
            cluster.status.phase = .deleting
            bench.bench.records.set(cluster)
            let gone = try await bench.trial.run(try await bench.askForEnd(2))
            #expect(gone.step == nil, "\(gone)")
            #expect(try await bench.current == nil)
            let left = try await bench.world()
            #expect(left.allSatisfy { $0.contains("e-pr-7") }, "\(left)")
            #expect(!left.contains { $0.contains("Kustomization") || $0.contains("Application") })
        }
    }

    @Test func `between jobs a look finds what is missing, and Jobs may remove themselves`()
        async throws
    {
        var files = EnvironmentBench.files
        for number in 1...12 {
            files["config-\(number).yaml"] = """
                apiVersion: v1
                kind: ConfigMap
                metadata: {name: about-\(number)}

                """
        }
        files["job.yaml"] = """
            apiVersion: batch/v1
            kind: Job
            metadata: {name: migrate}
            spec:
              ttlSecondsAfterFinished: 0
              template:
                spec:
                  restartPolicy: Never
                  containers: [{name: app, image: "${IMAGE_APP}"}]

            """
        try await Self.run(template: files) { bench in
            let made = try await bench.trial.run(try await bench.ask(1, image: "shop:1"))
            #expect(made.step == nil, "\(made)")
            let environment = try #require(try await bench.current)
            try await Self.remove("Job", "batch", "migrate", in: bench)
            let fine = try await bench.environments.look(at: environment)
            #expect(fine.isReady == true, "\(fine)")
            try await Self.remove("ConfigMap", "", "about-7", in: bench)
            let lacking = try await bench.environments.look(at: environment)
            #expect(lacking.isReady == false)
            let ready = lacking.conditions.first { $0.type == "Ready" }
            #expect(ready?.reason == "Missing")
            #expect(ready?.message.contains("about-7") == true, "\(lacking.conditions)")
        }
    }

    @Test func `one cluster that is away is asked once for all its environments`() async throws {
        try await Self.run { bench in
            try await bench.trial.run(try await bench.ask(1, image: "shop:1"))
            let environment = try #require(try await bench.current)
            let turns = PlayedTurns()
            let group = try EventLoopGroup(count: 1)
            let watch = EnvironmentWatch(
                turns: turns,
                workflows: bench.environments,
                loop: group.loops[0],
                log: Logger(label: "test")
            )
            bench.outage.set(.transient(reason: "connection refused"))
            await watch.look(at: environment)
            bench.outage.set(nil)
            await watch.look(at: environment)
            #expect(turns.seen.map(\.isReady) == [nil, nil])
            #expect(turns.seen[0].conditions[0].message.contains("connection refused"))
        }
    }

    @Test func `what is wrong with one environment says nothing about its neighbours`()
        async throws
    {
        try await Self.run { bench in
            try await bench.trial.run(try await bench.ask(1, image: "shop:1"))
            let environment = try #require(try await bench.current)
            let turns = PlayedTurns()
            let group = try EventLoopGroup(count: 1)
            let watch = EnvironmentWatch(
                turns: turns,
                workflows: bench.environments,
                loop: group.loops[0],
                log: Logger(label: "test")
            )
            bench.outage.set(.transient(reason: "it is too large"), times: 1)
            await watch.look(at: environment)
            await watch.look(at: environment)
            #expect(turns.seen.map(\.isReady) == [nil, true])
        }
    }

    private static func object(
        _ kind: String,
        _ group: String,
        _ name: String,
        in bench: EnvironmentBench
    ) async throws -> KubernetesObject? {
        let key = ObjectKey(GroupKind(group: group, kind: kind), namespace: "e-pr-7", name: name)
        return try await bench.bench.tenantClient.get(key)
    }

    private static func remove(
        _ kind: String,
        _ group: String,
        _ name: String,
        in bench: EnvironmentBench
    ) async throws {
        guard let object = try await object(kind, group, name, in: bench) else { return }
        _ = try await bench.bench.tenantClient.delete(object.key, uid: object.uid)
    }
}
