extension TenantStatus {
    /// Takes in what a step found out; what is about something else changes nothing.
    package mutating func take(_ fact: StepFact, at moment: Instant) {
        switch fact {
        case .condition: conditions.take(fact, generation: observedGeneration, at: moment)
        case .tenantPhase(let next):
            if phase != .deleting { phase = next }
        case .observed(let generation):
            observedGeneration = max(observedGeneration, generation)
        case .repository(let found):
            version = found.blueprintVersion
            repository = found.address
        default:
            break
        }
    }
}

extension BlueprintStatus {
    /// Takes in what a step found out; what is about something else changes nothing.
    package mutating func take(_ fact: StepFact, at moment: Instant) {
        switch fact {
        case .condition: conditions.take(fact, generation: observedGeneration, at: moment)
        case .blueprintPhase(let next):
            phase = next
        case .observed(let generation):
            observedGeneration = max(observedGeneration, generation)
        case .versions(let found):
            versions = found.count
        default:
            break
        }
    }
}

extension ClusterStatus {
    /// Takes in what a step found out; what is about something else changes nothing.
    ///
    /// What was seen needs the whole cluster: `Cluster.sighting`.
    package mutating func take(_ fact: StepFact, at moment: Instant) {
        switch fact {
        case .condition: conditions.take(fact, generation: observedGeneration, at: moment)
        case .clusterPhase(let next):
            if phase != .deleting { phase = next }
        case .observed(let generation):
            observedGeneration = max(observedGeneration, generation)
        default:
            break
        }
    }
}

extension EnvironmentStatus {
    /// Takes in what a step found out of one aspect; what needs the whole environment is taken by
    /// `Environment.progress`.
    mutating func take(_ fact: StepFact, at moment: Instant) {
        switch fact {
        case .condition: conditions.take(fact, generation: observedGeneration, at: moment)
        case .observed(let generation):
            observedGeneration = max(observedGeneration, generation)
        default:
            break
        }
    }
}

extension ManagementClusterStatus {
    /// Takes in what a step found out; what is about something else changes nothing.
    package mutating func take(_ fact: StepFact, at moment: Instant) {
        switch fact {
        case .condition: conditions.take(fact, generation: observedGeneration, at: moment)
        case .managementClusterPhase(let next):
            if phase != .deleting { phase = next }
        case .managementClusterChecked(let found, let missing):
            features = found
            findings = missing
            checkedAt = moment
        case .observed(let generation):
            observedGeneration = max(observedGeneration, generation)
        default:
            break
        }
    }
}

extension [Condition] {
    /// Sets the condition that a step found; other facts change nothing.
    mutating func take(_ fact: StepFact, generation current: Int64, at moment: Instant) {
        guard case .condition(let type, let status, let reason, let message, let generation) = fact
        else { return }
        set(
            Condition(
                type: type,
                status: status,
                reason: reason,
                message: message,
                observedGeneration: generation ?? current,
                lastTransitionAt: moment
            )
        )
    }

    /// Sets the conditions that a look found.
    ///
    /// Where it is known already that nobody knows, the first reason is as good as the next.
    mutating func take(_ seen: [SeenCondition], generation current: Int64, at moment: Instant) {
        for condition in seen {
            let isUnknown = contains { $0.type == condition.type && $0.status == .unknown }
            guard condition.status != .unknown || !isUnknown else { continue }
            set(
                Condition(
                    type: condition.type,
                    status: condition.status,
                    reason: condition.reason,
                    message: condition.message,
                    observedGeneration: current,
                    lastTransitionAt: moment
                )
            )
        }
    }
}
