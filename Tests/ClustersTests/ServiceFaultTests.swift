import Contract
import Domain
import JSON
import Kubernetes
import Provisioning
import Sandbox
import Synchronization
import TestSupport
import Testing

/// What goes wrong with services, and what their consumers see of it.
@Suite(.timeLimit(.minutes(10))) struct ServiceFaultTests {
    private static func run(
        _ offerings: [String],
        _ body: @escaping @Sendable (ServiceBench) async throws -> Void
    ) async throws {
        let form = ClusterBench.Form(kind: .vcluster, delivery: .gitops)
        try await ClusterBench.run(form, on: .sandbox(playing: true)) { bench in
            try await body(try await ServiceBench(in: bench, offering: offerings))
        }
    }

    @Test func `a consumer never finds a credential that is not valid`() async throws {
        try await Self.run(["postgresql"]) { bench in
            let trial = bench.trial
            try await trial.run(try await bench.order("s", 1, of: "postgresql"))
            try await trial.run(try await bench.bind("s", 2))
            let looks = Looks()
            async let looking: Void = looks.run(in: bench)
            for round in 0..<3 {
                let number = UInt64(10 + 2 * round)
                let rotation = try await bench.decide(number) { try $0.rotation(on: $1) }
                let rotated = try await trial.faults(of: rotation)
                #expect(rotated.isEmpty, "\(rotated)")
                bench.environments.records.pass(.seconds(2 * 86_400))
                let retirement = try await bench.decide(number + 1) { $0.upkeep(on: $1) }
                let retired = try await trial.faults(of: retirement)
                #expect(retired.isEmpty, "\(retired)")
            }
            looks.end()
            try await looking
            #expect(looks.wrong.isEmpty, "\(looks.wrong.prefix(3)) of \(looks.count)")
            #expect(looks.count > 100)
            #expect(try await bench.binding?.status.current?.number == 4)
        }
    }

    @Test func `kinds that the cluster does not serve are named`() async throws {
        try await Self.run(["kafka"]) { bench in
            try await bench.fault("notServed", on: "KafkaNodePool")
            let done = try await bench.trial.run(try await bench.order("s", 1, of: "kafka"))
            #expect(done.step == nil, "\(done)")
            let status = try #require(try await bench.service("s")).status
            #expect(status.phase == .failed)
            let told = status.conditions.first { $0.type == ServiceInstance.delivered }?.message
            #expect(told?.contains("kafka.strimzi.io/v1/KafkaNodePool") == true, "\(told ?? "")")
        }
    }

    @Test func `a Job that cannot make a credential fails it, and the one before stays`()
        async throws
    {
        try await Self.run(["rabbitmq"]) { bench in
            let trial = bench.trial
            try await trial.run(try await bench.order("s", 1, of: "rabbitmq"))
            try await trial.run(try await bench.bind("s", 2))
            let before = try #require(try await bench.consumed("s"))
            try await bench.fault("fails", on: "Job", named: "s-main-2-grant")
            let failed = try await trial.run(
                try await bench.decide(3) { try $0.rotation(on: $1) }
            )
            #expect(failed.step == nil, "\(failed)")
            let status = try #require(try await bench.binding).status
            #expect(status.phase == .ready && status.current?.number == 1)
            #expect(status.retiring.map(\.number) == [2])
            #expect(try await bench.consumed("s") == before)
            // What there is of it goes.
            let retired = try await trial.run(try await bench.decide(4) { $0.upkeep(on: $1) })
            #expect(retired.step == nil, "\(retired)")
            #expect(try await bench.object("Secret", "s-main-2", in: "s-s") == nil)
            #expect(try await bench.object("Secret", "s-main-1", in: "s-s") != nil)
        }
    }

    @Test func `a service waits for its bindings before it goes`() async throws {
        try await Self.run(["cache"]) { bench in
            let trial = bench.trial
            try await trial.run(try await bench.order("s", 1, of: "cache"))
            try await trial.run(try await bench.bind("s", 2))
            let job = try await bench.end("s", 3)
            let waiting = try await trial.run(job, turns: 3)
            #expect(waiting.step == "await-unbound")
            #expect(waiting.wait?.on == "these bindings to be gone: main")
            #expect(waiting.wait?.releasedBy == "whoever revokes them")
            let revocation = try await bench.decide(4) { $0.revocation(because: "", on: $1) }
            try await trial.run(revocation)
            let gone = try await trial.run(job, from: waiting)
            #expect(gone.step == nil, "\(gone)")
            #expect(try await bench.service("s") == nil)
        }
    }

    @Test func `a Secret of somebody else is left alone`() async throws {
        try await Self.run(["cache"]) { bench in
            let trial = bench.trial
            try await trial.run(try await bench.order("s", 1, of: "cache"))
            try await bench.give(["password"], of: "s-main", in: "e-pr-7")
            let done = try await trial.run(try await bench.bind("s", 2))
            #expect(done.step == nil, "\(done)")
            #expect(try await bench.binding?.status.phase == .failed)
            #expect(try await bench.consumed("s") == ["password": "Z2l2ZW4="])
        }
    }

    @Test func `what is not ready in time has failed, with what held it up`() async throws {
        try await Self.run(["postgresql"]) { bench in
            try await bench.fault("neverReady", on: "Cluster", named: "s")
            let job = try await bench.order("s", 1, of: "postgresql")
            let waiting = try await bench.trial.run(job, turns: 20)
            #expect(waiting.step == "await-ready", "\(waiting)")
            #expect(waiting.wait?.on.contains("Cluster/s") == true)
            #expect(try await bench.service("s")?.status.waiting != nil)
            bench.environments.records.pass(.seconds(16 * 60))
            let late = try await bench.trial.run(job, from: waiting)
            #expect(late.step == nil, "\(late)")
            let status = try #require(try await bench.service("s")).status
            #expect(status.phase == .failed)
            let told = status.conditions.first { $0.type == ServiceInstance.delivered }?.message
            #expect(told?.hasPrefix("It was not ready within 15m. Cluster/s") == true)
        }
    }
}

/// A consumer that reads its credential again and again, as fast as it can.
private final class Looks: Sendable {
    private struct State {
        var isOver = false
        var count = 0
        var wrong: [String] = []
    }

    private let state = Mutex(State())

    var count: Int { state.withLock(\.count) }
    var wrong: [String] { state.withLock(\.wrong) }
    func end() { state.withLock { $0.isOver = true } }

    func run(in bench: ServiceBench) async throws {
        while !state.withLock(\.isOver) {
            let fault = try await invalidity(in: bench)
            state.withLock { state in
                state.count += 1
                if let fault { state.wrong.append(fault) }
            }
            await Task.yield()
        }
    }

    /// What is wrong with what the consumer finds; nil where it would get in.
    private func invalidity(in bench: ServiceBench) async throws -> String? {
        guard let secret = try await bench.object("Secret", "s-main", in: "e-pr-7") else {
            return "there is no Secret"
        }
        let number = secret.annotations["slipway.dev/credential-number"] ?? "none"
        let name = "s-main-\(number)"
        let role = try await bench.object(
            "DatabaseRole",
            name,
            in: "s-s",
            group: "postgresql.cnpg.io"
        )
        guard let role, !role.isDeleting, role.status["applied"] == true else {
            return "the role \(name) is not there"
        }
        let source = try await bench.object("Secret", name, in: "s-s")
        return source?.json["data"]?["password"] == secret.json["data"]?["password"]
            ? nil : "the password is not that of \(name)"
    }
}
