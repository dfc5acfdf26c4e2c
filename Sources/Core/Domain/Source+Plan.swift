import JSON

extension Source {
    /// What is stored in one transaction once a change is decided.
    package struct Decision: Sendable, Equatable {
        /// The source as it is from now on.
        package let source: Source
        /// What the world is told.
        package let event: Event
    }

    /// A new source.
    package static func creation(
        id: SourceID,
        name: SourceName,
        of tenant: TenantReference,
        labels: Labels,
        spec: SourceSpec,
        on forge: ForgeKind,
        at occasion: Occasion
    ) -> Decision {
        Source(
            id: id,
            tenant: tenant,
            name: name,
            labels: labels,
            spec: spec,
            forgeKind: forge,
            createdAt: occasion.at,
            updatedAt: occasion.at
        )
        .decision(.sourceCreated, on: occasion)
    }

    /// The source with other labels, another spec or another secret; nil where nothing changes.
    package func change(
        labels: Labels,
        spec: SourceSpec,
        on forge: ForgeKind,
        renewsSecret: Bool,
        at occasion: Occasion
    ) -> Decision? {
        guard renewsSecret || labels != self.labels || spec != self.spec else { return nil }
        var next = touched(at: occasion.at)
        next.labels = labels
        next.spec = spec
        next.forgeKind = forge
        if renewsSecret || spec != self.spec { next.generation += 1 }
        if renewsSecret { next.status.previousSecretUntil = nil }
        return next.decision(.sourceUpdated, on: occasion)
    }

    /// The source with a new secret; the one before proves deliveries as well until then.
    package func rotation(until end: Instant, on occasion: Occasion) -> Decision {
        var next = touched(at: occasion.at)
        next.status.previousSecretUntil = end
        return next.decision(.sourceSecretRotated, on: occasion)
    }

    /// What the world is told once the source is gone.
    package func deletion(on occasion: Occasion) -> Decision {
        touched(at: occasion.at).decision(.sourceDeleted, on: occasion)
    }

    private func touched(at moment: Instant) -> Source {
        var next = self
        next.revision += 1
        next.updatedAt = moment
        return next
    }

    private func decision(_ type: EventType, on occasion: Occasion) -> Decision {
        var data = JSONWriter(reserving: 192)
        data.object { data in
            data.member("id", id.description)
            data.member("tenant", tenant.name)
            data.member("name", name.text)
            data.member("forge", spec.forge.text)
            data.member("repository", spec.repository)
        }
        return Decision(
            source: self,
            event: Event(
                id: occasion.event,
                type: type,
                subject: reference,
                tenant: tenant.id,
                at: occasion.at,
                data: data.finish()
            )
        )
    }
}
