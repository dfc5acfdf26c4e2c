import Domain
import JSON
import Kubernetes

/// What is known of the clusters in one management cluster: their objects by namespace, and which
/// of them should be looked at again.
///
/// A value: who owns it decides when.
struct ClusterLedger {
    private var members: [String: FleetMember] = [:]
    private var objects: [String: [ObjectKey: JSONObject]] = [:]
    private var dirty: Set<String> = []
    private var lookedAt: [String: Instant] = [:]

    /// Takes in which clusters there are; new and changed ones are due.
    mutating func take(_ found: [FleetMember]) {
        var next: [String: FleetMember] = [:]
        for member in found {
            let namespace = member.slug.namespace
            next[namespace] = member
            if members[namespace] != member { dirty.insert(namespace) }
        }
        members = next
        dirty.formIntersection(next.keys)
        lookedAt = lookedAt.filter { next[$0.key] != nil }
    }

    /// Takes in what an informer tells; objects outside of clusters' namespaces are not kept.
    mutating func take(_ changes: [ObjectChange]) {
        for change in changes {
            let object = change.object
            guard let namespace = Self.namespace(of: object) else { continue }
            switch change {
            case .updated: objects[namespace, default: [:]][object.key] = object.json
            case .removed:
                // A new incarnation may be there already.
                guard
                    Self.uid(of: objects[namespace]?[object.key]) == object.uid
                else { continue }
                objects[namespace]?[object.key] = nil
                if objects[namespace]?.isEmpty == true { objects[namespace] = nil }
            }
            if members[namespace] != nil { dirty.insert(namespace) }
        }
    }

    /// Forgets the objects of a kind: the informer is going to tell all of them again.
    mutating func forget(_ kind: GroupKind) {
        for namespace in objects.keys {
            objects[namespace] = objects[namespace]?.filter { $0.key.kind != kind }
            if members[namespace] != nil { dirty.insert(namespace) }
        }
    }

    /// Everything is due.
    mutating func touchAll() { dirty.formUnion(members.keys) }

    /// Something about the cluster is due.
    mutating func touch(_ member: FleetMember) {
        let namespace = member.slug.namespace
        if members[namespace] != nil { dirty.insert(namespace) }
    }

    /// Clusters to look at now, with their objects; they are no longer due.
    ///
    /// Those that have waited longest, and none that was looked at less than `pause` ago: what
    /// changes all the time is looked at once for several changes.
    mutating func due(
        atMost count: Int,
        at now: Instant,
        pause: Duration = .zero
    ) -> [(member: FleetMember, objects: [JSONObject])] {
        var found: [(FleetMember, [JSONObject])] = []
        let rested = dirty.filter { lookedAt[$0].map { now - $0 >= pause } ?? true }
        let oldest = Instant(microseconds: 0)
        let sorted = rested.sorted {
            (lookedAt[$0] ?? oldest, $0) < (lookedAt[$1] ?? oldest, $1)
        }
        for namespace in sorted.prefix(count) {
            dirty.remove(namespace)
            lookedAt[namespace] = now
            guard let member = members[namespace] else { continue }
            let mine = (objects[namespace] ?? [:]).sorted {
                "\($0.key)" < "\($1.key)"
            }
            found.append((member, mine.map(\.value)))
        }
        return found
    }

    /// How many objects are held.
    var objectCount: Int { objects.values.reduce(0) { $0 + $1.count } }

    /// The namespace whose cluster an object belongs to: the object's own, or itself, or the one
    /// for which a namespace for access is there.
    ///
    /// Applications of Argo CD are in the namespace of Argo CD, and say by labels whose they are.
    private static func namespace(of object: KubernetesObject) -> String? {
        let key = object.key
        let name = key.kind == GroupKind(kind: "Namespace") ? key.name : key.namespace
        if let name, name.hasPrefix(ClusterSlug.prefix) { return name }
        if let name, name.hasPrefix(ClusterSlug.accessPrefix) {
            return ClusterSlug.prefix + name.dropFirst(ClusterSlug.accessPrefix.count)
        }
        guard key.kind == GroupKind(group: "argoproj.io", kind: "Application"),
            let tenant = object.labels["slipway.dev/tenant"],
            let cluster = object.labels["slipway.dev/cluster"]
        else { return nil }
        do throws(NameFault) {
            return ClusterSlug(
                tenant: try TenantName(parsing: tenant),
                cluster: try ClusterName(parsing: cluster)
            ).namespace
        } catch {
            return nil  // Somebody else's labels.
        }
    }

    private static func uid(of object: JSONObject?) -> String? {
        object?["metadata"]?["uid"]?.string
    }
}
