package import JSON

/// A consumer's access to a service.
///
/// No value of a credential is in it: those live in the cluster alone.
package struct ServiceBinding: Sendable, Equatable {
    /// The most characters of a name: it becomes part of the names of credentials.
    package static let nameLengthMax = 20
    /// The most credentials that wait for their end.
    package static let retiringMax = 10

    /// The identity, which no other thing of the kind ever has.
    package var id: BindingID
    /// The service.
    package var service: ServiceInstanceID
    /// The name of that service.
    package var serviceName: ServiceInstanceName
    /// The tenant.
    package var tenant: TenantID
    /// The name of that tenant.
    package var tenantName: TenantName
    /// The name, unique within the service.
    package var name: BindingName
    /// What selectors find it by.
    package var labels: Labels
    /// What is wanted.
    package var spec: BindingSpec
    /// What Slipway saw of it.
    package var status: BindingStatus
    /// Goes up with every change of `spec`, from 1.
    package var generation: Int64
    /// Goes up with every change of anything, from 1; the binding's `ETag`.
    package var revision: Int64
    /// When it was made.
    package var createdAt: Instant
    /// When it last changed.
    package var updatedAt: Instant

    /// Puts together what is known or wanted.
    package init(
        id: BindingID,
        service: ServiceInstanceID,
        serviceName: ServiceInstanceName,
        tenant: TenantID,
        tenantName: TenantName,
        name: BindingName,
        labels: Labels,
        spec: BindingSpec,
        status: BindingStatus,
        generation: Int64,
        revision: Int64,
        createdAt: Instant,
        updatedAt: Instant
    ) {
        self.id = id
        self.service = service
        self.serviceName = serviceName
        self.tenant = tenant
        self.tenantName = tenantName
        self.name = name
        self.labels = labels
        self.spec = spec
        self.status = status
        self.generation = generation
        self.revision = revision
        self.createdAt = createdAt
        self.updatedAt = updatedAt
    }

    /// The binding as events, jobs and the audit log mention it.
    package var reference: ObjectReference {
        .binding(id, name, of: serviceName, of: tenantName)
    }

    /// The name of the Secret that the consumer gets.
    package var secretName: String { spec.secretName ?? "\(serviceName)-\(name)" }
}

/// The name of a binding, unique within its service.
package typealias BindingName = ResourceName<ServiceBinding>
/// The identity of a binding.
package typealias BindingID = ID<ServiceBinding>

/// What the owners of a tenant want of a binding.
package struct BindingSpec: Sendable, Hashable {
    /// How credentials reach who uses them; fixed once made.
    package enum Delivery: Sendable, Hashable {
        /// A Secret in the namespace of one of the tenant's environments.
        case environment(EnvironmentName)
        /// A Secret in a namespace of one of the tenant's clusters.
        case namespace(ClusterName, String)
        /// The answer of one call, once for each credential.
        case answer
    }

    /// Who brings the Secret to the consumer; fixed once made.
    package enum Carrier: String, Sendable, CaseIterable {
        /// Slipway writes it.
        case slipway = "secret"
        /// External Secrets copies it inside the cluster; no value passes through Slipway's hands.
        case externalSecrets = "externalSecret"
    }

    /// What the binding can be asked for, as the offering has it.
    package var parameters: JSONObject
    /// How credentials reach who uses them.
    package var delivery: Delivery
    /// Who brings the Secret, where there is one.
    package var carrier: Carrier
    /// The name of the Secret there; nil for `<service>-<binding>`, fixed once made.
    package var secretName: String?
    /// How old a credential becomes; nil for what the offering says.
    package var rotatesEvery: Duration?
    /// How long the credential before stays valid; nil for what the offering says.
    package var overlap: Duration?

    /// Puts together what is wanted.
    package init(
        parameters: JSONObject = JSONObject(),
        delivery: Delivery,
        carrier: Carrier = .slipway,
        secretName: String? = nil,
        rotatesEvery: Duration? = nil,
        overlap: Duration? = nil
    ) {
        self.parameters = parameters
        self.delivery = delivery
        self.carrier = carrier
        self.secretName = secretName
        self.rotatesEvery = rotatesEvery
        self.overlap = overlap
    }

    /// How long a credential is there, where the offering says that of its bindings.
    package func rotation(by offering: OfferingBinding) -> CredentialRotation {
        CredentialRotation(
            every: rotatesEvery ?? offering.rotatesEvery,
            overlap: overlap ?? offering.overlap
        )
    }
}

