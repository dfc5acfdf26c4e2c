import Contract
import Domain
import Environments
import JSON
import Kubernetes
import Sandbox
import Testing

/// Roll-outs that take over by and by, seen through the ingress that the sandbox plays.
@Suite(.timeLimit(.minutes(5))) struct EnvironmentShiftTests {
    private static let form = ClusterBench.Form(kind: .vcluster, delivery: .gitops)

    private static func run(
        _ body: @escaping @Sendable (EnvironmentBench) async throws -> Void
    ) async throws {
        try await ClusterBench.run(form, on: .sandbox(playing: true, .flux)) { bench in
            let environments = try await EnvironmentBench(in: bench, template: files)
            let first = try await environments.ask(1, image: "shop:1") { $0.type = .staging }
            let done = try await environments.trial.run(first)
            try #require(done.step == nil, "\(done)")
            try await body(environments)
        }
    }

    private static func canary(
        _ weights: [(Int, Duration?)],
        checks: [RolloutCheck] = []
    ) -> (inout EnvironmentOrder) -> Void {
        let steps = weights.map { RolloutStrategy.Canary.Step(weight: $0.0, wait: $0.1) }
        return { order in
            order.type = .staging
            order.rollout = .canary(.init(steps: steps, checks: checks))
        }
    }

    private static let healthy = RolloutCheck(.url(.init(path: "/healthz")), failures: 1)

    @Test func `a canary gets its part of the requests, step by step, then everything`()
        async throws
    {
        try await Self.run { bench in
            #expect(try await bench.images(of: 10) == ["shop:1": 10])
            let steps = Self.canary([(10, nil), (50, nil)], checks: [Self.healthy])
            let job = try await bench.ask(2, image: "shop:2", steps)
            #expect(job.kind == .environmentShift)
            var progress = try await bench.trial.run(job, turns: 30)
            #expect(progress.step == "watch-1", "\(progress)")
            #expect(progress.wait?.on.hasPrefix("step 1 of 2: 10 % of the requests") == true)
            #expect(try await bench.images(of: 20) == ["shop:1": 18, "shop:2": 2])
            let token = DeploymentID(high: 9, low: 2).description
            #expect(try await bench.images(of: 5, "slipway-canary", token) == ["shop:2": 5])
            #expect(try await bench.current?.status.live?.number == 1)
            #expect(try await bench.current?.status.coming?.progress?.weight == 10)

            try await bench.steer { try $0.advance(of: $1, by: Self.ada, on: Self.occasion) }
            progress = try await bench.trial.run(job, from: progress, turns: 30)
            #expect(progress.step == "watch-2", "\(progress)")
            #expect(try await bench.images(of: 20) == ["shop:1": 10, "shop:2": 10])
            try await bench.steer { try $0.advance(of: $1, by: Self.ada, on: Self.occasion) }
            progress = try await bench.trial.run(job, from: progress)
            #expect(progress.step == nil, "\(progress)")
            #expect(try await bench.images(of: 10) == ["shop:2": 10])
            #expect(try await bench.canaries().isEmpty)
            let status = try #require(try await bench.current).status
            #expect(status.phase == .ready && status.live?.number == 2)
            #expect(status.live?.progress == nil && status.live?.commit != nil)
        }
    }

    @Test func `a canary takes over, whoever dies when`() async throws {
        try await Self.run { bench in
            let steps = Self.canary([(10, .zero), (50, .zero)], checks: [Self.healthy])
            let faults = try await bench.trial.faults(
                of: try await bench.ask(2, image: "shop:2", steps)
            )
            #expect(faults.isEmpty, "\(faults)")
            #expect(try await bench.images(of: 10) == ["shop:2": 10])
            #expect(try await bench.canaries().isEmpty)
            #expect(bench.records.ended.map(\.state) == [.succeeded, .succeeded])
        }
    }

    @Test func `a failing check sends everything back by itself, whoever dies when`()
        async throws
    {
        try await Self.run { bench in
            bench.probe.answers(500)
            let steps = Self.canary([(10, .zero), (50, .zero)], checks: [Self.healthy])
            let before = try await bench.files()
            let faults = try await bench.trial.faults(
                of: try await bench.ask(2, image: "shop:2", steps)
            )
            #expect(faults.isEmpty, "\(faults)")
            #expect(try await bench.images(of: 20) == ["shop:1": 20])
            #expect(try await bench.canaries().isEmpty)
            #expect(try await bench.files() == before)
            let outcome = try #require(bench.records.ended.last)
            #expect(outcome.state == .failed)
            #expect(outcome.detail.contains("Check 1 failed once"), "\(outcome.detail)")
            #expect(outcome.detail.contains("answers with 500"), "\(outcome.detail)")
            #expect(outcome.detail.hasSuffix("Roll-out 1 runs as before."), "\(outcome.detail)")
            let status = try #require(try await bench.current).status
            #expect(status.phase == .ready && status.live?.number == 1 && status.coming == nil)
        }
    }

    @Test func `an abort sends everything back`() async throws {
        try await Self.run { bench in
            let job = try await bench.ask(2, image: "shop:2", Self.canary([(50, nil)]))
            let progress = try await bench.trial.run(job, turns: 30)
            #expect(progress.step == "watch-1", "\(progress)")
            try await bench.steer {
                try $0.abort(of: $1, by: Self.ada, reason: "errors", on: Self.occasion)
            }
            let done = try await bench.trial.run(job, from: progress)
            #expect(done.step == nil, "\(done)")
            #expect(try await bench.images(of: 10) == ["shop:1": 10])
            #expect(try await bench.canaries().isEmpty)
            let outcome = try #require(bench.records.ended.last)
            #expect(outcome.state == .cancelled)
            #expect(outcome.detail.hasPrefix("Aborted by ada: errors."), "\(outcome.detail)")
            // What was aborted is tried again when it is asked for again.
            let again = try await bench.ask(3, image: "shop:2") { order in
                order.type = .staging
                order.rollout = .rolling
            }
            try await bench.trial.run(again)
            #expect(try await bench.images(of: 10) == ["shop:2": 10])
        }
    }

    @Test func `chosen people see what is new, everybody else what runs`() async throws {
        try await Self.run { bench in
            let job = try await bench.ask(2, image: "shop:2") { order in
                order.type = .staging
                order.rollout = .focused(
                    .init(match: [
                        RolloutMatch(kind: .header, name: "X-Tester", value: "yes"),
                        RolloutMatch(kind: .cookie, name: "beta", value: "on"),
                    ])
                )
            }
            var progress = try await bench.trial.run(job, turns: 30)
            #expect(progress.step == "watch-1", "\(progress)")
            #expect(try await bench.images(of: 5) == ["shop:1": 5])
            #expect(try await bench.images(of: 5, "x-tester", "yes") == ["shop:2": 5])
            #expect(try await bench.images(of: 5, "x-tester", "no") == ["shop:1": 5])
            #expect(try await bench.images(of: 5, "cookie", "a=b; beta=on; c=d") == ["shop:2": 5])
            #expect(try await bench.images(of: 5, "cookie", "alphabeta=on") == ["shop:1": 5])
            try await bench.steer { try $0.advance(of: $1, by: Self.ada, on: Self.occasion) }
            progress = try await bench.trial.run(job, from: progress)
            #expect(progress.step == nil, "\(progress)")
            #expect(try await bench.images(of: 5) == ["shop:2": 5])
            #expect(try await bench.canaries().isEmpty)
        }
    }

    @Test func `what is not ready for a while in the midst of a long watch is waited for`()
        async throws
    {
        try await Self.run { bench in
            let job = try await bench.ask(2, image: "shop:2", Self.canary([(50, nil)]))
            var progress = try await bench.trial.run(job, turns: 30)
            #expect(progress.step == "watch-1", "\(progress)")
            // It has been watched for longer than a roll-out may take to be ready.
            bench.records.pass(.seconds(3_600))
            try await bench.removeCanary()
            progress = try await bench.trial.run(job, from: progress, turns: 0)
            #expect(progress.wait?.on.hasPrefix("Deployment") == true, "\(progress)")
            let since = try await bench.current?.status.coming?.progress?.unreadySince
            #expect(since == bench.records.clock())
            // What waits for something else does not begin anew.
            bench.records.pass(.seconds(9 * 60))
            progress = try await bench.trial.run(job, from: progress, turns: 0)
            #expect(progress.step == "watch-1", "\(progress)")
            #expect(try await bench.current?.status.coming?.progress?.unreadySince == since)
            bench.records.pass(.seconds(2 * 60))
            let done = try await bench.trial.run(job, from: progress)
            #expect(done.step == nil, "\(done)")
            let outcome = try #require(bench.records.ended.last)
            #expect(outcome.detail.hasPrefix("It was not ready within 10m"), "\(outcome.detail)")
            #expect(try await bench.images(of: 10) == ["shop:1": 10])
        }
    }

    @Test func `the time of a step counts from its beginning, whatever it waits for in turn`()
        async throws
    {
        try await Self.run { bench in
            let job = try await bench.ask(2, image: "shop:2", Self.canary([(50, nil)]))
            var progress = try await bench.trial.run(job, turns: 0)
            #expect(progress.step == "watch-1", "\(progress)")
            for _ in 1...5 {
                bench.records.pass(.seconds(110))
                progress = try await bench.trial.run(job, from: progress, turns: 0)
                #expect(progress.step == "watch-1", "\(progress)")
            }
            bench.records.pass(.seconds(110))
            progress = try await bench.trial.run(job, from: progress, turns: 0)
            #expect(progress.step != "watch-1", "\(progress)")
            #expect(try await bench.current?.status.coming?.progress?.phase == .restoring)
        }
    }

    @Test func `a roll-out that is paused stays where it is, and its wait goes on afterwards`()
        async throws
    {
        try await Self.run { bench in
            let steps = Self.canary([(50, .seconds(600))], checks: [Self.healthy])
            let job = try await bench.ask(2, image: "shop:2", steps)
            var progress = try await bench.trial.run(job, turns: 30)
            #expect(progress.step == "watch-1", "\(progress)")
            bench.records.pass(.seconds(300))
            try await bench.steer {
                let now = bench.records.clock()
                return try $0.pause(of: $1, by: Self.ada, reason: "look", on: Self.occasion(now))
            }
            progress = try await bench.trial.run(job, from: progress, turns: 1)
            #expect(progress.wait?.on.contains("ada has paused it: look") == true, "\(progress)")
            bench.records.pass(.seconds(7_200))
            progress = try await bench.trial.run(job, from: progress, turns: 1)
            #expect(progress.step == "watch-1", "\(progress)")
            try await bench.steer {
                try $0.resumption(of: $1, by: Self.ada, on: Self.occasion)
            }
            progress = try await bench.trial.run(job, from: progress, turns: 1)
            let coming = try #require(try await bench.current?.status.coming)
            #expect(coming.progress?.pausedSince == nil && coming.pause == nil)
            let left = try #require(coming.progress?.until) - bench.records.clock()
            #expect(left == .seconds(300), "\(left)")
            bench.records.pass(.seconds(301))
            progress = try await bench.trial.run(job, from: progress)
            #expect(progress.step == nil, "\(progress)")
            #expect(try await bench.images(of: 10) == ["shop:2": 10])
        }
    }

    @Test func `a canary whose job is cancelled gives its requests back, whoever dies when`()
        async throws
    {
        try await Self.run { bench in
            let before = try await bench.files()
            let job = try await bench.ask(2, image: "shop:2", Self.canary([(50, nil)]))
            let progress = try await bench.trial.run(job, turns: 30)
            #expect(progress.step == "watch-1", "\(progress)")
            bench.records.take([.jobGivenUp], of: job.id)
            var status = try #require(try await bench.current).status
            #expect(status.phase == .degraded && status.leftover?.splitsTraffic == true)
            #expect(try await bench.images(of: 10) == ["shop:1": 5, "shop:2": 5])
            let faults = try await bench.trial.faults(of: try await bench.askForRestoration(3))
            #expect(faults.isEmpty, "\(faults)")
            #expect(try await bench.images(of: 10) == ["shop:1": 10])
            #expect(try await bench.canaries().isEmpty)
            #expect(try await bench.files() == before)
            status = try #require(try await bench.current).status
            #expect(status.phase == .ready && status.leftover == nil)
            #expect(status.live?.number == 1)
        }
    }

    private static let ada = RollOutActor(name: "ada")
    private static var occasion: Occasion { EnvironmentBench.occasion(77) }
    private static func occasion(_ moment: Instant) -> Occasion {
        Occasion(at: moment, job: occasion.job, event: occasion.event)
    }

    /// A service behind a route, which reads a file that changes with its image.
    private static let files = [
        "app.yaml": """
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: app}
        spec:
          replicas: 2
          selector: {matchLabels: {app: app}}
          template:
            metadata: {labels: {app: app}}
            spec:
              containers:
                - name: app
                  image: "${IMAGE_APP}"
                  envFrom: [{configMapRef: {name: about}}]
        ---
        apiVersion: v1
        kind: Service
        metadata: {name: app}
        spec: {selector: {app: app}, ports: [{name: http, port: 80, targetPort: 8080}]}

        """,
        "config.yaml": """
        apiVersion: v1
        kind: ConfigMap
        metadata: {name: about}
        data: {image: "${IMAGE_APP}"}

        """,
        "route.yaml": """
        apiVersion: gateway.networking.k8s.io/v1
        kind: Gateway
        metadata: {name: public}
        spec:
          gatewayClassName: sandbox
          listeners: [{name: http, port: 80, protocol: HTTP}]
        ---
        apiVersion: gateway.networking.k8s.io/v1
        kind: HTTPRoute
        metadata: {name: app}
        spec:
          parentRefs: [{name: public}]
          hostnames: ["${HOST}"]
          rules: [{backendRefs: [{name: app, port: 80}]}]
        ---
        apiVersion: networking.istio.io/v1
        kind: VirtualService
        metadata: {name: app}
        spec:
          hosts: ["${HOST}"]
          http: [{route: [{destination: {host: app}}]}]

        """,
    ]
}

