package import JSON

/// What the result of a job's step changes in the domain: written in the transaction that records
/// the result, or not at all.
///
/// About the subject of the job.
package enum StepFact: Sendable, Equatable {
    /// One aspect of the subject, as the step saw it at that generation of the spec; without
    /// one, at the generation that the rest of the status speaks of.
    case condition(
        type: String,
        status: Condition.Status,
        reason: String,
        message: String,
        generation: Int64?
    )
    /// The tenant is in this phase now, unless it is being deleted.
    case tenantPhase(TenantStatus.Phase)
    /// The status of the subject speaks of this generation of its spec.
    case observed(generation: Int64)
    /// The tenant's platform repository is this.
    case repository(TenantRepository)
    /// Nothing of the tenant is left outside; its record goes, history and audit stay.
    case tenantRemoved
    /// The blueprint is in this phase now.
    case blueprintPhase(BlueprintStatus.Phase)
    /// The versions that the blueprint's repository has now, newest first.
    case versions([DiscoveredVersion])
    /// The cluster is in this phase now, unless it is being deleted.
    case clusterPhase(ClusterStatus.Phase)
    /// The cluster was seen like this; its phase follows from that.
    case clusterSeen(ClusterObservation)
    /// Nothing of the cluster is left outside; its record goes, history and audit stay.
    case clusterRemoved
    /// The environment runs there.
    case environmentPlaced(cluster: ClusterName, namespace: String)
    /// Work on the roll-out has begun.
    case deploymentBegun(DeploymentID)
    /// The roll-out takes those values of what it depends on.
    case deploymentTook(DeploymentID, [TakenDependency])
    /// A roll-out that takes over by and by has come so far.
    case deploymentProgressed(DeploymentID, RolloutProgress)
    /// The roll-out has come to its end.
    case deploymentEnded(DeploymentOutcome)
    /// The environment was seen like this; its phase follows from that.
    case environmentSeen(EnvironmentObservation)
    /// Everything outside is as that generation of the environment's spec has it, be it ready or
    /// not.
    case environmentSettled(generation: Int64, isReady: Bool = true)
    /// What a roll-out had left in the environment is gone; what is live runs alone.
    case environmentRestored
    /// Nothing of the environment is left outside; its record goes, history and audit stay.
    case environmentRemoved
    /// The service is there.
    case servicePlaced(cluster: ClusterName, namespace: String)
    /// Work on the delivery of that number has begun.
    case serviceBegun(Int64)
    /// The delivery has come to its end.
    case serviceEnded(ServiceOutcome)
    /// The service was seen like this; its phase follows from that.
    case serviceSeen(EnvironmentObservation)
    /// Everything outside is as that generation of the service's spec has it, be it ready or not.
    case serviceSettled(generation: Int64, isReady: Bool = true)
    /// Nothing of the service is left outside; its record goes, history and audit stay.
    case serviceRemoved
    /// Work on the credential of that number has begun, on those terms.
    case credentialBegun(Int64, ServiceTerms, CredentialRotation)
    /// The consumer has the credential of that number; the one before goes after its overlap.
    case credentialSwitched(Int64, secret: SecretPlace?, revision: String?)
    /// The consumer's Secret holds the credential of that number, which was about to go: nobody
    /// had told that it was written.
    case credentialHeld(Int64, secret: SecretPlace)
    /// The credential of that number cannot be made; what there is of it goes.
    case credentialFailed(Int64, detail: String)
    /// The source of the credential of that number says something else by itself, and the
    /// consumer's Secret with it.
    case credentialRenewed(Int64)
    /// Nothing is left outside of the credential of that number.
    case credentialRetired(Int64)
    /// The binding was seen like this.
    case bindingSeen(EnvironmentObservation)
    /// Nothing of the binding is left outside; its record goes, history and audit stay.
    case bindingRemoved
    /// The tenant's services are to go, and every binding of them: each that is not on its way out
    /// gets a job for that.
    case removeServices
    /// The job was given up on request, and what it was to do with it.
    case jobGivenUp
    /// The job cannot go on until a person acts; what it was to roll out has failed.
    case jobStuck(reason: String)
    /// The management cluster is in this phase now.
    case managementClusterPhase(ManagementClusterStatus.Phase)
    /// The management cluster was looked at: what is there, and what is missing.
    case managementClusterChecked(ManagementFeatures, findings: [String])
    /// The tenant's clusters are to go: each that is not on its way out gets a job for that.
    case removeClusters
    /// The tenant's environments are to go: each that is not on its way out gets a job for that.
    case removeEnvironments
    /// The tenant's clusters are to be delivered anew: each gets a job for that.
    case touchClusters
    /// The cluster classes that this version of the blueprint brings.
    case classes([DiscoveredClass], version: String)
    /// The world is told.
    case event(EventType, data: JSONObject)
}

extension StepFact {
    /// What becomes true when a job about a thing cannot go on until a person acts, and nobody
    /// knows its steps.
    package static func stall(
        of subject: ObjectReference,
        job: JobID,
        reason: String
    ) -> [StepFact] {
        let ready = StepFact.condition(
            type: "Ready",
            status: .false,
            reason: "Stalled",
            message: reason,
            generation: nil
        )
        var data = JSONObject()
        data["jobId"] = .string(job.description)
        data["subject"] = .string(subject.name)
        data["reason"] = .string(reason)
        let told = StepFact.event(.jobStalled, data: data)
        return switch subject.kind {
        case .tenant:
            [ready, .tenantPhase(.degraded), .event(.tenantDegraded, data: data), told]
        case .blueprint: [ready, .blueprintPhase(.failed), told]
        case .cluster:
            [ready, .clusterPhase(.degraded), .event(.clusterDegraded, data: data), told]
        case .environment, .service, .binding: [ready, .jobStuck(reason: reason), told]
        case .managementCluster: [ready, .managementClusterPhase(.degraded), told]
        default: []
        }
    }

    /// What becomes true when a job about a thing is given up on request.
    package static func cancellation(of subject: ObjectReference, job: JobID) -> [StepFact] {
        let ready = StepFact.condition(
            type: "Ready",
            status: .false,
            reason: "JobCancelled",
            message: "The job was cancelled before it was done.",
            generation: nil
        )
        var data = JSONObject()
        data["jobId"] = .string(job.description)
        data["subject"] = .string(subject.name)
        let told = StepFact.event(.jobCancelled, data: data)
        return switch subject.kind {
        case .tenant: [ready, .tenantPhase(.degraded), told]
        case .blueprint, .managementCluster: [ready, told]
        case .cluster: [ready, .clusterPhase(.degraded), told]
        case .environment, .service, .binding: [ready, .jobGivenUp, told]
        default: []
        }
    }
}

/// A version of a blueprint as it was found in the repository.
package struct DiscoveredVersion: Sendable, Equatable {
    /// The SemVer without a leading `v`.
    package var version: String
    /// The tag as it is in the repository.
    package var tag: String
    /// The commit that the tag names.
    package var commit: String
    /// The JSON Schema of the parameters: the text of a JSON object.
    package var parameterSchema: [UInt8]
    /// The first line of what the tag or the commit says.
    package var summary: String
    /// What is wrong with the version, in sentences; empty where it can be used.
    package var findings: [String]

    /// A version with everything that was found out about it.
    package init(
        version: String,
        tag: String,
        commit: String,
        parameterSchema: [UInt8],
        summary: String,
        findings: [String]
    ) {
        self.version = version
        self.tag = tag
        self.commit = commit
        self.parameterSchema = parameterSchema
        self.summary = summary
        self.findings = findings
    }
}
