import JSON

/// What a size stands for.
enum NodeSize: Sendable, Equatable {
    /// An instance type, flavor or profile of the provider.
    case type(String)
    /// Virtual CPUs and memory, where machines are made to measure.
    case measure(cpus: Int, memoryGiB: Int)
    /// Members of the machine's specification, as they are.
    case members(JSONObject)

    /// The most virtual CPUs, and the most GiB of memory, that a size may have.
    static let measureMax = 1_048_576

    /// Reads what a class says: a text, `{cpus, memoryGiB}`, or the provider's own members; nil
    /// where no machine is that large.
    init?(_ json: JSON) {
        switch json {
        case .string(let type):
            self = .type(type)
        case .object(let object):
            if object.count == 2, let cpus = object["cpus"]?.int,
                let memory = object["memoryGiB"]?.int
            {
                guard 1...Self.measureMax ~= cpus, 1...Self.measureMax ~= memory else { return nil }
                self = .measure(cpus: cpus, memoryGiB: memory)
            } else {
                self = .members(object)
            }
        case .null, .bool, .number, .array:
            return nil
        }
    }

    /// The size as a class says it.
    var json: JSON {
        switch self {
        case .type(let type): .string(type)
        case .measure(let cpus, let memory):
            ["cpus": .integer(cpus), "memoryGiB": .integer(memory)]
        case .members(let object): .object(object)
        }
    }
}

/// What sizes stand for where a class does not say: 2, 4, 8 and 16 CPUs with four times as many
/// GiB of memory, as near as the provider comes.
///
/// The one place in which instance types are named.
enum SizeTable {
    private static let names = ["small", "medium", "large", "xlarge"]

    static func sizes(of provider: ProviderName) -> [String: NodeSize] {
        switch provider {
        case .aws: types("m6i.large", "m6i.xlarge", "m6i.2xlarge", "m6i.4xlarge")
        case .azure:
            types("Standard_D2s_v5", "Standard_D4s_v5", "Standard_D8s_v5", "Standard_D16s_v5")
        case .digitalocean: types("g-2vcpu-8gb", "g-4vcpu-16gb", "g-8vcpu-32gb", "g-16vcpu-64gb")
        case .gcp: types("e2-standard-2", "e2-standard-4", "e2-standard-8", "e2-standard-16")
        case .hetzner: types("ccx13", "ccx23", "ccx33", "ccx43")
        case .ibm: types("bx2-2x8", "bx2-4x16", "bx2-8x32", "bx2-16x64")
        case .linode: types("g6-standard-2", "g6-standard-4", "g6-standard-6", "g6-standard-8")
        case .openstack: types("m1.medium", "m1.large", "m1.xlarge")
        case .packet: types("c3.small.x86", "c3.medium.x86", "m3.large.x86")
        case .supervisor:
            types("best-effort-small", "best-effort-medium", "best-effort-large")
        case .ibmPower, .kubevirt, .nutanix, .oci, .proxmox, .vsphere: measures
        // Containers take what the machine has.
        case .docker, .vcluster: measures
        // Offerings and hosts are named by whoever runs them.
        case .cloudstack, .metal3: [:]
        }
    }

    private static func types(_ types: String...) -> [String: NodeSize] {
        Dictionary(uniqueKeysWithValues: zip(names, types.map(NodeSize.type)))
    }

    private static let measures: [String: NodeSize] = Dictionary(
        uniqueKeysWithValues: zip(
            names,
            [2, 4, 8, 16].map { NodeSize.measure(cpus: $0, memoryGiB: $0 * 4) }
        )
    )
}