extension EnvironmentBench {
    /// What so many visits to the environment see, by the image that answers.
    func images(
        of count: Int,
        _ header: String = "accept",
        _ value: String = "*/*"
    ) async throws -> [String: Int] {
        for _ in 1...5 { try await bench.turn() }
        let tenant = try #require(try await bench.current).tenantName
        var images: [String: Int] = [:]
        for _ in 0..<count {
            let answer = try await bench.tenantTransport.send(
                KubernetesRequest(
                    "GET",
                    "/ingress/pr-7.\(tenant).env.example.org/shop",
                    headers: [(header, value)]
                )
            )
            let body = try JSON.parse(try await answer.body.collect(upTo: 1 << 16))
            images[body["images"]?["app"]?.string ?? "\(answer.status)", default: 0] += 1
        }
        return images
    }

    /// Deletes the Deployment of what is new, as somebody by mistake.
    func removeCanary() async throws {
        let key = ObjectKey(
            GroupKind(group: "apps", kind: "Deployment"),
            namespace: "e-pr-7",
            name: "app-canary"
        )
        let object = try #require(try await bench.tenantClient.get(key))
        _ = try await bench.tenantClient.delete(key, uid: object.uid)
    }

    /// The objects of what is new.
    func canaries() async throws -> [String] {
        var found: [String] = []
        for kind in [
            GroupKind(group: "apps", kind: "Deployment"), GroupKind(kind: "Service"),
            GroupKind(kind: "ConfigMap"),
        ] {
            let objects = try await bench.tenantClient.list(kind, namespace: "e-pr-7").items
            found += objects.filter { $0.name.hasSuffix("-canary") }.map { "\($0.key)" }
        }
        return found
    }
}
