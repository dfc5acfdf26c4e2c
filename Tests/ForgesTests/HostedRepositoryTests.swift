import Contract
import Domain
import Git
import GitOps
import JSON
import TestSupport
import Testing

@testable import Forges
@testable import slipway

/// Repositories of tenants on a forge, over real HTTP and with stock Git behind it.
@Suite(.serialized, .timeLimit(.minutes(5))) struct HostedRepositoryTests {
    @Test(arguments: ForgeKind.allCases)
    func `provisioning conforms: the fork is on the forge, once, with its history`(
        kind: ForgeKind
    ) async throws {
        try await HostedTrial.run(kind) { trial in
            let faults = try await trial.trial(.tenantProvision, job: 1).faults()
            #expect(faults == [])
            #expect(trial.forge.repositories.map(\.path) == [HostedTrial.path])
            #expect(trial.forge.repositories[0].description.contains("tenant acme"))
            let history = try trial.history()
            #expect(history.count == 2)
            #expect(history[0].hasSuffix("Fork blueprint platform v1.0.0 for acme"))
            #expect(history[1].hasSuffix("One"))
            let url = "http://\(trial.address)/acme-platform/acme.git"
            #expect(trial.file("README.md") == "# acme \(url)")
            let creations = trial.forge.writes.filter { $0.method == "POST" }
            #expect(creations.count == 1)
        }
    }

    @Test(arguments: ForgeKind.allCases)
    func `a forge that makes repositories by and by is waited for`(kind: ForgeKind) async throws {
        try await HostedTrial.run(kind) { trial in
            trial.forge.setSlow(2)
            for _ in 0..<2 {
                let outcomes = try await trial.run(.tenantProvision, job: 1)
                guard case .waiting(let wait, _) = outcomes.last else {
                    Issue.record("\(outcomes)")
                    return
                }
                #expect(wait.on.contains("makes the repository acme-platform/acme"))
            }
            _ = try await trial.run(.tenantProvision, job: 1)
            #expect(try trial.history().count == 2)
            #expect(trial.forge.repositories.count == 1)
        }
    }

    @Test(arguments: ForgeKind.allCases)
    func `a repository of somebody else is left alone`(kind: ForgeKind) async throws {
        try await HostedTrial.run(kind) { trial in
            trial.forge.plant(HostedTrial.path)
            let outcomes = try await trial.run(.tenantProvision, job: 1)
            guard case .stalled(let reason) = outcomes.last else {
                Issue.record("\(outcomes)")
                return
            }
            #expect(reason.contains("was not made for this tenant"))
            #expect(try trial.history().isEmpty)
            #expect(trial.forge.writes.isEmpty)
        }
    }

    @Test func `what somebody pushed first is not built upon`() async throws {
        try await HostedTrial.run(.gitea) { trial in
            trial.forge.setSlow(1)
            _ = try await trial.run(.tenantProvision, job: 1)
            #expect(trial.push("git checkout -q -b main; echo mine >mine", "Mine"))
            for job: UInt64 in [1, 2] {
                let outcomes = try await trial.run(.tenantProvision, job: job)
                guard case .stalled(let reason) = outcomes.last else {
                    Issue.record("\(outcomes)")
                    return
                }
                #expect(reason.contains("that Slipway did not push"))
                #expect(try trial.history().count == 1)
            }
        }
    }

    @Test func `an update is merged with what people pushed to the forge`() async throws {
        try await HostedTrial.run(.github) { trial in
            _ = try await trial.run(.tenantProvision, job: 1)
            #expect(trial.push("echo own >own.yaml", "Add our own"))
            try trial.setVersion("1.1.0")
            let faults = try await trial.trial(.tenantUpdate, job: 2).faults()
            #expect(faults == [])
            let history = try trial.history()
            #expect(history.count == 4)
            #expect(history[0].hasSuffix("Update blueprint platform to v1.1.0 for acme"))
            #expect(trial.file("web.yaml") == "image: web:2")
            #expect(trial.file("own.yaml") == "own")
        }
    }

    @Test func `environments are written on top of what people pushed meanwhile`() async throws {
        try await HostedTrial.run(.gitlab) { trial in
            _ = try await trial.run(.tenantProvision, job: 1)
            var commits: [String] = []
            for number in 1...3 {
                #expect(trial.push("echo \(number) >people", "Number \(number)"))
                commits.append(try await trial.write("pr-7", number))
                // Once more, as after a crash.
                #expect(try await trial.write("pr-7", number) == commits.last)
            }
            #expect(try trial.history().count == 8)
            #expect(trial.file("environments/pr-7/app.yaml") == "number: 3")
            #expect(trial.file("people") == "3")
            let tenant = try await trial.tenant()
            let tip = String(try trial.history()[0].prefix(40))
            #expect(
                try await trial.gitOps.holds(commits[0], in: "main@sha1:\(tip)", of: tenant.id)
            )
            #expect(trial.push("echo 4 >people", "Number 4"))
            let later = String(try trial.history()[0].prefix(40))
            #expect(try await trial.gitOps.holds(commits[2], in: later, of: tenant.id))
        }
    }

    @Test func `two that write at once lose nothing of each other`() async throws {
        try await HostedTrial.run(.gitea) { trial in
            _ = try await trial.run(.tenantProvision, job: 1)
            try await withThrowingTaskGroup(of: Void.self) { group in
                for name in ["one", "two", "three"] {
                    group.addTask { _ = try await trial.write(name, 1) }
                }
                try await group.waitForAll()
            }
            for name in ["one", "two", "three"] {
                #expect(trial.file("environments/\(name)/app.yaml") == "number: 1")
            }
            #expect(try trial.history().count == 5)
        }
    }

    @Test func `a copy that is lost is fetched again`() async throws {
        try await HostedTrial.run(.gitea) { trial in
            _ = try await trial.run(.tenantProvision, job: 1)
            let tenant = try await trial.tenant()
            try await trial.git.remove(at: trial.layout.platform(of: tenant.name))
            _ = try await trial.write("pr-7", 1)
            #expect(trial.file("environments/pr-7/app.yaml") == "number: 1")
            #expect(try trial.history().count == 3)
        }
    }

    @Test func `a history that was written anew is not built upon`() async throws {
        try await HostedTrial.run(.gitea) { trial in
            _ = try await trial.run(.tenantProvision, job: 1)
            let folder = try #require(trial.forge.folder(of: HostedTrial.path))
            let git = "git -C '\(folder)'"
            let other = "\(git) commit-tree -m Other $(\(git) mktree </dev/null)"
            #expect(trial.shell.run("\(git) update-ref refs/heads/main $(\(other))"))
            let fault = await #expect(throws: ProviderFault.self) {
                _ = try await trial.write("pr-7", 1)
            }
            guard case .refused(let reason) = fault else {
                Issue.record("\(String(describing: fault))")
                return
            }
            #expect(reason.contains("does not hold"))
            #expect(try trial.history().count == 1)
        }
    }

    @Test(arguments: ForgeKind.allCases)
    func `a forge that is away, and a token that was revoked, are waited for`(
        kind: ForgeKind
    ) async throws {
        try await HostedTrial.run(kind) { trial in
            trial.forge.setDown(true)
            try await trial.expectWaiting("forge own: the forge answered 503")
            trial.forge.setDown(false)
            trial.forge.setToken("another")
            try await trial.expectWaiting("refuses its token")
            trial.forge.setToken(HostedTrial.token)
            _ = try await trial.run(.tenantProvision, job: 1)
            #expect(try trial.history().count == 2)
            trial.forge.setDown(true)
            await trial.expectAway("503") { _ = try await trial.write("pr-7", 1) }
            trial.forge.setDown(false)
            trial.forge.setToken("another")
            await trial.expectAway("lets Slipway not in") { _ = try await trial.write("pr-7", 1) }
            trial.forge.setToken(HostedTrial.token)
            _ = try await trial.write("pr-7", 1)
            #expect(try trial.history().count == 3)
        }
    }

    @Test func `a limit of the forge is obeyed`() async throws {
        try await HostedTrial.run(.github) { trial in
            trial.forge.fail(FakeForge.Fault(status: 403, fields: [("retry-after", "77")]))
            let outcomes = try await trial.run(.tenantProvision, job: 1)
            guard case .waiting(_, let recheck) = outcomes.last else {
                Issue.record("\(outcomes)")
                return
            }
            #expect(recheck == .seconds(77))
        }
    }

    @Test(arguments: ForgeKind.allCases)
    func `a repository whose making was not written down is found by its mark`(
        kind: ForgeKind
    ) async throws {
        try await HostedTrial.run(kind) { trial in
            _ = try await trial.run(.tenantProvision, job: 1)
            try trial.database.run("DELETE FROM forge_repository")
            try trial.database.run("UPDATE tenant SET repository = NULL")
            _ = try await trial.run(.tenantProvision, job: 1)
            #expect(trial.forge.repositories.count == 1)
            #expect(try trial.history().count == 2)
            #expect(try trial.database.run("SELECT root FROM forge_repository").count == 1)
        }
    }

    @Test(arguments: ForgeKind.allCases, RepositoryChoice.Ending.allCases)
    func `deleting conforms, and does with the repository what was wanted`(
        kind: ForgeKind,
        ending: RepositoryChoice.Ending
    ) async throws {
        try await HostedTrial.run(kind, onDelete: ending) { trial in
            _ = try await trial.run(.tenantProvision, job: 1)
            let faults = try await trial.trial(.tenantDelete, job: 2).faults()
            #expect(faults == [])
            switch ending {
            case .archive: #expect(trial.forge.repositories.map(\.isArchived) == [true])
            case .delete: #expect(trial.forge.repositories.isEmpty)
            case .keep: #expect(trial.forge.repositories.map(\.isArchived) == [false])
            }
            #expect(try trial.database.run("SELECT 1 FROM forge_repository").isEmpty)
        }
    }

    @Test func `what has its id on a forge that was set up anew is left alone`() async throws {
        try await HostedTrial.run(.gitea, onDelete: .delete) { trial in
            _ = try await trial.run(.tenantProvision, job: 1)
            trial.forge.change {
                $0.path = "others/theirs"
                $0.description = "Theirs."
            }
            _ = try await trial.run(.tenantDelete, job: 2)
            #expect(trial.forge.repositories.map(\.path) == ["others/theirs"])
        }
    }

    @Test func `what another one made in its place is not deleted`() async throws {
        try await HostedTrial.run(.github, onDelete: .delete) { trial in
            _ = try await trial.run(.tenantProvision, job: 1)
            trial.forge.change { $0.path = "acme-platform/renamed" }
            trial.forge.plant(HostedTrial.path)
            _ = try await trial.run(.tenantDelete, job: 2)
            #expect(trial.forge.repositories.map(\.path) == [HostedTrial.path])
        }
    }
}

