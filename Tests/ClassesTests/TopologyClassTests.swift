import Domain
import JSON
import Testing

@testable import Classes

/// Clusters that are described by a topology.
struct TopologyClassTests {
    private let topology = "spec.topology"

    @Test func `version, replicas and pools go into the topology`() throws {
        let rendered = try Rendered(Templates.topology()) { wish in
            wish.controlPlaneReplicas = 3
            wish.nodePools = [
                .sample("web", count: .fixed(4)),
                .sample("batch", count: .scaled(1, through: 9)),
            ]
        }
        let found = rendered.one("Cluster")[path: topology]
        #expect(found?["version"] == "v1.34.2")
        #expect(found?[path: "controlPlane.replicas"] == 3)
        let pools = found?[path: "workers.machineDeployments"]?.array ?? []
        #expect(pools.map { $0["name"] } == ["web", "batch"])
        #expect(pools.map { $0["class"] } == ["default-worker", "default-worker"])
        #expect(pools.map { $0["replicas"] } == [4, nil])
        let prefix = "cluster.x-k8s.io/cluster-api-autoscaler-node-group"
        #expect(pools.last?[path: "metadata.annotations"]?["\(prefix)-max-size"] == "9")
        #expect(rendered.rendering.poolObjects == ["web": "web", "batch": "batch"])
    }

    @Test func `ill machines are found by the topology, in the words of its version`() throws {
        let rendered = try Rendered(Templates.topology())
        let found = rendered.one("Cluster")[path: topology]
        let pool = found?[path: "workers.machineDeployments.0.healthCheck"]
        #expect(pool?["enabled"] == true)
        #expect(pool?[path: "checks.nodeStartupTimeoutSeconds"] == 1_200)
        #expect(pool?["remediation"] == nil)
        #expect(found?[path: "controlPlane.healthCheck.enabled"] == true)
        #expect(rendered.all("MachineHealthCheck").isEmpty)

        let old = try Rendered(Templates.topology(isAlone: true, version: "v1beta1"))
        let entry = old.one("Cluster")[path: "\(topology).workers.machineDeployments.0"]
        #expect(entry?[path: "machineHealthCheck.enable"] == true)
        #expect(entry?[path: "machineHealthCheck.unhealthyConditions.0.timeout"] == "300s")
        #expect(old.one("Cluster")[path: "\(topology).controlPlane.machineHealthCheck"] == nil)

        let without = try Rendered(
            Templates.topology(),
            definition: ["healthChecks": ["enabled": false]]
        )
        let plain = without.one("Cluster")[path: "\(topology).workers.machineDeployments.0"]
        #expect(plain == ["class": "default-worker", "name": "md-0", "replicas": 2])
    }

    @Test func `the class is in the cluster's namespace and named by content below`() throws {
        let rendered = try Rendered(Templates.topology())
        #expect(rendered.names("ClusterClass") == ["plain"])
        let reference = rendered.one("Cluster")[path: "\(topology).classRef"]
        #expect(reference == ["name": "plain", "namespace": "t-acme-main"])
        let machine = rendered.all("DevMachineTemplate").first
        #expect(machine?.isTemplate == true)
        let path = "spec.workers.machineDeployments.0.infrastructure.templateRef.name"
        #expect(rendered.one("ClusterClass")[path: path]?.string == machine?.name)
        #expect(rendered.rendering.findings.isEmpty)
    }

    @Test func `a class from elsewhere is left where it is, and told`() throws {
        let rendered = try Rendered(Templates.topology(isAlone: true))
        #expect(rendered.one("Cluster")[path: "\(topology).classRef.namespace"] == "platform")
        #expect(rendered.rendering.findings.map(\.code) == [.note])
        let report = try report(of: Templates.topology(isAlone: true))
        #expect(report.isUsable && report.findings.map(\.code) == [.note])
        #expect(report.findings.first?.message.contains("namespace platform") == true)
    }

    @Test func `a class that would have to be in the cluster's own namespace is missed`() throws {
        let alone = Templates.topology(isAlone: true)
        for text in [
            Templates.topology(isAlone: true, version: "v1beta1"),
            alone.replacing("namespace: platform", with: "namespace: \"${NAMESPACE}\""),
        ] {
            let report = try report(of: text)
            #expect(!report.isUsable && report.findings.map(\.code) == [.badTemplate])
            #expect(report.findings.first?.message.contains("ClusterClass plain") == true)
        }
        #expect(try report(of: Templates.topology()).isUsable)
    }

    private func report(of text: String) throws -> ClassReport {
        ClassRenderer(
            definition: ClassDefinition(),
            template: try ClusterTemplate(parsing: Array(text.utf8))
        ).report()
    }

