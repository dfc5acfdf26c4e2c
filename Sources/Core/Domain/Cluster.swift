/// A place where a tenant's workloads run.
package struct Cluster: Sendable, Equatable {
    /// The identity, which no other thing of the kind ever has.
    package var id: ClusterID
    /// The tenant that it belongs to.
    package var tenant: TenantID
    /// The name of that tenant.
    package var tenantName: TenantName
    /// The name, unique within the tenant.
    package var name: ClusterName
    /// What it is called on the management cluster.
    package var slug: ClusterSlug
    /// What selectors find it by.
    package var labels: Labels
    /// What is wanted.
    package var spec: ClusterSpec
    /// What Slipway saw of it.
    package var status: ClusterStatus
    /// Goes up with every change of `spec`, from 1.
    package var generation: Int64
    /// Goes up with every change of anything, from 1; the cluster's `ETag`.
    package var revision: Int64
    /// When it was made.
    package var createdAt: Instant
    /// When it last changed.
    package var updatedAt: Instant

    /// Puts together what is known or wanted.
    package init(
        id: ClusterID,
        tenant: TenantID,
        tenantName: TenantName,
        name: ClusterName,
        slug: ClusterSlug,
        labels: Labels,
        spec: ClusterSpec,
        status: ClusterStatus,
        generation: Int64,
        revision: Int64,
        createdAt: Instant,
        updatedAt: Instant
    ) {
        self.id = id
        self.tenant = tenant
        self.tenantName = tenantName
        self.name = name
        self.slug = slug
        self.labels = labels
        self.spec = spec
        self.status = status
        self.generation = generation
        self.revision = revision
        self.createdAt = createdAt
        self.updatedAt = updatedAt
    }

    /// The cluster as events, jobs and the audit log mention it.
    package var reference: ObjectReference { .cluster(id, name, of: tenantName) }
}

/// The name of a cluster, unique within its tenant.
package typealias ClusterName = ResourceName<Cluster>
/// The identity of a cluster.
package typealias ClusterID = ID<Cluster>

extension ClusterID {
    /// What the sealed kubeconfig of this adopted cluster is bound to, so that it opens nowhere
    /// else.
    package var kubeconfigContext: String { "cluster/\(self)/kubeconfig" }
}

/// What Slipway saw of a cluster.
package struct ClusterStatus: Sendable, Equatable {
    /// Where a cluster stands, in one word.
    package enum Phase: String, Sendable, CaseIterable {
        case pending, provisioning, ready, updating, degraded, paused, asleep, deleting
    }

    /// Where the cluster stands, in one word.
    package var phase: Phase
    /// What was seen, one aspect each.
    package var conditions: [Condition]
    /// The generation of the spec that the rest of the status speaks of; 0 before the first look.
    package var observedGeneration: Int64
    /// What was last seen on the management cluster.
    package var seen: ClusterObservation
    /// The newest job of the cluster.
    package var job: JobID?
    /// The environment that it was made for and goes with; nil for one that somebody asked for.
    package var environment: EnvironmentName?

    /// Puts together what is known.
    package init(
        phase: Phase,
        conditions: [Condition] = [],
        observedGeneration: Int64 = 0,
        seen: ClusterObservation = ClusterObservation(),
        job: JobID? = nil,
        environment: EnvironmentName? = nil
    ) {
        self.phase = phase
        self.conditions = conditions
        self.observedGeneration = observedGeneration
        self.seen = seen
        self.job = job
        self.environment = environment
    }
}