extension HostedTrial {
    func setVersion(_ version: String) throws {
        try database.run(
            "UPDATE tenant SET spec = replace(spec::text, '1.0.0', '\(version)')::json"
        )
    }

    /// Writes an environment's folder, as its job does.
    func write(_ name: String, _ number: Int) async throws -> String {
        let tenant = try await tenant()
        let release = EnvironmentRelease(
            tenant: tenant.id,
            blueprint: tenant.spec.blueprint.name,
            commit: tenant.repository?.baseCommit ?? "",
            environment: try EnvironmentName(parsing: name),
            type: .ephemeral,
            service: nil,
            number: Int64(number),
            content: DeploymentContent(
                source: nil,
                images: EnvironmentImages([]),
                template: EnvironmentTemplateName("web"),
                parameters: JSONObject()
            ),
            cluster: try ClusterName(parsing: "main"),
            namespace: "acme-\(name)",
            host: "acme.example"
        )
        let file = RenderedRelease.File(
            path: try RepositoryPath(parsing: "app.yaml"),
            bytes: Array("number: \(number)\n".utf8)
        )
        return try await gitOps.write(
            RenderedRelease(files: [file]),
            of: release,
            for: JobID(high: 5, low: UInt64(number))
        )
    }

    func expectWaiting(_ words: String) async throws {
        let outcomes = try await run(.tenantProvision, job: 1)
        guard case .waiting(let wait, _) = outcomes.last else {
            Issue.record("\(outcomes)")
            return
        }
        #expect(wait.on.contains(words), "\(wait.on)")
        #expect(wait.releasedBy != nil)
    }

    func expectAway(_ words: String, _ body: () async throws -> Void) async {
        let fault = await #expect(throws: ProviderFault.self) { try await body() }
        guard case .away(let reason, _, _) = fault else {
            Issue.record("\(String(describing: fault))")
            return
        }
        #expect(reason.contains(words), "\(reason)")
    }
}
