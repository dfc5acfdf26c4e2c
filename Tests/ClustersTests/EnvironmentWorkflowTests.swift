import Contract
import Domain
import Drivers
import Environments
import JSON
import Kubernetes
import Sandbox
import TestSupport
import Testing
import YAML

/// Environments from the first roll-out to their end, with everything that the sandbox plays.
@Suite(.timeLimit(.minutes(5))) struct EnvironmentWorkflowTests {
    private static let forms = [
        ClusterBench.Form(kind: .vcluster, delivery: .gitops),
        ClusterBench.Form(kind: .cluster, delivery: .gitops),
        ClusterBench.Form(kind: .vcluster, delivery: .gitops, engine: .argocd),
        ClusterBench.Form(kind: .vcluster, delivery: .direct),
    ]

    private static func run(
        _ form: ClusterBench.Form = forms[0],
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

    @Test(arguments: forms)
    func `an environment rolls out, changes and goes, whoever dies when`(
        _ form: ClusterBench.Form
    ) async throws {
        try await Self.run(form) { bench in
            let first = try await bench.ask(1, image: "shop:1")
            let made = try await bench.trial.faults(of: first)
            try #require(made.isEmpty, "\(made)")
            var status = try #require(try await bench.current).status
            #expect(status.phase == .ready)
            #expect(status.live?.number == 1 && status.coming == nil)
            #expect(status.namespace == "e-pr-7")
            #expect(status.outputs == ["namespace": "e-pr-7"])
            #expect(status.objects.map(\.state).allSatisfy { $0 == .ready })
            #expect(status.objects.count == 2)
            let slug = bench.bench.slug
            #expect(status.url?.hasPrefix("http://localhost/sandbox/\(slug)/ingress/pr-7.") == true)
            #expect(status.url?.hasSuffix(".env.example.org/shop") == true)
            #expect(try await Self.image(in: bench) == "shop:1")

            let second = try await bench.ask(2, image: "shop:2")
            let changed = try await bench.trial.faults(of: second)
            #expect(changed.isEmpty, "\(changed)")
            status = try #require(try await bench.current).status
            #expect(status.live?.number == 2)
            #expect(try await Self.image(in: bench) == "shop:2")
            #expect(bench.records.ended.map(\.state) == [.succeeded, .succeeded])

            let end = try await bench.askForEnd(3)
            let gone = try await bench.trial.faults(of: end)
            #expect(gone.isEmpty, "\(gone)")
            #expect(try await bench.current == nil)
            let left = try await bench.world()
            #expect(left.isEmpty, "\(left)")
        }
    }

    @Test(arguments: [forms[0], forms[2], forms[3]])
    func `an environment sleeps and wakes, whoever dies when`(
        _ form: ClusterBench.Form
    ) async throws {
        try await Self.run(form) { bench in
            try await bench.trial.run(try await bench.ask(1, image: "shop:1"))
            let asleep = try await bench.trial.faults(of: try await bench.askFor(sleep: true, 2))
            #expect(asleep.isEmpty, "\(asleep)")
            #expect(try await bench.current?.status.phase == .asleep)
            for _ in 1...10 { try await bench.bench.turn() }
            #expect(try await Self.replicas(in: bench) == 0)

            let awake = try await bench.trial.faults(of: try await bench.askFor(sleep: false, 3))
            #expect(awake.isEmpty, "\(awake)")
            #expect(try await bench.current?.status.phase == .ready)
            #expect(try await Self.replicas(in: bench) == 1)

            // What is new wakes it as well.
            try await bench.trial.run(try await bench.askFor(sleep: true, 4))
            let done = try await bench.trial.run(try await bench.ask(5, image: "shop:2"))
            #expect(done.step == nil, "\(done)")
            #expect(try await Self.replicas(in: bench) == 1)
            #expect(try await bench.current?.status.phase == .ready)

            try await bench.trial.run(try await bench.askFor(sleep: true, 6))
            let gone = try await bench.trial.faults(of: try await bench.askForEnd(7))
            #expect(gone.isEmpty, "\(gone)")
            let left = try await bench.world()
            #expect(left.isEmpty, "\(left)")
        }
    }

    @Test func `what does not get ready in time fails, and what runs stays`() async throws {
        try await Self.run { bench in
            try await bench.trial.run(try await bench.ask(1, image: "shop:1"))
            #expect(try await bench.current?.status.phase == .ready)
            let job = try await bench.ask(2, image: "shop:2") { order in
                order.readiness = EnvironmentReadiness(check: .init(path: "/healthz", status: 200))
            }
            bench.probe.answers(503)
            let waiting = try await bench.trial.run(job, turns: 20)
            #expect(waiting.step == "reach")
            #expect(waiting.wait?.on.contains("/healthz to answer with status 200") == true)
            bench.records.pass(.seconds(11 * 60))
            let late = try await bench.trial.run(job, from: waiting)
            #expect(late.step == nil, "\(late)")
            let status = try #require(try await bench.current).status
            #expect(status.phase == .degraded)
            #expect(status.live?.number == 1 && status.coming == nil)
            let outcome = try #require(bench.records.ended.last)
            #expect(outcome.state == .failed)
            #expect(outcome.detail.contains("it answers with 503"), "\(outcome.detail)")
        }
    }

    @Test func `an image that is never pulled is named, and so is who can release it`()
        async throws
    {
        try await Self.run(template: EnvironmentBench.files(suffering: "imagePull")) { bench in
            let job = try await bench.ask(1, image: "shop:none")
            let waiting = try await bench.trial.run(job, turns: 30)
            #expect(waiting.step == "await-ready")
            #expect(waiting.wait?.on.contains("cannot pull shop:none") == true, "\(waiting)")
            #expect(waiting.wait?.releasedBy?.contains("pushes the image") == true)
            bench.records.pass(.seconds(11 * 60))
            let late = try await bench.trial.run(job, from: waiting)
            #expect(late.step == nil, "\(late)")
            #expect(try await bench.current?.status.phase == .failed)
            let outcome = try #require(bench.records.ended.last)
            #expect(outcome.detail.hasPrefix("It was not ready within 10m. Deployment/app:"))
        }
    }

    @Test func `what a container wrote last explains why its roll-out failed`() async throws {
        try await Self.run(template: EnvironmentBench.files(suffering: "crashLoop")) { bench in
            let job = try await bench.ask(1, image: "shop:bad")
            let waiting = try await bench.trial.run(job, turns: 30)
            #expect(waiting.wait?.on.contains("container app keeps ending") == true, "\(waiting)")
            bench.records.pass(.seconds(11 * 60))
            let late = try await bench.trial.run(job, from: waiting)
            #expect(late.step == nil, "\(late)")
            let outcome = try #require(bench.records.ended.last)
            #expect(outcome.detail.contains("Last log line:"), "\(outcome.detail)")
        }
    }

    @Test func `a template that cannot be rendered fails the roll-out with its faults`()
        async throws
    {
        var files = EnvironmentBench.files
        files["config.yaml"] = "host: ${HOTS}\n"
        try await Self.run(template: files) { bench in
            let done = try await bench.trial.run(try await bench.ask(1, image: "shop:1"))
            #expect(done.step == nil, "\(done)")
            let outcome = try #require(bench.records.ended.last)
            #expect(outcome.state == .failed)
            #expect(outcome.detail.contains("HOTS"), "\(outcome.detail)")
            #expect(try await bench.current?.status.phase == .failed)
        }
    }

    @Test func `a roll-out that a newer one has overtaken does nothing more`() async throws {
        try await Self.run { bench in
            let first = try await bench.ask(1, image: "shop:1")
            let second = try await bench.ask(2, image: "shop:2")
            let idle = try await bench.trial.run(first)
            #expect(idle.step == nil, "\(idle)")
            #expect(try await bench.files().isEmpty)
            try await bench.trial.run(second)
            #expect(try await Self.image(in: bench) == "shop:2")
            #expect(bench.records.ended.map(\.deployment.low) == [2])
        }
    }

    @Test func `an environment that was never delivered goes as well`() async throws {
        try await Self.run { bench in
            _ = try await bench.ask(1, image: "shop:1")
            let gone = try await bench.trial.run(try await bench.askForEnd(2))
            #expect(gone.step == nil, "\(gone)")
            #expect(try await bench.current == nil)
        }
    }

    @Test func `what is applied directly is pruned, and what others made stays`() async throws {
        let form = ClusterBench.Form(kind: .namespace, delivery: .direct)
        try await Self.run(form) { bench in
            let namespace = bench.bench.namespace
            let foreign: JSON = [
                "apiVersion": "v1", "kind": "ConfigMap",
                "metadata": ["name": "about", "namespace": .string(namespace)],
            ]
            let client = bench.bench.client
            let rights = try #require(SharedData.ownBytes("deploy/management-cluster.yaml"))
            for manifest in try YAML.documents(rights) {
                guard manifest.value["kind"]?.string == "ClusterRole" else { continue }
                _ = try await client.apply(try #require(manifest.value.object))
            }
            _ = try await client.apply(try #require(foreign.object), manager: "somebody")
            let refused = try await bench.ask(1, image: "shop:1")
            try await bench.trial.run(refused)
            let told = bench.records.ended.last?.detail ?? ""
            #expect(told.contains("ConfigMap") && told.contains("was not made for this"), "\(told)")

            let key = ObjectKey(GroupKind(kind: "ConfigMap"), namespace: namespace, name: "about")
            let foreignNow = try #require(try await client.get(key))
            _ = try await client.delete(key, uid: foreignNow.uid)
            let made = try await bench.trial.faults(of: try await bench.ask(2, image: "shop:2"))
            try #require(made.isEmpty, "\(made)")
            #expect(try await bench.current?.status.phase == .ready)
            #expect(bench.records.applied(to: .environment(EnvironmentName("pr-7"))).count == 2)

            let gone = try await bench.trial.faults(of: try await bench.askForEnd(3))
            #expect(gone.isEmpty, "\(gone)")
            #expect(try await client.get(key) == nil)
            #expect(bench.records.applied(to: .environment(EnvironmentName("pr-7"))).isEmpty)
        }
    }

    @Test func `a cluster of its own is made first, and goes last`() async throws {
        try await Self.run { bench in
            let first = try await bench.ask(1, image: "shop:1") { order in
                order.placement = .own(.vcluster, className: nil)
            }
            let made = try await bench.trial.faults(of: first)
            try #require(made.isEmpty, "\(made)")
            let status = try #require(try await bench.current).status
            #expect(status.phase == .ready && status.cluster == ClusterName("env-pr-7"))
            #expect(bench.records.hasHome && bench.records.homesMade == 1)

            // What applies its companions ends first.
            bench.records.set(companionsLeft: [2, 1])
            let gone = try await bench.trial.faults(of: try await bench.askForEnd(2))
            #expect(gone.isEmpty, "\(gone)")
            #expect(try await bench.current == nil)
            #expect(!bench.records.hasHome)
            #expect(bench.records.companionsLeft.isEmpty)
        }
    }

    @Test func `a companion waits for the cluster that is made for its environment`()
        async throws
    {
        try await Self.run { bench in
            var work = try await bench.ask(1, image: "shop:1")
            var companion = try #require(try await bench.current)
            let owner = EnvironmentName("pr-6")
            companion.status.companionOf = owner
            companion.spec.placement = .cluster(owner.home)
            bench.records.set(companion)
            var input = try #require(work.input.object)
            var spec = try #require(input["spec"]?.object)
            spec["placement"] = .object(["cluster": .string(owner.home.text)])
            input["spec"] = .object(spec)
            work.input = .object(input)
            let waiting = try await bench.trial.run(work, turns: 2)
            #expect(waiting.step == "resolve")
            guard case .waiting(let wait, _) = waiting.outcome else {
                Issue.record("\(waiting)")
                return
            }
            #expect(wait.on.contains("cluster env-pr-6 is being made"))
            #expect(bench.records.homesMade == 0, "Its environment makes it.")

            bench.records.makeHome(for: owner)
            let faults = try await bench.trial.faults(of: work)
            #expect(faults.isEmpty, "\(faults)")
            let status = try #require(try await bench.current).status
            #expect(status.phase == .ready && status.cluster == owner.home)
        }
    }

    private static func image(in bench: EnvironmentBench) async throws -> String? {
        let pod = try await deployment(in: bench)?.value(at: ["spec", "template", "spec"])
        return pod?["containers"]?[0]?["image"]?.string
    }

    private static func replicas(in bench: EnvironmentBench) async throws -> Int? {
        try await deployment(in: bench)?.spec["replicas"]?.int
    }

    private static func deployment(in bench: EnvironmentBench) async throws -> KubernetesObject? {
        let key = ObjectKey(
            GroupKind(group: "apps", kind: "Deployment"),
            namespace: "e-pr-7",
            name: "app"
        )
        return try await bench.bench.tenantClient.get(key)
    }
}
