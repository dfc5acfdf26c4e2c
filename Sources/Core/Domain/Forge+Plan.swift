import JSON

extension Forge {
    /// What is stored in one transaction once a change is decided.
    package struct Decision: Sendable, Equatable {
        /// The forge as it is from now on.
        package let forge: Forge
        /// What the world is told.
        package let event: Event
    }

    /// A new forge.
    package static func creation(
        id: ForgeID,
        name: ForgeName,
        labels: Labels,
        spec: ForgeSpec,
        on occasion: Occasion
    ) -> Decision {
        Forge(
            id: id,
            name: name,
            labels: labels,
            spec: spec,
            status: ForgeStatus(of: spec, at: occasion.at),
            generation: 1,
            revision: 1,
            createdAt: occasion.at,
            updatedAt: occasion.at
        )
        .decision(.forgeCreated, on: occasion)
    }

    /// The forge with other labels, another spec or other secrets; nil where nothing changes.
    package func change(
        labels: Labels,
        spec: ForgeSpec,
        renewsSecrets: Bool,
        on occasion: Occasion
    ) -> Decision? {
        guard renewsSecrets || labels != self.labels || spec != self.spec else { return nil }
        var next = touched(at: occasion.at)
        next.labels = labels
        next.spec = spec
        if renewsSecrets || spec != self.spec {
            next.generation += 1
            next.status = ForgeStatus(of: spec, at: occasion.at)
        }
        return next.decision(.forgeUpdated, on: occasion)
    }

    /// What the world is told once the forge is gone.
    package func deletion(on occasion: Occasion) -> Decision {
        touched(at: occasion.at).decision(.forgeDeleted, on: occasion)
    }

    private func touched(at moment: Instant) -> Forge {
        var next = self
        next.revision += 1
        next.updatedAt = moment
        return next
    }

    private func decision(_ type: EventType, on occasion: Occasion) -> Decision {
        var data = JSONWriter(reserving: 192)
        data.object { data in
            data.member("id", id.description)
            data.member("name", name.text)
            data.member("kind", spec.kind.rawValue)
            data.member("phase", status.phase.rawValue)
        }
        return Decision(
            forge: self,
            event: Event(
                id: occasion.event,
                type: type,
                subject: reference,
                tenant: nil,
                at: occasion.at,
                data: data.finish()
            )
        )
    }
}
