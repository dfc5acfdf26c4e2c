import Domain
import JSON
import Testing

@testable import Blueprints

@Suite struct OfferingBlueprintTests {
    private static let good = """
        apiVersion: slipway.dev/v1
        kind: Offering
        metadata: {name: cache, title: Cache, version: 1.0.0, tags: [memory]}
        requires: [example.com/v1/Cache]
        plans:
          - name: small
            parameters: {memory: 128}
            restrict: {properties: {disk: {maximum: 10}}}
          - {name: large, parameters: {memory: 2048}, changesTo: [small]}
        parameters:
          type: object
          required: [owner]
          properties:
            memory: {type: integer}
            disk: {type: integer, default: 5}
            backup: {type: boolean, default: false}
            owner: {type: string}
        variables: {DISK: /disk, MEMORY: /memory}
        conditions:
          - {files: [service/backup.yaml], when: {parameter: /backup, equals: true}}
        secrets:
          - name: "${SERVICE}-admin"
            data: {user: admin, password: {random: 32}, url: "$(user):$(password)@${SERVICE}"}
          - {name: "${SERVICE}-s3", when: {parameter: /backup}, data: {key: {given: the key}}}
        outputs:
          type: object
          properties:
            host: {type: string, const: "${SERVICE}.${NAMESPACE}.svc"}
            port: {type: integer, const: 6379}
        upgrades: {from: ">=1.0.0 <2.0.0", immutable: [/owner], growing: [/disk]}
        binding:
          parameters: {type: object, properties: {access: {type: string, default: read}}}
          variables: {ACCESS: /access}
          secrets:
            - {name: "${CREDENTIAL}", data: {password: {random: 32}}}
          credentials:
            host: "${SERVICE}"
            password: {secret: "${CREDENTIAL}", key: password}
            url: "redis://$(password)@$(host)"
          rotation: {every: 90d, overlap: 1d}

        """

    private func files(_ offering: String, _ more: [String: String] = [:]) -> [BlueprintFile] {
        var texts = [
            "offering.yaml": offering, "README.md": "# Cache\n",
            "service/cache.yaml": "kind: Cache\nmemory: ${MEMORY}\ndisk: ${DISK}\n",
            "service/backup.yaml": "kind: Backup\n",
            "binding/user.yaml": "kind: User\naccess: ${ACCESS}\nname: ${CREDENTIAL}\n",
        ]
        texts.merge(more) { $1 }
        return texts.compactMap { path, text in
            // The paths of this file are paths.
            guard let place = try? RepositoryPath(parsing: "offerings/cache/\(path)") else {
                return nil
            }
            return BlueprintFile(
                path: place,
                mode: "100644",
                identity: path,
                content: Array(text.utf8)
            )
        }
    }

    private func blueprint(
        _ folders: String = "[{path: offerings/cache}]"
    ) throws
        -> BlueprintManifest
    {
        let text = BlueprintManifestTests.head + "offerings: \(folders)\n"
        return try BlueprintManifest(parsing: Array(text.utf8))
    }

    private func offering(_ files: [BlueprintFile]) throws -> OfferingBlueprint {
        try #require(try OfferingBlueprint.all(of: blueprint(), in: files).first)
    }

    private func findings(_ body: () throws -> Void) -> [String] {
        do {
            try body()
            return []
        } catch let fault as RenderFault {
            return fault.findings.map(\.description)
        } catch {
            return ["\(error)"]
        }
    }

    private var values: OfferingValues {
        OfferingValues(
            tenant: "acme",
            cluster: "main",
            endpoint: "https://main.example.com",
            namespace: "s-shop",
            service: "shop",
            host: "s-shop.acme.example.com"
        )
    }

    private func render(
        _ parameters: JSON,
        more: [String: String] = [:]
    ) throws
        -> RenderedOffering
    {
        let files = files(Self.good, more)
        let offering = try offering(files)
        return try offering.render(files, plan: "small", parameters: parameters, values: values)
    }

    @Test func `an offering tells what callers see`() throws {
        let offering = try offering(files(Self.good)).offering
        #expect(offering.title == "Cache" && offering.version.description == "1.0.0")
        #expect(offering.requires.map(\.description) == ["example.com/v1/Cache"])
        #expect(offering.owners == [.tenant, .environment] && offering.clusters.count == 3)
        #expect(offering.upgrades.immutable.map(\.description) == ["/owner"])
        #expect(offering.binding?.overlap == .seconds(86_400) && offering.nameMax == 30)
    }

