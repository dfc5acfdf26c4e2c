import Contract
import Domain
import JSON
import TestSupport
import Testing
import YAML

@testable import Blueprints

/// The offerings that come with the example, by the product's own renderer.
@Suite struct ExampleOfferingTests {
    /// What has no default and no plan sets.
    private static let wanted: [String: JSON] = [
        "application": "shop", "backend": "tempo.monitoring:4317", "deployment": "shop",
        "host": "shop.example.com", "jenkinsUrl": "https://jenkins.example.com",
        "namespaces": ["shop", "e-staging"],
        "path": "shop/database", "project": "shop", "target": "http://shop.example.com/",
    ]

    private static func offerings() throws -> (all: [OfferingBlueprint], files: [BlueprintFile]) {
        let blueprint = try ExampleBlueprintTests.template("v1.4.0")
        let files = blueprint.files.filter { blueprint.manifest.isOffering($0.path.text) }
        return (try OfferingBlueprint.all(of: blueprint.manifest, in: files), files)
    }

    /// Every choice of a boolean or of one of a few words, one at a time, and the defaults.
    private static func choices(_ schema: JSON, besides set: JSONObject) -> [JSON] {
        var usual = JSONObject()
        for name in (schema["required"]?.array ?? []).compactMap(\.string) where set[name] == nil {
            usual[name] = wanted[name]
        }
        var choices = [JSON.object(usual)]
        for property in schema["properties"]?.object ?? [:] where set[property.key] == nil {
            let isBoolean = property.value["type"] == "boolean"
            for value in property.value["enum"]?.array ?? (isBoolean ? [true, false] : []) {
                var choice = usual
                choice[property.key] = value
                choices.append(.object(choice))
            }
        }
        return choices
    }

    private static func values(of offering: Offering) -> OfferingValues {
        let service = String("a23456789012345678901234567890".prefix(offering.nameMax))
        return OfferingValues(
            tenant: "acme",
            cluster: "acme-main",
            endpoint: "https://api.acme.example.com:6443",
            namespace: offering.place == .platform ? "slipway-services" : "s-\(service)",
            service: service,
            host: "s-\(service).acme.env.example.com"
        )
    }

    private static func dump(_ tree: RenderedTree, as name: String) throws {
        guard ManifestDump.isWanted else { return }
        var manifests: [Manifest] = []
        for (path, bytes) in tree.contents {
            let file = path.text.split(separator: "/").joined(separator: "-")
            for document in try YAML.documents(bytes) {
                let object = document.value
                let kind = try #require(object["kind"]?.string)
                manifests.append(
                    Manifest(
                        apiVersion: try #require(object["apiVersion"]?.string),
                        kind: kind,
                        namespace: object["metadata"]?["namespace"]?.string ?? "",
                        name: try #require(object["metadata"]?["name"]?.string),
                        part: .part,
                        fileName: "\(file)-\(kind).yaml",
                        bytes: YAML.text(object)
                    )
                )
            }
        }
        ManifestDump.write(manifests, as: name)
    }

    @Test func `a namespace of a shared cluster is offered what keeps tenants apart`() throws {
        let offerings = try Self.offerings().all.map(\.offering)
        let open = offerings.filter { $0.clusters.contains(.namespace) }.map(\.name.text)
        #expect(open.sorted() == ["certificates", "image-registry", "kafka"])
    }

    @Test func `every offering is read without a finding`() throws {
        let (all, _) = try Self.offerings()
        #expect(all.count == 19)
        #expect(all.allSatisfy { !$0.offering.docs.isEmpty && !$0.offering.plans.isEmpty })
        let database = try #require(all.first { $0.offering.name.text == "postgresql" })
        #expect(database.offering.plans.map(\.name) == ["small", "standard", "high-availability"])
        #expect(database.offering.binding?.rotatesEvery == .seconds(90 * 86_400))
        #expect(database.offering.upgrades.growing.map(\.description) == ["/storageGiB"])
        #expect(database.readiness.count == 1 && database.binding?.credentials.count == 9)
    }

