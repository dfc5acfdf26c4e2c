import JSON

extension ClusterClass {
    /// What is stored in one transaction once a change is decided.
    package struct Decision: Sendable, Equatable {
        /// The class as it is from now on.
        package let clusterClass: ClusterClass
        /// Where it stands.
        package let phase: Phase
        /// What the world is told.
        package let event: Event
    }

    /// What was found in a template.
    package struct Findings: Sendable, Equatable {
        /// Where the class stands.
        package var phase: Phase
        /// The status: the text of a JSON object with that phase, variables, pools and findings.
        package var status: [UInt8]

        /// A class that stands so.
        package init(phase: Phase, status: [UInt8]) {
            self.phase = phase
            self.status = status
        }
    }

    /// A new class.
    package static func creation(
        id: ClusterClassID,
        name: ClusterClassName,
        labels: Labels,
        definition: [UInt8],
        template: String,
        findings: Findings,
        on occasion: Occasion
    ) -> Decision {
        let made = ClusterClass(
            id: id,
            name: name,
            labels: labels,
            definition: definition,
            template: template,
            source: nil,
            status: findings.status,
            generation: 1,
            revision: 1,
            createdAt: occasion.at,
            updatedAt: occasion.at
        )
        return made.decision(.clusterClassCreated, findings.phase, on: occasion)
    }

    /// The class with other labels, definition or template; nil where that changes nothing.
    ///
    /// Clusters that are made from it take it over with their next change.
    package func change(
        labels: Labels,
        definition: [UInt8],
        template: String,
        findings: Findings,
        on occasion: Occasion
    ) -> Decision? {
        let changesSpec = definition != self.definition || template != self.template
        guard labels != self.labels || changesSpec || findings.status != status else { return nil }
        var next = touched(at: occasion.at)
        next.labels = labels
        next.definition = definition
        next.template = template
        next.status = findings.status
        if changesSpec {
            next.generation += 1
            next.source = nil
        }
        return next.decision(.clusterClassUpdated, findings.phase, on: occasion)
    }

    /// What the world is told once the class is gone.
    package func deletion(on occasion: Occasion) -> Decision {
        touched(at: occasion.at).decision(.clusterClassDeleted, .ready, on: occasion)
    }

    private func touched(at moment: Instant) -> ClusterClass {
        var next = self
        next.revision += 1
        next.updatedAt = moment
        return next
    }

    private func decision(
        _ type: EventType,
        _ phase: Phase,
        on occasion: Occasion
    ) -> Decision {
        var data = JSONWriter(reserving: 128)
        data.object { data in
            data.member("id", id.description)
            data.member("name", name.text)
            data.member("generation", generation)
        }
        return Decision(
            clusterClass: self,
            phase: phase,
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
