package import JSON

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

        /// A class of that generation with this report.
        package init(phase: Phase, report: JSONObject, generation: Int64) {
            self.phase = phase
            var status = JSONObject()
            status["phase"] = .string(phase.rawValue)
            status["conditions"] = .array([])
            status["observedGeneration"] = .integer(Int(generation))
            for member in report { status[member.key] = member.value }
            self.status = JSON.object(status).serialized()
        }
    }

    /// A new class.
    package static func creation(
        id: ClusterClassID,
        name: ClusterClassName,
        labels: Labels,
        definition: [UInt8],
        template: String,
        source: ClusterClassSource? = nil,
        findings: Findings,
        on occasion: Occasion
    ) -> Decision {
        let made = ClusterClass(
            id: id,
            name: name,
            labels: labels,
            definition: definition,
            template: template,
            source: source,
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
        source: ClusterClassSource? = nil,
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
            next.source = source
        }
        return next.decision(.clusterClassUpdated, findings.phase, on: occasion)
    }

    /// The class once its blueprint brings it no longer; nil where that has been said.
    ///
    /// It stays for the clusters that are made from it.
    package func withdrawal(
        because reason: String,
        on occasion: Occasion
    ) throws(JSONFault) -> Decision? {
        var report = try JSON.parse(status).object ?? JSONObject()
        guard report["phase"]?.string != Phase.withdrawn.rawValue else { return nil }
        report.addFinding("withdrawn", reason)
        report["phase"] = .string(Phase.withdrawn.rawValue)
        report["usable"] = false
        var next = touched(at: occasion.at)
        next.status = JSON.object(report).serialized()
        return next.decision(.clusterClassWithdrawn, .withdrawn, on: occasion)
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

extension JSONObject {
    /// Adds to the findings of a class's report.
    package mutating func addFinding(_ code: String, _ message: String) {
        let finding: JSON = ["code": .string(code), "message": .string(message)]
        self["findings"] = .array((self["findings"]?.array ?? []) + [finding])
    }
}

/// A cluster class as it was found in a version of a blueprint.
package struct DiscoveredClass: Sendable, Equatable {
    /// Its name.
    package var name: ClusterClassName
    /// What selectors find it by.
    package var labels: Labels
    /// The definition without its template: the text of a JSON object.
    package var definition: [UInt8]
    /// The template.
    package var template: String
    /// Where the class stands.
    package var phase: ClusterClass.Phase
    /// What was found in the template: variables, pools and findings.
    package var report: JSONObject

    /// A class with everything that was found out about it.
    package init(
        name: ClusterClassName,
        labels: Labels = Labels(),
        definition: [UInt8],
        template: String,
        phase: ClusterClass.Phase,
        report: JSONObject
    ) {
        self.name = name
        self.labels = labels
        self.definition = definition
        self.template = template
        self.phase = phase
        self.report = report
    }
}
