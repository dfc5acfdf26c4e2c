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
    /// A service of a tenant, or of one of its environments.
    case service(OwnService)

    /// The object as events mention it.
    package var reference: ObjectReference {
        switch self {
        case .tenant(let name, _): ObjectReference(kind: .tenant, id: nil, name: name)
        case .environment(let name, let tenant, _, _, _):
            ObjectReference(kind: .environment, id: nil, name: "\(tenant)/\(name)")
        case .cluster(let name, let tenant, _):
            ObjectReference(kind: .cluster, id: nil, name: "\(tenant)/\(name)")
        case .service(let service):
            ObjectReference(kind: .service, id: nil, name: "\(service.tenant)/\(service.name)")
        }
    }

    /// The name of the tenant whose entities they are.
    package var tenant: String {
        switch self {
        case .tenant(let name, _): name
        case .environment(_, let tenant, _, _, _), .cluster(_, let tenant, _): tenant
        case .service(let service): service.tenant
        }
    }

    /// The object whose entity shows what an event about `subject` changed; nil where none does.
    ///
    /// Who is bound to a service shows at the service.
    package static func shown(at subject: ObjectReference) -> ObjectReference? {
        switch subject.kind {
        case .tenant, .environment, .cluster, .service:
            return ObjectReference(kind: subject.kind, id: nil, name: subject.name)
        case .binding:
            let parts = subject.name.split(separator: "/")
            guard parts.count == 3 else { return nil }
            return ObjectReference(kind: .service, id: nil, name: "\(parts[0])/\(parts[1])")
        default: return nil
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
        case .service(let service): return [resource("service", service.name, service.members)]
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

/// A service of a tenant as the catalog shows it.
package struct OwnService: Sendable, Hashable {
    /// The name, unique within the tenant.
    package let name: String
    /// The name of the tenant.
    package let tenant: String
    /// What it is an instance of.
    package let offering: String
    /// The version of that.
    package let version: String?
    /// The plan.
    package let plan: String?
    /// The cluster that it is in; nil before one was chosen.
    package let cluster: String?
    /// The environments that need it, each once: the one that it belongs to, and those that are
    /// bound to it.
    package let consumers: [String]

    /// Puts together what is known of it.
    package init(
        name: String,
        tenant: String,
        offering: String,
        version: String?,
        plan: String?,
        cluster: String?,
        consumers: [String]
    ) {
        self.name = name
        self.tenant = tenant
        self.offering = offering
        self.version = version
        self.plan = plan
        self.cluster = cluster
        self.consumers = consumers
    }

    fileprivate var members: JSONObject {
        var members = JSONObject()
        members["offering"] = .string(offering)
        members["offeringVersion"] = version.map { .string($0) }
        members["plan"] = plan.map { .string($0) }
        if let cluster { members["dependsOn"] = [.string("resource:cluster.\(cluster)")] }
        if !consumers.isEmpty {
            members["dependencyOf"] = .array(
                consumers.map { .string("resource:environment.\($0)") }
            )
        }
        return members
    }
}
