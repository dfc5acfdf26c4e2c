package import JSON

extension Cluster {
    /// The most characters of a cluster's name.
    package static let nameLengthMax = 40
    /// The name of the cluster that a tenant's isolation makes.
    package static let nameFirst = ClusterName("main")

    /// What is stored in one transaction once a change is decided.
    package struct Decision: Sendable, Equatable {
        /// The cluster as it is from now on.
        package let cluster: Cluster
        /// The work that follows; nil where none does.
        package let job: NewJob?
        /// What the world is told.
        package let event: Event
        /// What the class of the cluster allows; nil where it has none.
        package let policy: ClusterClassPolicy?

        /// What the cluster counts for in the quotas of its tenant.
        package var figures: ClusterFigures { cluster.figures(by: policy) }
    }

    /// A new cluster, waiting for its first job.
    package static func creation(
        id: ClusterID,
        name: ClusterName,
        of tenant: TenantID,
        named tenantName: TenantName,
        labels: Labels,
        order: ClusterOrder,
        for environment: EnvironmentName? = nil,
        in surroundings: ClusterSurroundings,
        on occasion: Occasion
    ) throws(ClusterRefusal) -> Decision {
        let spec = try order.spec(named: name, in: surroundings)
        let cluster = Cluster(
            id: id,
            tenant: tenant,
            tenantName: tenantName,
            name: name,
            slug: ClusterSlug(tenant: tenantName, cluster: name),
            labels: labels,
            spec: spec,
            status: ClusterStatus(
                phase: .pending,
                job: occasion.job,
                environment: environment
            ),
            generation: 1,
            revision: 1,
            createdAt: occasion.at,
            updatedAt: occasion.at
        )
        return cluster.decision(
            .clusterRequested,
            job: .clusterCreate,
            surroundings.policy(spec.className),
            on: occasion
        )
    }

    /// The cluster that is made with its tenant.
    package static func first(
        of kind: ClusterKind,
        id: ClusterID,
        for tenant: TenantID,
        named tenantName: TenantName,
        quotas: TenantQuotas,
        in surroundings: ClusterSurroundings,
        on occasion: Occasion
    ) throws(ClusterRefusal) -> Decision {
        let decision = try creation(
            id: id,
            name: nameFirst,
            of: tenant,
            named: tenantName,
            labels: Labels(),
            order: ClusterOrder(
                kind: kind,
                managementCluster: nil,
                rest: ClusterSpec(kind: kind, managementCluster: ClusterOrder.nowhere)
            ),
            in: surroundings,
            on: occasion
        )
        let exceeded = TenantUsage([]).standings(
            with: decision.figures,
            quotas: quotas,
            policy: decision.policy
        ).filter(\.isExceeded)
        guard exceeded.isEmpty else { throw .overQuota(exceeded) }
        return decision
    }

    /// The cluster as ordered anew; nil where that changes nothing.
    ///
    /// What the order leaves open stays as it is.
    package func change(
        labels: Labels,
        order: ClusterOrder,
        renewsKubeconfig: Bool = false,
        in surroundings: ClusterSurroundings,
        on occasion: Occasion
    ) throws(ClusterRefusal) -> Decision? {
        guard status.phase != .deleting else { throw .isDeleting }
        var spec = order.rest
        spec.kind = order.kind ?? self.spec.kind
        spec.managementCluster = order.managementCluster ?? self.spec.managementCluster
        spec.className = spec.className ?? self.spec.className
        spec.kubernetesVersion = spec.kubernetesVersion ?? self.spec.kubernetesVersion
        spec.region = spec.region ?? self.spec.region
        spec.adopt = spec.adopt ?? self.spec.adopt
        let policy = surroundings.policy(spec.className)
        let faults = spec.faults(
            changing: self.spec,
            running: status.seen.controlPlaneVersion,
            by: policy
        )
        guard faults.isEmpty else { throw .invalid(faults) }
        let changesSpec = spec != self.spec || renewsKubeconfig
        guard labels != self.labels || changesSpec else { return nil }
        let isSettled = status.observedGeneration == generation
        let needsWork = changesSpec && (!isSettled || renewsKubeconfig || reachesOutside(spec))
        var next = touched(at: occasion.at)
        next.labels = labels
        next.spec = spec
        if changesSpec { next.generation += 1 }
        if needsWork {
            next.status.job = occasion.job
            if status.phase != .pending, status.phase != .provisioning {
                next.status.phase = .updating
            }
        } else if isSettled {
            next.status.observedGeneration = next.generation
        }
        return next.decision(
            .clusterUpdated,
            job: needsWork ? .clusterUpdate : nil,
            policy,
            on: occasion
        )
    }

