import JSON

/// Where a kind of machine keeps what Slipway sets: the size, and for pools that the provider
/// manages, how far they may grow and what their nodes are marked with.
struct MachineShape: Sendable {
    /// How a provider's own pool is told its bounds.
    enum Bounds: Sendable {
        /// Not at all: the object that owns it says enough.
        case none
        /// Two members; a third switches scaling on and off. `isAlways` where a pool of fixed size
        /// has bounds as well.
        case members(least: [String], most: [String], flag: [String]?, isAlways: Bool)
    }

    /// Where nodes are marked when the machine's object says it; bootstrap says it otherwise.
    enum Marks: Sendable {
        case none
        /// An object for labels and a list of `{key, value, effect}` for taints, effects as here.
        case members(labels: [String], taints: [String], isKebab: Bool)
        /// Like that, with taints as `key=value:effect`.
        case texts(labels: [String], taints: [String])
        /// A list of `{key, value}` for labels; taints as objects where they can be said at all.
        case pairs(labels: [String], taints: [String]?)
    }

    let provider: ProviderName
    /// Where the members of a size are set.
    let base: [String]
    /// The member, under `base`, that names an instance type.
    var type: [String]?
    /// The members, under `base`, of a machine made to measure.
    var measure: (@Sendable (_ cpus: Int, _ memoryGiB: Int) -> JSON)?
    var bounds = Bounds.none
    var marks = Marks.none
    /// The member that names the pool with the provider, which takes twelve letters and digits.
    var shortName: [String]?

    /// What is known of a kind of machine; kinds of vSphere's supervisor share their names with
    /// those of vSphere itself.
    static func of(_ object: TemplateObject) -> MachineShape? {
        object.group.hasPrefix("vmware.") ? supervised : table[object.kind]
    }

    /// The provider of a machine.
    static func provider(of object: TemplateObject) -> ProviderName? {
        of(object)?.provider ?? provider(of: object.kind)
    }

    private static let supervised = MachineShape(
        provider: .supervisor,
        base: machine,
        type: ["className"]
    )

    /// The provider by the beginning of a kind's name.
    static func provider(of kind: String) -> ProviderName? {
        prefixes.first { kind.hasPrefix($0.0) }?.1
    }

    private static let prefixes: [(String, ProviderName)] = [
        ("AWS", .aws), ("ROSA", .aws), ("EKS", .aws), ("Azure", .azure),
        ("CloudStack", .cloudstack),
        ("DO", .digitalocean), ("Dev", .docker), ("Docker", .docker), ("GCP", .gcp),
        ("HCloud", .hetzner), ("Hetzner", .hetzner), ("IBMPower", .ibmPower), ("IBM", .ibm),
        ("Kubevirt", .kubevirt),
        ("Linode", .linode), ("Metal3", .metal3), ("Nutanix", .nutanix), ("OCI", .oci),
        ("OpenStack", .openstack), ("Packet", .packet), ("Proxmox", .proxmox),
        ("VCluster", .vcluster), ("VSphere", .vsphere),
    ]

    private static let machine = ["spec", "template", "spec"]
    private static let agentPool = ["spec", "resources", "0", "spec"]

