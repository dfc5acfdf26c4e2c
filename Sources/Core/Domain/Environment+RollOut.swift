import JSON

/// Roll-outs that come to their end together, by something else.
package struct DeploymentEnding: Sendable, Hashable {
    /// Their records.
    package var deployments: [DeploymentID]
    /// How they end.
    package var state: Deployment.State
    /// Why, as a sentence.
    package var outcome: String

    /// That end of those roll-outs; nil where there are none.
    package init?(_ rollOuts: [RollOut], state: Deployment.State, outcome: String) {
        guard !rollOuts.isEmpty else { return nil }
        deployments = rollOuts.map(\.deployment)
        self.state = state
        self.outcome = outcome
    }
}

extension EnvironmentSpec {
    /// What a roll-out puts into the environment.
    package var content: DeploymentContent {
        DeploymentContent(
            source: source,
            images: images,
            template: template,
            parameters: parameters,
            dependencies: dependencies
        )
    }
}

extension EnvironmentStatus {
    /// The roll-outs that are under way or wait, the oldest first.
    package var open: [RollOut] { (coming.map { [$0] } ?? []) + queued }
    /// The roll-out after which nothing else is going to be live.
    package var newest: RollOut? { held?.rollOut ?? open.last ?? live }
}

extension EnvironmentStatus {
    /// The roll-out under way ends without being live: what it has brought may be there.
    mutating func leave(_ rollOut: RollOut) {
        leftover = RollOutLeftover(
            number: rollOut.number,
            splitsTraffic: rollOut.progress != nil || leftover?.splitsTraffic == true
        )
    }
}

extension Environment {
    /// What is live while a roll-out that is over still has a part of the requests; nil where none
    /// has.
    package var liveBesideOthers: RollOut? {
        guard status.leftover?.splitsTraffic == true, status.open.isEmpty,
            status.phase != .deleting
        else { return nil }
        return status.live
    }

    /// The environment on its way back to what is live, where a roll-out that is over has left the
    /// traffic split; nil where none has.
    package func restoration(on occasion: Occasion) -> Decision? {
        guard let live = liveBesideOthers, live.commit != nil else { return nil }
        var next = touched(at: occasion.at)
        next.status.begin(occasion.job)
        return next.decision(.environmentUpdated, job: .environmentUpdate, on: occasion) { data in
            data.member("reason", "All requests go back to roll-out \(live.number).")
        }
    }
}

extension Environment {
    /// The most roll-outs that wait for the one under way.
    package static let queueMax = 10

    /// What a roll-out of the spec as it is puts into the environment.
    package var content: DeploymentContent { spec.content }

    /// Whether a spec says something that neither runs nor is on its way.
    ///
    /// What failed is tried again when it is asked for again, and what has changed of what it
    /// depends on is taken.
    func needsRollOut(for spec: EnvironmentSpec) -> Bool {
        guard let newest = status.newest else { return true }
        if hasOldValues, status.open.isEmpty, status.held == nil { return true }
        // What failed or was given up may have been delivered all the same.
        if status.open.isEmpty, newest.number != status.deployments { return true }
        return newest.content != spec.content
    }

    /// - Throws: where the concurrency policy allows no other roll-out now.
    func admitRollOut(of spec: EnvironmentSpec) throws(EnvironmentRefusal) {
        // A pause is taken back by the same call or not at all.
        guard !spec.paused else { throw .isPaused }
        guard let coming = status.coming ?? status.held?.rollOut else { return }
        switch spec.concurrency {
        case .supersede: return
        case .reject: throw .isRollingOut(coming)
        case .queue:
            guard status.queued.count < Self.queueMax else {
                throw .queueIsFull(limit: Self.queueMax)
            }
        }
    }

    /// Takes back everything that is under way or waits, and returns it.
    mutating func giveUpRollOuts() -> [RollOut] {
        let open = status.open + (status.held.map { [$0.rollOut] } ?? [])
        if let coming = status.coming, coming.startedAt != nil { status.leave(coming) }
        status.coming = nil
        status.queued = []
        status.held = nil
        return open
    }

