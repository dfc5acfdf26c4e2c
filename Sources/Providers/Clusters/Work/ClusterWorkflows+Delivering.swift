import Contract
import Domain
import JSON
import Kubernetes

extension ClusterWorkflows {
    /// Waits for what the cluster needs, and decides what this job goes by.
    func resolve(_ context: StepContext) async throws(ProviderFault) -> Outcome {
        let cluster = try await cluster(context)
        let tenant = try await tenant(of: cluster)
        if cluster.spec.platform, tenant.repository == nil {
            return waiting(
                context,
                for: "the platform repository of tenant \(tenant.name)",
                releasedBy: "the job that provisions the tenant"
            )
        }
        let management = try await records.place(cluster.spec.managementCluster)
        if let wait = wait(for: management, context) { return wait }
        var resolved = ResolvedCluster(
            generation: cluster.generation,
            platformURL: cluster.spec.platform ? records.platformURL(of: tenant) : nil,
            workersVersion: nil,
            classGeneration: nil
        )
        if let name = cluster.spec.className {
            resolved.classGeneration = try await records.clusterClass(name)?.generation
        }
        if cluster.spec.adopt == nil, cluster.status.observedGeneration > 0 {
            let work = try await work(for: cluster, resolved)
            resolved.workersVersion = try await versionLeft(behind: work)
        }
        if let version = resolved.workersVersion {
            context.log.info("the control plane is upgraded before nodes of \(version)")
        }
        let isNew = cluster.status.observedGeneration == 0
        let phase = StepFact.clusterPhase(isNew ? .provisioning : .updating)
        return .done(Evidence(resolved.findings, facts: [phase]))
    }

    private func wait(for management: ManagementCluster, _ context: StepContext) -> Outcome? {
        switch management.status.phase {
        case .ready, .degraded: return nil
        case .pending, .unreachable, .deleting: break
        }
        return waiting(
            context,
            for: "management cluster \(management.name) to be ready; it is "
                + management.status.phase.rawValue,
            releasedBy: "whoever runs management cluster \(management.name)"
        )
    }

    /// The version that nodes have and are to keep until the control plane is upgraded; nil where
    /// nothing is upgraded.
    private func versionLeft(behind work: ClusterWork) async throws(ProviderFault) -> String? {
        guard work.cluster.spec.kind == .cluster,
            let wanted = work.cluster.spec.kubernetesVersion
        else { return nil }
        let seen = try await work.observation(at: clock())
        guard let now = seen.workersVersion ?? seen.controlPlaneVersion, now != wanted else {
            return nil
        }
        return now
    }

    /// Delivers the new version to the control plane alone.
    func deliverControlPlane(_ context: StepContext) async throws(ProviderFault) -> Outcome {
        guard let work = try await work(context), work.isMade,
            let version = work.resolved.workersVersion
        else { return .done }
        var wish = work.wish
        wish.workersVersion = version
        let word = try await deliver(wish, work, .everythingButTemplates, context)
        return .done(Evidence(["revision": .string(word), "workersVersion": .string(version)]))
    }

    /// Waits until the control plane runs the new version.
    func awaitControlPlane(_ context: StepContext) async throws(ProviderFault) -> Outcome {
        guard let work = try await work(context), work.isMade,
            work.resolved.workersVersion != nil,
            let wanted = work.cluster.spec.kubernetesVersion
        else { return .done }
        if let wait = try await engineLag(context, work, since: Self.controlPlaneStep) {
            return wait
        }
        let (seen, unnoticed) = try await work.sight(at: clock())
        if let unnoticed {
            return waiting(context, for: "the controller of \(unnoticed) to notice the change")
        }
        guard seen.controlPlaneVersion != wanted else {
            return .done(Evidence(["controlPlaneVersion": .string(wanted)]))
        }
        let now = seen.controlPlaneVersion ?? "an unknown version"
        return try await waiting(
            context,
            for: "the control plane to get from \(now) to \(wanted)",
            having: seen,
            of: work.cluster
        )
    }

    /// Delivers everything as it is wanted; what nodes were made from stays until they are
    /// replaced.
    func deliver(_ context: StepContext) async throws(ProviderFault) -> Outcome {
        guard let work = try await work(context) else { return .done }
        let word = try await deliver(work.wish, work, .everythingButTemplates, context)
        context.log.info("delivered: \(word)")
        let delivered = StepFact.condition(
            type: "Delivered",
            status: .true,
            reason: work.management.spec.delivery == .gitops ? "Committed" : "Applied",
            message: work.management.spec.delivery == .gitops
                ? "At \(word) of the management repository." : "Every object was applied.",
            generation: work.cluster.generation
        )
        return .done(Evidence(["revision": .string(word)], facts: [delivered]))
    }

    /// Removes what nothing is made from any more.
    func retire(_ context: StepContext) async throws(ProviderFault) -> Outcome {
        guard let work = try await work(context) else { return .done }
        let word = try await deliver(work.wish, work, .everything, context)
        let wanted = Set(try work.driver.manifests(for: work.wish).map { ClusterThing($0).key })
        let gone = try await records.things(for: work.target).filter { thing in
            thing.part == .part && !wanted.contains(thing.key)
        }
        try await records.forget(gone, for: work.target)
        return .done(Evidence(["revision": .string(word), "retired": .integer(gone.count)]))
    }

    private func deliver(
        _ wish: ClusterWish,
        _ work: ClusterWork,
        _ retirement: Retirement,
        _ context: StepContext
    ) async throws(ProviderFault) -> String {
        let manifests = try work.driver.manifests(for: wish)
        try context.continueOrStop()
        let known = Set(try await records.things(for: work.target))
        let new = manifests.map { ClusterThing($0) }.filter { !known.contains($0) }
        if !new.isEmpty { try await records.note(new, for: work.target) }
        return try await work.delivery.deliver(
            manifests,
            to: work.target,
            retiring: retirement,
            for: context.job
        )
    }

    /// Waits until what was delivered has been applied.
    func awaitApplied(_ context: StepContext) async throws(ProviderFault) -> Outcome {
        guard let work = try await work(context) else { return .done }
        return try await engineLag(context, work, since: Self.deliverStep) ?? .done
    }

    /// After so long a GitOps engine is asked once more to look: every request makes it look at
    /// the whole repository.
    private static let nudgeAgainAfter = Duration.seconds(15)

    /// What a GitOps engine still has to do; nil where nothing, or where there is none.
    private func engineLag(
        _ context: StepContext,
        _ work: ClusterWork,
        since step: String
    ) async throws(ProviderFault) -> Outcome? {
        guard work.management.spec.delivery == .gitops,
            let delivered = context.findings(of: step)?["revision"]?.string
        else { return nil }
        let report = try await engineReport(on: work.target, through: work.client)
        if let revision = report.revision, report.fault == nil,
            try await work.delivery.holds(delivered, in: revision)
        {
            return nil
        }
        // Nudges get lost.
        if let since = context.waitingSince, clock() - since >= Self.nudgeAgainAfter {
            await engines.nudge(report.engine, for: work.target)
        }
        let why = report.fault.map { ": \($0)" } ?? ""
        return waiting(
            context,
            for: "\(report.name) to apply \(delivered.prefix(12))\(why)",
            releasedBy: "whoever runs the GitOps engine of management cluster "
                + "\(work.management.name)"
        )
    }
}
