package import JSON

/// A service that a tenant has ordered: one instance of an offering.
package struct ServiceInstance: Sendable, Equatable {
    /// The most bindings of one service.
    package static let bindingsMax = 50

    /// The identity, which no other thing of the kind ever has.
    package var id: ServiceInstanceID
    /// The tenant that it belongs to.
    package var tenant: TenantID
    /// The name of that tenant.
    package var tenantName: TenantName
    /// The name, unique within the tenant.
    package var name: ServiceInstanceName
    /// What selectors find it by.
    package var labels: Labels
    /// What is wanted.
    package var spec: ServiceSpec
    /// What the newest delivery renders.
    package var terms: ServiceTerms
    /// The parameters of that with what the plan sets and with defaults, by which changes are
    /// judged; not for callers, who do not see what a plan sets.
    package var complete: JSONObject
    /// What Slipway saw of it.
    package var status: ServiceStatus
    /// Goes up with every change of `spec`, from 1.
    package var generation: Int64
    /// Goes up with every change of anything, from 1; the service's `ETag`.
    package var revision: Int64
    /// When it was made.
    package var createdAt: Instant
    /// When it last changed.
    package var updatedAt: Instant
    /// Its bindings, those on their way out included, in the order of their names.
    package var bindings: [BindingName]

    /// Puts together what is known or wanted.
    package init(
        id: ServiceInstanceID,
        tenant: TenantID,
        tenantName: TenantName,
        name: ServiceInstanceName,
        labels: Labels,
        spec: ServiceSpec,
        terms: ServiceTerms,
        complete: JSONObject,
        status: ServiceStatus,
        generation: Int64,
        revision: Int64,
        createdAt: Instant,
        updatedAt: Instant,
        bindings: [BindingName] = []
    ) {
        self.id = id
        self.tenant = tenant
        self.tenantName = tenantName
        self.name = name
        self.labels = labels
        self.spec = spec
        self.terms = terms
        self.complete = complete
        self.status = status
        self.generation = generation
        self.revision = revision
        self.createdAt = createdAt
        self.updatedAt = updatedAt
        self.bindings = bindings
    }

    /// The service as events, jobs and the audit log mention it.
    package var reference: ObjectReference { .service(id, name, of: tenantName) }
}

/// The name of a service, unique within its tenant.
package typealias ServiceInstanceName = ResourceName<ServiceInstance>
/// The identity of a service.
package typealias ServiceInstanceID = ID<ServiceInstance>

/// What Slipway saw of a service.
package struct ServiceStatus: Sendable, Equatable {
    /// Where a service stands, in one word.
    package enum Phase: String, Sendable, CaseIterable {
        case pending, provisioning, ready, degraded, failed, paused, deleting
    }

    /// The most objects that the status lists; those that are not ready come first.
    package static let objectsMax = 50

    /// Where the service stands, in one word.
    package var phase: Phase
    /// What was seen, one aspect each.
    package var conditions: [Condition] = []
    /// The generation of the spec that the rest of the status speaks of; 0 before the first look.
    package var observedGeneration: Int64 = 0
    /// The delivery that is there; nil before the first is done.
    package var live: ServiceDelivery?
    /// The delivery that is under way; nil where none is.
    package var coming: ServiceDelivery?
    /// The number of a delivery that has failed or was given up and that none has followed: what
    /// it brought may be there.
    package var leftover: Int64?
    /// How many deliveries there were: the number of the newest.
    package var deliveries: Int64 = 0
    /// What the offering says of it for callers, by name.
    package var outputs = JSONObject()
    /// The dependency of its environment that it was ordered for; nil where somebody ordered it.
    package var dependency: ServiceName?
    /// The cluster that it is in; nil before one was chosen.
    package var cluster: ClusterName?
    /// Its namespace there; nil before one was chosen.
    package var namespace: String?
    /// Its objects, those that are not ready first.
    package var objects: [SeenReadiness] = []
    /// What it waits on; nil where it waits on nothing.
    package var waiting: ClusterWait?
    /// Why it goes; nil where nobody and nothing ends it.
    package var ending: ServiceEnding?
    /// The newest job of the service.
    package var job: JobID?
    /// Whether that job has stopped before its end, so that the same call begins another one.
    package var isInterrupted = false

    /// A status in which nothing was seen yet.
    package init(phase: Phase) { self.phase = phase }

    /// The job is the newest from now on.
    mutating func begin(_ next: JobID) {
        job = next
        isInterrupted = false
    }
}

/// What is rendered, decided once: the same terms come to the same bytes.
package struct ServiceTerms: Sendable, Hashable {
    /// The blueprint.
    package var blueprint: BlueprintName
    /// The version of the blueprint.
    package var blueprintVersion: String
    /// The commit of that version.
    package var commit: String
    /// The offering.
    package var offering: OfferingName
    /// The version of the offering.
    package var version: SemanticVersion
    /// The plan.
    package var plan: String
    /// The parameters as the caller gave them, without what the plan sets and without defaults.
    package var parameters: JSONObject
    /// Those parts.
    package init(
        blueprint: BlueprintName,
        blueprintVersion: String,
        commit: String,
        offering: OfferingName,
        version: SemanticVersion,
        plan: String,
        parameters: JSONObject
    ) {
        self.blueprint = blueprint
        self.blueprintVersion = blueprintVersion
        self.commit = commit
        self.offering = offering
        self.version = version
        self.plan = plan
        self.parameters = parameters
    }
}

/// One rendering of a service on its way into the cluster, or there.
package struct ServiceDelivery: Sendable, Hashable {
    /// Which one of the service's it is, from 1.
    package var number: Int64
    /// What is rendered.
    package var terms: ServiceTerms
    /// The generation of the spec that it is of.
    package var generation: Int64
    /// When it was asked for; once it is live, since when it is.
    package var since: Instant
    /// When work on it began; nil before that.
    package var startedAt: Instant?
    /// The job that does it.
    package var job: JobID
    /// The commit that holds its files; nil before it is live.
    package var revision: String?

    /// That delivery.
    package init(
        number: Int64,
        terms: ServiceTerms,
        generation: Int64,
        since: Instant,
        startedAt: Instant? = nil,
        job: JobID,
        revision: String? = nil
    ) {
        self.number = number
        self.terms = terms
        self.generation = generation
        self.since = since
        self.startedAt = startedAt
        self.job = job
        self.revision = revision
    }
}

/// Why a service goes.
package enum ServiceEnding: Sendable, Hashable {
    /// Somebody asked for it.
    case request(by: String)
    /// The environment that it belongs to goes.
    case environment(EnvironmentName)
    /// The environment that it was ordered for needs it no longer.
    case unneeded(by: EnvironmentName)
    /// Its tenant goes.
    case tenant

    /// Why it goes, as a sentence for people.
    package var reason: String {
        switch self {
        case .request(let who): "\(who) asked for it."
        case .environment(let name): "The environment \(name) that it belongs to goes."
        case .unneeded(let name): "The environment \(name) does not depend on it any more."
        case .tenant: "Its tenant is being deleted."
        }
    }
}
