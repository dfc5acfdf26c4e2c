import Domain
import JSON
import Testing

@testable import Classes

/// What differs between providers: where sizes, bounds, labels and taints go.
struct ProviderClassTests {
    private static let pool = NodePool.sample(
        "web",
        size: "small",
        count: .scaled(2, through: 6),
        labels: [("tier", "web")],
        taints: [NodeTaint(key: "spot", value: "", effect: .preferNoSchedule)]
    )

    @Test(
        arguments: [
            ("AWSMachineTemplate", "instanceType", "m6i.large"),
            ("AzureMachineTemplate", "vmSize", "Standard_D2s_v5"),
            ("GCPMachineTemplate", "instanceType", "e2-standard-2"),
            ("HCloudMachineTemplate", "type", "ccx13"),
            ("IBMVPCMachineTemplate", "profile", "bx2-2x8"),
            ("DOMachineTemplate", "size", "g-2vcpu-8gb"), ("VSphereMachineTemplate", "numCPUs", 2),
            ("VSphereMachineTemplate", "memoryMiB", 8192),
            ("ProxmoxMachineTemplate", "numCores", 2),
            ("NutanixMachineTemplate", "memorySize", "8Gi"),
            ("OCIMachineTemplate", "shape", "VM.Standard.E4.Flex"),
            ("OCIMachineTemplate", "shapeConfig", ["ocpus": "1", "memoryInGBs": "8"]),
            ("PacketMachineTemplate", "machineType", "c3.small.x86"),
            (
                "KubevirtMachineTemplate",
                "virtualMachineTemplate.spec.template.spec.domain.cpu.cores", 2
            ),
            ("LinodeMachineTemplate", "type", "g6-standard-2"),
            ("IBMPowerVSMachineTemplate", "memoryGiB", 8),
        ] as [(String, String, JSON)]
    )
    func `a size is set where the provider keeps it`(
        _ kind: String,
        _ path: String,
        _ value: JSON
    ) throws {
        let rendered = try Rendered(Templates.machines(kind: kind, machine: "{keep: me}")) {
            $0.nodePools = [.sample("web", size: "small")]
        }
        let machine = rendered.all(kind).first { $0.name.hasPrefix("acme-main-web-") }
        let spec = machine.map { JSON.object($0.json) }?[path: "spec.template.spec"]
        #expect(spec?[path: path] == value)
        #expect(spec?["keep"] == "me")
    }

    @Test func `containers have no size, and a supervisor has classes`() throws {
        let docker = Templates.machines(kind: "DockerMachineTemplate", machine: "{a: 1}")
        let rendered = try Rendered(docker) { $0.nodePools = [.sample("web", size: "small")] }
        let machine = rendered.all("DockerMachineTemplate").first.map { JSON.object($0.json) }
        #expect(machine?[path: "spec.template.spec"] == ["a": 1])

        let supervisor = Templates.machines(
            kind: "VSphereMachineTemplate",
            group: "vmware.infrastructure.cluster.x-k8s.io/v1beta2",
            machine: "{className: x}"
        )
        let classes = try Rendered(supervisor) { $0.nodePools = [.sample("web", size: "small")] }
        let found = classes.all("VSphereMachineTemplate").map { JSON.object($0.json) }
        #expect(found.contains { $0[path: "spec.template.spec.className"] == "best-effort-small" })
    }

    private static let talosPatch: JSON = """
        machine:
          nodeLabels:
            tier: "web"
          nodeTaints:
            spot: "PreferNoSchedule"

        """

