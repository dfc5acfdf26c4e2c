import JSON

/// Objects that a GitOps engine keeps in a cluster, and removes when they are gone from its source.
struct AppliedSet {
    /// Whose objects stay when they are gone from the source.
    static let prune = "kustomize.toolkit.fluxcd.io/prune"
    /// What is left alone altogether.
    static let reconcile = "kustomize.toolkit.fluxcd.io/reconcile"

    let target: SandboxCluster
    let manager: String
    /// The namespace of objects that name none.
    var namespace: String?
    /// With whose rights; nil for all.
    var account: SandboxIdentity?
    /// What may be applied at all; nil for everything.
    var fence: ProjectFence?

    /// An object of an inventory.
    struct Entry: Hashable {
        var key: SandboxKey
        var version: String

        /// As Flux has it: `<namespace>_<name>_<group>_<kind>`.
        var id: String {
            "\(key.namespace ?? "")_\(key.name)_\(key.kind.group)_\(key.kind.name)"
        }

        var json: JSON { ["id": .string(id), "v": .string(version)] }

        init(_ object: SandboxObject) {
            key = object.key
            version = object.apiVersion?.split(separator: "/").last.map(String.init) ?? "v1"
        }

        /// Reads an entry; nil where it is none.
        init?(_ json: JSON) {
            let parts = (json["id"]?.string ?? "")
                .split(separator: "_", omittingEmptySubsequences: false).map(String.init)
            guard parts.count == 4 else { return nil }
            key = SandboxKey(
                SandboxKind(parts[2], parts[3]),
                parts[0].isEmpty ? nil : parts[0],
                parts[1]
            )
            version = json["v"]?.string ?? "v1"
        }
    }

    /// Applies the objects: namespaces and definitions first.
    ///
    /// - Returns: what is there now.
    /// - Throws: the first refusal, naming the object.
    func apply(
        _ objects: [JSONObject],
        labels: JSON
    ) async throws(SandboxStatus) -> [Entry] {
        let first: Set<String> = ["Namespace", "CustomResourceDefinition"]
        let early = objects.filter { first.contains($0["kind"]?.string ?? "") }
        let late = objects.filter { !first.contains($0["kind"]?.string ?? "") }
        var entries: [Entry] = []
        for object in early + late {
            var object = SandboxObject(object)
            do throws(SandboxStatus) {
                try await place(&object)
                if let there = try await target.get(object.key),
                    there.annotations[Self.reconcile] == "disabled"
                {
                    entries.append(Entry(object))
                    continue
                }
                for label in labels.object ?? JSONObject() {
                    object.setLabel(label.key, label.value.string)
                }
                try await permit("patch", object.key)
                let json = JSON.object(object.json)
                entries.append(Entry(try await target.apply(json, as: manager)))
            } catch {
                if error.reason == .unavailable { throw error }
                throw SandboxStatus(.badRequest, "\(Self.name(object)): \(error.message)")
            }
        }
        return entries
    }

    /// Puts an object into its namespace.
    private func place(_ object: inout SandboxObject) async throws(SandboxStatus) {
        let resource: SandboxResource
        do throws(SandboxStatus) {
            resource = try await target.resource(object.kind)
        } catch {
            guard error.reason == .notFound else { throw error }
            throw SandboxStatus(
                .badRequest,
                "dry-run failed: no matches for kind \"\(object.kind.name)\" in version "
                    + "\"\(object.apiVersion ?? "")\""
            )
        }
        let version = object.apiVersion?.split(separator: "/").last.map(String.init) ?? ""
        guard resource.versions.contains(version) else {
            throw SandboxStatus(
                .badRequest,
                "dry-run failed: no matches for kind \"\(object.kind.name)\" in version "
                    + "\"\(object.apiVersion ?? "")\""
            )
        }
        guard resource.isNamespaced else {
            object.metadata["namespace"] = nil
            return
        }
        if object.namespace == nil {
            object.metadata["namespace"] = .string(namespace ?? "default")
        }
    }

    /// Refuses what the account may not do.
    private func permit(_ verb: String, _ key: SandboxKey) async throws(SandboxStatus) {
        guard account != nil || fence != nil else { return }
        let resource = try await target.resource(key.kind)
        if let refusal = fence?.refusal(of: key, resource) {
            throw SandboxStatus(.forbidden, refusal)
        }
        guard let account else { return }
        let question = AccessQuestion(
            verb: verb,
            group: resource.group,
            resource: resource.plural,
            namespace: key.namespace,
            name: key.name
        )
        try await Permissions(target, account).demand(question, resource)
    }