    /// The cluster on its way out; nil where it already is: `status.job` is then at work on that.
    package func deletion(on occasion: Occasion) throws(ClusterRefusal) -> Decision? {
        guard status.phase != .deleting else { return nil }
        guard !spec.deleteProtection else { throw .isProtected }
        return removal(on: occasion)
    }

    /// The cluster on its way out with its tenant, whatever protects it.
    package func removal(on occasion: Occasion) -> Decision {
        var next = touched(at: occasion.at)
        next.status.phase = .deleting
        next.status.job = occasion.job
        return next.decision(.clusterDeletionRequested, job: .clusterDelete, nil, on: occasion)
    }

    /// The cluster with its delivery made anew, because its tenant has changed or somebody asks
    /// for it.
    package func touch(on occasion: Occasion) -> Decision {
        var next = touched(at: occasion.at)
        next.status.job = occasion.job
        return next.decision(.clusterUpdated, job: .clusterUpdate, nil, on: occasion)
    }

    /// What the order was that led to the spec as it is.
    package var order: ClusterOrder {
        ClusterOrder(kind: spec.kind, managementCluster: spec.managementCluster, rest: spec)
    }

    /// What the cluster counts for in the quotas of its tenant, made from a class of that policy.
    package func figures(by policy: ClusterClassPolicy?) -> ClusterFigures {
        ClusterFigures(
            id: id,
            name: name,
            kind: spec.kind,
            className: spec.className,
            nodes: nodesKnown ?? spec.nodesMost(by: policy),
            isAsleep: spec.asleep
        )
    }

    /// As many nodes as its pools may grow to; where the pools are those of the class, as many as
    /// were seen, and nil before any were.
    package var nodesKnown: Int? {
        let seen = status.seen.nodes?.desired ?? 0
        guard spec.nodePools == nil, spec.kind == .cluster, spec.adopt == nil else {
            return spec.nodesMost(by: nil)
        }
        return seen > 0 ? seen : nil
    }

    /// Whether the change reaches what is delivered, not only our own record.
    private func reachesOutside(_ next: ClusterSpec) -> Bool {
        var same = next
        same.deleteProtection = spec.deleteProtection
        return same != spec
    }

    private func touched(at moment: Instant) -> Cluster {
        var next = self
        next.revision += 1
        next.updatedAt = moment
        return next
    }

    private func decision(
        _ type: EventType,
        job kind: JobKind?,
        _ policy: ClusterClassPolicy?,
        on occasion: Occasion
    ) -> Decision {
        Decision(
            cluster: self,
            job: kind.map { job(of: $0, on: occasion) },
            event: event(type, id: occasion.event, at: occasion.at) { data in
                if kind != nil { data.member("jobId", occasion.job.description) }
            },
            policy: policy
        )
    }

    /// An event about the cluster.
    package func event(
        _ type: EventType,
        id event: EventID,
        at moment: Instant,
        _ more: (inout JSONWriter) -> Void = { _ in }
    ) -> Event {
        var data = JSONWriter(reserving: 256)
        data.object { data in
            data.member("id", id.description)
            data.member("tenant", tenantName.text)
            data.member("name", name.text)
            data.member("kind", spec.kind.rawValue)
            data.member("generation", generation)
            data.member("phase", status.phase.rawValue)
            more(&data)
        }
        return Event(
            id: event,
            type: type,
            subject: reference,
            tenant: tenant,
            at: moment,
            data: data.finish()
        )
    }

    /// The work, with everything about the cluster that its steps go by; no kubeconfig.
    private func job(of kind: JobKind, on occasion: Occasion) -> NewJob {
        var input = JSONWriter(reserving: 512)
        input.object { input in
            input.member("generation", generation)
            input.member("tenant", tenantName.text)
            input.member("cluster", name.text)
            input.member("slug", slug.description)
            input.key("spec")
            spec.write(to: &input)
        }
        return NewJob(
            id: occasion.job,
            kind: kind,
            subject: reference,
            tenant: tenant,
            input: input.finish()
        )
    }
}