    @Test func `a plan sets what a caller cannot, and the rest is filled in`() throws {
        let rendered = try render(["owner": "ann"])
        #expect(rendered.tree.files.map(\.path.text) == ["service/cache.yaml"])
        let text = "kind: Cache\nmemory: 128\ndisk: 5\n"
        #expect(rendered.tree.files.first?.content == .rendered(Array(text.utf8)))
        #expect(rendered.secrets.map(\.name) == ["shop-admin"])
        #expect(rendered.secrets.first?.data.last?.value == .text("$(user):$(password)@shop"))
        #expect(rendered.outputs["host"] == "shop.s-shop.svc" && rendered.outputs["port"] == 6379)
        let wrong = findings { _ = try render(["memory": 1, "disk": 11]) }
        #expect(wrong.contains("/memory: is set by the plan; leave it out"))
        #expect(wrong.contains { $0.hasPrefix("/disk: ") })
        #expect(wrong.contains("/owner: is required") && wrong.count == 3, "\(wrong)")
    }

    @Test func `a binding is named after its service and its number`() throws {
        let files = files(Self.good)
        let offering = try offering(files)
        let bound = try offering.render(
            files,
            plan: "large",
            parameters: ["owner": "ann"],
            values: values,
            binding: [:],
            credential: CredentialValues(binding: "app", number: 3, consumerNamespace: "e-x")
        )
        let text = "kind: User\naccess: read\nname: shop-app-3\n"
        #expect(bound.tree.files.first?.content == .rendered(Array(text.utf8)))
        #expect(bound.credentials[1].source == .secret(name: "shop-app-3", key: "password"))
        #expect(bound.credentials[2].source == .text("redis://$(password)@$(host)"))
    }

    @Test(arguments: [
        "kind: Secret\nstringData: {a: b}\n", "kind: Secret\ndata: {a: Yg==}\n",
        "kind: List\nitems: [{kind: Secret, data: {a: Yg==}}]\n",
    ])
    func `no value of a Secret is rendered into Git`(_ text: String) {
        let found = findings {
            _ = try render(["owner": "ann"], more: ["service/secret.yaml": "a: 1\n---\n" + text])
        }
        #expect(found.count == 1, "\(found)")
        let start = "offerings/cache/service/secret.yaml:3: a Secret must not be in Git"
        #expect(found.first?.hasPrefix(start) == true)
    }

    @Test func `names that could be read in two ways stay different`() throws {
        var values = values
        #expect(values.instance.hasPrefix("acme-shop-") && values.instance.utf8.count == 20)
        values.service = "a-b"
        let other = OfferingValues(
            tenant: "acme-a",
            cluster: "main",
            endpoint: "",
            namespace: "",
            service: "b",
            host: ""
        )
        #expect(values.instance != other.instance && values.instance.hasPrefix("acme-a-b-"))
        // A service that is named like the mark of another tenant's.
        let mark = try #require(values.instance.split(separator: "-").last)
        var taken = other
        taken.tenant = "acme-a-b"
        taken.service = String(mark)
        #expect(taken.instance != values.instance)
        let credential = CredentialValues(binding: "c-d", number: 1, consumerNamespace: "x")
        for place in [Offering.Place.platform, .tenant] {
            let name = credential.credential(of: values, at: place)
            let parts = name.split(separator: "-").map(String.init)
            #expect(parts.count >= 4 && parts.last == "1", "\(name)")
            var other = values
            other.tenant = place == .platform ? "acme-a" : "acme"
            other.service = place == .platform ? "b-c-d" : "a-b-c-d"
            let like = CredentialValues(
                binding: parts[parts.count - 2],
                number: 1,
                consumerNamespace: "x"
            )
            #expect(like.credential(of: other, at: place) != name)
        }
        let long = CredentialValues(
            binding: String(repeating: "b", count: 20),
            number: 1_000,
            consumerNamespace: "x"
        )
        values.service = String(repeating: "s", count: 30)
        let name = long.credential(of: values, at: .platform)
        #expect(name.utf8.count == 52 && name.hasSuffix("-1000"))
    }