    @Test(
        arguments: [
            ("KThreesConfigTemplate", "agentConfig.nodeLabels.0", "tier=web"),
            ("KThreesConfigTemplate", "agentConfig.nodeTaints.0", "spot:PreferNoSchedule"),
            ("RKE2ConfigTemplate", "agentConfig.nodeTaints.0", "spot:PreferNoSchedule"),
            ("EKSConfigTemplate", "kubeletExtraArgs.node-labels", "tier=web"),
            ("EKSConfigTemplate", "kubeletExtraArgs.register-with-taints", "spot:PreferNoSchedule"),
            ("NodeadmConfigTemplate", "kubelet.flags.0", "--node-labels=tier=web"),
            (
                "TalosConfigTemplate", "strategicPatches.0",
                Self.talosPatch
            ),
        ] as [(String, String, JSON)]
    )
    func `nodes are marked where the bootstrap provider keeps it`(
        _ kind: String,
        _ path: String,
        _ value: JSON
    ) throws {
        let rendered = try Rendered(Templates.machines(bootstrap: kind, join: "{}")) {
            $0.nodePools = [Self.pool]
        }
        #expect(rendered.one(kind)[path: "spec.template.spec.\(path)"] == value)
    }

    @Test func `kubeadm's arguments were an object in v1beta1`() throws {
        let text = Templates.machines(
            bootstrapVersion: "bootstrap.cluster.x-k8s.io/v1beta1",
            join: "{joinConfiguration: {nodeRegistration: {kubeletExtraArgs: {node-labels: a=b}}}}"
        )
        let rendered = try Rendered(text) { $0.nodePools = [Self.pool] }
        let path = "spec.template.spec.joinConfiguration.nodeRegistration.kubeletExtraArgs"
        #expect(
            rendered.one("KubeadmConfigTemplate")[path: path] == ["node-labels": "a=b,tier=web"]
        )
    }

    @Test func `a bootstrap provider that is not known cannot mark nodes`() {
        let found = findings { () throws(ClassFault) in
            _ = try Rendered(Templates.machines(bootstrap: "OddConfigTemplate")) {
                $0.nodePools = [Self.pool]
            }
        }
        #expect(found.map(\.code) == [.unsupported])
        #expect(found.first?.pointer == "/spec/nodePools/0")
    }

    @Test func `EKS pools have bounds, labels and taints of their own`() throws {
        let text = Templates.managed(kind: "AWSManagedMachinePool", pool: "{amiType: AL2023}")
        let rendered = try Rendered(text) { wish in
            wish.nodePools = [Self.pool, .sample("two")]
            wish.region = "eu-central-1"
        }
        #expect(
            rendered.one("AWSManagedMachinePool", "acme-main-web")["spec"] == [
                "amiType": "AL2023", "instanceType": "m6i.large",
                "scaling": ["minSize": 2, "maxSize": 6], "labels": ["tier": "web"],
                "taints": [["key": "spot", "value": "", "effect": "prefer-no-schedule"]],
            ]
        )
        let fixed = rendered.one("AWSManagedMachinePool", "acme-main-two")
        #expect(fixed[path: "spec.scaling"] == ["minSize": 2, "maxSize": 2])
        let owner = rendered.one("MachinePool", "acme-main-web")
        #expect(owner[path: "spec.replicas"] == 2)
        #expect(owner[path: "spec.template.spec.infrastructureRef.name"] == "acme-main-web")
        let annotation = "cluster.x-k8s.io/replicas-managed-by"
        #expect(owner[path: "metadata.annotations"]?[annotation] == "external-autoscaler")
        #expect(rendered.one("CloudControlPlane")[path: "spec.region"] == "eu-central-1")
        #expect(rendered.all("MachineHealthCheck").isEmpty)
    }

    @Test func `GKE switches scaling on and off`() throws {
        let text = Templates.managed(
            kind: "GCPManagedMachinePool",
            pool: "{scaling: {minCount: 1, maxCount: 3}}"
        )
        let rendered = try Rendered(text) { wish in
            wish.nodePools = [Self.pool, .sample("two")]
            wish.region = "r"
        }
        let scaled = rendered.one("GCPManagedMachinePool", "acme-main-web")
        #expect(
            scaled[path: "spec.scaling"]
                == ["minCount": 2, "maxCount": 6, "enableAutoscaling": true]
        )
        #expect(scaled[path: "spec.kubernetesTaints.0.value"] == "")
        let fixed = rendered.one("GCPManagedMachinePool", "acme-main-two")
        #expect(fixed[path: "spec.scaling"] == ["enableAutoscaling": false])
    }

    @Test func `AKS pools are named inside as well, in twelve letters`() throws {
        let pool = """
            {resources: [{kind: ManagedClustersAgentPool,
              metadata: {name: "${CLUSTER_NAME}-pool-0"},
              spec: {azureName: pool0, vmSize: x, mode: System}}]}
            """
        let text = Templates.managed(kind: "AzureASOManagedMachinePool", pool: pool)
        let rendered = try Rendered(text) { wish in
            wish.nodePools = [Self.pool, .sample("a-very-long-pool")]
            wish.region = "r"
        }
        let web = rendered.one("AzureASOManagedMachinePool", "acme-main-web")
        #expect(web[path: "spec.resources.0.metadata.name"] == "acme-main-web")
        #expect(
            web[path: "spec.resources.0.spec"] == [
                "azureName": "web", "vmSize": "Standard_D2s_v5", "mode": "System",
                "minCount": 2, "maxCount": 6, "enableAutoScaling": true,
                "nodeLabels": ["tier": "web"], "nodeTaints": ["spot:PreferNoSchedule"],
            ]
        )
        let long = rendered.one("AzureASOManagedMachinePool", "acme-main-a-very-long-pool")
        let name = long[path: "spec.resources.0.spec.azureName"]?.string ?? ""
        #expect(name.utf8.count == 9 && name.hasPrefix("p"))
    }

    @Test func `a virtual cluster has no pools and takes none`() throws {
        let text = """
            apiVersion: cluster.x-k8s.io/v1beta2
            kind: Cluster
            metadata: {name: "${CLUSTER_NAME}"}
            spec:
              infrastructureRef:
                {apiGroup: infrastructure.cluster.x-k8s.io, kind: VCluster, name: "${CLUSTER_NAME}"}
              controlPlaneRef:
                {apiGroup: infrastructure.cluster.x-k8s.io, kind: VCluster, name: "${CLUSTER_NAME}"}
            ---
            apiVersion: infrastructure.cluster.x-k8s.io/v1alpha1
            kind: VCluster
            metadata: {name: "${CLUSTER_NAME}"}
            spec: {helmRelease: {chart: {version: "${CHART_VERSION:=0.36.1}"}}}

            """
        let rendered = try Rendered(text) { $0.controlPlaneReplicas = 3 }
        #expect(rendered.rendering.objects.map(\.kind) == ["VCluster", "Cluster"])
        #expect(rendered.rendering.findings.map(\.code) == [.note])
        let refused = findings { () throws(ClassFault) in
            _ = try Rendered(text) { $0.nodePools = [.sample("web")] }
        }
        #expect(refused.map(\.pointer) == ["/spec/nodePools"])
    }

    @Test func `identities that clusters share stay out of the namespace and name no tenant`()
        throws
    {
        let text =
            Templates.machines() + """
                ---
                apiVersion: infrastructure.cluster.x-k8s.io/v1beta2
                kind: AWSClusterRoleIdentity
                metadata: {name: shared}
                spec: {roleARN: "arn:aws:iam::1:role/x"}
                ---
                apiVersion: v1
                kind: Namespace
                metadata: {name: "${NAMESPACE}"}

                """
        let rendered = try Rendered(text)
        let identity = rendered.all("AWSClusterRoleIdentity").first
        #expect(identity?.isClusterScoped == true)
        #expect(identity?.namespace == nil)
        let labels = identity.map { JSON.object($0.json) }?[path: "metadata.labels"]
        #expect(labels == ["app.kubernetes.io/managed-by": "slipway"])
        #expect(rendered.all("Namespace").isEmpty)
    }
}
