package import Domain
package import JSON

/// One Kubernetes object as the management cluster answered it.
package struct SeenObject: Sendable {
    /// The object, whole.
    package let json: JSONObject

    /// That object.
    package init(_ json: JSONObject) {
        self.json = json
    }

    /// The group and the version, such as `apps/v1`; empty where there is none.
    package var apiVersion: String { json["apiVersion"]?.string ?? "" }
    /// The kind, such as `Cluster`.
    package var kind: String { json["kind"]?.string ?? "" }
    /// The group; empty for the core.
    package var group: String {
        let text = apiVersion
        guard let slash = text.firstIndex(of: "/") else { return "" }
        return String(text[..<slash])
    }
    /// The version within the group, such as `v1beta2`.
    package var version: String {
        let text = apiVersion
        guard let slash = text.firstIndex(of: "/") else { return text }
        return String(text[text.index(after: slash)...])
    }
    /// The name.
    package var name: String { metadata("name")?.string ?? "" }
    /// The namespace; nil for objects that are in none.
    package var namespace: String? { metadata("namespace")?.string }
    /// The identity, which no other incarnation has.
    package var uid: String? { metadata("uid")?.string }
    /// Goes up with every change of the spec; nil for kinds that do not count.
    package var generation: Int? { metadata("generation")?.int }
    /// The generation that the status speaks of; nil where that is not said.
    package var observedGeneration: Int? { status("observedGeneration")?.int }
    /// When it was made.
    package var createdAt: Instant? { metadata("creationTimestamp").flatMap(Self.moment) }
    /// Since when it is on its way out; nil where it stays.
    package var deletedAt: Instant? { metadata("deletionTimestamp").flatMap(Self.moment) }
    /// What must be done before it may go.
    package var finalizers: [String] { metadata("finalizers")?.array?.compactMap(\.string) ?? [] }
    /// The identities of those that it belongs to.
    package var owners: [String] {
        metadata("ownerReferences")?.array?.compactMap { $0["uid"]?.string } ?? []
    }
    /// What it is called in messages: `Kind/name`.
    package var title: String { "\(kind)/\(name)" }
    /// Whether the status speaks of the newest spec, as far as that is said.
    package var isObserved: Bool {
        guard let generation, let observedGeneration else { return true }
        return observedGeneration >= generation
    }

    /// A label.
    package func label(_ key: String) -> String? { json["metadata"]?.at("labels", key)?.string }

    /// An annotation.
    package func annotation(_ key: String) -> String? {
        json["metadata"]?.at("annotations", key)?.string
    }

    /// A member of the spec.
    package func spec(_ key: String) -> JSON? { json["spec"]?[key] }

    /// A member of the status.
    package func status(_ key: String) -> JSON? { json["status"]?[key] }

    /// Where the sandbox serves the API of the cluster; nil elsewhere, and before it does.
    package func sandboxAddress(in wish: ClusterWish) -> String? {
        wish.features.isSandbox ? annotation("sandbox.slipway.dev/address") : nil
    }

    private func metadata(_ key: String) -> JSON? { json["metadata"]?[key] }

    /// A moment as Kubernetes writes it; nil for what is none.
    static func moment(_ value: JSON) -> Instant? {
        guard let text = value.string else { return nil }
        // Whoever wrote something else did not write a time.
        return try? Instant(parsing: text)
    }
}

/// A condition as an object has it.
package struct SeenStatus: Sendable, Hashable {
    /// Whether it holds.
    package let status: Condition.Status
    /// Why, in a word of who wrote it.
    package let reason: String
    /// Why, in their words: bounded and without secrets.
    package let message: String
    /// When the status last became what it is.
    package let since: Instant?
    /// The generation that it speaks of.
    package let observedGeneration: Int?

    init?(_ json: JSON) {
        guard let text = json["status"]?.string else { return nil }
        status = Condition.Status(rawValue: text) ?? .unknown
        reason = json["reason"]?.string ?? ""
        message = VendorMessage.text(json["message"]?.string ?? "")
        since = json["lastTransitionTime"].flatMap(SeenObject.moment)
        observedGeneration = json["observedGeneration"]?.int
    }

    /// Whether it holds for sure.
    package var isTrue: Bool { status == .true }
    /// Whether it fails for sure.
    package var isFalse: Bool { status == .false }
}

extension SeenObject {
    /// The condition of that type; nil where there is none.
    package func condition(_ type: String) -> SeenStatus? {
        Self.condition(type, in: status("conditions"))
    }

    /// The condition of that type in a list of conditions.
    package static func condition(_ type: String, in list: JSON?) -> SeenStatus? {
        list?.array?.first { $0["type"]?.string == type }.flatMap(SeenStatus.init)
    }
}