    @Test func `everything wrong is told at once, with file and line`() {
        let bad = """
            apiVersion: slipway.dev/v2
            kind: Ofering
            metadata: {name: Cache, version: one, tittle: x}
            nameMax: 31
            docs: GUIDE.md
            requires: [Deployment]
            for: [team]
            clusters: []
            runsIn: platfrom
            podSecurity: strict
            plans:
              - {name: small, parameters: {memory: lots, disc: 1}, changesTo: [larg]}
              - {name: large, restrict: {properties: {dsk: {maximum: 1}}}}
              - {name: small}
            parameters:
              type: object
              properties: {memory: {type: integer}, disk: {type: integer}, kind: {type: string}}
            variables: {NAMESPACE: /disk, SIZE: /dsk}
            conditions:
              - {files: [binding/**], when: {parameter: /memory}}
            secrets:
              - {name: "${SERVCE}", data: {a: {random: 8}, b: "$(c)", d: "$(e)", e: "$(d)"}}
            outputs:
              type: object
              properties: {host: {type: string}, port: {type: integer, const: "x"}}
            readiness:
              deadline: soon
              rules: [{kind: Pod, condition: Ready}, {kind: v1/Pod, field: /x}]
            upgrades: {from: ^1.0.0, growing: [/kind], immutable: [/dsk]}
            binding:
              secrets: [{name: x, data: {a: b}}]
              credentials: {host: "${HOSTS}", p: {secret: x}}
              rotation: {every: 1h, overlap: 2h}
              colour: red
            plan: []

            """
        let found = findings {
            _ = try offering(files(bad, ["service/cache.yaml": "a: 1\nb: ${MEMORIE}\n"]))
        }
        let wanted = [
            ":1:13: `apiVersion` must be", ":2:7: `kind` must be", "`metadata.name` must be",
            "`metadata.version` must be", "`tittle` is not known here; did you mean `title`?",
            ":4:10: `nameMax` must be", "offerings/cache/GUIDE.md` must be", "`Deployment` must be",
            "`team` is none of tenant, environment", "`clusters` must name at least one",
            "`platfrom` is none of tenant, platform; did you mean `platform`?",
            "`strict` is none of", "`larg`; did you mean `large`?", "the plan's value must be",
            "did you mean \"disk\"?", "`small` is there already", "`NAMESPACE` is built in",
            "`parameters` has no `/dsk`", "matches the pattern `binding/**`",
            "SERVCE is not defined; did you mean SERVICE?", "`random` must be from 16 to 128",
            "there is no key `c`", "`$(d)` leads back to itself", "needs its value in `const`",
            "so `type` must be `string`", "expected a length of time", "`kind` must be `group/",
            "a rule has a `condition`, or", "`from` must be versions", "`/kind` is no number",
            "`name` must start with `${CREDENTIAL}`", "HOSTS is not defined; did you mean HOST?",
            "must be a text or `{secret: name, key: key}`", "`every` must be longer",
            "`colour` is not known here", "`plan` is not known here; did you mean `plans`?",
            "offerings/cache/service/cache.yaml:2: the variable MEMORIE is not defined",
        ]
        for part in wanted {
            #expect(found.contains { $0.contains(part) }, "\(part)")
        }
        #expect(found.allSatisfy { $0.hasPrefix("offerings/cache/") && $0.contains(".yaml:") })
    }

    @Test(arguments: [
        ("[{path: offerings/cache, name: x}]", "`name` is not known here"),
        ("[{path: /offerings}]", "`path` must name a folder, as in `offerings/cache`"),
        ("[{path: a}, {path: a}]", "`a` is there already"),
        ("{}", "`offerings` must be a list of at most 100"),
    ])
    func `the list of offerings is checked`(list: String, message: String) {
        let found = findings { _ = try blueprint(list) }
        #expect(found.contains { $0.contains(message) }, "\(found)")
    }

    @Test func `a folder without offering.yaml is said to have none`() {
        let found = findings { _ = try offering([]) }
        #expect(
            found == [
                "blueprint.yaml: the offering has no `offerings/cache/offering.yaml`; add it, or"
                    + " mend the `path`"
            ]
        )
    }

    @Test func `at most so many plans, Secrets, credentials and outputs`() {
        func many(_ count: Int, _ entry: (Int) -> String) -> String {
            (0..<count).map(entry).joined(separator: ", ")
        }
        let bad = """
            apiVersion: slipway.dev/v1
            kind: Offering
            metadata: {name: cache, version: 1.0.0}
            plans: [\(many(11) { "{name: p\($0)}" })]
            secrets: [\(many(21) { "{name: s\($0), data: {a: b}}" })]
            outputs: {type: object, properties: {\(many(21) { "o\($0): {const: 1}" })}}
            binding: {credentials: {\(many(51) { "k\($0): x" })}}

            """
        let found = findings { _ = try offering(files(bad, ["service/cache.yaml": "a: 1\n"])) }
        for part in ["most 10 plans", "most 20 Secrets", "most 20 prop", "most 50 keys"] {
            #expect(found.contains { $0.contains(part) }, "\(part): \(found)")
        }
    }
}
