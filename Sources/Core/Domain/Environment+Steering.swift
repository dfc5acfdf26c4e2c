import JSON

extension Environment {
    /// What rolls the spec out as its strategy says.
    var rolloutKind: JobKind {
        spec.rollout == .rolling ? .environmentDeploy : .environmentShift
    }

    /// The environment with the roll-out under way one step further; nil where that was asked for
    /// before.
    package func advance(
        of deployment: DeploymentID,
        by who: RollOutActor,
        on occasion: Occasion
    ) throws(EnvironmentRefusal) -> Decision? {
        let (coming, progress) = try steered(deployment)
        guard progress.phase == .watching else { throw .isNotWatched(progress.phase) }
        if let pause = coming.pause { throw .isHeldBack(pause) }
        switch coming.wish {
        case .advance(let step, _) where step >= progress.step: return nil
        case .abort: throw .isNotWatched(.restoring)
        default: break
        }
        return steering(
            coming,
            telling: .deploymentAdvanced,
            by: who,
            step: progress.step,
            on: occasion
        ) { $0.wish = .advance(step: progress.step, by: who.name) }
    }

    /// The environment on its way back to what ran; nil where that was asked for before.
    package func abort(
        of deployment: DeploymentID,
        by who: RollOutActor,
        reason: String,
        on occasion: Occasion
    ) throws(EnvironmentRefusal) -> Decision? {
        let (coming, progress) = try steered(deployment)
        guard progress.phase != .promoting else { throw .isNotWatched(progress.phase) }
        if case .abort = coming.wish { return nil }
        guard progress.phase != .restoring else { return nil }
        return steering(coming, telling: .deploymentAborted, by: who, reason, on: occasion) {
            $0.wish = .abort(by: who.name, reason: reason)
        }
    }

    /// The environment with its roll-out kept at the step where it is; nil where it is already.
    package func pause(
        of deployment: DeploymentID,
        by who: RollOutActor,
        reason: String,
        on occasion: Occasion
    ) throws(EnvironmentRefusal) -> Decision? {
        let (coming, progress) = try steered(deployment)
        guard progress.phase == .watching else { throw .isNotWatched(progress.phase) }
        if case .abort = coming.wish { throw .isNotWatched(.restoring) }
        guard coming.pause == nil else { return nil }
        return steering(coming, telling: .deploymentPaused, by: who, reason, on: occasion) {
            $0.pause = RolloutPause(by: who.name, reason: reason, since: occasion.at)
        }
    }

    /// The environment with its roll-out going on from the step where it was kept; nil where
    /// nobody keeps it.
    package func resumption(
        of deployment: DeploymentID,
        by who: RollOutActor,
        on occasion: Occasion
    ) throws(EnvironmentRefusal) -> Decision? {
        let (coming, _) = try steered(deployment)
        guard coming.pause != nil else { return nil }
        return steering(coming, telling: .deploymentResumed, by: who, on: occasion) {
            $0.pause = nil
        }
    }

    private func steered(
        _ deployment: DeploymentID
    ) throws(EnvironmentRefusal) -> (RollOut, RolloutProgress) {
        guard status.phase != .deleting else { throw .isDeleting }
        guard let coming = status.coming, coming.deployment == deployment,
            let progress = coming.progress
        else { throw .isNotSteered }
        return (coming, progress)
    }

    /// The roll-out changed as somebody wants it; its job looks at once.
    private func steering(
        _ coming: RollOut,
        telling type: EventType,
        by who: RollOutActor,
        _ reason: String? = nil,
        step: Int? = nil,
        on occasion: Occasion,
        _ change: (inout RollOut) -> Void
    ) -> Decision {
        var next = touched(at: occasion.at)
        var changed = coming
        change(&changed)
        next.status.coming = changed
        var decision = next.decision(type, on: occasion) { data in
            data.member("deployment", coming.deployment.description)
            data.member("number", coming.number)
            data.member("actor", who.name)
            if let step { data.member("step", step) }
            if let reason { data.member("reason", reason) }
        }
        decision.wakesJob = true
        return decision
    }
}
