package import Domain
package import JSON

/// One object as an API server told it.
///
/// Describes itself by its key alone: what it holds may be secret.
package struct KubernetesObject: Sendable, Equatable {
    /// Where the object is found.
    package let key: ObjectKey
    /// The version of the kind in which it was told, such as `v1beta2`.
    package let version: String
    /// Which incarnation it is: another object of the same name has another one.
    package let uid: String
    /// The state it is in; compared for equality only.
    package let resourceVersion: String
    /// All of it.
    package let json: JSONObject

    /// Reads an object; the kind that was asked for stands in where a list leaves it out.
    ///
    /// - Throws: `.malformed` where name or metadata are missing.
    package init(
        _ json: JSONObject,
        kind expected: GroupKind? = nil,
        version expectedVersion: String? = nil
    ) throws(KubernetesFault) {
        guard let metadata = json["metadata"]?.object,
            let name = metadata["name"]?.string, !name.isEmpty
        else { throw .malformed(reason: "an object without a name was told") }
        let told = GroupKind.split(apiVersion: json["apiVersion"]?.string ?? "")
        let kind = json["kind"]?.string.map { GroupKind(group: told.group, kind: $0) } ?? expected
        guard let kind else { throw .malformed(reason: "an object without a kind was told") }
        key = ObjectKey(kind, namespace: metadata["namespace"]?.string, name: name)
        version = told.version.isEmpty ? expectedVersion ?? "" : told.version
        uid = metadata["uid"]?.string ?? ""
        resourceVersion = metadata["resourceVersion"]?.string ?? ""
        self.json = json
    }
}

extension KubernetesObject {
    /// The object's name.
    package var name: String { key.name }
    /// The object's namespace; nil for kinds that belong to the whole cluster.
    package var namespace: String? { key.namespace }
    /// `metadata`.
    package var metadata: JSONObject { json["metadata"]?.object ?? JSONObject() }
    /// `spec`; empty where there is none.
    package var spec: JSONObject { json["spec"]?.object ?? JSONObject() }
    /// `status`; empty where there is none.
    package var status: JSONObject { json["status"]?.object ?? JSONObject() }
    /// How often the wish has changed; 0 for kinds that do not count.
    package var generation: Int { metadata["generation"]?.int ?? 0 }
    /// Which wish the status speaks of; nil for kinds that do not say.
    package var observedGeneration: Int? { status["observedGeneration"]?.int }
    /// The labels.
    package var labels: [String: String] { Self.texts(metadata["labels"]) }
    /// The annotations.
    package var annotations: [String: String] { Self.texts(metadata["annotations"]) }
    /// Who must agree before the object goes away.
    package var finalizers: [String] {
        (metadata["finalizers"]?.array ?? []).compactMap(\.string)
    }
    /// Since when the object is being deleted; nil while it is not.
    package var deletionTimestamp: Instant? { Self.instant(metadata["deletionTimestamp"]) }
    /// Whether the object is being deleted.
    package var isDeleting: Bool { metadata["deletionTimestamp"]?.string != nil }
    /// When the object was made.
    package var creationTimestamp: Instant? { Self.instant(metadata["creationTimestamp"]) }
    /// What the object belongs to.
    package var owners: [OwnerReference] {
        (metadata["ownerReferences"]?.array ?? []).compactMap { OwnerReference($0) }
    }
    /// `status.conditions`, in their order.
    package var conditions: [KubernetesCondition] {
        (status["conditions"]?.array ?? []).compactMap { KubernetesCondition($0) }
    }

    /// The condition of that type.
    package func condition(_ type: String) -> KubernetesCondition? {
        conditions.first { $0.type == type }
    }

    /// The value at a path of member names, such as `["spec", "replicas"]`.
    package func value(at path: [String]) -> JSON? {
        path.reduce(JSON.object(json)) { value, name in value?[name] }
    }

    static func instant(_ value: JSON?) -> Instant? {
        guard let text = value?.string else { return nil }
        do { return try Instant(parsing: text) } catch { return nil }
    }

    private static func texts(_ value: JSON?) -> [String: String] {
        var texts: [String: String] = [:]
        for member in value?.object ?? JSONObject() {
            if let text = member.value.string { texts[member.key] = text }
        }
        return texts
    }
}

extension KubernetesObject: CustomStringConvertible, CustomDebugStringConvertible,
    CustomReflectable
{
    package var description: String { "\(key)" }
    package var debugDescription: String { description }
    package var customMirror: Mirror { Mirror(self, children: []) }
}

/// Objects of one kind at one moment.
package struct ObjectList: Sendable, Equatable {
    /// The objects.
    package var items: [KubernetesObject]
    /// The state of the collection: a watch from here misses nothing.
    package var resourceVersion: String

    /// Those objects in that state.
    package init(items: [KubernetesObject], resourceVersion: String) {
        self.items = items
        self.resourceVersion = resourceVersion
    }
}
