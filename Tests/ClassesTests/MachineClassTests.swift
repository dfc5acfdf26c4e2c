import Domain
import JSON
import Testing
import YAML

@testable import Classes

/// Clusters of machines with kubeadm, and what is the same for all.
struct MachineClassTests {
    private let spot = NodeTaint(key: "spot", value: "yes", effect: .noSchedule)
    private let bare = NodeTaint(key: "bare", value: "", effect: .noExecute)

    @Test func `a published template needs no mapping`() throws {
        let rendered = try Rendered(Templates.machines())
        #expect(rendered.rendering.poolNames == ["md-0"])
        #expect(rendered.rendering.poolObjects == ["md-0": "acme-main-md-0"])
        #expect(rendered.one("KubeadmControlPlane")[path: "spec.replicas"] == 1)
        #expect(rendered.one("KubeadmControlPlane")[path: "spec.version"] == "v1.34.2")
        #expect(rendered.one("MachineDeployment")[path: "spec.replicas"] == 3)
    }

    @Test func `everything is in the namespace and labelled; only the root has the identity`()
        throws
    {
        let rendered = try Rendered(Templates.machines())
        for object in rendered.rendering.objects {
            #expect(object.namespace == "t-acme-main")
            let metadata = JSON.object(object.json)["metadata"]
            #expect(metadata?["labels"]?["app.kubernetes.io/managed-by"] == "slipway")
            #expect(metadata?["labels"]?["slipway.dev/tenant"] == "acme")
            #expect(metadata?["labels"]?["slipway.dev/cluster"] == "main")
            let identity = metadata?["annotations"]?["slipway.dev/cluster-id"]
            #expect(identity == (object.isRoot ? "id-1" : nil))
        }
        #expect(rendered.rendering.root?.kind == "Cluster")
    }

