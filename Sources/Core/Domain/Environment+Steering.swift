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
        switch coming.wish {
        case .advance(let step, _) where step >= progress.step: return nil
        case .abort: throw .isNotWatched(.restoring)
        default: break
        }
        return steering(
            coming,
            to: .advance(step: progress.step, by: who.name),
            telling: .deploymentAdvanced,
            on: occasion
        )
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
        return steering(
            coming,
            to: .abort(by: who.name, reason: reason),
            telling: .deploymentAborted,
            on: occasion
        )
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

    private func steering(
        _ coming: RollOut,
        to wish: RolloutWish,
        telling type: EventType,
        on occasion: Occasion
    ) -> Decision {
        var next = touched(at: occasion.at)
        next.status.coming?.wish = wish
        var decision = next.decision(type, on: occasion) { data in
            data.member("deployment", coming.deployment.description)
            data.member("number", coming.number)
            switch wish {
            case .advance(let step, let who):
                data.member("actor", who)
                data.member("step", step)
            case .abort(let who, let reason):
                data.member("actor", who)
                data.member("reason", reason)
            }
        }
        decision.wakesJob = true
        return decision
    }
}