    @Test func `every plan of every offering renders, with every binding`() throws {
        let (all, files) = try Self.offerings()
        for entry in all {
            let files = files.filter { entry.holds($0.path.text) }
            let offering = entry.offering
            let values = Self.values(of: offering)
            for plan in offering.plans {
                let choices = Self.choices(offering.parameters, besides: plan.parameters)
                for (number, choice) in choices.enumerated() {
                    let name = "offering-\(offering.name)-\(plan.name)-\(number)"
                    let rendered = try entry.render(
                        files,
                        plan: plan.name,
                        parameters: choice,
                        values: values
                    )
                    #expect(!rendered.tree.files.isEmpty, "\(name)")
                    let outputs = offering.outputs["properties"]?.object?.count ?? 0
                    #expect(rendered.outputs.count == outputs)
                    try Self.dump(rendered.tree, as: name)
                }
                let name = "offering-\(offering.name)-\(plan.name)"
                try bind(entry, files, plan.name, choices[0], values, as: name)
            }
        }
    }

    private func bind(
        _ entry: OfferingBlueprint,
        _ files: [BlueprintFile],
        _ plan: String,
        _ parameters: JSON,
        _ values: OfferingValues,
        as name: String
    ) throws {
        guard let binding = entry.offering.binding else { return }
        for (number, choice) in Self.choices(binding.parameters, besides: [:]).enumerated() {
            let rendered = try entry.render(
                files,
                plan: plan,
                parameters: parameters,
                values: values,
                binding: choice,
                credential: CredentialValues(
                    binding: "app",
                    number: 17,
                    consumerNamespace: "e-staging"
                )
            )
            try Self.dump(rendered.tree, as: "\(name)-binding-\(number)")
            #expect(!rendered.credentials.isEmpty || rendered.takesAllOf != nil, "\(name)")
        }
    }

    @Test func `a database says where it is, and its credential is named after it`() throws {
        let (all, files) = try Self.offerings()
        let database = try #require(all.first { $0.offering.name.text == "postgresql" })
        var values = Self.values(of: database.offering)
        values.service = "db"
        values.namespace = "s-db"
        let rendered = try database.render(
            files,
            plan: "small",
            parameters: ["database": "shop"],
            values: values
        )
        #expect(rendered.outputs["host"] == "db-rw.s-db.svc")
        #expect(rendered.outputs["port"] == 5432)
        #expect(rendered.outputs["database"] == "shop")
        #expect(!rendered.tree.files.contains { $0.path.text == "service/backup.yaml" })
        let bound = try database.render(
            files,
            plan: "small",
            parameters: ["database": "shop"],
            values: values,
            binding: ["access": "read"],
            credential: CredentialValues(binding: "app", number: 2, consumerNamespace: "e-pr-7")
        )
        let paths = bound.tree.files.map(\.path.text)
        #expect(paths == ["binding/network.yaml", "binding/read.yaml"])
        #expect(bound.secrets.map(\.name) == ["db-app-2"])
        #expect(bound.secrets.first?.data.first?.value == .text("db_app_2"))
        let database2 = bound.credentials.first { $0.key == "database" }
        #expect(database2?.source == .text("shop"))
    }

    @Test func `a tenant's repository holds no offering`() throws {
        let blueprint = try ExampleBlueprintTests.template("v1.4.0")
        let builtIns = BuiltIns(
            tenant: "acme",
            clusterName: "acme",
            repositoryURL: "https://git.example.com/acme/platform.git",
            blueprint: "platform",
            version: "v1.4.0"
        )
        let tree = try blueprint.render(parameters: [:], builtIns: builtIns)
        #expect(!tree.files.contains { $0.path.text.hasPrefix("offerings/") })
    }
}
