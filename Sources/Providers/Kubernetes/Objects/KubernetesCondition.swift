package import Domain
package import JSON

/// One entry of an object's `status.conditions`.
package struct KubernetesCondition: Sendable, Equatable {
    /// Whether it holds.
    package enum Status: String, Sendable {
        case yes = "True"
        case no = "False"
        case unknown = "Unknown"
    }

    /// What it is about, such as `Ready`.
    package let type: String
    /// Whether it holds; anything unheard of counts as unknown.
    package let status: Status
    /// One word for programs.
    package let reason: String
    /// A sentence for people.
    package let message: String
    /// Since when the status is what it is.
    package let since: Instant?
    /// Which wish it speaks of.
    package let observedGeneration: Int?

    /// Reads a condition; nil where it has no type.
    package init?(_ json: JSON) {
        guard let type = json["type"]?.string else { return nil }
        self.type = type
        status = json["status"]?.string.flatMap { Status(rawValue: $0) } ?? .unknown
        reason = json["reason"]?.string ?? ""
        message = json["message"]?.string ?? ""
        since = KubernetesObject.instant(json["lastTransitionTime"])
        observedGeneration = json["observedGeneration"]?.int
    }
}

/// What an object belongs to: with its last owner it goes away.
package struct OwnerReference: Sendable, Hashable {
    /// The owner's kind.
    package let kind: GroupKind
    /// The owner's name, in the same namespace or of the whole cluster.
    package let name: String
    /// Which incarnation of that name.
    package let uid: String
    /// Whether the owner is the controller.
    package let isController: Bool

    /// Reads a reference; nil where kind, name or UID are missing.
    package init?(_ json: JSON) {
        guard let kind = json["kind"]?.string, let name = json["name"]?.string,
            let uid = json["uid"]?.string
        else { return nil }
        let group = GroupKind.split(apiVersion: json["apiVersion"]?.string ?? "").group
        self.kind = GroupKind(group: group, kind: kind)
        self.name = name
        self.uid = uid
        isController = json["controller"]?.bool ?? false
    }
}
