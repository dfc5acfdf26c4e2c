/// Why a wish about an environment is refused, whoever asks.
package indirect enum EnvironmentRefusal: Error, Equatable, Sendable {
    /// The environment is being deleted; nothing about it changes any more.
    case isDeleting
    /// The tenant is being deleted; it gets nothing more.
    case tenantIsDeleting
    /// The environment is protected; `spec.deleteProtection` must be taken back first.
    case isProtected
    /// Others depend on the environment; which.
    case isNeeded(by: [EnvironmentName])
    /// It is the companion of that environment, which alone decides on it.
    case isCompanion(of: EnvironmentName)
    /// The companion for one of its dependencies is refused; which, and why.
    case companion(at: Int, EnvironmentRefusal)
    /// The environment is paused: what runs is left as it is until `spec.paused` is taken back.
    case isPaused
    /// A roll-out is still under way, and `spec.concurrency` refuses another one.
    case isRollingOut(RollOut)
    /// As many roll-outs wait as may.
    case queueIsFull(limit: Int)
    /// Nothing is rolled out now, and `onFreeze` refuses what is asked for.
    case isFrozen(reason: String, until: Instant?)
    /// Somebody else has locked it.
    case isLocked(EnvironmentLock)
    /// Nothing holds the roll-out, or it is over.
    case isNotHeld
    /// Nobody need approve roll-outs of the environment.
    case needsNoApproval
    /// The caller may not approve; these may, in words.
    case mayNotApprove([String])
    /// Whoever asked for a roll-out does not approve it.
    case isOwnRollOut
    /// The roll-out is not under way, or does not take over by and by.
    case isNotSteered
    /// The roll-out cannot be steered while that is done.
    case isNotWatched(RolloutProgress.Phase)
    /// Somebody keeps the roll-out at its step.
    case isHeldBack(RolloutPause)
    /// Services that belong to it are protected; which.
    case keepsServices([ServiceInstanceName])
    /// Its rules are those of admins, and so is its end.
    case isGoverned
    /// Other environments live in the cluster that was made for it.
    case hasGuests([EnvironmentName])
    /// The plan has been applied.
    case isApplied
    /// The plan was made on something that has changed since; what has.
    case isStale([String])
    /// Nothing ends the environment, so that there is nothing to put off.
    case hasNoEnd
    /// The environment already stays as long as `lifetime.max` allows.
    case staysToTheMost(until: Instant)
    /// What is to be taken over has no roll-out that is live.
    case hasNothingLive(EnvironmentName)
    /// Images that do not name their content, and so may mean something else by now.
    case isNotPinned(images: [String])
    /// The order cannot be met; everything that is wrong with it.
    case invalid([EnvironmentFault])
    /// The tenant would have more than it may; every limit that is in the way.
    case overQuota([QuotaStanding])
    /// The trust that the caller's token comes from does not reach that far; why, as a sentence.
    case beyondTrust(String)
}

/// One thing that is wrong with an order, and where: the same for whatever is ordered.
package typealias EnvironmentFault = ClusterFault
