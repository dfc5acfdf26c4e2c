import Domain
import JSON

/// One object of a template on its way to being a manifest.
struct TemplateObject: Sendable {
    /// What an object is called: enough to be referred to within one namespace.
    struct Key: Hashable, Sendable {
        var kind: String
        var name: String
    }

    /// The whole object.
    var json: JSON
    /// The line of the expanded template on which it starts.
    let line: Int
    /// Whether its name tells its content.
    var isTemplate = false

    var apiVersion: String { json["apiVersion"]?.string ?? "" }
    var kind: String { json["kind"]?.string ?? "" }
    var name: String {
        get { json["metadata"]?["name"]?.string ?? "" }
        set { json.set(.string(newValue), at: ["metadata", "name"]) }
    }
    var key: Key { Key(kind: kind, name: name) }

    /// The API group; empty for the core of Kubernetes.
    var group: String {
        guard let slash = apiVersion.utf8.firstIndex(of: UInt8(ascii: "/")) else { return "" }
        return String(apiVersion[..<slash])
    }

    /// The version within the group.
    var version: String {
        guard let slash = apiVersion.utf8.firstIndex(of: UInt8(ascii: "/")) else {
            return apiVersion
        }
        return String(apiVersion[apiVersion.utf8.index(after: slash)...])
    }

    /// Whether it is the `Cluster` of Cluster API.
    var isRoot: Bool { kind == "Cluster" && group == Self.coreGroup }

    /// Whether it is a ClusterClass of Cluster API.
    var isClusterClass: Bool { kind == "ClusterClass" && group == Self.coreGroup }

    /// Whether it holds a group of nodes.
    var isPool: Bool {
        group == Self.coreGroup && (kind == "MachineDeployment" || kind == "MachinePool")
    }

    /// Whether it is in no namespace.
    var isClusterScoped: Bool { Self.clusterScoped.contains(kind) }

    /// The group of `Cluster`, `MachineDeployment` and so on.
    static let coreGroup = "cluster.x-k8s.io"

    /// Kinds of published templates that are in no namespace.
    private static let clusterScoped: Set<String> = [
        "AWSClusterControllerIdentity", "AWSClusterRoleIdentity", "AWSClusterStaticIdentity",
        "ClusterRole", "ClusterRoleBinding", "CustomResourceDefinition", "GlobalInClusterIPPool",
        "OpenStackClusterIdentity", "PriorityClass", "StorageClass", "VSphereClusterIdentity",
        "VSphereDeploymentZone", "VSphereFailureDomain",
    ]

    /// The objects that this one refers to by kind and name.
    func references() -> Set<Key> {
        var found: Set<Key> = []
        for member in json.object ?? JSONObject() where member.key != "metadata" {
            member.value.forEachObject { object in
                if let kind = object["kind"]?.string, let name = object["name"]?.string {
                    found.insert(Key(kind: kind, name: name))
                }
            }
        }
        return found
    }

    /// Makes references to one object references to another.
    mutating func redirect(_ old: Key, to name: String) {
        guard old.name != name else { return }
        json = json.replacingObjects { object in
            guard object["kind"]?.string == old.kind, object["name"]?.string == old.name else {
                return object
            }
            var changed = object
            changed["name"] = .string(name)
            return changed
        }
    }

    /// Gives the object a name that tells its content, so that another content is another object.
    mutating func nameByContent(_ base: String) {
        let content = String(decoding: (json["spec"] ?? .null).canonical(), as: UTF8.self)
        name = "\(base)-\(ShortHash.hex(of: content))"
        isTemplate = true
    }
}