/// What can be seen of a cluster from outside, in our words: made by drivers from what the
/// management cluster holds.
package struct ClusterObservation: Sendable, Equatable {
    /// Whether the root object is there, and which incarnation of it.
    package var rootUID: String?
    /// Whether the root object is on its way out.
    package var isDeleting: Bool
    /// Whether the API server of the cluster can be used.
    package var isReachable: Bool
    /// Whether everything that is wanted is there and works.
    package var isReady: Bool
    /// Whether a sleeping cluster sleeps: nothing of it runs.
    package var isAsleep: Bool
    /// Where the API server of the cluster is.
    package var endpoint: String?
    /// The Kubernetes version of the control plane, without a leading `v`.
    package var controlPlaneVersion: String?
    /// The oldest Kubernetes version among the nodes, without a leading `v`.
    package var workersVersion: String?
    /// Nodes that are wanted, and nodes that work; nil where the kind has none of its own.
    package var nodes: NodeFigures?
    /// The same by pool.
    package var pools: [PoolFigures]
    /// What was seen, one aspect each, with reasons in Slipway's words.
    package var conditions: [SeenCondition]
    /// What it waits on; nil where it waits on nothing.
    package var waiting: ClusterWait?
    /// Fields that somebody else has changed, as `Kind/name .field (who)`.
    package var drift: [String]
    /// The newest events about its objects, newest first.
    package var events: [SeenEvent]

    /// An observation of nothing.
    package init() {
        rootUID = nil
        isDeleting = false
        isReachable = false
        isReady = false
        isAsleep = false
        endpoint = nil
        controlPlaneVersion = nil
        workersVersion = nil
        nodes = nil
        pools = []
        conditions = []
        waiting = nil
        drift = []
        events = []
    }
}

/// How many nodes are wanted, and how many work.
package struct NodeFigures: Sendable, Hashable {
    /// How many are wanted.
    package var desired: Int
    /// How many work.
    package var ready: Int

    /// Those numbers.
    package init(desired: Int, ready: Int) {
        self.desired = desired
        self.ready = ready
    }
}

/// The nodes of one pool.
package struct PoolFigures: Sendable, Hashable {
    /// The name of the pool.
    package var name: String
    /// How many nodes there are.
    package var nodes: NodeFigures
    /// Their Kubernetes version, without a leading `v`; nil where it is not known.
    package var version: String?

    /// The nodes of that pool.
    package init(name: String, nodes: NodeFigures, version: String?) {
        self.name = name
        self.nodes = nodes
        self.version = version
    }
}

/// One aspect of a cluster as a driver saw it; when it became so is added where it is stored.
package struct SeenCondition: Sendable, Hashable {
    /// The aspect, in CamelCase: `ControlPlaneReady`.
    package var type: String
    /// Whether it holds.
    package var status: Condition.Status
    /// Why, as one CamelCase word.
    package var reason: String
    /// Why, in words for people; never with a secret.
    package var message: String

    /// A condition of these parts.
    package init(type: String, status: Condition.Status, reason: String, message: String) {
        self.type = type
        self.status = status
        self.reason = reason
        self.message = message
    }
}

/// What a cluster waits on.
package struct ClusterWait: Sendable, Hashable {
    /// What is waited on, in words that follow "waiting for".
    package var on: String
    /// Since when.
    package var since: Instant
    /// When Slipway gives up waiting and says that it is degraded; nil for never.
    package var until: Instant?
    /// Who can release it, in words; nil where only time can.
    package var releasedBy: String?

    /// A wait for that.
    package init(on: String, since: Instant, until: Instant?, releasedBy: String?) {
        self.on = on
        self.since = since
        self.until = until
        self.releasedBy = releasedBy
    }
}

/// An event of Kubernetes about an object of a cluster.
package struct SeenEvent: Sendable, Hashable {
    /// When it was last seen.
    package var at: Instant
    /// `Normal` or `Warning`.
    package var type: String
    /// Why, as one CamelCase word.
    package var reason: String
    /// The object, as `Kind/name`.
    package var object: String
    /// What happened, in the words of who reported it.
    package var message: String

    /// An event of these parts.
    package init(at: Instant, type: String, reason: String, object: String, message: String) {
        self.at = at
        self.type = type
        self.reason = reason
        self.object = object
        self.message = message
    }
}
