package import Domain
import JSON

/// Something of Slipway's own that appears in the catalog by itself.
package enum OwnObject: Sendable, Hashable {
    /// A tenant: a system, and the group that owns it.
    case tenant(name: String, displayName: String?)
    /// An environment of a tenant.
    case environment(
        name: String,
        tenant: String,
        type: String,
        service: String?,
        cluster: String?
    )
    /// A cluster of a tenant.
    case cluster(name: String, tenant: String, kind: String)

    /// The object as events mention it.
    package var reference: ObjectReference {
        switch self {
        case .tenant(let name, _): ObjectReference(kind: .tenant, id: nil, name: name)
        case .environment(let name, let tenant, _, _, _):
            ObjectReference(kind: .environment, id: nil, name: "\(tenant)/\(name)")
        case .cluster(let name, let tenant, _):
            ObjectReference(kind: .cluster, id: nil, name: "\(tenant)/\(name)")
        }
    }

    /// The name of the tenant whose entities they are.
    package var tenant: String {
        switch self {
        case .tenant(let name, _): name
        case .environment(_, let tenant, _, _, _), .cluster(_, let tenant, _): tenant
        }
    }

    /// Where the entities of an object come from, which nobody else can say.
    package static func hold(of reference: ObjectReference) -> EntityHold {
        let place = "slipway:\(reference.path)"
        return EntityHold(file: place, origin: place)
    }

    /// The entities of the object.
    package var entities: [Entity] {
        // Names of objects are names of entities, and everything else is written here.
        documents.compactMap { try? Entity(parsing: $0) }
    }

    private var documents: [JSON] {
        switch self {
        case .tenant(let name, let displayName):
            let title = displayName ?? name
            return [
                document(
                    "System",
                    name,
                    title: title,
                    spec: ["owner": .string(name), "type": "tenant"]
                ),
                document(
                    "Group",
                    name,
                    title: title,
                    spec: [
                        "type": "tenant", "children": [],
                        "profile": ["displayName": .string(title)],
                    ]
                ),
            ]
        case .environment(let name, _, let type, let service, let cluster):
            var more = JSONObject()
            more["environmentType"] = .string(type)
            if let cluster { more["dependsOn"] = [.string("resource:cluster.\(cluster)")] }
            // A service needs the environment that it runs in.
            if let service { more["dependencyOf"] = [.string("component:\(service)")] }
            return [resource("environment", name, more)]
        case .cluster(let name, _, let kind):
            var more = JSONObject()
            more["clusterKind"] = .string(kind)
            return [resource("cluster", name, more)]
        }
    }

    private func resource(_ type: String, _ name: String, _ more: JSONObject) -> JSON {
        var spec = more
        spec["type"] = .string(type)
        spec["owner"] = .string(tenant)
        spec["system"] = .string(tenant)
        return document("Resource", "\(type).\(name)", title: name, spec: .object(spec))
    }

    private func document(_ kind: String, _ name: String, title: String, spec: JSON) -> JSON {
        [
            "apiVersion": "backstage.io/v1alpha1", "kind": .string(kind),
            "metadata": [
                "name": .string(name), "namespace": .string(tenant), "title": .string(title),
            ],
            "spec": spec,
        ]
    }
}
