/// One aspect of a resource's state, in the form of a Kubernetes condition.
package struct Condition: Sendable, Hashable {
    /// Whether the aspect holds.
    package enum Status: String, Sendable, CaseIterable {
        case `true` = "True"
        case `false` = "False"
        case unknown = "Unknown"
    }

    /// The aspect, in CamelCase: `RepositoryReady`, `Registered`.
    package var type: String
    /// Whether the aspect holds now.
    package var status: Status
    /// Why, as one CamelCase word that programs may compare.
    package var reason: String
    /// Why, in words for people; never with a secret.
    package var message: String
    /// The generation of the spec that was looked at.
    package var observedGeneration: Int64
    /// When `status` last became what it is.
    package var lastTransitionAt: Instant

    /// A condition of these parts.
    package init(
        type: String,
        status: Status,
        reason: String,
        message: String,
        observedGeneration: Int64,
        lastTransitionAt: Instant
    ) {
        self.type = type
        self.status = status
        self.reason = reason
        self.message = message
        self.observedGeneration = observedGeneration
        self.lastTransitionAt = lastTransitionAt
    }
}

extension [Condition] {
    /// Adds the condition or replaces the one of its type; the transition time stays where the
    /// status does.
    package mutating func set(_ condition: Condition) {
        guard let index = firstIndex(where: { $0.type == condition.type }) else {
            append(condition)
            return
        }
        var next = condition
        if self[index].status == next.status {
            next.lastTransitionAt = self[index].lastTransitionAt
        }
        self[index] = next
    }
}
