import JSON

extension Webhook {
    /// What is stored in one transaction once a change is decided.
    package struct Decision: Sendable, Equatable {
        /// The webhook as it is from now on.
        package let webhook: Webhook
        /// What the world is told.
        package let event: Event
    }

    /// A new webhook.
    package static func creation(
        id: WebhookID,
        name: String,
        labels: Labels,
        tenant: TenantReference?,
        spec: WebhookSpec,
        on occasion: Occasion
    ) -> Decision {
        Webhook(
            id: id,
            name: name,
            labels: labels,
            tenant: tenant,
            spec: spec,
            status: WebhookStatus(since: occasion.at),
            generation: 1,
            revision: 1,
            createdAt: occasion.at,
            updatedAt: occasion.at
        )
        .decision(.webhookCreated, on: occasion)
    }

    /// The webhook with other labels or another spec; nil where that changes nothing.
    ///
    /// Whoever enables it, or sends it elsewhere, begins anew: earlier failures do not count.
    package func change(
        labels: Labels,
        spec: WebhookSpec,
        on occasion: Occasion
    ) -> Decision? {
        guard labels != self.labels || spec != self.spec else { return nil }
        var next = touched(at: occasion.at)
        next.labels = labels
        next.spec = spec
        if spec != self.spec { next.generation += 1 }
        if spec.isEnabled != self.spec.isEnabled || spec.url != self.spec.url {
            next.status.failures = 0
            next.status.failingSince = nil
        }
        if spec.isEnabled != self.spec.isEnabled {
            next.status.ban = nil
            next.status.switchedAt = occasion.at
        }
        return next.decision(.webhookUpdated, on: occasion)
    }

    /// The webhook with a new secret; the one before signs as well until then.
    package func rotation(until end: Instant, on occasion: Occasion) -> Decision {
        var next = touched(at: occasion.at)
        next.status.previousSecretUntil = end > occasion.at ? end : nil
        return next.decision(.webhookSecretRotated, on: occasion)
    }

    /// The event that is sent to this webhook alone.
    package func ping(on occasion: Occasion) -> Decision {
        decision(.webhookPinged, on: occasion)
    }

    /// The webhook with earlier events on their way once more.
    package func replay(on occasion: Occasion) -> Decision {
        decision(.webhookReplayed, on: occasion)
    }

    /// The webhook after Slipway gave it up.
    package func disabling(_ ban: WebhookStatus.Ban, on occasion: Occasion) -> Decision {
        var next = touched(at: occasion.at)
        next.spec.isEnabled = false
        next.generation += 1
        next.status.ban = ban
        next.status.switchedAt = occasion.at
        return next.decision(.webhookDisabled, on: occasion)
    }

    /// What the world is told once the webhook is gone.
    package func deletion(on occasion: Occasion) -> Decision {
        touched(at: occasion.at).decision(.webhookDeleted, on: occasion)
    }

    private func touched(at moment: Instant) -> Webhook {
        var next = self
        next.revision += 1
        next.updatedAt = moment
        return next
    }

    /// The address is left out: it may hold a secret of the receiver's.
    private func decision(_ type: EventType, on occasion: Occasion) -> Decision {
        var data = JSONWriter(reserving: 192)
        data.object { data in
            data.member("id", id.description)
            data.member("name", name)
            data.member("phase", phase.rawValue)
            if let ban = status.ban { data.member("reason", ban.rawValue) }
        }
        return Decision(
            webhook: self,
            event: Event(
                id: occasion.event,
                type: type,
                subject: reference,
                tenant: tenant?.id,
                at: occasion.at,
                data: data.finish()
            )
        )
    }
}
