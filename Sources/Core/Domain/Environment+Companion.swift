extension Environment {
    /// The name of a companion: the environment's and the dependency's, with `-` between them
    /// where that can only be read in one way and is short enough; else its beginning and a hash.
    package func name(of companion: CompanionService) -> EnvironmentName {
        let most = Self.nameMax(in: tenantName)
        let own = companion.name.text
        var text = "\(name)-\(own)"
        if text.utf8.count > most || own.utf8.contains(UInt8(ascii: "-")) {
            let hash = ShortHash.hex(of: "\(name)/\(own)")
            text = "\(text.prefix(most - hash.utf8.count - 1))-\(hash)"
        }
        do {
            return try EnvironmentName(parsing: text)
        } catch {
            preconditionFailure("two names make a name")
        }
    }

    /// What a dependency is in terms of another environment; nil for what is in none.
    package func shared(by dependency: EnvironmentDependency) -> SharedService? {
        switch dependency {
        case .shared(let service): service
        case .ordered: nil
        case .companion(let companion):
            SharedService(
                service: companion.service,
                environment: name(of: companion),
                version: companion.version,
                image: companion.image,
                alias: companion.alias
            )
        }
    }

    /// The companions that are needed by what runs or is going to, each once.
    package var companions: [EnvironmentName] {
        Set(neededContents.flatMap(\.dependencies).compactMap(\.companion).map(name(of:))).sorted()
    }

    /// A new companion of the environment, with what is live in its model: nothing is built anew.
    ///
    /// - Throws: with everything that keeps that from being made.
    package func newCompanion(
        id: EnvironmentID,
        for wanted: CompanionService,
        like model: Environment,
        request: RollOutRequest,
        in surroundings: EnvironmentSurroundings,
        on occasion: Occasion
    ) throws(EnvironmentRefusal) -> Decision {
        guard let live = model.status.live else { throw .hasNothingLive(model.name) }
        var spec = EnvironmentSpec(
            type: .ephemeral,
            template: live.content.template,
            placement: .cluster(spec.placement.cluster(of: name)),
            readiness: model.spec.readiness
        )
        spec.take(live.content, of: wanted)
        let name = name(of: wanted)
        try check(spec, of: name, like: model, in: surroundings, at: occasion.at)
        let faults = Self.faults(named: name, of: tenantName)
        guard faults.isEmpty else { throw .invalid(faults) }
        var request = request
        request.origin = .promotion(from: model.name, deployment: live.deployment)
        return try Self.creation(
            id: id,
            name: name,
            of: tenant,
            named: tenantName,
            spec: spec,
            companionOf: self.name,
            request: request,
            on: occasion
        )
    }

    /// A companion that is there, as the environment wants it now; nil where it stays as it is.
    ///
    /// Without a model it stays at what it has: what failed is tried again, and what sleeps wakes.
    package func refreshed(
        _ companion: Environment,
        for wanted: CompanionService,
        like model: Environment?,
        request: RollOutRequest,
        in surroundings: EnvironmentSurroundings,
        on occasion: Occasion
    ) throws(EnvironmentRefusal) -> Decision? {
        var next = companion.spec
        var request = request
        next.asleep = spec.asleep
        if let model {
            guard let live = model.status.live else { throw .hasNothingLive(model.name) }
            next.take(live.content, of: wanted)
            next.template = live.content.template
            next.readiness = model.spec.readiness
            let fixed = next.fixedFaults(changing: companion.spec)
            guard fixed.isEmpty else { throw .invalid(fixed) }
            try check(next, of: companion.name, like: model, in: surroundings, at: occasion.at)
            request.origin = .promotion(from: model.name, deployment: live.deployment)
        }
        guard
            next != companion.spec || companion.needsRollOut(for: next)
                || companion.status.isInterrupted
        else { return nil }
        return try companion.turned(
            to: next,
            labels: companion.labels,
            request: request,
            on: occasion
        )
    }

    /// Makes sure that people decide on the environment, and not the one whose companion it is.
    ///
    /// - Throws: `.isCompanion` with the environment that does.
    package func admitDecision() throws(EnvironmentRefusal) {
        if let owner = status.companionOf { throw .isCompanion(of: owner) }
    }

    /// The environment asleep because the one sleeps whose companion it is; nil where it sleeps.
    package func resting(on occasion: Occasion) -> Decision? {
        switched(asleep: true, because: .owner, on: occasion)
    }

    private func check(
        _ spec: EnvironmentSpec,
        of companion: EnvironmentName,
        like model: Environment,
        in surroundings: EnvironmentSurroundings,
        at moment: Instant
    ) throws(EnvironmentRefusal) {
        var surroundings = surroundings
        surroundings.graph.set(needs, of: name)
        let cluster = self.spec.placement.cluster(of: name)
        if let kind = self.spec.placement.kind {
            surroundings.housing = name
            if !surroundings.clusters.contains(where: { $0.name == cluster }) {
                let home = ClusterSummary(name: cluster, kind: kind, phase: .pending)
                surroundings.clusters.append(home)
            }
        }
        surroundings.occupants[cluster] = surroundings.occupants[cluster] ?? name
        var faults = spec.templateFaults(in: surroundings)
        if let policy = surroundings.template(spec.template) {
            faults = spec.faults(by: policy, named: companion, in: surroundings, at: moment)
        }
        let own = spec.dependencies.compactMap(\.companion)
        if !own.isEmpty {
            let names = own.map { "\(model.name(of: $0))" }.joined(separator: ", ")
            let detail =
                "In \(model.name) it has companions of its own (\(names)), and a companion gets "
                + "none. Depend on the environment: `\"environment\": \"\(model.name)\"`."
            faults.append(EnvironmentFault(.spec("service"), "has-companions", detail))
        }
        guard faults.isEmpty else { throw .invalid(faults) }
    }
}

extension EnvironmentSpec {
    /// Exactly what runs elsewhere is wanted here.
    fileprivate mutating func take(_ content: DeploymentContent, of wanted: CompanionService) {
        service = wanted.service
        images = content.images
        parameters = content.parameters
        dependencies = content.dependencies
        // It is built of that commit, and under nobody's review.
        source = content.source.map { source in
            EnvironmentSource(repository: source.repository, revision: source.revision)
        }
    }
}