    @Test func `a size is a variable of the class; containers need none`() throws {
        let pools: (inout ClassWish) -> Void = { $0.nodePools = [.sample("web", size: "small")] }
        let entry = "\(topology).workers.machineDeployments.0.variables"
        #expect(try Rendered(Templates.topology(), pools).one("Cluster")[path: entry] == nil)
        let aws = Templates.topology().replacing("DevMachineTemplate", with: "AWSMachineTemplate")
        let overrides = try Rendered(aws, pools).one("Cluster")[path: entry]
        #expect(overrides == ["overrides": [["name": "workerMachineType", "value": "m6i.large"]]])
        let mapped = try Rendered(
            Templates.topology(isAlone: true),
            pools,
            definition: ["provider": "aws", "mapping": ["nodePools": ["size": "nodeType"]]]
        )
        #expect(mapped.one("Cluster")[path: "\(entry).overrides.0.name"] == "nodeType")
        let refused = findings { () throws(ClassFault) in
            _ = try Rendered(
                Templates.topology(isAlone: true),
                pools,
                definition: ["provider": "aws"]
            )
        }
        #expect(refused.map(\.code) == [.unsupported])
    }

    @Test func `taints are the topology's own, labels are told where they may not arrive`() throws {
        let rendered = try Rendered(Templates.topology()) { wish in
            wish.nodePools = [
                .sample(
                    "web",
                    labels: [("tier", "web")],
                    taints: [NodeTaint(key: "spot", value: "", effect: .noSchedule)]
                )
            ]
        }
        let entry = rendered.one("Cluster")[path: "\(topology).workers.machineDeployments.0"]
        #expect(entry?[path: "metadata.labels"] == ["tier": "web"])
        let taint: JSON = ["key": "spot", "effect": "NoSchedule", "propagation": "Always"]
        #expect(entry?["taints"] == [taint])
        #expect(rendered.rendering.findings.map(\.code) == [.note])
    }

    @Test func `a pool that differs gets a class of its own where the template has the class`()
        throws
    {
        let text =
            Templates.topology()
            .replacing("DevMachineTemplate", with: "OpenStackMachineTemplate")
            .replacing("workerMachineType", with: "other")
            .replacing("  variables:\n", with: Self.patches) + Self.bootstrap
        let rendered = try Rendered(text) { wish in
            wish.nodePools = [
                .sample("web", size: "large", labels: [("tier", "web")]), .sample("plain"),
            ]
        }
        let entries = rendered.one("Cluster")[path: "\(topology).workers.machineDeployments"]
        #expect(entries?[0]?["class"] == "default-worker-web")
        #expect(entries?[1]?["class"] == "default-worker")
        let spec = rendered.one("ClusterClass")["spec"]
        let own = spec?[path: "workers.machineDeployments.1"]
        #expect(own?["class"] == "default-worker-web")
        let machine = own?[path: "infrastructure.templateRef.name"]?.string
        let made = rendered.one("OpenStackMachineTemplate", machine)
        #expect(made[path: "spec.template.spec.flavor"] == "m1.xlarge")
        let bootstrap = own?[path: "bootstrap.templateRef.name"]?.string
        let arguments = rendered.one("KubeadmConfigTemplate", bootstrap)[
            path: "spec.template.spec.joinConfiguration.nodeRegistration.kubeletExtraArgs"
        ]
        #expect(arguments == [["name": "node-labels", "value": "tier=web"]])
        let selected = spec?[path: "patches.0.definitions.0.selector.matchResources"]
        let names: JSON = ["default-worker", "default-worker-web"]
        #expect(selected?["machineDeploymentClass"]?["names"] == names)
        #expect(rendered.rendering.findings.isEmpty)
    }

    private static let patches = """
          patches:
            - name: any
              definitions:
                - selector:
                    matchResources: {machineDeploymentClass: {names: [default-worker]}}
          variables:

        """

    private static let bootstrap = """
        ---
        apiVersion: bootstrap.cluster.x-k8s.io/v1beta2
        kind: KubeadmConfigTemplate
        metadata: {name: plain}
        spec: {template: {spec: {}}}

        """

    @Test func `nodes wait while the control plane goes first`() throws {
        let rendered = try Rendered(Templates.topology()) { wish in
            wish.kubernetesVersion = "1.35.0"
            wish.workersVersion = "1.34.2"
        }
        #expect(rendered.one("Cluster")[path: "\(topology).version"] == "v1.35.0")
        let path = "\(topology).workers.machineDeployments.0.metadata.annotations"
        let held = rendered.one("Cluster")[path: path]
        #expect(held == ["topology.cluster.x-k8s.io/defer-upgrade": ""])
    }
}
