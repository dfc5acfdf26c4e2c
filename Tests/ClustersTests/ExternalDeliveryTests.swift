import Domain
import EventLoop
import Glibc
import JSON
import Kubernetes
import Secrets
import TestSupport
import Testing

@testable import Provisioning

/// Credentials that External Secrets brings to their consumers.
@Suite(.timeLimit(.minutes(5))) struct ExternalDeliveryTests {
    private static let rights = "rbac.authorization.k8s.io"
    private static let group = "external-secrets.io"

    /// The objects that have a credential brought: kind, group, namespace.
    private static let objects = [
        ("ExternalSecret", group, "e-pr-7"), ("SecretStore", group, "e-pr-7"),
        ("ServiceAccount", "", "e-pr-7"), ("Role", rights, "s-s"), ("RoleBinding", rights, "s-s"),
    ]

    /// That the consumer has the credential of that number, and may read no other.
    private static func expectBrought(
        _ number: Int,
        _ name: String,
        _ bench: ServiceBench
    )
        async throws
    {
        try await bench.expectValid(number)
        let secret = try #require(try await bench.object("Secret", "s-main", in: "e-pr-7"))
        #expect(secret.annotations["slipway.dev/credential-number"] == "\(number)")
        let data = try #require(secret.json["data"]?.object)
        func text(_ key: String) -> String {
            String(decoding: data[key]?.string.flatMap(Base64.decode) ?? [], as: UTF8.self)
        }
        #expect(text("host") == "s.s-s.svc" && text("username") == "s-main-\(number)")
        let url = "redis://\(text("username")):\(text("password"))@\(text("host")):6379/0"
        #expect(text("url") == url)
        let role = try #require(try await bench.object("Role", name, in: "s-s", group: rights))
        let rule = role.json["rules"]?[0]
        #expect(rule?["resourceNames"] == [.string("s-main-\(number)")])
        #expect(rule?["verbs"] == ["get"])
    }

    @Test func `External Secrets brings a credential, the next one, and none, whoever dies when`()
        async throws
    {
        try await ServiceWorkflowTests.run(["cache"]) { bench in
            let trial = bench.trial
            try await trial.run(try await bench.order("s", 1, of: "cache"))
            let bound = try await trial.faults(
                of: try await bench.bind("s", 2, by: .externalSecrets)
            )
            try #require(bound.isEmpty, "\(bound)")
            let binding = try #require(try await bench.binding)
            #expect(binding.status.phase == .ready, "\(binding.status)")
            let name = "binding-\(binding.id)"
            try await Self.expectBrought(1, name, bench)
            let rotated = try await trial.faults(
                of: try await bench.decide(3) { try $0.rotation(on: $1) }
            )
            try #require(rotated.isEmpty, "\(rotated)")
            try await Self.expectBrought(2, name, bench)
            let revoked = try await trial.faults(
                of: try await bench.decide(4) { $0.revocation(because: "", on: $1) }
            )
            try #require(revoked.isEmpty, "\(revoked)")
            for _ in 0..<5 { try await trial.turn() }
            #expect(try await bench.consumed("s") == nil)
            for (kind, group, namespace) in Self.objects {
                let left = try await bench.object(kind, name, in: namespace, group: group)
                #expect(left == nil, "\(kind)")
            }
            // Somebody who looked before has it brought no more.
            #expect(try await bench.provisioning.follow(binding).isEmpty)
            for (kind, group, namespace) in Self.objects {
                let left = try await bench.object(kind, name, in: namespace, group: group)
                #expect(left == nil, "\(kind)")
            }
        }
    }

    @Test func `looks keep the next credential coming, and bring an older one no more`()
        async throws
    {
        try await ServiceWorkflowTests.run(["cache"]) { bench in
            let trial = bench.trial
            try await trial.run(try await bench.order("s", 1, of: "cache"))
            let bound = try await trial.run(try await bench.bind("s", 2, by: .externalSecrets))
            try #require(bound.step == nil, "\(bound)")
            let name = "binding-\(try #require(try await bench.binding).id)"
            func external() async throws -> KubernetesObject? {
                try await bench.object("ExternalSecret", name, in: "e-pr-7", group: Self.group)
            }
            let first = try #require(try await external())
            let rotation = try await bench.decide(3) { try $0.rotation(on: $1) }
            try await bench.remove(first)
            let rotating = try #require(try await bench.binding)
            #expect(try await bench.provisioning.follow(rotating).isEmpty)
            #expect(try await external() == nil, "The job brings the next one.")
            let rotated = try await trial.run(rotation)
            try #require(rotated.step == nil, "\(rotated)")
            try await Self.expectBrought(2, name, bench)
            // As a look leaves it that was late: one looks again, or the end of the first.
            func putBack() async throws -> ServiceBinding {
                try await bench.put(first)
                for _ in 0..<10 { try await trial.turn() }
                try await bench.expectValid(1)
                return try #require(try await bench.binding)
            }
            let facts = try await bench.provisioning.follow(try await putBack())
            #expect(facts.contains { if case .credentialHeld(1, _) = $0 { true } else { false } })
            for _ in 0..<10 { try await trial.turn() }
            try await Self.expectBrought(2, name, bench)
            bench.environments.records.pass(.seconds(30 * 86_400))
            let end = try await bench.decide(4) { $0.upkeep(on: $1) }
            try #require(end.kind == .bindingRetire)
            _ = try await putBack()
            try await trial.run(end)
            for _ in 0..<10 { try await trial.turn() }
            try await Self.expectBrought(2, name, bench)
        }
    }

    @Test(
        arguments: [
            ("PWD={$(password)}", #"PWD={{ "{" }}{{ index . "password" }}}"#),
            ("a{$(tail)", #"a{{ "{" }}{{ "{" }}c"#),
            ("{{ x }}", #"{{ "{" }}{{ "{" }} x }}"#),
            ("$({x)", #"$({{ "{" }}x)"#),
            ("$(host)", "s.s-s.svc"),
        ]
    )
    func `no brace of a text begins anything in a template`(text: String, template: String) {
        let texts = ["it": text, "tail": "{c", "host": "s.s-s.svc"]
        #expect(ExternalDelivery.template("it", texts) == template)
    }

    /// Kept beside the repository and not in it.
    private static let validator =
        String(#filePath.dropLast("Tests/ClustersTests/ExternalDeliveryTests.swift".count))
        + "../shared/tools/validate-manifests"

    @Test(.enabled(if: access(validator, X_OK) == 0, "no ../shared/tools/validate-manifests"))
    func `what External Secrets gets is what it takes`() async throws {
        try await ServiceWorkflowTests.run(["cache"]) { bench in
            try await bench.trial.run(try await bench.order("s", 1, of: "cache"))
            try await bench.trial.run(try await bench.bind("s", 2, by: .externalSecrets))
            let name = "binding-\(try #require(try await bench.binding).id)"
            let folder = TemporaryDirectory()
            var paths: [String] = []
            for (kind, group, namespace) in Self.objects {
                let found = try await bench.object(kind, name, in: namespace, group: group)
                var json = try #require(found, "\(kind)").json
                json["status"] = nil
                paths.append("\(folder.path)/\(kind).yaml")
                let file = try #require(fopen(paths.last, "w"))
                fputs(JSON.object(json).text, file)
                fclose(file)
            }
            let loop = try #require(EventLoop.current)
            let child = try ChildProcess.spawn(
                executable: Self.validator,
                arguments: paths,
                environment: ["PATH": "/usr/bin:/bin"],
                directory: nil,
                loop: loop
            )
            child.closeInput()
            let output = try await child.read(upTo: 65_536) ?? []
            #expect(await child.exit().isSuccess, "\(String(decoding: output, as: UTF8.self))")
        }
    }
}
