import JSON
import Testing

@testable import Classes

struct ClassDefinitionTests {
    @Test func `a definition may be empty`() throws {
        #expect(try ClassDefinition(parsing: [:]) == ClassDefinition())
        #expect(ClassDefinition().allows(kubernetesVersion: "1.99.0"))
        #expect(ClassDefinition().defaultVersion == nil)
    }

    @Test func `everything that is wrong is told at once, with pointers`() {
        let found = findings { () throws(ClassFault) in
            _ = try ClassDefinition(parsing: [
                "provider": "amazon", "sizes": ["Small": "x"], "variabels": [:],
                "kubernetesVersions": ["v1.34"], "allowance": ["nodes": -1],
            ])
        }
        #expect(found.count >= 5)
        #expect(found.allSatisfy { $0.code == .badDefinition })
        let pointers = Set(found.compactMap(\.pointer))
        #expect(pointers.isSuperset(of: ["/provider", "/variabels", "/kubernetesVersions/0"]))
        let mapping = findings { () throws(ClassFault) in
            _ = try ClassDefinition(parsing: [
                "mapping": ["region": "Kind:no-pointer", "name": ["A", "b c"]],
                "allowance": ["tenants": "a in ("],
            ])
        }
        #expect(
            mapping.map(\.pointer) == ["/mapping/name", "/mapping/region", "/allowance/tenants"]
        )
    }

    @Test func `a size is no larger than machines are`() {
        for measure: JSON in [
            ["cpus": 2, "memoryGiB": .integer(Int.max)], ["cpus": 0, "memoryGiB": 2],
            ["cpus": .integer(Int.max), "memoryGiB": 2],
        ] {
            #expect(NodeSize(measure) == nil)
            let found = findings { () throws(ClassFault) in
                _ = try ClassDefinition(parsing: ["sizes": ["huge": measure]])
            }
            #expect(found.count == 1)
            #expect(found.first?.pointer?.hasPrefix("/sizes/huge/") == true)
        }
        #expect(NodeSize(["cpus": 2, "memoryGiB": 8]) == .measure(cpus: 2, memoryGiB: 8))
    }

    @Test func `values may use what Slipway knows`() throws {
        let text = Templates.machines(machine: "{a: \"${A}\", b: ${B}, c: \"${C}\"}")
        let rendered = try Rendered(
            text,
            definition: [
                "variables": [
                    "A": "${TENANT}-${CLUSTER}/${NAMESPACE}", "B": 3,
                    "C": "${KUBERNETES_VERSION#v}",
                ]
            ]
        )
        let machine = rendered.all("OpenStackMachineTemplate").first.map { JSON.object($0.json) }
        let spec = machine?[path: "spec.template.spec"]
        #expect(spec == ["a": "acme-main/t-acme-main", "b": 3, "c": "1.34.2"])
        let unknown = findings { () throws(ClassFault) in
            _ = try Rendered(text, definition: ["variables": ["A": "${TENNANT}"]])
        }
        #expect(unknown.map(\.pointer) == ["/variables/A"])
    }

    @Test func `a mapping leads words to variables and members`() throws {
        let text = Templates.machines().replacing("${KUBERNETES_VERSION}", with: "${K8S}")
        let rendered = try Rendered(
            text,
            { wish in
                wish.region = "r1"
                wish.nodePools = [.sample("web", size: "tiny")]
            },
            definition: [
                "mapping": [
                    "kubernetesVersion": "K8S", "region": ["CloudCluster:/spec/region", "REGION"],
                    "nodePools": ["size": "OpenStackMachineTemplate:/spec/template/spec/kind"],
                ],
                "sizes": ["tiny": "t1"],
            ]
        )
        #expect(rendered.one("KubeadmControlPlane")[path: "spec.version"] == "v1.34.2")
        #expect(rendered.one("CloudCluster")[path: "spec.region"] == "r1")
        let machines = rendered.all("OpenStackMachineTemplate").map { JSON.object($0.json) }
        #expect(machines.contains { $0[path: "spec.template.spec.kind"] == "t1" })
        let lost = findings { () throws(ClassFault) in
            _ = try Rendered(text, definition: ["mapping": ["name": "Nothing:/a"]])
        }
        #expect(lost.contains { $0.code == .badDefinition || $0.code == .missingValue })
    }

    @Test func `health checks of the template are left as they are`() throws {
        let text =
            Templates.machines() + """
                ---
                apiVersion: cluster.x-k8s.io/v1beta2
                kind: MachineHealthCheck
                metadata: {name: "${CLUSTER_NAME}-md-0-mhc"}
                spec:
                  clusterName: "${CLUSTER_NAME}"
                  selector:
                    matchLabels: {cluster.x-k8s.io/deployment-name: "${CLUSTER_NAME}-md-0"}

                """
        let own = try Rendered(text)
        #expect(
            own.names("MachineHealthCheck")
                == ["acme-main-control-plane-health", "acme-main-md-0-mhc"]
        )
        let asked = try Rendered(text) { $0.nodePools = [.sample("a"), .sample("b")] }
        #expect(
            asked.names("MachineHealthCheck") == [
                "acme-main-control-plane-health", "acme-main-a-mhc", "acme-main-b-mhc",
            ]
        )
        let label = "cluster.x-k8s.io/deployment-name"
        let check = asked.one("MachineHealthCheck", "acme-main-b-mhc")
        #expect(check[path: "spec.selector.matchLabels"]?[label] == "acme-main-b")
        let every = text.replacing(
            "cluster.x-k8s.io/deployment-name: \"${CLUSTER_NAME}-md-0\"",
            with: "cluster.x-k8s.io/cluster-name: \"${CLUSTER_NAME}\""
        )
        #expect(try Rendered(every).names("MachineHealthCheck") == ["acme-main-md-0-mhc"])
    }

    @Test func `a report says what a class offers and lacks`() throws {
        let renderer = ClassRenderer(
            definition: ClassDefinition(),
            template: try ClusterTemplate(
                parsing: Array(Templates.machines(machine: "{flavor: \"${FLAVOR}\"}").utf8)
            )
        )
        let report = renderer.report()
        #expect(report.missing == ["FLAVOR"])
        #expect(report.findings.map(\.variable) == ["FLAVOR"])
        #expect(report.findings.first?.code == .missingValue && !report.isUsable)
        #expect(report.provider == "openstack")
        #expect(report.coreVersion == "v1beta2")
        #expect(report.hasControlPlaneReplicas)
        #expect(report.sizes["small"] == "m1.medium")
        #expect(report.json["nodePools"]?[0]?["machineKind"] == "OpenStackMachineTemplate")
        var definition = ClassDefinition()
        definition.variables = ["FLAVOUR": "x"]
        definition.mapping.region = [.variable("REGION"), .variable("RAGION")]
        let typo = ClassRenderer(definition: definition, template: renderer.template).report()
        #expect(typo.findings.map(\.pointer) == ["/variables/FLAVOUR", "/mapping/region", nil])
        #expect(typo.findings.first?.message.contains("did you mean FLAVOR?") == true)
        let broken = ClassRenderer(
            definition: ClassDefinition(),
            template: try ClusterTemplate(parsing: Array("a: [".utf8))
        )
        #expect(broken.report().findings.map(\.code) == [.badTemplate])
        let parsed = try JSON.parse(ClassSchema.document.serialized())
        #expect(parsed == ClassSchema.document)
    }
}
