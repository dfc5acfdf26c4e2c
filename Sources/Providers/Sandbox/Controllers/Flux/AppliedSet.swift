import JSON

/// Objects that a GitOps engine keeps in a cluster, and removes when they are gone from its source.
struct AppliedSet {
    private static let group = "kustomize.toolkit.fluxcd.io"

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
        var json: JSON {
            let id = "\(key.namespace ?? "")_\(key.name)_\(key.kind.group)_\(key.kind.name)"
            return ["id": .string(id), "v": .string(version)]
        }

        init(_ object: SandboxObject) {
            key = object.key
            version = object.servedVersion
        }

        /// Reads an entry; nil where it is none.
        init?(_ json: JSON) {
            let parts = (json["id"]?.string ?? "")
                .split(separator: "_", omittingEmptySubsequences: false).map(String.init)
            guard parts.count == 4 else { return nil }
            let namespace = parts[0].isEmpty ? nil : parts[0]
            key = SandboxKey(SandboxKind(parts[2], parts[3]), namespace, parts[1])
            version = json["v"]?.string ?? "v1"
        }
    }

    /// Applies the objects, namespaces and definitions first; what is there now.
    ///
    /// - Throws: the first refusal, naming the object.
    func apply(
        _ objects: [JSONObject],
        labels: [String: String]
    ) async throws(SandboxStatus) -> [Entry] {
        let first: Set = ["Namespace", "CustomResourceDefinition"]
        let early = objects.filter { first.contains($0["kind"]?.string ?? "") }
        let late = objects.filter { !first.contains($0["kind"]?.string ?? "") }
        var entries: [Entry] = []
        for json in early + late {
            var object = SandboxObject(json)
            do throws(SandboxStatus) {
                let resource = try await place(&object)
                if let there = try await target.get(object.key), Self.isLeft("reconcile", there) {
                    entries.append(Entry(object))
                    continue
                }
                for (label, text) in labels { object.setLabel(label, text) }
                try await permit(object.key, resource)
                var writing = Writing(resource, manager, object.apiVersion)
                writing.author = account
                writing.forces = true
                entries.append(
                    Entry(try await target.apply(object, at: object.key, writing).object)
                )
            } catch {
                if error.reason == .unavailable { throw error }
                throw SandboxStatus(.badRequest, "\(Self.name(object)): \(error.message)")
            }
        }
        return entries
    }

    /// Whether an object says that it is not to be pruned, or left alone altogether.
    private static func isLeft(_ verb: String, _ object: SandboxObject) -> Bool {
        let mark = "\(group)/\(verb)"
        return object.annotations[mark] == "disabled" || object.labels[mark] == "disabled"
    }

    /// Puts an object into its namespace.
    private func place(
        _ object: inout SandboxObject
    ) async throws(SandboxStatus) -> SandboxResource {
        let resources = try await target.resources()
        let version = object.servedVersion
        guard let resource = resources.first(where: { $0.kind == object.kind }),
            resource.versions.contains(version)
        else {
            let kind = "kind \"\(object.kind.name)\" in version \"\(object.apiVersion ?? "")\""
            throw SandboxStatus(.badRequest, "dry-run failed: no matches for \(kind)")
        }
        let namespace = object.namespace ?? namespace ?? "default"
        object.metadata["namespace"] = resource.isNamespaced ? .string(namespace) : nil
        return resource
    }

    /// Refuses what the account may not do, or the project does not let.
    private func permit(
        _ key: SandboxKey,
        _ resource: SandboxResource
    ) async throws(SandboxStatus) {
        if let refusal = fence?.refusal(of: key, resource) {
            throw SandboxStatus(.forbidden, refusal)
        }
        guard let account else { return }
        let question = AccessQuestion(
            verb: "patch",
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

    /// Removes what is no longer wanted, but nothing that another Kustomization has taken over;
    /// what was removed.
    @discardableResult
    func prune(
        _ before: [Entry],
        keeping now: [Entry] = [],
        of owner: SandboxObject? = nil
    ) async throws(SandboxStatus) -> [SandboxKey] {
        let kept = Set(now.map(\.key))
        var removed: [SandboxKey] = []
        for entry in before.reversed() where !kept.contains(entry.key) {
            guard let object = try await target.get(entry.key), !Self.isLeft("prune", object),
                !Self.isLeft("reconcile", object)
            else { continue }
            let applier = object.labels["\(Self.group)/name"].map { name in
                "\(object.labels["\(Self.group)/namespace"] ?? "")/\(name)"
            }
            if let owner, let applier, applier != owner.place { continue }
            try await target.delete(entry.key, uid: object.uid)
            removed.append(entry.key)
        }
        return removed
    }

    /// How the objects do, all together.
    func health(of entries: [Entry]) async throws(SandboxStatus) -> Health {
        var waiting: [String] = []
        for entry in entries {
            guard let object = try await target.get(entry.key) else {
                waiting.append("\(entry.key.kind.name)/\(entry.key.name) status: 'NotFound'")
                continue
            }
            switch Health(of: object) {
            case .healthy: break
            case .waiting: waiting.append("\(Self.name(object)) status: 'InProgress'")
            case .failed(let message):
                return .failed("\(Self.name(object)) status: 'Failed': \(message)")
            }
        }
        return waiting.isEmpty ? .healthy : .waiting("[\(waiting.joined(separator: ", "))]")
    }

    private static func name(_ object: SandboxObject) -> String {
        let place = object.namespace.map { "\($0)/" } ?? ""
        return "\(object.kind.name)/\(place)\(object.name)"
    }
}

/// Whether an object is as it is to be, by its conditions and counters.
enum Health: Equatable {
    case healthy
    case waiting(String)
    case failed(String)

    /// How one object does: what kstatus says.
    init(of object: SandboxObject) {
        let status = object.status
        let isObserved = status["observedGeneration"]?.int.map { $0 >= object.generation }
        let isUp: Bool
        switch object.kind {
        case .deployment, .statefulSet, .replicaSet:
            let available = status["availableReplicas"]?.int ?? 0
            isUp = isObserved == true && available >= object.wantedReplicas
        case .daemonSet:
            let ready = status["numberReady"]
            isUp = ready != nil && ready == status["desiredNumberScheduled"]
        case .job: isUp = object.holds("Complete")
        case .claim: isUp = status["phase"] == "Bound"
        case .capiCluster, .machineDeployment:
            isUp = object.holds("Available") && isObserved != false
        default:
            // `Stalled` fails, `Ready` decides where it is there.
            if object.holds("Stalled") {
                self = .failed(object.words(of: "Stalled") ?? "")
                return
            }
            let isFlux = object.kind.group.hasSuffix("toolkit.fluxcd.io")
            let isReady = object.condition("Ready") == nil ? !isFlux : object.holds("Ready")
            isUp = isReady && isObserved != false
        }
        self = isUp ? .healthy : .waiting(object.words(of: "Ready") ?? "")
    }
}

extension SandboxObject {
    /// The version of its kind.
    fileprivate var servedVersion: String {
        apiVersion?.split(separator: "/").last.map(String.init) ?? "v1"
    }
}
