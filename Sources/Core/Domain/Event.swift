/// A fact of the domain, told in one order to everyone who follows.
package struct Event: Sendable, Equatable {
    /// The version of CloudEvents that events are rendered in.
    package static let specVersion = "1.0"

    package var id: EventID
    package var type: EventType
    /// What the event is about.
    package var subject: ObjectReference
    /// The tenant whose people may see the event; nil for facts of the platform.
    package var tenant: TenantID?
    package var at: Instant
    /// The `data` of the CloudEvent: the text of a JSON object.
    package var data: [UInt8]

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

    package static let tenantRequested = EventType("dev.slipway.tenant.requested")
    package static let tenantUpdated = EventType("dev.slipway.tenant.updated")
    package static let tenantSuspended = EventType("dev.slipway.tenant.suspended")
    package static let tenantResumed = EventType("dev.slipway.tenant.resumed")
    package static let tenantReady = EventType("dev.slipway.tenant.ready")
    package static let tenantDegraded = EventType("dev.slipway.tenant.degraded")
    package static let tenantFailed = EventType("dev.slipway.tenant.failed")
    package static let tenantDeletionRequested =
        EventType("dev.slipway.tenant.deletion-requested")
    package static let tenantDeleted = EventType("dev.slipway.tenant.deleted")
    package static let repositoryForked = EventType("dev.slipway.repository.forked")
    package static let repositoryUpdated = EventType("dev.slipway.repository.updated")
    package static let repositoryPushed = EventType("dev.slipway.repository.pushed")
    package static let blueprintCreated = EventType("dev.slipway.blueprint.created")
    package static let blueprintUpdated = EventType("dev.slipway.blueprint.updated")
    package static let blueprintRefreshed = EventType("dev.slipway.blueprint.refreshed")
    package static let blueprintDeleted = EventType("dev.slipway.blueprint.deleted")
    package static let versionDiscovered =
        EventType("dev.slipway.blueprint-version.discovered")
    package static let versionChanged = EventType("dev.slipway.blueprint-version.changed")
    package static let jobCompleted = EventType("dev.slipway.job.completed")
    package static let jobStalled = EventType("dev.slipway.job.stalled")
    package static let jobCancelled = EventType("dev.slipway.job.cancelled")
    package static let jobRetried = EventType("dev.slipway.job.retried")
    package static let tokenCreated = EventType("dev.slipway.token.created")
    package static let tokenRevoked = EventType("dev.slipway.token.revoked")

    /// Every type that this version of Slipway tells.
    package static let known: [EventType] = [
        .tenantRequested, .tenantUpdated, .tenantSuspended, .tenantResumed, .tenantReady,
        .tenantDegraded, .tenantFailed, .tenantDeletionRequested, .tenantDeleted,
        .repositoryForked, .repositoryUpdated, .repositoryPushed, .blueprintCreated,
        .blueprintUpdated, .blueprintRefreshed, .blueprintDeleted, .versionDiscovered,
        .versionChanged, .jobCompleted, .jobStalled, .jobCancelled, .jobRetried, .tokenCreated,
        .tokenRevoked,
    ]
}
