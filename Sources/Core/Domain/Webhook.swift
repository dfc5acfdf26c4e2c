/// A subscription to events, which are sent to an address as they happen.
package struct Webhook: Sendable, Equatable {
    /// The most characters of a name.
    package static let nameLengthMax = 100
    /// The most webhooks of one tenant, and of the platform itself.
    package static let countMax = 50

    /// The identity, which no other thing of the kind ever has.
    package var id: WebhookID
    /// What it is for, in words of its owner.
    package var name: String
    /// What selectors find it by.
    package var labels: Labels
    /// The tenant whose events are sent; nil for all events of the platform.
    package var tenant: TenantReference?
    /// What is wanted.
    package var spec: WebhookSpec
    /// What became of it.
    package var status: WebhookStatus
    /// Goes up with every change of `spec`, from 1.
    package var generation: Int64
    /// Goes up with every change of anything but figures, from 1; the `ETag`.
    package var revision: Int64
    /// When it was made.
    package var createdAt: Instant
    /// When it last changed.
    package var updatedAt: Instant

    /// Puts together what is known or wanted.
    package init(
        id: WebhookID,
        name: String,
        labels: Labels,
        tenant: TenantReference?,
        spec: WebhookSpec,
        status: WebhookStatus,
        generation: Int64,
        revision: Int64,
        createdAt: Instant,
        updatedAt: Instant
    ) {
        self.id = id
        self.name = name
        self.labels = labels
        self.tenant = tenant
        self.spec = spec
        self.status = status
        self.generation = generation
        self.revision = revision
        self.createdAt = createdAt
        self.updatedAt = updatedAt
    }

    /// The webhook as events and the audit log mention it.
    package var reference: ObjectReference {
        ObjectReference(kind: .webhook, id: id.cast(), name: name)
    }

    /// Whether an event is sent: a ping to the webhook that it is for, everything else by pattern.
    package func wants(_ type: EventType, about subject: ID<ObjectReference>?) -> Bool {
        if type == .webhookPinged { return subject == id.cast() }
        return spec.events.contains { $0.matches(type) }
    }
}

/// The identity of a webhook.
package typealias WebhookID = ID<Webhook>

extension WebhookID {
    /// What the sealed secrets of this webhook are bound to, so that they open nowhere else.
    package var secretContext: String { "webhook/\(self)/secret" }
}

/// Where a webhook sends what.
package struct WebhookSpec: Sendable, Equatable {
    /// The most characters of an address.
    package static let urlLengthMax = 2_048
    /// The most patterns of one webhook.
    package static let patternsMax = 50

    /// An `https` address, or `http` where the operator allows it.
    package var url: String
    /// Which events are sent: those that one of the patterns matches.
    package var events: [EventPattern]
    /// Whether anything is sent.
    package var isEnabled: Bool

    /// What is sent where.
    package init(url: String, events: [EventPattern], isEnabled: Bool = true) {
        self.url = url
        self.events = events
        self.isEnabled = isEnabled
    }
}

/// What became of a webhook.
package struct WebhookStatus: Sendable, Equatable {
    /// Where it stands, in one word.
    package enum Phase: String, Sendable, CaseIterable {
        /// What was sent last came through, or nothing was sent yet.
        case active
        /// What was sent last did not come through; it is tried again.
        case failing
        /// Nothing is sent.
        case disabled
    }

    /// Why Slipway sends nothing any more although it should.
    package enum Ban: String, Sendable, CaseIterable {
        /// The receiver answered 410: it wants no more.
        case gone = "ReceiverGone"
        /// For days nothing came through.
        case failing = "OnlyFailures"
    }

    /// Since when nothing came through; nil where the last one did.
    package var failingSince: Instant?
    /// How often in a row nothing came through.
    package var failures: Int
    /// Why Slipway disabled it; nil where it did not.
    package var ban: Ban?
    /// When it was last enabled or disabled.
    package var switchedAt: Instant
    /// When something last came through; nil before that.
    package var deliveredAt: Instant?
    /// Until when the secret before the present one signs as well; nil where none does.
    package var previousSecretUntil: Instant?
    /// How many deliveries wait to be sent, or sent again.
    package var waiting: Int

    /// Nothing sent yet.
    package init(since moment: Instant) {
        failures = 0
        switchedAt = moment
        waiting = 0
    }
}

extension Webhook {
    /// Where it stands, in one word.
    package var phase: WebhookStatus.Phase {
        if !spec.isEnabled { return .disabled }
        return status.failingSince == nil ? .active : .failing
    }

    /// Whether it delivers, as a condition.
    package var condition: Condition {
        let (state, reason, message): (Condition.Status, String, String) =
            switch (phase, status.ban) {
            case (.active, _): (.true, "Delivering", "What was sent last came through.")
            case (.failing, _):
                (
                    .false, "Failing",
                    "The last \(status.failures) attempts failed; its deliveries say why. It is "
                        + "tried again, and disabled after three days of nothing but failures."
                )
            case (.disabled, .gone):
                (
                    .false, "ReceiverGone",
                    "The receiver answered 410 Gone. Set spec.enabled to true to begin again."
                )
            case (.disabled, .failing):
                (
                    .false, "OnlyFailures",
                    "For three days nothing came through. Mend the receiver, set spec.enabled to "
                        + "true, and fetch what was missed with :replay."
                )
            case (.disabled, nil): (.false, "Disabled", "spec.enabled is false.")
            }
        return Condition(
            type: "Delivering",
            status: state,
            reason: reason,
            message: message,
            observedGeneration: generation,
            lastTransitionAt: spec.isEnabled
                ? status.failingSince ?? status.switchedAt : status.switchedAt
        )
    }
}
