import JSON

extension Trust {
    /// What is stored in one transaction once a change is decided.
    package struct Decision: Sendable, Equatable {
        /// The trust as it is from now on.
        package let trust: Trust
        /// Whether the tokens that it gave are revoked: what they were given by is no longer so.
        package let revokes: Bool
        /// What the world is told.
        package let event: Event
    }

    /// What the world is told of a new trust.
    package func creation(on occasion: Occasion) -> Decision {
        decision(.trustCreated, revokes: false, on: occasion)
    }

    /// The trust with other labels or another spec; nil where that changes nothing.
    package func change(labels: Labels, spec: TrustSpec, on occasion: Occasion) -> Decision? {
        guard labels != self.labels || spec != self.spec else { return nil }
        var next = touched(at: occasion.at)
        next.labels = labels
        next.spec = spec
        if spec != self.spec { next.generation += 1 }
        return next.decision(.trustUpdated, revokes: spec != self.spec, on: occasion)
    }

    /// What the world is told once the trust is gone.
    package func deletion(on occasion: Occasion) -> Decision {
        touched(at: occasion.at).decision(.trustDeleted, revokes: true, on: occasion)
    }

    private func touched(at moment: Instant) -> Trust {
        var next = self
        next.revision += 1
        next.updatedAt = moment
        return next
    }

    private func decision(
        _ type: EventType,
        revokes: Bool,
        on occasion: Occasion
    ) -> Decision {
        var data = JSONWriter(reserving: 256)
        data.object { data in
            data.member("id", id.description)
            data.member("tenant", tenantName.text)
            data.member("name", name.text)
            data.member("issuer", spec.issuer)
            data.member("repository", orNull: spec.repository)
            data.member("generation", generation)
        }
        let event = Event(
            id: occasion.event,
            type: type,
            subject: reference,
            tenant: tenant,
            at: occasion.at,
            data: data.finish()
        )
        return Decision(trust: self, revokes: revokes, event: event)
    }
}

extension TrustSpec {
    /// Everything that is wrong with the spec, each at its member.
    package func faults() -> [ClusterFault] {
        var faults: [ClusterFault] = []
        func refuse(_ member: String, _ code: String, _ detail: String) {
            faults.append(ClusterFault(.spec(member), code, detail))
        }
        if repository == nil, claims.isEmpty {
            refuse("repository", "missing", "Say which repository, or which `claims` a run makes.")
        }
        if let repository, repository.contains("*") {
            refuse("repository", "not-allowed", "One trust is for one repository, without `*`.")
        }
        if let url = repositoryURL, PipelineGrant.source(url) == nil {
            refuse("repositoryUrl", "invalid-url", "Expected an https URL without a user.")
        }
        if environmentTypes.isEmpty {
            refuse("environmentTypes", "too-few", "Name at least one type of environment.")
        }
        if ttlMax < EnvironmentLimits.shortest || ttlMax > EnvironmentLimits.ephemeralMax {
            let least = EnvironmentLimits.shortest.lengthText
            let most = EnvironmentLimits.ephemeralMax.lengthText
            refuse("ttlMax", "out-of-range", "Expected \(least) to \(most).")
        }
        if !Self.tokenTTLs.contains(tokenTTL) {
            refuse("tokenTtl", "out-of-range", "Expected 1m to 1h.")
        }
        return faults
    }
}
