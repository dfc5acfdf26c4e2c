import Contract
import Domain
import JSON
import Kubernetes
import Provisioning
import Sandbox
import TestSupport
import Testing

/// Services from their order to their end, with everything that the sandbox plays.
@Suite(.timeLimit(.minutes(10))) struct ServiceWorkflowTests {
    static func run(
        _ offerings: [String],
        _ form: ClusterBench.Form = ClusterBench.Form(kind: .vcluster, delivery: .gitops),
        _ body: @escaping @Sendable (ServiceBench) async throws -> Void
    ) async throws {
        let opening = ServerOpening.sandbox(
            playing: true,
            form.engine == .flux ? .flux : .argocd
        )
        try await ClusterBench.run(form, on: opening) { bench in
            try await body(try await ServiceBench(in: bench, offering: offerings))
        }
    }

    /// What is ordered of an offering, what somebody gives, and what a binding asks for; nil where
    /// it cannot be bound.
    struct Case: Sendable, CustomTestStringConvertible {
        let offering: String
        var parameters: JSONObject = [:]
        var given: (secret: String, keys: [String])?
        var binding: JSONObject?
        var testDescription: String { offering }

        init(
            _ offering: String,
            _ parameters: JSONObject = [:],
            given: (secret: String, keys: [String])? = nil,
            binding: JSONObject? = nil
        ) {
            self.offering = offering
            self.parameters = parameters
            self.given = given
            self.binding = binding
        }
    }

    private static let cases = [
        Case("backup", ["namespaces": ["shop"]]),
        Case("cache", binding: [:]),
        Case("certificates", binding: ["host": "shop.example.com"]),
        Case("chaos", ["application": "shop"]),
        Case("code-quality", binding: ["project": "shop"]),
        Case("feature-flags", binding: [:]),
        Case("gitlab-runner", given: ("s-token", ["runner-token"])),
        Case("image-registry", binding: [:]),
        Case("jenkins-agents", ["jenkinsUrl": "https://jenkins.example.com"], binding: [:]),
        Case("kafka", binding: [:]),
        Case("load-test", ["target": "http://shop.example.com/"]),
        Case("logs", binding: [:]),
        Case("monitoring", ["application": "shop"]),
        Case("postgresql", binding: [:]),
        Case("progressive-delivery", ["deployment": "shop", "host": "shop.example.com"]),
        Case("rabbitmq", binding: [:]),
        Case("secret-store", binding: ["path": "shop/database"]),
        Case("selenium-grid", binding: [:]),
        Case("tracing", ["backend": "tempo.monitoring:4317"], binding: [:]),
    ]

    /// Offerings that follow each other in one cluster: making it is most of the work.
    struct Round: Sendable, CustomTestStringConvertible {
        let cases: [Case]
        var testDescription: String { cases.map(\.offering).joined(separator: ", ") }
    }

    private static let rounds = stride(from: 0, to: cases.count, by: 7).map { start in
        Round(cases: Array(cases[start..<min(start + 7, cases.count)]))
    }

    @Test(arguments: rounds)
    func `every offering of the example becomes ready, is bound and goes`(
        _ round: Round
    ) async throws {
        try await Self.run(round.cases.map(\.offering)) { bench in
            for (index, test) in round.cases.enumerated() {
                try await Self.live(test, UInt64(index) * 10, in: bench)
            }
        }
    }

    /// One service from its order to its end.
    private static func live(
        _ test: Case,
        _ first: UInt64,
        in bench: ServiceBench
    ) async throws {
        let trial = bench.trial
        let job = try await bench.order(
            "s",
            first + 1,
            of: test.offering,
            parameters: test.parameters
        )
        var made = try await trial.run(job, turns: test.given == nil ? 100 : 20)
        if let given = test.given {
            #expect(made.step == "prepare", "\(made)")
            #expect(made.wait?.on.contains("of the Secret \(given.secret)") == true)
            #expect(made.wait?.releasedBy == "whoever puts it there")
            try await bench.give(given.keys, of: given.secret, in: "s-s")
            made = try await trial.run(job, from: made)
        }
        try #require(made.step == nil, "\(test.offering): \(made)")
        let service = try #require(try await bench.service("s"))
        #expect(service.status.phase == .ready, "\(test.offering): \(service.status)")
        #expect(service.status.live?.number == 1)
        if let parameters = test.binding {
            let bound = try await trial.run(
                try await bench.bind("s", first + 2, parameters: parameters)
            )
            try #require(bound.step == nil, "\(test.offering): \(bound)")
            let binding = try #require(try await bench.binding)
            #expect(binding.status.phase == .ready, "\(test.offering): \(binding.status)")
            let consumed = try #require(try await bench.consumed("s"))
            #expect(!consumed.isEmpty)
            #expect(consumed.allSatisfy { $0.value.string?.isEmpty == false })
            let revocation = try await bench.decide(first + 3) {
                $0.revocation(because: "", on: $1)
            }
            let revoked = try await trial.run(revocation)
            try #require(revoked.step == nil, "\(test.offering): \(revoked)")
            #expect(try await bench.consumed("s") == nil)
            #expect(try await bench.binding == nil)
        }
        let gone = try await trial.run(try await bench.end("s", first + 4))
        try #require(gone.step == nil, "\(test.offering): \(gone)")
        #expect(try await bench.service("s") == nil)
        let left = try await bench.world()
        #expect(left.isEmpty, "\(test.offering): \(left)")
    }

    @Test func `what the consumer has stays valid, although nobody told that it has it`()
        async throws
    {
        try await Self.run(["cache"]) { bench in
            let trial = bench.trial
            let made = try await trial.run(try await bench.order("s", 1, of: "cache"))
            try #require(made.step == nil, "\(made)")
            let bound = try await trial.run(try await bench.bind("s", 2))
            try #require(bound.step == nil, "\(bound)")
            // Cut between the write and its record, and superseded; the next one is cut there too.
            let second = try await bench.decide(3) { try $0.rotation(on: $1) }
            #expect(try await trial.cut(second, at: "switch"))
            try await bench.expectValid(2)
            #expect(try await bench.binding?.status.current?.number == 1)
            bench.records.take([.jobGivenUp], of: second)
            let third = try await bench.decide(4) { try $0.rotation(on: $1) }
            // The end of the second has begun before the third is there.
            let early = try await bench.decide(5) { $0.upkeep(on: $1) }
            #expect(try await trial.cut(third, at: "switch"))
            try await bench.expectValid(3)
            #expect(try await bench.binding?.status.current?.number == 2)
            // That end comes to nothing: its credential was in use until now.
            try await trial.run(early)
            try await bench.expectThere([1, 2, 3])
            bench.records.take([.jobGivenUp], of: third)
            let retirement = try await bench.decide(6) { $0.upkeep(on: $1) }
            #expect(retirement.input["credential"]?["number"]?.int == 3)
            let kept = try await trial.run(retirement)
            try #require(kept.step == nil, "\(kept)")
            try await bench.expectValid(3)
            let status = try #require(try await bench.binding).status
            #expect(status.current?.number == 3 && status.phase == .ready)
            #expect(status.retiring.map(\.number).sorted() == [1, 2])
            #expect(status.retiring.allSatisfy { $0.job == nil })
            try await bench.expectThere([1, 2, 3])
            // Once the overlap is over, the others go.
            bench.environments.records.pass(.seconds(30 * 86_400))
            for number in UInt64(7)...8 {
                let end = try await bench.decide(number) { $0.upkeep(on: $1) }
                let gone = try await trial.run(end)
                try #require(gone.step == nil, "\(gone)")
            }
            try await bench.expectThere([3])
            try await bench.expectValid(3)
        }
    }

    @Test func `a Secret that is somebody's is told before anything is made`() async throws {
        try await Self.run(["cache"]) { bench in
            let trial = bench.trial
            try await trial.run(try await bench.order("s", 1, of: "cache"))
            try await bench.give(["password"], of: "s-main", in: "e-pr-7")
            let bound = try await trial.run(try await bench.bind("s", 2))
            try #require(bound.step == nil, "\(bound)")
            let binding = try #require(try await bench.binding)
            #expect(binding.status.phase == .failed && binding.status.retiring.isEmpty)
            let told = binding.status.conditions.map(\.message)
            #expect(told.contains { $0.contains("e-pr-7/s-main is there") }, "\(told)")
            try await bench.expectThere([])
        }
    }

    @Test func `what is bound to a service that never was ready fails with it`() async throws {
        try await Self.run(["cache"]) { bench in
            _ = try await bench.order("s", 1, of: "cache")
            var service = try #require(try await bench.service("s"))
            service.status.phase = .failed
            bench.records.set(service)
            let bound = try await bench.trial.run(try await bench.bind("s", 2))
            try #require(bound.step == nil, "\(bound)")
            let binding = try #require(try await bench.binding)
            #expect(binding.status.phase == .failed)
            let told = binding.status.conditions.map(\.message)
            #expect(told.contains { $0.contains("by the same call") }, "\(told)")
        }
    }

    @Test func `beside the tenants, no credential is taken for another's`() async throws {
        try await Self.run(["image-registry"]) { bench in
            let trial = bench.trial
            try await trial.run(try await bench.order("s", 1, of: "image-registry"))
            try await trial.run(try await bench.bind("s", 2))
            let own = try #require(try await bench.platformSecret(of: "s"))
            var stranger = own
            stranger.labels["slipway.dev/tenant"] = "umbrella"
            try await bench.plant(stranger, named: "\(own.name)-too")
            let revocation = try await bench.decide(3) { $0.revocation(because: "", on: $1) }
            let revoked = try await trial.run(revocation)
            try #require(revoked.step == nil, "\(revoked)")
            #expect(try await bench.platformSecret(named: own.name) == nil)
            // It bears the label of the credential, and is another tenant's.
            #expect(try await bench.platformSecret(named: "\(own.name)-too") != nil)
            try await bench.plant(stranger, named: own.name)
            let bound = try await trial.run(try await bench.bind("s", 4))
            try #require(bound.step == nil, "\(bound)")
            let binding = try #require(try await bench.binding)
            #expect(binding.status.phase == .failed)
            #expect(
                binding.status.conditions.contains {
                    $0.message.contains("was made for something else")
                }
            )
        }
    }

    @Test func `a first credential that the consumer has is kept when its job is cancelled`()
        async throws
    {
        try await Self.run(["cache"]) { bench in
            let trial = bench.trial
            try await trial.run(try await bench.order("s", 1, of: "cache"))
            let first = try await bench.bind("s", 2)
            #expect(try await trial.cut(first, at: "switch"))
            bench.records.take([.jobGivenUp], of: first)
            #expect(try await bench.binding?.status.phase == .failed)
            let kept = try await trial.run(try await bench.decide(3) { $0.upkeep(on: $1) })
            try #require(kept.step == nil, "\(kept)")
            #expect(try await bench.binding?.status.phase == .ready)
            #expect(try await bench.binding?.status.secret?.name == "s-main")
            try await bench.expectValid(1)
        }
    }

    private static let forms = [
        ClusterBench.Form(kind: .vcluster, delivery: .gitops),
        ClusterBench.Form(kind: .vcluster, delivery: .gitops, engine: .argocd),
        ClusterBench.Form(kind: .vcluster, delivery: .direct),
    ]

    @Test(arguments: forms)
    func `a service and its credentials come and go, whoever dies when`(
        _ form: ClusterBench.Form
    ) async throws {
        let offerings = ["postgresql", "rabbitmq", "image-registry"]
        try await Self.run(offerings, form) { bench in
            for (index, offering) in offerings.enumerated() {
                try await Self.die(offering, UInt64(index) * 10, in: bench)
            }
        }
    }

    /// One service with a rotation, where every process dies that works on it.
    private static func die(
        _ offering: String,
        _ first: UInt64,
        in bench: ServiceBench
    ) async throws {
        let trial = bench.trial
        let order = try await bench.order("s", first + 1, of: offering)
        let made = try await trial.faults(of: order)
        try #require(made.isEmpty, "\(offering): \(made)")
        #expect(try await bench.service("s")?.status.phase == .ready)

        let bound = try await trial.faults(of: try await bench.bind("s", first + 2))
        try #require(bound.isEmpty, "\(offering): \(bound)")
        let once = try #require(try await bench.consumed("s"))
        #expect(try await bench.binding?.status.current?.number == 1)

        let rotation = try await bench.decide(first + 3) { try $0.rotation(on: $1) }
        let rotated = try await trial.faults(of: rotation)
        try #require(rotated.isEmpty, "\(offering): \(rotated)")
        let twice = try #require(try await bench.consumed("s"))
        #expect(once != twice)
        #expect(try await bench.binding?.status.retiring.map(\.number) == [1])

        bench.environments.records.pass(.seconds(30 * 86_400))
        let retirement = try await bench.decide(first + 4) { $0.upkeep(on: $1) }
        #expect(retirement.kind == .bindingRetire)
        let retired = try await trial.faults(of: retirement)
        try #require(retired.isEmpty, "\(offering): \(retired)")
        #expect(try await bench.binding?.status.retiring.isEmpty == true)
        #expect(try await bench.consumed("s") == twice)

        let revocation = try await bench.decide(first + 5) { $0.revocation(because: "", on: $1) }
        let revoked = try await trial.faults(of: revocation)
        try #require(revoked.isEmpty, "\(offering): \(revoked)")
        #expect(try await bench.consumed("s") == nil)

        let gone = try await trial.faults(of: try await bench.end("s", first + 6))
        try #require(gone.isEmpty, "\(offering): \(gone)")
        let left = try await bench.world()
        #expect(left.isEmpty, "\(offering): \(left)")
    }
}
