import Contract
import Domain
import Git
import GitOps
import TestSupport
import Testing

/// Who may work with what lies at a tenant's place.
@Suite(.timeLimit(.minutes(2))) struct OwnershipTests {
    private let shell = Shell()

    @Test func `a new tenant does not adopt what was made for another one`() async throws {
        try await GitOpsBench.run { bench in
            try await bench.refresh()
            let victim = try bench.tenant("victim", version: "1.0.0")
            let ghost = try bench.tenant("ghost", version: "1.0.0")
            try await bench.run(.tenantProvision, of: victim, job: 1)
            let theirs = bench.layout.platform(of: victim.name)
            let place = bench.layout.platform(of: ghost.name)
            #expect(shell.run("mkdir -p $(dirname '\(place)') && cp -a '\(theirs)' '\(place)'"))
            let before = try await bench.commits(in: place)
            let outcomes = try await bench.run(.tenantProvision, of: ghost, job: 2)
            guard case .stalled(let reason) = outcomes.last else {
                Issue.record("\(outcomes)")
                return
            }
            #expect(reason.contains("move it away"))
            #expect(reason.contains("slipway.tenant \(ghost.id)"))
            #expect(try await bench.commits(in: place) == before)
            #expect(try await bench.trial(.tenantDelete, of: ghost, job: 3).faults().isEmpty)
            #expect(try await bench.commits(in: place) == before)
        }
    }

    @Test func `a tenant of the same name is another tenant`() async throws {
        try await GitOpsBench.run { bench in
            try await bench.refresh()
            let late = try bench.tenant("acme")
            try await bench.run(.tenantProvision, of: late, job: 1)
            var acme = late
            acme = Tenant(
                id: TenantID(high: 5, low: 5),
                name: late.name,
                labels: late.labels,
                spec: late.spec,
                status: late.status,
                blueprint: late.blueprint,
                repository: nil,
                generation: 1,
                revision: 1,
                createdAt: late.createdAt,
                updatedAt: late.updatedAt
            )
            bench.records.set(acme)
            let outcomes = try await bench.run(.tenantProvision, of: acme, job: 2)
            guard case .stalled = outcomes.last else {
                Issue.record("\(outcomes)")
                return
            }
            // A late deletion of the new tenant does not reach the old one's either.
            try await bench.run(.tenantDelete, of: acme, job: 3)
            let platform = bench.layout.platform(of: late.name)
            #expect(try await bench.commits(in: platform).first != "absent")
        }
    }

    @Test func `a repository that nobody recorded is its tenant's`() async throws {
        try await GitOpsBench.run { bench in
            try await bench.refresh()
            let acme = try bench.tenant("acme", version: "1.0.0")
            #expect(await bench.trial(.tenantProvision, of: acme, job: 1).run().isComplete)
            var wanted = acme
            wanted.spec.blueprint.version = "1.1.0"
            bench.records.set(wanted)
            #expect(await bench.trial(.tenantUpdate, of: acme, job: 2).run().isComplete)
            let platform = bench.layout.platform(of: acme.name)
            #expect(try await bench.file("apps/new.yaml", in: platform) == "new: true\n")
        }
    }

    @Test func `the words of a job do not make its commit`() async throws {
        try await GitOpsBench.run { bench in
            try await bench.refresh()
            var acme = try bench.tenant("acme", version: "1.0.0")
            try await bench.run(.tenantProvision, of: acme, job: 1)
            acme = try #require(try await bench.records.tenant(acme.id))
            acme.spec.blueprint.version = "1.1.0"
            bench.records.set(acme)
            let base = try #require(bench.records.versions.first?.commit)
            let job = JobID(high: 2, low: acme.id.high)
            let words = """
                Update blueprint platform to v1.1.0 for acme

                Slipway-Tenant: acme
                Slipway-Blueprint: platform
                Slipway-Version: v1.1.0
                Slipway-Base: \(base)
                Slipway-Job: \(job)

                """
            let platform = bench.layout.platform(of: acme.name)
            try await bench.git.open(platform) { repository throws(GitFault) in
                let slipway = Signature(name: "Slipway", email: "slipway@localhost", seconds: 1)
                let head = try repository.commit(named: "refs/heads/main")
                let commit = try repository.writeCommit(
                    tree: try repository.editTree(head, []),
                    parents: head.map { [$0] } ?? [],
                    text: CommitText(message: words, author: slipway, committer: slipway)
                )
                try repository.move("refs/heads/main", from: head, to: commit)
            }
            try await bench.run(.tenantUpdate, of: acme, job: 2)
            #expect(try await bench.file("apps/new.yaml", in: platform) == "new: true\n")
        }
    }

    @Test func `deleting takes along what a killed deletion left`() async throws {
        try await GitOpsBench.run { bench in
            try await bench.refresh()
            let acme = try bench.tenant("acme")
            try await bench.run(.tenantProvision, of: acme, job: 1)
            let folder = "\(bench.layout.root)/acme"
            #expect(shell.run("cd '\(folder)' && mv platform.git .platform.git.9-removed.tmp"))
            let outcomes = try await bench.run(.tenantDelete, of: acme, job: 2)
            guard case .done = outcomes.last else {
                Issue.record("\(outcomes)")
                return
            }
            #expect(shell.output(of: "ls -A '\(folder)'") == "")
        }
    }

    @Test func `the mirrors of blueprints that are gone go as well`() async throws {
        try await GitOpsBench.run { bench in
            try await bench.refresh()
            let gone = bench.layout.mirror(of: try BlueprintName(parsing: "gone"))
            try await bench.git.create(at: gone)
            #expect(shell.run("cd '\(gone)/..' && mkdir .left.git.1.tmp"))
            let removed = try await bench.gitOps.removeMirrors { $0.text == "platform" }
            #expect(removed.map(\.text) == ["gone", "left"])
            #expect(shell.output(of: "ls -A $(dirname '\(gone)')") == "platform.git")
        }
    }
}
