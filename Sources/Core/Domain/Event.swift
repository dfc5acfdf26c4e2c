/// A fact of the domain, told in one order to everyone who follows.
package struct Event: Sendable, Equatable {
    /// The version of CloudEvents that events are rendered in.
    package static let specVersion = "1.0"

    /// The identity of the event, also when it is told twice.
    package var id: EventID
    /// What happened.
    package var type: EventType
    /// What the event is about.
    package var subject: ObjectReference
    /// The tenant whose people may see the event; nil for facts of the platform.
    package var tenant: TenantID?
    /// When it happened.
    package var at: Instant
    /// The `data` of the CloudEvent: the text of a JSON object.
    package var data: [UInt8]

    /// An event without a position.
    package init(
        id: EventID,
        type: EventType,
        subject: ObjectReference,
        tenant: TenantID?,
        at: Instant,
        data: [UInt8] = Array("{}".utf8)
    ) {
        self.id = id
        self.type = type
        self.subject = subject
        self.tenant = tenant
        self.at = at
        self.data = data
    }
}

/// The CloudEvents `type` of an event: `dev.slipway.<noun>.<what happened>`.
package struct EventType: Sendable, Hashable, CustomStringConvertible {
    package let description: String

    /// A type by its text; unknown ones are kept as they are.
    package init(_ text: String) {
        description = text
    }

    /// A tenant is asked for.
    package static let tenantRequested = EventType("dev.slipway.tenant.requested")
    /// A tenant was changed.
    package static let tenantUpdated = EventType("dev.slipway.tenant.updated")
    /// A tenant was suspended.
    package static let tenantSuspended = EventType("dev.slipway.tenant.suspended")
    /// A tenant was resumed.
    package static let tenantResumed = EventType("dev.slipway.tenant.resumed")
    /// A tenant is ready.
    package static let tenantReady = EventType("dev.slipway.tenant.ready")
    /// A tenant is degraded.
    package static let tenantDegraded = EventType("dev.slipway.tenant.degraded")
    /// A tenant is failed.
    package static let tenantFailed = EventType("dev.slipway.tenant.failed")
    /// A tenant is asked to be deleted.
    package static let tenantDeletionRequested =
        EventType("dev.slipway.tenant.deletion-requested")
    /// A tenant is gone.
    package static let tenantDeleted = EventType("dev.slipway.tenant.deleted")
    /// A repository is forked.
    package static let repositoryForked = EventType("dev.slipway.repository.forked")
    /// A repository was changed.
    package static let repositoryUpdated = EventType("dev.slipway.repository.updated")
    /// A repository is pushed to.
    package static let repositoryPushed = EventType("dev.slipway.repository.pushed")
    /// A blueprint is made.
    package static let blueprintCreated = EventType("dev.slipway.blueprint.created")
    /// A blueprint was changed.
    package static let blueprintUpdated = EventType("dev.slipway.blueprint.updated")
    /// A blueprint is looked at.
    package static let blueprintRefreshed = EventType("dev.slipway.blueprint.refreshed")
    /// A blueprint is gone.
    package static let blueprintDeleted = EventType("dev.slipway.blueprint.deleted")
    /// A blueprint's version is found.
    package static let versionDiscovered =
        EventType("dev.slipway.blueprint-version.discovered")
    /// A blueprint's version was given another state.
    package static let versionChanged = EventType("dev.slipway.blueprint-version.changed")
    /// A job is done.
    package static let jobCompleted = EventType("dev.slipway.job.completed")
    /// A job is in need of a person.
    package static let jobStalled = EventType("dev.slipway.job.stalled")
    /// A job is given up on request.
    package static let jobCancelled = EventType("dev.slipway.job.cancelled")
    /// A job is brought back.
    package static let jobRetried = EventType("dev.slipway.job.retried")
    /// A token is made.
    package static let tokenCreated = EventType("dev.slipway.token.created")
    /// A token was revoked.
    package static let tokenRevoked = EventType("dev.slipway.token.revoked")
    /// A cluster is asked for.
    package static let clusterRequested = EventType("dev.slipway.cluster.requested")
    /// A cluster was changed.
    package static let clusterUpdated = EventType("dev.slipway.cluster.updated")
    /// A cluster is ready.
    package static let clusterReady = EventType("dev.slipway.cluster.ready")
    /// A cluster is degraded.
    package static let clusterDegraded = EventType("dev.slipway.cluster.degraded")
    /// Somebody changed a cluster behind Slipway's back.
    package static let clusterDrifted = EventType("dev.slipway.cluster.drifted")
    /// A cluster sleeps.
    package static let clusterAsleep = EventType("dev.slipway.cluster.asleep")
    /// A cluster is asked to be deleted.
    package static let clusterDeletionRequested =
        EventType("dev.slipway.cluster.deletion-requested")
    /// A cluster is gone.
    package static let clusterDeleted = EventType("dev.slipway.cluster.deleted")
    /// Somebody was given access to a cluster.
    package static let kubeconfigIssued = EventType("dev.slipway.cluster.kubeconfig-issued")
    /// A management cluster is registered.
    package static let managementClusterCreated =
        EventType("dev.slipway.management-cluster.created")
    /// A management cluster was changed.
    package static let managementClusterUpdated =
        EventType("dev.slipway.management-cluster.updated")
    /// A management cluster was found in another state.
    package static let managementClusterChecked =
        EventType("dev.slipway.management-cluster.checked")
    /// A management cluster is no longer registered.
    package static let managementClusterDeleted =
        EventType("dev.slipway.management-cluster.deleted")
    /// A cluster class is published.
    package static let clusterClassCreated = EventType("dev.slipway.cluster-class.created")
    /// A cluster class was changed.
    package static let clusterClassUpdated = EventType("dev.slipway.cluster-class.updated")
    /// A blueprint brings the class no longer; it stays for the clusters that are made from it.
    package static let clusterClassWithdrawn = EventType("dev.slipway.cluster-class.withdrawn")
    /// A cluster class is gone.
    package static let clusterClassDeleted = EventType("dev.slipway.cluster-class.deleted")
    /// A webhook is made.
    package static let webhookCreated = EventType("dev.slipway.webhook.created")
    /// A webhook was changed.
    package static let webhookUpdated = EventType("dev.slipway.webhook.updated")
    /// A webhook was given up: its receiver is gone, or took nothing for days.
    package static let webhookDisabled = EventType("dev.slipway.webhook.disabled")
    /// A webhook has a new secret.
    package static let webhookSecretRotated = EventType("dev.slipway.webhook.secret-rotated")
    /// A webhook is tried out; sent to that one alone.
    package static let webhookPinged = EventType("dev.slipway.webhook.pinged")
    /// Earlier events are sent to a webhook once more.
    package static let webhookReplayed = EventType("dev.slipway.webhook.replayed")
    /// A webhook is gone.
    package static let webhookDeleted = EventType("dev.slipway.webhook.deleted")
    /// A scorecard was written.
    package static let scorecardCreated = EventType("dev.slipway.scorecard.created")
    /// A scorecard was written anew.
    package static let scorecardUpdated = EventType("dev.slipway.scorecard.updated")
    /// A scorecard is gone.
    package static let scorecardDeleted = EventType("dev.slipway.scorecard.deleted")

    /// A trust is made.
    package static let trustCreated = EventType("dev.slipway.trust.created")
    /// A trust was changed; tokens that it gave before are revoked.
    package static let trustUpdated = EventType("dev.slipway.trust.updated")
    /// A trust is gone, and the tokens that it gave are revoked.
    package static let trustDeleted = EventType("dev.slipway.trust.deleted")
    /// A forge is connected.
    package static let forgeCreated = EventType("dev.slipway.forge.created")
    /// A forge was changed.
    package static let forgeUpdated = EventType("dev.slipway.forge.updated")
    /// A forge is connected no longer.
    package static let forgeDeleted = EventType("dev.slipway.forge.deleted")
    /// A source is made.
    package static let sourceCreated = EventType("dev.slipway.source.created")
    /// A source was changed.
    package static let sourceUpdated = EventType("dev.slipway.source.updated")
    /// A source has a new secret.
    package static let sourceSecretRotated = EventType("dev.slipway.source.secret-rotated")
    /// A source is gone.
    package static let sourceDeleted = EventType("dev.slipway.source.deleted")
    /// A revision of a pull request from a fork may make an environment.
    package static let pullRequestApproved =
        EventType("dev.slipway.source.pull-request-approved")

    /// An entity of the catalog is new.
    package static let entityCreated = EventType("dev.slipway.entity.created")
    /// An entity of the catalog was changed.
    package static let entityUpdated = EventType("dev.slipway.entity.updated")
    /// An entity of the catalog is gone.
    package static let entityDeleted = EventType("dev.slipway.entity.deleted")

    /// An environment is asked for.
    package static let environmentRequested = EventType("dev.slipway.environment.requested")
    /// An environment was changed or refreshed.
    package static let environmentUpdated = EventType("dev.slipway.environment.updated")
    /// An environment is ready.
    package static let environmentReady = EventType("dev.slipway.environment.ready")
    /// An environment is degraded.
    package static let environmentDegraded = EventType("dev.slipway.environment.degraded")
    /// An environment has failed before anything was live in it.
    package static let environmentFailed = EventType("dev.slipway.environment.failed")
    /// An environment is asked to sleep.
    package static let environmentSleepRequested =
        EventType("dev.slipway.environment.sleep-requested")
    /// An environment is asked to wake.
    package static let environmentWakeRequested =
        EventType("dev.slipway.environment.wake-requested")
    /// An environment sleeps.
    package static let environmentAsleep = EventType("dev.slipway.environment.asleep")
    /// An environment ends soon.
    package static let environmentExpiring = EventType("dev.slipway.environment.expiring")
    /// An environment's end was put off, or is no longer.
    package static let environmentExtended = EventType("dev.slipway.environment.extended")
    /// An environment is asked to be deleted, or its time is over.
    package static let environmentDeletionRequested =
        EventType("dev.slipway.environment.deletion-requested")
    /// An environment is gone.
    package static let environmentDeleted = EventType("dev.slipway.environment.deleted")
    /// No environment ends by itself for a while.
    package static let environmentExpiryPaused =
        EventType("dev.slipway.environment.expiry-paused")
    /// Environments end by themselves again.
    package static let environmentExpiryResumed =
        EventType("dev.slipway.environment.expiry-resumed")
    /// A roll-out is asked for.
    package static let deploymentRequested = EventType("dev.slipway.deployment.requested")
    /// A roll-out is live.
    package static let deploymentSucceeded = EventType("dev.slipway.deployment.succeeded")
    /// A roll-out did not become ready.
    package static let deploymentFailed = EventType("dev.slipway.deployment.failed")
    /// A roll-out was given up for a newer one.
    package static let deploymentSuperseded = EventType("dev.slipway.deployment.superseded")
    /// A roll-out was given up.
    package static let deploymentCancelled = EventType("dev.slipway.deployment.cancelled")
    /// A roll-out waits for an approval, a freeze or a lock to end.
    package static let deploymentHeld = EventType("dev.slipway.deployment.held")
    /// Somebody has approved a roll-out.
    package static let deploymentApproved = EventType("dev.slipway.deployment.approved")
    /// A roll-out that was held is not going to begin.
    package static let deploymentRejected = EventType("dev.slipway.deployment.rejected")
    /// A roll-out that was held begins, or somebody let it go on.
    package static let deploymentReleased = EventType("dev.slipway.deployment.released")
    /// Somebody has a roll-out go on to its next step.
    package static let deploymentAdvanced = EventType("dev.slipway.deployment.advanced")
    /// Somebody has a roll-out go back to what ran before.
    package static let deploymentAborted = EventType("dev.slipway.deployment.aborted")
    /// Somebody keeps a roll-out at its step.
    package static let deploymentPaused = EventType("dev.slipway.deployment.paused")
    /// Somebody lets a roll-out go on.
    package static let deploymentResumed = EventType("dev.slipway.deployment.resumed")
    /// Somebody keeps roll-outs of an environment from beginning.
    package static let environmentLocked = EventType("dev.slipway.environment.locked")
    /// Roll-outs of an environment may begin again.
    package static let environmentUnlocked = EventType("dev.slipway.environment.unlocked")

    /// A service is asked for.
    package static let serviceRequested = EventType("dev.slipway.service.requested")
    /// A service was changed.
    package static let serviceUpdated = EventType("dev.slipway.service.updated")
    /// A service is ready.
    package static let serviceReady = EventType("dev.slipway.service.ready")
    /// A service is degraded.
    package static let serviceDegraded = EventType("dev.slipway.service.degraded")
    /// A service has failed before anything of it was there.
    package static let serviceFailed = EventType("dev.slipway.service.failed")
    /// A service is left as it is for now.
    package static let servicePaused = EventType("dev.slipway.service.paused")
    /// A change of a service is on its way.
    package static let serviceDeliveryRequested =
        EventType("dev.slipway.service.delivery-requested")
    /// A change of a service is there.
    package static let serviceDelivered = EventType("dev.slipway.service.delivered")
    /// A change of a service did not become ready.
    package static let serviceDeliveryFailed = EventType("dev.slipway.service.delivery-failed")
    /// A service is asked to be deleted, or what it belongs to goes.
    package static let serviceDeletionRequested =
        EventType("dev.slipway.service.deletion-requested")
    /// A service is gone.
    package static let serviceDeleted = EventType("dev.slipway.service.deleted")
    /// Access to a service is asked for.
    package static let bindingRequested = EventType("dev.slipway.binding.requested")
    /// A binding was changed.
    package static let bindingUpdated = EventType("dev.slipway.binding.updated")
    /// A consumer has access to a service.
    package static let bindingReady = EventType("dev.slipway.binding.ready")
    /// A consumer did not get access to a service.
    package static let bindingFailed = EventType("dev.slipway.binding.failed")
    /// A binding is to get its next credential.
    package static let bindingRotationRequested =
        EventType("dev.slipway.binding.rotation-requested")
    /// A consumer has the next credential; the one before goes after its overlap.
    package static let bindingRotated = EventType("dev.slipway.binding.rotated")
    /// The next credential of a binding could not be made; the one before stays.
    package static let bindingRotationFailed = EventType("dev.slipway.binding.rotation-failed")
    /// What an engine has renewed by itself, or somebody had removed, is in the consumer's Secret.
    package static let credentialRenewed = EventType("dev.slipway.binding.credential-renewed")
    /// A credential is gone after its overlap.
    package static let credentialRetired = EventType("dev.slipway.binding.credential-retired")
    /// An answer has shown a credential.
    package static let credentialShown = EventType("dev.slipway.binding.credential-shown")
    /// Access to a service is to be taken.
    package static let bindingRevocationRequested =
        EventType("dev.slipway.binding.revocation-requested")
    /// A binding is gone with its credentials.
    package static let bindingRevoked = EventType("dev.slipway.binding.revoked")

    /// Every type that this version of Slipway tells.
    package static let known: [EventType] = [
        .tenantRequested, .tenantUpdated, .tenantSuspended, .tenantResumed, .tenantReady,
        .tenantDegraded, .tenantFailed, .tenantDeletionRequested, .tenantDeleted,
        .repositoryForked, .repositoryUpdated, .repositoryPushed, .blueprintCreated,
        .blueprintUpdated, .blueprintRefreshed, .blueprintDeleted, .versionDiscovered,
        .versionChanged, .jobCompleted, .jobStalled, .jobCancelled, .jobRetried, .tokenCreated,
        .tokenRevoked, .clusterRequested, .clusterUpdated, .clusterReady, .clusterDegraded,
        .clusterDrifted, .clusterAsleep, .clusterDeletionRequested, .clusterDeleted,
        .kubeconfigIssued, .managementClusterCreated, .managementClusterUpdated,
        .managementClusterChecked, .managementClusterDeleted, .clusterClassCreated,
        .clusterClassUpdated, .clusterClassWithdrawn, .clusterClassDeleted,
        .environmentRequested, .environmentUpdated, .environmentReady, .environmentDegraded,
        .environmentFailed, .environmentSleepRequested, .environmentWakeRequested,
        .environmentAsleep, .environmentExpiring, .environmentExtended,
        .environmentDeletionRequested, .environmentDeleted, .environmentExpiryPaused,
        .environmentExpiryResumed, .deploymentRequested,
        .deploymentSucceeded, .deploymentFailed, .deploymentSuperseded, .deploymentCancelled,
        .deploymentHeld, .deploymentApproved, .deploymentRejected, .deploymentReleased,
        .deploymentAdvanced, .deploymentAborted, .deploymentPaused, .deploymentResumed,
        .environmentLocked, .environmentUnlocked,
        .serviceRequested, .serviceUpdated, .serviceReady, .serviceDegraded, .serviceFailed,
        .servicePaused, .serviceDeliveryRequested, .serviceDelivered, .serviceDeliveryFailed,
        .serviceDeletionRequested, .serviceDeleted, .bindingRequested, .bindingUpdated,
        .bindingReady, .bindingFailed, .bindingRotationRequested, .bindingRotated,
        .bindingRotationFailed, .credentialRenewed, .credentialRetired, .credentialShown,
        .bindingRevocationRequested, .bindingRevoked,
        .webhookCreated, .webhookUpdated, .webhookDisabled, .webhookSecretRotated, .webhookPinged,
        .webhookReplayed, .webhookDeleted, .trustCreated, .trustUpdated, .trustDeleted,
        .forgeCreated, .forgeUpdated, .forgeDeleted, .sourceCreated, .sourceUpdated,
        .sourceSecretRotated, .sourceDeleted, .pullRequestApproved,
        .entityCreated, .entityUpdated, .entityDeleted,
        .scorecardCreated, .scorecardUpdated, .scorecardDeleted,
    ]
}
