import Contract
import Domain
import EventLoop
import Folders
import JSON
import Kubernetes
import Logging
import Provisioning
import TestSupport
import Testing

/// Services and what their consumers have, between their jobs.
@Suite(.timeLimit(.minutes(5))) struct ServiceWatchTests {
    /// A service of that offering with a binding, and somebody who looks.
    private static func run(
        _ offering: String,
        _ body: @escaping @Sendable (ServiceBench, ServiceWatch) async throws -> Void
    ) async throws {
        try await ServiceWorkflowTests.run([offering]) { bench in
            let trial = bench.trial
            let made = try await trial.run(try await bench.order("s", 1, of: offering))
            try #require(made.step == nil, "\(made)")
            let bound = try await trial.run(try await bench.bind("s", 2))
            try #require(bound.step == nil, "\(bound)")
            let group = try EventLoopGroup(count: 1)
            let watch = ServiceWatch(
                turns: bench.records,
                workflows: bench.provisioning,
                loop: group.loops[0],
                log: Logger(label: "test")
            )
            try await body(bench, watch)
        }
    }

    @Test func `what somebody removes is said, and that it is there again`() async throws {
        try await Self.run("cache") { bench, watch in
            func look() async throws -> ServiceInstance {
                await watch.look(at: try #require(try await bench.service("s")))
                return try #require(try await bench.service("s"))
            }
            #expect(try await look().status.phase == .ready)
            let names = [("Secret", ""), ("StatefulSet", "apps")]
            for (kind, group) in names {
                let name = kind == "Secret" ? "s-admin" : "s"
                let found = try await bench.object(kind, name, in: "s-s", group: group)
                let object = try #require(found)
                try await bench.remove(object)
                let degraded = try await look()
                #expect(degraded.status.phase == .degraded)
                let ready = degraded.status.conditions.first { $0.type == "Ready" }
                #expect(ready?.message.contains("s-s/s") == true, "\(degraded.status)")
                try await bench.put(object)
                for _ in 0..<10 { try await bench.trial.turn() }
                #expect(try await look().status.phase == .ready)
            }
        }
    }

    @Test func `a credential that its engine renews reaches the consumer`() async throws {
        try await Self.run("kafka") { bench, watch in
            func look() async throws -> ServiceBinding {
                await watch.look(at: try #require(try await bench.service("s")))
                return try #require(try await bench.binding)
            }
            let before = try #require(try await bench.consumed("s"))
            let quiet = try await look()
            #expect(bench.records.told.isEmpty)
            #expect(quiet.status.conditions.contains { $0.type == "Synced" && $0.status == .true })
            // As Strimzi renews the Secret of a user.
            try await bench.give(["password"], of: "s-main-1", in: "s-s")
            let renewed = try await look()
            let after = try #require(try await bench.consumed("s"))
            #expect(after["password"] == "Z2l2ZW4=" && after["password"] != before["password"])
            #expect(renewed.status.current?.number == 1)
            #expect(bench.records.told == [.credentialRenewed])
            _ = try await look()
            #expect(bench.records.told == [.credentialRenewed], "told once")
            // What somebody takes from the consumer is put back.
            let secret = try #require(try await bench.object("Secret", "s-main", in: "e-pr-7"))
            try await bench.remove(secret)
            _ = try await look()
            #expect(try await bench.consumed("s") == after)
        }
    }

    @Test func `a source that is gone is said, and the consumer keeps what it has`() async throws {
        try await Self.run("cache") { bench, watch in
            let had = try #require(try await bench.consumed("s"))
            let source = try #require(try await bench.object("Secret", "s-main-1", in: "s-s"))
            try await bench.remove(source)
            await watch.look(at: try #require(try await bench.service("s")))
            let conditions = try #require(try await bench.binding).status.conditions
            let synced = conditions.first { $0.type == "Synced" }
            #expect(synced?.status == .false, "\(conditions)")
            #expect(synced?.message.contains("of the Secret s-main-1") == true)
            #expect(try await bench.consumed("s") == had)
        }
    }

    @Test func `a credential that somebody puts back gives way to the one that is valid`()
        async throws
    {
        try await Self.run("cache") { bench, watch in
            let old = try #require(try await bench.object("Secret", "s-main", in: "e-pr-7"))
            let rotation = try await bench.decide(3) { try $0.rotation(on: $1) }
            let rotated = try await bench.trial.run(rotation)
            try #require(rotated.step == nil, "\(rotated)")
            let valid = try await bench.consumed("s")
            func look() async throws -> ServiceBinding {
                try await bench.put(old)
                await watch.look(at: try #require(try await bench.service("s")))
                try await bench.expectValid(2)
                return try #require(try await bench.binding)
            }
            // Those who took it meanwhile have its overlap once more.
            let before = try #require(try await bench.binding?.status.retiring.first?.retiresAt)
            bench.environments.records.pass(.seconds(60))
            let after = try #require(try await look().status.retiring.first?.retiresAt)
            #expect(after > before)
            // One that is retired for good as well.
            var binding = try #require(try await bench.binding)
            binding.status.retiring = []
            bench.records.set(binding)
            _ = try await look()
            #expect(try await bench.consumed("s") == valid)
            #expect(bench.records.told.last == .credentialRenewed)
        }
    }

    @Test func `a look that is late gives nobody what is revoked`() async throws {
        try await Self.run("cache") { bench, _ in
            let looked = try #require(try await bench.binding)
            let secret = try #require(try await bench.object("Secret", "s-main", in: "e-pr-7"))
            let revocation = try await bench.decide(3) { $0.revocation(because: "", on: $1) }
            let revoking = try #require(try await bench.binding)
            // Revoked before the look writes, and right after it has looked once more.
            for reads in 0...1 {
                if let found = try await bench.object("Secret", "s-main", in: "e-pr-7") {
                    try await bench.remove(found)
                }
                bench.records.set(looked)
                bench.records.set(revoking, afterReads: reads)
                #expect(try await bench.provisioning.follow(looked).isEmpty)
                #expect(try await bench.consumed("s") == nil, "after \(reads) reads")
            }
            // One whose process ended before it looked again.
            try await bench.put(secret)
            var start = Progress()
            start.observed["take-away"] = .object([:])
            let revoked = try await bench.trial.run(revocation, from: start)
            try #require(revoked.step == nil, "\(revoked)")
            #expect(try await bench.consumed("s") == nil)
        }
    }
}
