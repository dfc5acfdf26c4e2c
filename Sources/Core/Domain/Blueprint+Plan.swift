import JSON

extension Blueprint {
    /// What is stored in one transaction once a change is decided.
    package struct Decision: Sendable, Equatable {
        /// The blueprint as it is from now on.
        package let blueprint: Blueprint
        /// The work that follows; nil where none does.
        package let job: NewJob?
        /// What the world is told.
        package let event: Event
    }

    /// A new blueprint, waiting for the first look at its repository.
    package static func creation(
        id: BlueprintID,
        name: BlueprintName,
        labels: Labels,
        spec: BlueprintSpec,
        on occasion: Occasion
    ) -> Decision {
        let blueprint = Blueprint(
            id: id,
            name: name,
            labels: labels,
            spec: spec,
            status: BlueprintStatus(phase: .pending, job: occasion.job),
            generation: 1,
            revision: 1,
            createdAt: occasion.at,
            updatedAt: occasion.at
        )
        return blueprint.decision(.blueprintCreated, job: .blueprintRefresh, on: occasion)
    }

    /// The blueprint with other labels, spec or credentials; nil where that changes nothing.
    package func change(
        labels: Labels,
        spec: BlueprintSpec,
        changesCredentials: Bool,
        on occasion: Occasion
    ) -> Decision? {
        let changesSpec = spec != self.spec || changesCredentials
        guard labels != self.labels || changesSpec else { return nil }
        let isSettled = status.observedGeneration == generation
        var renamed = self.spec
        renamed.displayName = spec.displayName
        let needsWork = changesSpec && (!isSettled || changesCredentials || renamed != spec)
        var next = touched(at: occasion.at)
        next.labels = labels
        next.spec = spec
        if changesSpec { next.generation += 1 }
        if needsWork {
            next.status.job = occasion.job
        } else if isSettled {
            next.status.observedGeneration = next.generation
        }
        return next.decision(
            .blueprintUpdated,
            job: needsWork ? .blueprintRefresh : nil,
            on: occasion
        )
    }

    /// The blueprint with a look at its repository under way.
    package func refresh(on occasion: Occasion) -> Decision {
        var next = touched(at: occasion.at)
        next.status.job = occasion.job
        return next.decision(.blueprintUpdated, job: .blueprintRefresh, on: occasion)
    }

    /// What the world is told once the blueprint is gone.
    package func deletion(on occasion: Occasion) -> Decision {
        touched(at: occasion.at).decision(.blueprintDeleted, job: nil, on: occasion)
    }

    private func touched(at moment: Instant) -> Blueprint {
        var next = self
        next.revision += 1
        next.updatedAt = moment
        return next
    }

    private func decision(
        _ type: EventType,
        job kind: JobKind?,
        on occasion: Occasion
    ) -> Decision {
        var data = JSONWriter(reserving: 256)
        data.object { data in
            data.member("id", id.description)
            data.member("name", name.text)
            data.member("generation", generation)
            if kind != nil { data.member("jobId", occasion.job.description) }
        }
        return Decision(
            blueprint: self,
            job: kind.map { job(of: $0, on: occasion) },
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

    /// The work, with everything about the blueprint that its steps go by; no credentials.
    private func job(of kind: JobKind, on occasion: Occasion) -> NewJob {
        var input = JSONWriter(reserving: 256)
        input.object { input in
            input.member("generation", generation)
            input.key("spec")
            spec.write(to: &input)
        }
        return NewJob(
            id: occasion.job,
            kind: kind,
            subject: reference,
            tenant: nil,
            input: input.finish()
        )
    }
}