    /// The record of a new roll-out of the spec, which waits where one is under way, or where
    /// something holds it.
    mutating func begin(
        _ request: RollOutRequest,
        _ hold: DeploymentHold?,
        on occasion: Occasion
    ) -> Deployment {
        let before = status.newest
        // What is held begins with another call: the job of this one may do something else.
        let job = hold == nil ? occasion.job : request.id.cast()
        status.deployments += 1
        let rollOut = RollOut(
            deployment: request.id,
            number: status.deployments,
            content: content,
            since: occasion.at,
            job: job
        )
        let difference = content.difference(from: before?.content, of: before?.deployment)
        var waits = false
        if let hold {
            status.held = HeldRollOut(
                rollOut: rollOut,
                origin: request.origin,
                by: request.actor.name,
                difference: difference,
                hold: hold
            )
        } else {
            waits = start(rollOut)
        }
        return Deployment(
            id: request.id,
            environment: id,
            environmentName: name,
            tenant: tenant,
            number: rollOut.number,
            state: hold != nil ? .held : waits ? .queued : .running,
            origin: request.origin,
            content: content,
            difference: difference,
            by: request.actor.name,
            job: job,
            hold: hold ?? approved(request, at: occasion.at),
            createdAt: occasion.at
        )
    }

    /// What the record says of approvals that were there from the start, and of who overrode a
    /// freeze; nil where there was neither.
    private func approved(_ request: RollOutRequest, at moment: Instant) -> DeploymentHold? {
        var hold = DeploymentHold(since: moment, of: request, under: spec.approvals)
        guard !hold.approvals.isEmpty || hold.override != nil else { return nil }
        hold.endedAt = moment
        return hold
    }

    /// Puts a roll-out under way, or behind the one that is; whether it waits there.
    mutating func start(_ rollOut: RollOut) -> Bool {
        let waits = status.coming != nil
        if waits { status.queued.append(rollOut) } else { status.coming = rollOut }
        status.begin(rollOut.job)
        if status.phase != .pending { status.phase = .deploying }
        return waits
    }
}

extension Environment {
    /// The environment with exactly the images that run in another one: nothing is built anew.
    ///
    /// Both are of one template, which runs images of these names, and not of two services.
    package func promotion(
        from source: Environment,
        request: RollOutRequest,
        in surroundings: EnvironmentSurroundings,
        on occasion: Occasion
    ) throws(EnvironmentRefusal) -> Decision {
        guard status.phase != .deleting else { throw .isDeleting }
        let faults = differences(from: source)
        guard faults.isEmpty else { throw .invalid(faults) }
        guard let live = source.status.live else { throw .hasNothingLive(source.name) }
        let loose = live.content.images.all.filter { !$0.isPinned }.map(\.name)
        guard loose.isEmpty else { throw .isNotPinned(images: loose) }
        var spec = self.spec
        spec.images = live.content.images
        spec.source = live.content.source
        let misfits = spec.templateFaults(in: surroundings)
        guard misfits.isEmpty else { throw .invalid(misfits) }
        var request = request
        request.origin = .promotion(from: source.name, deployment: live.deployment)
        return try turned(to: spec, labels: labels, request: request, on: occasion)
    }

    /// Why what runs in another environment is nothing for this one.
    private func differences(from source: Environment) -> [EnvironmentFault] {
        var faults: [EnvironmentFault] = []
        func compare(_ member: String, _ own: String?, _ other: String?) {
            guard let own, let other, own != other else { return }
            let detail =
                "\(source.name) has \(other) and \(name) has \(own); what is promoted is of the "
                + "same \(member)."
            faults.append(EnvironmentFault(.spec(member), "not-the-same", detail))
        }
        compare("service", spec.service?.text, source.spec.service?.text)
        compare("template", spec.template.text, source.spec.template.text)
        return faults
    }

    /// The environment with what an earlier roll-out put into it.
    package func rollback(
        to deployment: Deployment,
        request: RollOutRequest,
        on occasion: Occasion
    ) throws(EnvironmentRefusal) -> Decision {
        guard status.phase != .deleting else { throw .isDeleting }
        var spec = self.spec
        spec.images = deployment.content.images
        spec.source = deployment.content.source
        spec.parameters = deployment.content.parameters
        var request = request
        request.origin = .rollback(to: deployment.id)
        return try turned(to: spec, labels: labels, request: request, on: occasion)
    }
}
