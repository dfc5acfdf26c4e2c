import Contract
import Domain
import Git
import GitOps
import JSON
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(2))) struct GitOpsTests {
    @Test func `refreshing finds the versions that tags name, the newest first`() async throws {
        try await GitOpsBench.run { bench in
            try await bench.refresh()
            #expect(bench.records.versions.map(\.version) == ["1.1.0", "1.0.0"])
            #expect(bench.records.versions.map(\.tag) == ["v1.1.0", "v1.0.0"])
            #expect(bench.records.versions[0].summary == "Version v1.1.0")
        }
    }

    @Test func `a version without a manifest that can be read is defective`() async throws {
        try await GitOpsBench.run { bench in
            try await bench.commit(["blueprint.yaml": "kind: Cake\n"], tag: "v2.0.0")
            try await bench.refresh()
            #expect(bench.records.versions.map(\.state) == [.defective, .proposed, .proposed])
        }
    }

    @Test func `a version with a broken offering is defective, one with a whole one is not`()
        async throws
    {
        try await GitOpsBench.run { bench in
            let head = "apiVersion: slipway.dev/v1\nkind: "
            var files = [
                "blueprint.yaml": head + "Blueprint\nmetadata: {name: platform}\n"
                    + "offerings: [{path: offerings/cache}]\n",
                "offerings/cache/README.md": "# Cache\n",
                "offerings/cache/service/cache.yaml": "kind: Cache\n",
                "offerings/cache/offering.yaml": head
                    + "Offering\nmetadata: {name: cache, version: 1.0.0}\nplans: [{name: small}]\n",
            ]
            try await bench.commit(files, tag: "v2.0.0")
            files["offerings/cache/service/cache.yaml"] = "kind: ${KIND}\n"
            try await bench.commit(files, tag: "v3.0.0")
            try await bench.refresh()
            let states = bench.records.versions.map(\.state)
            #expect(states == [.defective, .proposed, .proposed, .proposed])
        }
    }

    @Test func `provisioning conforms: each step twice looks as if once`() async throws {
        try await GitOpsBench.run { bench in
            try await bench.refresh()
            let acme = try bench.tenant("acme", version: "1.0.0")
            let faults = try await bench.trial(.tenantProvision, of: acme, job: 1).faults()
            #expect(faults.isEmpty)
            let platform = try await bench.commits(in: bench.layout.platform(of: acme.name))
            #expect(platform.count == 2)
            #expect(platform[0].hasSuffix("Fork blueprint platform v1.0.0 for acme"))
            #expect(try await bench.commits(in: bench.layout.management).count == 1)
        }
    }

    @Test func `the fork is filled in and says where it comes from`() async throws {
        try await GitOpsBench.run { bench in
            try await bench.refresh()
            let acme = try bench.tenant("acme", version: "1.0.0")
            try await bench.run(.tenantProvision, of: acme, job: 1)
            let platform = bench.layout.platform(of: acme.name)
            #expect(try await bench.file("README.md", in: platform) == "# acme\n")
            #expect(
                try await bench.file("clusters/acme/sync.yaml", in: platform) == "region: north\n"
            )
            let record = try await bench.file(".slipway/blueprint.json", in: platform)
            #expect(record?.contains("\"version\": \"v1.0.0\"") == true)
            #expect(try await bench.file("blueprint.yaml", in: platform) == nil)
        }
    }

    @Test func `without a default version a tenant waits and says who can release it`()
        async throws
    {
        try await GitOpsBench.run { bench in
            let acme = try bench.tenant("acme")
            let outcomes = try await bench.run(.tenantProvision, of: acme, job: 1)
            guard case .waiting(let wait, _) = outcomes.last else {
                Issue.record("\(outcomes)")
                return
            }
            #expect(wait.on.contains("platform"))
            #expect(wait.releasedBy != nil)
        }
    }

    @Test func `parameters that the blueprint does not know stop the job with all findings`()
        async throws
    {
        try await GitOpsBench.run { bench in
            try await bench.refresh()
            var acme = try bench.tenant("acme")
            acme.spec.parameters["colour"] = "red"
            acme.spec.parameters["region"] = 5
            bench.records.set(acme)
            let outcomes = try await bench.run(.tenantProvision, of: acme, job: 1)
            guard case .stalled(let reason) = outcomes.last else {
                Issue.record("\(outcomes)")
                return
            }
            #expect(reason.contains("/colour") && reason.contains("/region"))
        }
    }

    @Test func `an update is merged with what the tenant changed`() async throws {
        try await GitOpsBench.run { bench in
            try await bench.refresh()
            var acme = try bench.tenant("acme", version: "1.0.0")
            try await bench.run(.tenantProvision, of: acme, job: 1)
            try await bench.push("apps/web.yaml", "image: web:1\n\n\nreplicas: 3\n", to: "acme")
            acme = try #require(try await bench.records.tenant(acme.id))
            acme.spec.blueprint.version = "1.1.0"
            bench.records.set(acme)
            let faults = try await bench.trial(.tenantUpdate, of: acme, job: 2).faults()
            #expect(faults.isEmpty)
            let platform = bench.layout.platform(of: acme.name)
            #expect(
                try await bench.file("apps/web.yaml", in: platform)
                    == "image: web:2\n\n\nreplicas: 3\n"
            )
            #expect(try await bench.file("apps/new.yaml", in: platform) == "new: true\n")
            #expect(try await bench.commits(in: platform).count == 4)
        }
    }

    @Test func `a repository that was lost is not made anew`() async throws {
        try await GitOpsBench.run { bench in
            try await bench.refresh()
            var acme = try bench.tenant("acme", version: "1.0.0")
            try await bench.run(.tenantProvision, of: acme, job: 1)
            let platform = bench.layout.platform(of: acme.name)
            try await bench.git.remove(at: platform)
            acme = try #require(try await bench.records.tenant(acme.id))
            acme.spec.suspended = true
            bench.records.set(acme)
            let outcomes = try await bench.run(.tenantUpdate, of: acme, job: 2)
            guard case .stalled(let reason) = outcomes.last else {
                Issue.record("\(outcomes)")
                return
            }
            #expect(reason.contains("is missing") && reason.contains("restore it"))
            #expect(try await bench.commits(in: platform) == ["absent"])
            // The emergency brake works all the same.
            let entry = "tenants/acme/namespace.yaml"
            let text = try await bench.file(entry, in: bench.layout.management)
            #expect(text?.contains("\"slipway.dev/suspended\": \"true\"") == true)
        }
    }

    @Test func `the longest name of a tenant makes a namespace that Kubernetes takes`() async throws
    {
        try await GitOpsBench.run { bench in
            try await bench.refresh()
            for end in ["a", "b"] {
                let name = String(repeating: "a", count: 62) + end
                let tenant = try bench.tenant(name, version: "1.0.0")
                let outcomes = try await bench.run(.tenantProvision, of: tenant, job: 1)
                guard case .done = outcomes.last else {
                    Issue.record("\(outcomes)")
                    return
                }
            }
            var names: Set<String> = []
            for end in ["a", "b"] {
                let path = "tenants/\(String(repeating: "a", count: 62))\(end)/namespace.yaml"
                let text = try await bench.file(path, in: bench.layout.management)
                let line = text?.split(separator: "\n").first { $0.hasPrefix("  name: ") }
                names.insert(String(line?.dropFirst("  name: ".count) ?? ""))
            }
            #expect(names.count == 2)
            #expect(names.allSatisfy { $0.utf8.count == 63 + "\"\"".utf8.count }, "\(names)")
        }
    }

    @Test func `the history of the entries says what each commit did`() async throws {
        try await GitOpsBench.run { bench in
            try await bench.refresh()
            var acme = try bench.tenant("acme", version: "1.0.0")
            try await bench.run(.tenantProvision, of: acme, job: 1)
            for (job, isSuspended) in [(UInt64(2), true), (3, false)] {
                acme = try #require(try await bench.records.tenant(acme.id))
                acme.spec.suspended = isSuspended
                bench.records.set(acme)
                try await bench.run(.tenantUpdate, of: acme, job: job)
            }
            let subjects = try await bench.commits(in: bench.layout.management)
            let wanted = ["Resume tenant acme", "Suspend tenant acme", "Register tenant acme"]
            #expect(subjects.count == wanted.count)
            #expect(zip(subjects, wanted).allSatisfy { $0.hasSuffix($1) }, "\(subjects)")
        }
    }

    @Test func `an update that changes nothing makes no commit`() async throws {
        try await GitOpsBench.run { bench in
            try await bench.refresh()
            let acme = try bench.tenant("acme")
            try await bench.run(.tenantProvision, of: acme, job: 1)
            let before = try await bench.world(of: acme)
            let outcomes = try await bench.run(.tenantUpdate, of: acme, job: 2)
            #expect(outcomes.count == 5)
            #expect(try await bench.world(of: acme) == before)
        }
    }

    @Test func `a conflict stops the update and names the files`() async throws {
        try await GitOpsBench.run { bench in
            try await bench.refresh()
            var acme = try bench.tenant("acme", version: "1.0.0")
            try await bench.run(.tenantProvision, of: acme, job: 1)
            try await bench.push("apps/web.yaml", "image: own:9\n\n\nreplicas: 1\n", to: "acme")
            let before = try await bench.world(of: acme)
            acme = try #require(try await bench.records.tenant(acme.id))
            acme.spec.blueprint.version = "1.1.0"
            bench.records.set(acme)
            let outcomes = try await bench.run(.tenantUpdate, of: acme, job: 2)
            guard case .stalled(let reason) = outcomes.last else {
                Issue.record("\(outcomes)")
                return
            }
            #expect(reason.contains("apps/web.yaml") && reason.contains("retry"))
            #expect(try await bench.world(of: acme) == before)
        }
    }

    @Test func `suspending is written into the entry and nowhere else`() async throws {
        try await GitOpsBench.run { bench in
            try await bench.refresh()
            var acme = try bench.tenant("acme")
            try await bench.run(.tenantProvision, of: acme, job: 1)
            acme = try #require(try await bench.records.tenant(acme.id))
            acme.spec.suspended = true
            bench.records.set(acme)
            let outcomes = try await bench.run(.tenantUpdate, of: acme, job: 2)
            guard case .done(let evidence) = outcomes.last else {
                Issue.record("\(outcomes)")
                return
            }
            #expect(evidence.facts.contains(.tenantPhase(.suspended)))
            let file = try await bench.file(
                "tenants/acme/namespace.yaml",
                in: bench.layout.management
            )
            #expect(file?.contains("\"slipway.dev/suspended\": \"true\"") == true)
            let platform = bench.layout.platform(of: acme.name)
            #expect(try await bench.commits(in: platform).count == 3)
        }
    }

    @Test func `deleting conforms, keeps history and leaves nothing`() async throws {
        try await GitOpsBench.run { bench in
            try await bench.refresh()
            let acme = try bench.tenant("acme")
            let other = try bench.tenant("other")
            try await bench.run(.tenantProvision, of: acme, job: 1)
            try await bench.run(.tenantProvision, of: other, job: 1)
            bench.records.set(entities: 5)
            let faults = try await bench.trial(.tenantDelete, of: acme, job: 2).faults()
            #expect(faults.isEmpty)
            #expect(try await bench.records.removeEntities(of: acme.id) == 0)
            #expect(try await bench.records.things(of: acme.id).isEmpty)
            let management = bench.layout.management
            #expect(try await bench.commits(in: management).count == 3)
            #expect(try await bench.commits(in: bench.layout.platform(of: acme.name)) == ["absent"])
            #expect(try await bench.file("tenants/acme/namespace.yaml", in: management) == nil)
            #expect(try await bench.file("tenants/other/namespace.yaml", in: management) != nil)
        }
    }

    @Test func `twenty tenants at once lose nothing of each other`() async throws {
        try await GitOpsBench.run { bench in
            try await bench.refresh()
            let tenants = try (0..<20).map { try bench.tenant("tenant-\($0)") }
            try await withThrowingTaskGroup(of: Void.self) { group in
                for tenant in tenants {
                    group.addTask { try await bench.run(.tenantProvision, of: tenant, job: 1) }
                }
                try await group.waitForAll()
            }
            let management = bench.layout.management
            #expect(try await bench.commits(in: management).count == 20)
            for tenant in tenants {
                let path = "tenants/\(tenant.name)/namespace.yaml"
                #expect(try await bench.file(path, in: management) != nil)
                let platform = bench.layout.platform(of: tenant.name)
                #expect(try await bench.commits(in: platform).count == 3)
            }
        }
    }
}