    /// Whether any of the objects is still there.
    func isThere(anyOf entries: [Entry]) async throws(SandboxStatus) -> Bool {
        for entry in entries where try await target.get(entry.key) != nil { return true }
        return false
    }

    /// Removes what is no longer wanted, but nothing that another Kustomization has taken over.
    func prune(
        _ before: [Entry],
        keeping now: [Entry],
        of owner: SandboxObject? = nil
    ) async throws(SandboxStatus) -> [SandboxKey] {
        let kept = Set(now.map(\.key))
        var removed: [SandboxKey] = []
        for entry in before.reversed() where !kept.contains(entry.key) {
            guard let object = try await target.get(entry.key) else { continue }
            guard object.annotations[Self.prune] != "disabled",
                object.labels[Self.prune] != "disabled",
                object.annotations[Self.reconcile] != "disabled"
            else { continue }
            let mark = "kustomize.toolkit.fluxcd.io"
            if let owner, let name = object.labels["\(mark)/name"],
                (name, object.labels["\(mark)/namespace"]) != (owner.name, owner.namespace)
            {
                continue
            }
            try await target.delete(entry.key, uid: object.uid)
            removed.append(entry.key)
        }
        return removed
    }

    /// How the objects do.
    func health(of entries: [Entry]) async throws(SandboxStatus) -> Health {
        var waiting: [String] = []
        for entry in entries {
            guard let object = try await target.get(entry.key) else {
                waiting.append("\(entry.key.kind.name)/\(entry.key.name) status: 'NotFound'")
                continue
            }
            switch Health(of: object) {
            case .healthy: break
            case .waiting:
                waiting.append("\(Self.name(object)) status: 'InProgress'")
            case .failed(let message):
                return .failed("\(Self.name(object)) status: 'Failed': \(message)")
            }
        }
        return waiting.isEmpty ? .healthy : .waiting("[\(waiting.joined(separator: ", "))]")
    }

    static func name(_ object: SandboxObject) -> String {
        let place = object.namespace.map { "\($0)/" } ?? ""
        return "\(object.kind.name)/\(place)\(object.name)"
    }
}

/// Whether an object is as it is to be, by its conditions and counters.
enum Health: Equatable {
    case healthy
    case waiting(String)
    case failed(String)

    /// How one object does.
    init(of object: SandboxObject) {
        let wanted = object.wantedReplicas
        let isObserved = object.status["observedGeneration"]?.int.map { $0 >= object.generation }
        switch object.kind {
        case .deployment, .statefulSet, .replicaSet:
            let ready = object.status["availableReplicas"]?.int ?? 0
            let isUp = isObserved == true && ready >= wanted
            self = isUp ? .healthy : .waiting("replicas")
        case .daemonSet:
            let ready = object.status["numberReady"]?.int
            let isUp = ready != nil && ready == object.status["desiredNumberScheduled"]?.int
            self = isUp ? .healthy : .waiting("pods")
        case .job:
            self = object.condition("Complete") == nil ? .waiting("job") : .healthy
        case .claim:
            self = object.status["phase"]?.string == "Bound" ? .healthy : .waiting("claim")
        case .capiCluster, .machineDeployment:
            let isUp = object.condition("Available")?["status"]?.string == "True"
            self = isUp && isObserved != false ? .healthy : .waiting("not available")
        default:
            self = Self.byConditions(object, isObserved)
        }
    }

    /// kstatus: `Stalled` fails, `Ready` decides where it is there.
    private static func byConditions(_ object: SandboxObject, _ isObserved: Bool?) -> Health {
        if let stalled = object.condition("Stalled"), stalled["status"]?.string == "True" {
            return .failed(stalled["message"]?.string ?? "")
        }
        let isFlux = object.kind.group.hasSuffix("toolkit.fluxcd.io")
        guard let ready = object.condition("Ready") else {
            return isFlux || isObserved == false ? .waiting("") : .healthy
        }
        let isUp = ready["status"]?.string == "True" && isObserved != false
        return isUp ? .healthy : .waiting(ready["message"]?.string ?? "")
    }
}