    private static let table: [String: MachineShape] = [
        "AWSMachineTemplate": .init(provider: .aws, base: machine, type: ["instanceType"]),
        "AWSMachinePool": .init(
            provider: .aws,
            base: ["spec"],
            type: ["awsLaunchTemplate", "instanceType"],
            bounds: .members(
                least: ["spec", "minSize"],
                most: ["spec", "maxSize"],
                flag: nil,
                isAlways: true
            )
        ),
        "AWSManagedMachinePool": .init(
            provider: .aws,
            base: ["spec"],
            type: ["instanceType"],
            bounds: .members(
                least: ["spec", "scaling", "minSize"],
                most: ["spec", "scaling", "maxSize"],
                flag: nil,
                isAlways: true
            ),
            marks: .members(labels: ["spec", "labels"], taints: ["spec", "taints"], isKebab: true)
        ),
        "AzureMachineTemplate": .init(provider: .azure, base: machine, type: ["vmSize"]),
        "AzureMachinePool": .init(provider: .azure, base: ["spec", "template"], type: ["vmSize"]),
        "AzureManagedMachinePool": .init(
            provider: .azure,
            base: ["spec"],
            type: ["sku"],
            bounds: .members(
                least: ["spec", "scaling", "minSize"],
                most: ["spec", "scaling", "maxSize"],
                flag: nil,
                isAlways: false
            ),
            marks: .members(
                labels: ["spec", "nodeLabels"],
                taints: ["spec", "taints"],
                isKebab: false
            ),
            shortName: ["spec", "name"]
        ),
        "AzureASOManagedMachinePool": .init(
            provider: .azure,
            base: agentPool,
            type: ["vmSize"],
            bounds: .members(
                least: agentPool + ["minCount"],
                most: agentPool + ["maxCount"],
                flag: agentPool + ["enableAutoScaling"],
                isAlways: false
            ),
            marks: .texts(labels: agentPool + ["nodeLabels"], taints: agentPool + ["nodeTaints"]),
            shortName: agentPool + ["azureName"]
        ),
        "CloudStackMachineTemplate": .init(
            provider: .cloudstack,
            base: machine,
            type: ["offering", "name"]
        ),
        "DOMachineTemplate": .init(provider: .digitalocean, base: machine, type: ["size"]),
        "DevMachineTemplate": .init(provider: .docker, base: machine, measure: nothing),
        "DockerMachineTemplate": .init(provider: .docker, base: machine, measure: nothing),
        "DevMachinePool": .init(provider: .docker, base: ["spec"], measure: nothing),
        "DockerMachinePool": .init(provider: .docker, base: ["spec"], measure: nothing),
        "GCPMachineTemplate": .init(provider: .gcp, base: machine, type: ["instanceType"]),
        "GCPMachinePool": .init(provider: .gcp, base: ["spec"], type: ["instanceType"]),
        "GCPManagedMachinePool": .init(
            provider: .gcp,
            base: ["spec"],
            type: ["machineType"],
            bounds: .members(
                least: ["spec", "scaling", "minCount"],
                most: ["spec", "scaling", "maxCount"],
                flag: ["spec", "scaling", "enableAutoscaling"],
                isAlways: false
            ),
            marks: .members(
                labels: ["spec", "kubernetesLabels"],
                taints: ["spec", "kubernetesTaints"],
                isKebab: false
            )
        ),
        "HCloudMachineTemplate": .init(provider: .hetzner, base: machine, type: ["type"]),
        "IBMVPCMachineTemplate": .init(provider: .ibm, base: machine, type: ["profile"]),
        "IBMPowerVSMachineTemplate": .init(
            provider: .ibmPower,
            base: machine,
            measure: { ["processors": .integer($0), "memoryGiB": .integer($1)] }
        ),
        "KubevirtMachineTemplate": .init(
            provider: .kubevirt,
            base: machine + ["virtualMachineTemplate", "spec", "template", "spec", "domain"],
            measure: { cpus, memory in
                ["cpu": ["cores": .integer(cpus)], "memory": ["guest": .string("\(memory)Gi")]]
            }
        ),
        "LinodeMachineTemplate": .init(provider: .linode, base: machine, type: ["type"]),
        "NutanixMachineTemplate": .init(
            provider: .nutanix,
            base: machine,
            measure: { cpus, memory in
                [
                    "vcpuSockets": .integer(cpus), "vcpusPerSocket": 1,
                    "memorySize": .string("\(memory)Gi"),
                ]
            }
        ),
        "OCIMachineTemplate": .init(
            provider: .oci,
            base: machine,
            type: ["shape"],
            measure: { ["shape": .string(flexible), "shapeConfig": flexed($0, $1)] }
        ),
        "OCIMachinePool": .init(
            provider: .oci,
            base: ["spec", "instanceConfiguration"],
            type: ["shape"],
            measure: { ["shape": .string(flexible), "shapeConfig": flexed($0, $1)] }
        ),
        "OCIManagedMachinePool": .init(
            provider: .oci,
            base: ["spec"],
            type: ["nodeShape"],
            measure: { ["nodeShape": .string(flexible), "nodeShapeConfig": flexed($0, $1)] },
            marks: .pairs(labels: ["spec", "initialNodeLabels"], taints: nil)
        ),
        "OCIVirtualMachinePool": .init(
            provider: .oci,
            base: ["spec"],
            marks: .pairs(
                labels: ["spec", "initialVirtualNodeLabels"],
                taints: ["spec", "taints"]
            )
        ),
        "OpenStackMachineTemplate": .init(provider: .openstack, base: machine, type: ["flavor"]),
        "PacketMachineTemplate": .init(provider: .packet, base: machine, type: ["machineType"]),
        "ProxmoxMachineTemplate": .init(
            provider: .proxmox,
            base: machine,
            measure: { cpus, memory in
                [
                    "numSockets": 1, "numCores": .integer(cpus),
                    "memoryMiB": .integer(memory * 1_024),
                ]
            }
        ),
        "ROSAMachinePool": .init(
            provider: .aws,
            base: ["spec"],
            type: ["instanceType"],
            marks: .members(
                labels: ["spec", "labels"],
                taints: ["spec", "taints"],
                isKebab: false
            )
        ),
        "VSphereMachineTemplate": .init(
            provider: .vsphere,
            base: machine,
            measure: { cpus, memory in
                ["numCPUs": .integer(cpus), "memoryMiB": .integer(memory * 1_024)]
            }
        ),
        "Metal3MachineTemplate": .init(provider: .metal3, base: machine),
    ]

    @Sendable private static func nothing(cpus: Int, memoryGiB: Int) -> JSON { [:] }

    private static let flexible = "VM.Standard.E4.Flex"

    /// An OCPU is two virtual CPUs.
    @Sendable private static func flexed(_ cpus: Int, _ memoryGiB: Int) -> JSON {
        ["ocpus": .string("\(max(1, cpus / 2))"), "memoryInGBs": .string("\(memoryGiB)")]
    }
}
