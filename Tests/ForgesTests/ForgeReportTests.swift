import Domain
import JSON
import Outbound
import TestSupport
import Testing

@testable import Forges

/// What forges are told, over real HTTP.
@Suite(.serialized) struct ForgeReportTests {
    @Test(arguments: ForgeKind.allCases)
    func `a forge is told each state once, and one comment is changed in place`(
        kind: ForgeKind
    ) async throws {
        try await ForgeTrial.run(kind) { trial in
            #expect(await trial.reporter.turn() == 1)
            #expect(try trial.found("phase", in: "forge") == "ready")
            #expect(trial.forge.comments.count == 1)
            #expect(trial.forge.comments[0].contains("<!-- slipway:"))
            #expect(trial.forge.comments[0].contains("on its way"))
            let first = trial.forge.writes
            let statuses = first.filter { $0.path.hasSuffix("/statuses/\(ForgeTrial.revision)") }
            #expect(statuses.count == 1)
            let pending = kind == .gitlab ? "running" : "pending"
            #expect(statuses[0].body["state"]?.string == pending)
            let deployments = first.filter { $0.path.hasSuffix("/deployments") }
            #expect(deployments.count == (kind == .gitea ? 0 : 1))
            #expect(await trial.reporter.turn() == 0)

            trial.forge.forgetCalls()
            try trial.bring(to: "ready", url: "https://pr-7.acme.example/")
            #expect(await trial.reporter.turn() == 1)
            #expect(trial.forge.comments.count == 1)
            #expect(trial.forge.comments[0].contains("https://pr-7.acme.example/"))
            let second = trial.forge.writes
            let success = second.first { $0.path.hasSuffix("/statuses/\(ForgeTrial.revision)") }
            #expect(success?.body["state"] == "success")
            #expect(success?.body["target_url"] == "https://pr-7.acme.example/")

            trial.forge.forgetCalls()
            try trial.database.run("DELETE FROM environment")
            try trial.database.run("UPDATE source_thread SET is_open = false, wanted = wanted + 1")
            #expect(await trial.reporter.turn() == 1)
            #expect(trial.forge.comments[0].contains("no environment any more"))
            #expect(
                !trial.forge.writes.contains {
                    $0.path.contains("/statuses/\(ForgeTrial.revision)")
                }
            )
            let ends = trial.forge.writes.filter {
                $0.body["state"] == "inactive" || $0.path.hasSuffix("/stop")
            }
            #expect(ends.count == (kind == .gitea ? 0 : 1))
        }
    }

    @Test func `what a newer revision of a pull request takes the place of is inactive`()
        async throws
    {
        try await ForgeTrial.run(.github) { trial in
            #expect(await trial.reporter.turn() == 1)
            try trial.bring(to: "ready", url: "https://pr-7.acme.example/")
            #expect(await trial.reporter.turn() == 1)
            trial.forge.forgetCalls()
            let next = ForgeTrial.revision.replacing("9", with: "8")
            try trial.database.run(
                """
                UPDATE source_thread SET revision = '\(next)', wanted = wanted + 1;
                UPDATE environment
                   SET spec = replace(spec::text, '\(ForgeTrial.revision)', '\(next)')::json,
                       status = replace(status::text, '\(ForgeTrial.revision)', '\(next)')::json
                """
            )
            #expect(await trial.reporter.turn() == 1)
            let states = trial.forge.writes.filter { $0.path.contains("/deployments/") }
            #expect(states.first?.body["state"] == "inactive", "\(states)")
            #expect(states.count == 2 && states[0].path != states[1].path)
        }
    }

    @Test func `a forge that was away for an hour is told the latest state once`() async throws {
        try await ForgeTrial.run(.github) { trial in
            trial.forge.setDown(true)
            var tries = 0
            for minute in 0..<60 {
                if minute == 20 { try trial.bring(to: "degraded") }
                if minute == 40 { try trial.bring(to: "ready", url: "https://pr-7.example/") }
                tries += await trial.reporter.turn()
                trial.clock.advance(by: .seconds(60))
            }
            #expect(tries < 30, "it was asked \(tries) times")
            #expect(try trial.found("phase", in: "forge") == "failed")
            #expect(try trial.found("phase", in: "environment") == "ready")
            trial.forge.setDown(false)
            trial.forge.forgetCalls()
            trial.clock.advance(by: .seconds(300))
            #expect(await trial.reporter.turn() == 1)
            let states = trial.forge.writes.filter {
                $0.path.contains("/repos/acme/shop/statuses/")
            }
            #expect(states.map { $0.body["state"] } == ["success"])
            #expect(trial.forge.comments.count == 1)
            #expect(try trial.found("phase", in: "forge") == "ready")
            #expect(try trial.found("failures", in: "forge") == "0")
        }
    }

    @Test func `a forge that asks to be left alone is left alone that long`() async throws {
        try await ForgeTrial.run(.github) { trial in
            let reset = trial.clock.now.microseconds / 1_000_000 + 600
            trial.forge.fail(
                FakeForge.Fault(
                    status: 403,
                    fields: [("x-ratelimit-remaining", "0"), ("x-ratelimit-reset", "\(reset)")]
                )
            )
            #expect(await trial.reporter.turn() == 1)
            trial.clock.advance(by: .seconds(599))
            #expect(await trial.reporter.turn() == 0)
            trial.clock.advance(by: .seconds(2))
            #expect(await trial.reporter.turn() == 1)
            #expect(trial.forge.comments.count == 1)
        }
    }

    @Test func `what a forge refuses is written down and tried again a while later`()
        async throws
    {
        try await ForgeTrial.run(.gitea, report: #"{"comment":false}"#) { trial in
            #expect(await trial.reporter.turn() == 1)
            trial.forge.fail(FakeForge.Fault(status: 403))
            try trial.bring(to: "ready")
            #expect(await trial.reporter.turn() == 1)
            let fault = try trial.found("report_fault", in: "source_thread")
            #expect(fault == "status: the forge answered 403: as told")
            #expect(await trial.reporter.turn() == 0)
            trial.clock.advance(by: .seconds(601))
            #expect(await trial.reporter.turn() == 1)
            #expect(try trial.found("report_fault", in: "source_thread") == nil)
        }
    }

    @Test func `a comment that was made before a crash is found, and a deleted one made again`()
        async throws
    {
        try await ForgeTrial.run(.gitlab) { trial in
            _ = await trial.reporter.turn()
            // What was told is forgotten, as by a crash before it was written down.
            try trial.database.run("UPDATE source_thread SET report = '{}', wanted = wanted + 1")
            _ = await trial.reporter.turn()
            #expect(trial.forge.comments.count == 1)
            trial.forge.deleteComments()
            try trial.bring(to: "ready")
            _ = await trial.reporter.turn()
            #expect(trial.forge.comments.count == 1)
        }
    }

    @Test func `what came of an old token does not stand beside a new one`() async throws {
        try await ForgeTrial.run(.github) { trial in
            let database = trial.database
            trial.forge.fail(FakeForge.Fault(status: 401))
            trial.forge.during {
                do {
                    // As somebody sends a new token in that moment.
                    try database.run(
                        """
                        UPDATE forge SET generation = generation + 1, revision = revision + 1,
                            phase = 'pending', message = 'The forge was not looked at yet.'
                        """
                    )
                } catch {
                    Issue.record(error)
                }
            }
            _ = await trial.reporter.turn()
            let phase = try trial.found("phase", in: "forge")
            #expect(phase == "pending")
            #expect(try trial.found("generation", in: "forge") == "2")
            #expect(trial.forge.writes.isEmpty)
            #expect(await trial.reporter.turn() == 1)
            #expect(try trial.found("phase", in: "forge") == "ready")
            #expect(trial.forge.comments.count == 1)
        }
    }

    @Test func `calls that are given up because the server stops are no failures of the forge`()
        async throws
    {
        try await ForgeTrial.run(.github) { trial in
            await trial.outbound.close()
            #expect(await trial.reporter.turn() == 1)
            let failures = try trial.found("failures", in: "forge")
            #expect(failures == "0")
            #expect(try trial.found("paused_until", in: "forge") == nil)
            #expect(try trial.found("phase", in: "forge") == "pending")
        }
    }

    @Test func `a token that is not taken, and a forge of another kind, are told so`()
        async throws
    {
        try await ForgeTrial.run(.gitlab) { trial in
            try trial.database.run("UPDATE forge SET kind = 'github'")
            _ = await trial.reporter.turn()
            #expect(try trial.found("message", in: "forge")?.contains("no API of GitHub") == true)
        }
    }
}
