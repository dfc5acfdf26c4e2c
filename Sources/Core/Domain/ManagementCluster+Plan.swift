import JSON

extension ManagementCluster {
    /// What is stored in one transaction once a change is decided.
    package struct Decision: Sendable, Equatable {
        /// The management cluster as it is from now on.
        package let management: ManagementCluster
        /// The work that follows; nil where none does.
        package let job: NewJob?
        /// What the world is told.
        package let event: Event
    }

    /// A new management cluster, waiting for the first look.
    ///
    /// `warnings` stand in its status until then.
    package static func creation(
        id: ManagementClusterID,
        name: ManagementClusterName,
        labels: Labels,
        spec: ManagementClusterSpec,
        warnings: [String] = [],
        on occasion: Occasion
    ) -> Decision {
        let management = ManagementCluster(
            id: id,
            name: name,
            labels: labels,
            spec: spec,
            status: ManagementClusterStatus(
                phase: .pending,
                findings: warnings,
                job: occasion.job
            ),
            generation: 1,
            revision: 1,
            createdAt: occasion.at,
            updatedAt: occasion.at
        )
        return management.decision(
            .managementClusterCreated,
            job: .managementClusterCheck,
            on: occasion
        )
    }

    /// The management cluster with other labels, spec or kubeconfig; nil where that changes
    /// nothing.
    package func change(
        labels: Labels,
        spec: ManagementClusterSpec,
        renewsKubeconfig: Bool,
        on occasion: Occasion
    ) -> Decision? {
        let changesSpec = spec != self.spec || renewsKubeconfig
        guard labels != self.labels || changesSpec else { return nil }
        var next = touched(at: occasion.at)
        next.labels = labels
        next.spec = spec
        if changesSpec {
            next.generation += 1
            next.status.job = occasion.job
        }
        return next.decision(
            .managementClusterUpdated,
            job: changesSpec ? .managementClusterCheck : nil,
            on: occasion
        )
    }

    /// The management cluster with a look at it under way.
    package func check(on occasion: Occasion) -> Decision {
        var next = touched(at: occasion.at)
        next.status.job = occasion.job
        return next.decision(
            .managementClusterUpdated,
            job: .managementClusterCheck,
            on: occasion
        )
    }

    /// What the world is told once the management cluster is no longer registered.
    package func deletion(on occasion: Occasion) -> Decision {
        touched(at: occasion.at).decision(.managementClusterDeleted, job: nil, on: occasion)
    }

    private func touched(at moment: Instant) -> ManagementCluster {
        var next = self
        next.revision += 1
        next.updatedAt = moment
        return next
    }

    private func decision(
        _ type: EventType,
        job kind: JobKind?,
        on occasion: Occasion
    ) -> Decision {
        var data = JSONWriter(reserving: 256)
        data.object { data in
            data.member("id", id.description)
            data.member("name", name.text)
            data.member("generation", generation)
            if kind != nil { data.member("jobId", occasion.job.description) }
        }
        return Decision(
            management: self,
            job: kind.map { job(of: $0, on: occasion) },
            event: Event(
                id: occasion.event,
                type: type,
                subject: reference,
                tenant: nil,
                at: occasion.at,
                data: data.finish()
            )
        )
    }

    /// The work, with everything that its steps go by; no kubeconfig.
    private func job(of kind: JobKind, on occasion: Occasion) -> NewJob {
        var input = JSONWriter(reserving: 256)
        input.object { input in
            input.member("generation", generation)
            input.key("spec")
            spec.write(to: &input)
        }
        return NewJob(
            id: occasion.job,
            kind: kind,
            subject: reference,
            tenant: nil,
            input: input.finish()
        )
    }
}
