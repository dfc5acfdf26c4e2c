package import Domain
package import JSON

/// An object of a sandbox cluster, as the API shows it.
package struct SandboxObject: Sendable, Equatable {
    /// All of it.
    package var json: JSONObject

    /// The object of that text.
    package init(_ json: JSONObject) { self.json = json }

    /// The kind and version; nil where the object does not say.
    package var apiVersion: String? { json["apiVersion"]?.string }
    /// The kind, without its group.
    package var kindName: String? { json["kind"]?.string }
    /// The group and kind.
    package var kind: SandboxKind {
        let parts = (apiVersion ?? "").split(separator: "/")
        return SandboxKind(parts.count > 1 ? String(parts[0]) : "", kindName ?? "")
    }
    /// Where it is found.
    package var key: SandboxKey { SandboxKey(kind, namespace, name) }

    /// What is known of the object itself.
    package var metadata: JSONObject {
        get { json["metadata"]?.object ?? JSONObject() }
        set { json["metadata"] = .object(newValue) }
    }
    /// The name; empty where it has none yet.
    package var name: String { metadata["name"]?.string ?? "" }
    /// The namespace, where it has one.
    package var namespace: String? {
        metadata["namespace"]?.string.flatMap { $0.isEmpty ? nil : $0 }
    }
    /// The incarnation.
    package var uid: String { metadata["uid"]?.string ?? "" }
    /// The revision of the last change; 0 for one that was never written.
    package var revision: Int64 { Int64(metadata["resourceVersion"]?.string ?? "") ?? 0 }
    /// How often what is wanted has changed.
    package var generation: Int { metadata["generation"]?.int ?? 0 }
    /// When it came to be.
    package var creationTime: Instant? { time("creationTimestamp") }
    /// When it was told to go.
    package var deletionTime: Instant? { time("deletionTimestamp") }
    /// Whether it was told to go.
    package var isDeleting: Bool { metadata["deletionTimestamp"]?.string != nil }
    /// Who must agree before it goes.
    package var finalizers: [String] {
        get { metadata["finalizers"]?.array?.compactMap(\.string) ?? [] }
        set {
            metadata["finalizers"] =
                newValue.isEmpty ? nil : .array(newValue.map { .string($0) })
        }
    }
    /// The labels.
    package var labels: [String: String] { texts("labels") }
    /// The annotations.
    package var annotations: [String: String] { texts("annotations") }
    /// What is wanted.
    package var spec: JSONObject {
        get { json["spec"]?.object ?? JSONObject() }
        set { json["spec"] = .object(newValue) }
    }
    /// What was seen.
    package var status: JSONObject {
        get { json["status"]?.object ?? JSONObject() }
        set { json["status"] = .object(newValue) }
    }
    /// The owners, each with apiVersion, kind, name and uid.
    package var owners: [JSONObject] {
        metadata["ownerReferences"]?.array?.compactMap(\.object) ?? []
    }

    /// Sets one label, or removes it.
    package mutating func setLabel(_ key: String, _ value: String?) {
        set(key, value, in: "labels")
    }

    /// Sets one annotation, or removes it.
    package mutating func setAnnotation(_ key: String, _ value: String?) {
        set(key, value, in: "annotations")
    }

    /// The condition of a type, where the status has one.
    package func condition(_ type: String) -> JSONObject? {
        status["conditions"]?.array?.compactMap(\.object).first { $0["type"]?.string == type }
    }

    /// Sets a condition; the transition time stays where the status stays.
    package mutating func setCondition(
        _ type: String,
        _ isTrue: Bool?,
        reason: String,
        message: String = "",
        at now: Instant
    ) {
        let status = isTrue.map { $0 ? "True" : "False" } ?? "Unknown"
        let before = condition(type)
        let isSame = before?["status"]?.string == status
        let time = (isSame ? before?["lastTransitionTime"] : nil) ?? .string(now.kubernetesText)
        let condition: JSONObject = [
            "type": .string(type), "status": .string(status),
            "observedGeneration": .integer(generation), "lastTransitionTime": time,
            "reason": .string(reason), "message": .string(message),
        ]
        var conditions = self.status["conditions"]?.array ?? []
        if let place = conditions.firstIndex(where: { $0.object?["type"]?.string == type }) {
            conditions[place] = .object(condition)
        } else {
            conditions.append(.object(condition))
        }
        self.status["conditions"] = .array(conditions)
    }

    /// An owner reference to this object.
    package func reference(isController: Bool = true, blocks: Bool = true) -> JSON {
        [
            "apiVersion": .string(apiVersion ?? ""), "kind": .string(kindName ?? ""),
            "name": .string(name), "uid": .string(uid), "controller": .bool(isController),
            "blockOwnerDeletion": .bool(blocks),
        ]
    }

    private func time(_ field: String) -> Instant? {
        metadata[field]?.string.flatMap { try? Instant(parsing: $0) }  // Not a time: not set.
    }

    private func texts(_ field: String) -> [String: String] {
        var texts: [String: String] = [:]
        for member in metadata[field]?.object ?? JSONObject() {
            if let text = member.value.string { texts[member.key] = text }
        }
        return texts
    }

    private mutating func set(_ key: String, _ value: String?, in field: String) {
        var members = metadata[field]?.object ?? JSONObject()
        members[key] = value.map { .string($0) }
        metadata[field] = members.isEmpty ? nil : .object(members)
    }
}

extension Instant {
    /// As Kubernetes writes a time: whole seconds, `2026-11-21T00:58:02Z`.
    package var kubernetesText: String { String(description.prefix(19)) + "Z" }
}