/// How long a credential is there.
package struct CredentialRotation: Sendable, Hashable {
    /// How old it becomes; nil where only a call rotates.
    package var every: Duration?
    /// How long it stays valid after the next one has taken over.
    package var overlap: Duration

    /// Those times.
    package init(every: Duration?, overlap: Duration) {
        self.every = every
        self.overlap = overlap
    }
}

/// What Slipway saw of a binding.
package struct BindingStatus: Sendable, Equatable {
    /// Where a binding stands, in one word.
    package enum Phase: String, Sendable, CaseIterable {
        case pending, issuing, ready, rotating, failed, revoking
    }

    /// Where the binding stands, in one word.
    package var phase: Phase
    /// What was seen, one aspect each.
    package var conditions: [Condition] = []
    /// The generation of the spec that the rest of the status speaks of; 0 before the first look.
    package var observedGeneration: Int64 = 0
    /// How many credentials there were: the number of the newest.
    package var credentials: Int64 = 0
    /// The credential that the consumer has; nil before the first.
    package var current: CredentialRecord?
    /// The credential that is being made; nil where none is.
    package var coming: CredentialRecord?
    /// Credentials that go when their time comes, the oldest first.
    package var retiring: [CredentialRecord] = []
    /// Where the consumer's Secret is; nil where there is none.
    package var secret: SecretPlace?
    /// When the next credential is made by itself; nil for never.
    package var rotatesAt: Instant?
    /// The number of the credential that an answer has shown; nil where none has.
    package var shown: Int64?
    /// What it waits on; nil where it waits on nothing.
    package var waiting: ClusterWait?
    /// The newest job of the binding.
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

/// Where a Secret is.
package struct SecretPlace: Sendable, Hashable {
    /// The tenant's cluster.
    package var cluster: ClusterName
    /// The namespace there.
    package var namespace: String
    /// The Secret's name.
    package var name: String

    /// That place.
    package init(cluster: ClusterName, namespace: String, name: String) {
        self.cluster = cluster
        self.namespace = namespace
        self.name = name
    }
}

/// What is known of one credential; never a value.
package struct CredentialRecord: Sendable, Hashable {
    /// Which one of the binding's it is, from 1.
    package var number: Int64
    /// The binding's parameters that it is rendered with.
    package var parameters: JSONObject
    /// The generation of the binding's spec that it is of.
    package var generation: Int64
    /// The service as it was when the credential was made; nil before that is decided.
    package var terms: ServiceTerms?
    /// How long it is there; nil before that is decided.
    package var rotation: CredentialRotation?
    /// When it was asked for.
    package var since: Instant
    /// When work on it began; nil before that.
    package var startedAt: Instant?
    /// When the consumer got it; nil where they never did.
    package var switchedAt: Instant?
    /// When it goes; nil while it is in use.
    package var retiresAt: Instant?
    /// The job that makes it, or removes it.
    package var job: JobID?
    /// The commit that holds its files; nil where that is not known.
    package var revision: String?

    /// A credential that nobody has worked on yet.
    package init(
        number: Int64,
        parameters: JSONObject,
        generation: Int64,
        since: Instant,
        job: JobID?
    ) {
        self.number = number
        self.parameters = parameters
        self.generation = generation
        self.since = since
        self.job = job
    }
}