    @Test func `what is referenced comes first`() throws {
        let kinds = try Rendered(Templates.machines()).rendering.objects.map(\.kind)
        #expect(
            kinds == [
                "OpenStackMachineTemplate", "OpenStackMachineTemplate", "KubeadmConfigTemplate",
                "KubeadmControlPlane", "CloudCluster", "Cluster", "MachineDeployment",
                "MachineHealthCheck", "MachineHealthCheck",
            ]
        )
    }

    @Test func `health checks bear the label by which the cluster's objects are watched`() throws {
        let checks = try Rendered(Templates.machines()).all("MachineHealthCheck")
        let labels = checks.map { $0.json["metadata"]?["labels"]?["cluster.x-k8s.io/cluster-name"] }
        #expect(labels == ["acme-main", "acme-main"])
    }

    @Test func `machine templates are named by content and referred to by that name`() throws {
        let rendered = try Rendered(Templates.machines())
        let control = rendered.one("KubeadmControlPlane")
        let name = control[path: "spec.machineTemplate.spec.infrastructureRef.name"]?.string ?? ""
        #expect(name.hasPrefix("acme-main-control-plane-") && name.utf8.count == 32)
        #expect(rendered.all("OpenStackMachineTemplate").filter(\.isTemplate).count == 2)
        #expect(rendered.names("OpenStackMachineTemplate").contains(name))
        let secret = control[path: "spec.kubeadmConfigSpec.files.0.contentFrom.secret.name"]
        #expect(secret == .string("\(name)-azure-json"))

        let larger = try Rendered(Templates.machines(), definition: ["variables": ["FLAVOR": "l"]])
        #expect(!larger.names("OpenStackMachineTemplate").contains(name))
        let same = try Rendered(Templates.machines()) { $0.controlPlaneReplicas = 3 }
        #expect(same.names("OpenStackMachineTemplate").contains(name))
    }

    @Test func `the same wish gives the same bytes`() throws {
        let make = { try Rendered(Templates.machines()).rendering.objects.map(\.json) }
        #expect(
            YAML.text(try make().map { .object($0) }) == YAML.text(try make().map { .object($0) })
        )
    }

    @Test func `pools that are asked for take the place of the template's`() throws {
        let rendered = try Rendered(Templates.machines()) { wish in
            wish.nodePools = [
                .sample("web", size: "small", labels: [("tier", "web")], taints: [spot, bare]),
                .sample("batch", size: "large", count: .scaled(1, through: 5)),
            ]
        }
        #expect(rendered.rendering.poolNames == ["web", "batch"])
        #expect(rendered.names("MachineDeployment") == ["acme-main-web", "acme-main-batch"])
        let web = rendered.one("MachineDeployment", "acme-main-web")
        #expect(web[path: "spec.replicas"] == 2)
        let label = "cluster.x-k8s.io/deployment-name"
        #expect(web[path: "spec.selector.matchLabels"]?[label] == "acme-main-web")
        #expect(web[path: "spec.template.metadata.labels"]?[label] == "acme-main-web")
        let machine = web[path: "spec.template.spec.infrastructureRef.name"]?.string
        #expect(
            rendered.one("OpenStackMachineTemplate", machine)[path: "spec.template.spec.flavor"]
                == "m1.medium"
        )
        let bootstrap = web[path: "spec.template.spec.bootstrap.configRef.name"]?.string
        let registration = rendered.one("KubeadmConfigTemplate", bootstrap)[
            path: "spec.template.spec.joinConfiguration.nodeRegistration"
        ]
        #expect(
            registration == [
                "kubeletExtraArgs": [["name": "node-labels", "value": "tier=web"]],
                "taints": [
                    ["key": "spot", "value": "yes", "effect": "NoSchedule"],
                    ["key": "bare", "effect": "NoExecute"],
                ],
            ]
        )
        let batch = rendered.one("MachineDeployment", "acme-main-batch")
        #expect(batch[path: "spec.replicas"] == nil)
        let annotations = batch[path: "metadata.annotations"]
        let prefix = "cluster.x-k8s.io/cluster-api-autoscaler-node-group"
        #expect(annotations?["\(prefix)-min-size"] == "1")
        #expect(annotations?["\(prefix)-max-size"] == "5")
    }

    @Test func `a pool of the template's own name is the same pool`() throws {
        let own = try Rendered(Templates.machines())
        let asked = try Rendered(Templates.machines()) {
            $0.nodePools = [.sample("md-0", count: .fixed(3))]
        }
        #expect(own.rendering.objects == asked.rendering.objects)
    }

    @Test func `no pools are no pools`() throws {
        let rendered = try Rendered(Templates.machines()) { $0.nodePools = [] }
        #expect(rendered.all("MachineDeployment").isEmpty)
        #expect(rendered.all("KubeadmConfigTemplate").isEmpty)
        #expect(rendered.all("OpenStackMachineTemplate").count == 1)
    }

    @Test func `the control plane goes first`() throws {
        let before = try Rendered(Templates.machines())
        let rendered = try Rendered(Templates.machines()) { wish in
            wish.kubernetesVersion = "1.35.0"
            wish.workersVersion = "1.34.2"
        }
        #expect(rendered.one("KubeadmControlPlane")[path: "spec.version"] == "v1.35.0")
        #expect(rendered.one("MachineDeployment") == before.one("MachineDeployment"))
    }

    @Test func `empty members are left out, except where empty means something`() throws {
        let rendered = try Rendered(Templates.machines())
        #expect(rendered.one("Cluster")[path: "spec.clusterNetwork.serviceDomain"] == nil)
        #expect(rendered.one("Cluster")[path: "spec.clusterNetwork.pods.cidrBlocks.0"] != nil)
        let managed = Templates.managed(kind: "AWSManagedMachinePool", pool: "{}")
        let text = managed.replacing("v1beta1", with: "v1beta2")
        let pools = try Rendered(text) { $0.region = "r" }
        let bootstrap = pools.one("MachinePool")[path: "spec.template.spec.bootstrap"]
        #expect(bootstrap == ["dataSecretName": ""])
    }

    @Test func `a paused cluster says so`() throws {
        let rendered = try Rendered(Templates.machines()) { $0.isPaused = true }
        #expect(rendered.one("Cluster")[path: "spec.paused"] == true)
        #expect(try Rendered(Templates.machines()).one("Cluster")[path: "spec.paused"] == nil)
    }

    @Test func `everything that is missing or not allowed is told at once`() {
        let text = Templates.machines(machine: "{flavor: \"${A}\", image: \"${B}\"}")
        let missing = findings { () throws(ClassFault) in _ = try Rendered(text) }
        #expect(missing.map(\.variable) == ["A", "B"])

        let definition: JSON = [
            "allowance": ["nodes": 3, "sizes": ["small"]], "regions": ["r1"],
        ]
        let refused = findings { () throws(ClassFault) in
            _ = try Rendered(
                Templates.machines(),
                { wish in
                    wish.controlPlaneReplicas = 2
                    wish.nodePools = [.sample("a", size: "large", count: .fixed(4))]
                },
                definition: definition
            )
        }
        #expect(
            refused.map(\.pointer) == [
                "/spec/nodePools", "/spec/nodePools/0/size", "/spec/nodePools/0/size",
                "/spec/controlPlane/replicas",
            ]
        )
        let elsewhere = findings { () throws(ClassFault) in
            _ = try Rendered(Templates.machines(), { $0.region = "r2" }, definition: definition)
        }
        #expect(elsewhere.map(\.code) == [.notAllowed])
    }

    @Test func `a template that is not that of one cluster is refused`() {
        for text in [
            Templates.machines().replacing("kind: Cluster\n", with: "kind: Klaster\n"),
            Templates.machines() + "---\n" + Templates.topology(isAlone: true),
            Templates.machines().replacing(
                "metadata: {name: \"${CLUSTER_NAME}\", namespace: \"${NAMESPACE}\"}",
                with: "metadata: {name: fixed}"
            ),
            Templates.machines().replacing(
                "cluster.x-k8s.io/v1beta2\nkind: Cl",
                with: "cluster.x-k8s.io/v1alpha4\nkind: Cl"
            ),
            Templates.machines() + "---\nkind: Thing\n",
        ] {
            #expect(findings { () throws(ClassFault) in _ = try Rendered(text) }.count == 1)
        }
    }
}
