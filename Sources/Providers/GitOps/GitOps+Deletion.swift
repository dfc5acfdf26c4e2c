import Contract
import Domain
import Git
import JSON

extension GitOps {
    /// Everything that was made for a tenant goes; history and audit stay.
    var delete: Workflow {
        Workflow(
            .tenantDelete,
            steps: [
                NamedStep("remove-environments", removeEnvironments),
                NamedStep(Self.environmentsStep, awaitEnvironmentsGone),
                NamedStep("remove-clusters", removeClusters),
                NamedStep(Self.clustersStep, awaitClustersGone),
                NamedStep("unregister", unregister), NamedStep("remove-repository", remove),
                NamedStep("remove-entities", within: .seconds(900), removeEntities),
                NamedStep("look-for-leftovers", look),
            ],
            whenInterrupted: Self.deletionInterrupted
        )
    }

    private static let environmentsStep = "await-environments-gone"
    private static let clustersStep = "await-clusters-gone"
    /// How often is looked whether a forge has done what it was asked for.
    private static let retireRecheck = Duration.seconds(5)

    /// What is waited for is asked to go again with every look: somebody may have cancelled the job
    /// that was to remove it.
    private static let deletionInterrupted: @Sendable (Interruption) -> [StepFact] = { stop in
        let facts = tenantInterrupted(stop)
        guard case .waiting = stop.kind else { return facts }
        return switch stop.step {
        case environmentsStep: facts + [.removeEnvironments]
        case clustersStep: facts + [.removeClusters]
        default: facts
        }
    }

    private func name(_ context: StepContext) throws(ProviderFault) -> TenantName {
        do throws(NameFault) {
            return try TenantName(parsing: context.subject.name)
        } catch {
            throw .refused(reason: "the job is about no tenant: \(error.detail)")
        }
    }

    private func unregister(_ context: StepContext) async throws(ProviderFault) -> Outcome {
        let tenant = try name(context)
        let receipt = try await management.remove(tenant, for: context.job)
        context.log.info("entry removed at \(receipt.commit)")
        var findings = JSONObject()
        findings["commit"] = .string(receipt.commit.hex)
        return .done(Evidence(findings))
    }

    private func remove(_ context: StepContext) async throws(ProviderFault) -> Outcome {
        let tenant = try name(context)
        let path = layout.platform(of: tenant)
        if let hosts, let id = context.tenant, let found = try await records.tenant(id),
            found.spec.repository != nil, let wait = try await hosts.retire(found)
        {
            return .waiting(
                Wait(on: wait, releasedBy: "whoever runs the forge"),
                recheckAfter: Self.retireRecheck
            )
        }
        let owner = try await owner(context)
        try await asking { () async throws(GitFault) in try await git.remove(at: path, of: owner) }
        context.log.info("repository \(layout.platformURL(of: tenant)) removed")
        return .done
    }

    /// The catalog may hold more of the tenant than one transaction is good for.
    private func removeEntities(_ context: StepContext) async throws(ProviderFault) -> Outcome {
        guard let id = context.tenant else { return .done }
        var count = 0
        while true {
            let removed = try await records.removeEntities(of: id)
            guard removed > 0 else { break }
            count += removed
        }
        var findings = JSONObject()
        findings["entities"] = .integer(count)
        return .done(Evidence(findings))
    }

    /// The tenant as the owner of its repository: what another one has at its place stays.
    private func owner(_ context: StepContext) async throws(ProviderFault) -> RepositoryOwner {
        guard let id = context.tenant else { throw .refused(reason: "no tenant") }
        let tenant = try await records.tenant(id)
        return tenant?.repositoryOwner ?? RepositoryOwner(id: id.description, isKnown: false)
    }

    /// Ends only when nothing is seen outside; what is left is named, and the next look, after a
    /// person has acted, starts from the same inventory.
    private func look(_ context: StepContext) async throws(ProviderFault) -> Outcome {
        let tenant = try name(context)
        var left = try await management.leftovers(of: tenant)
        let path = layout.platform(of: tenant)
        let owner = try await owner(context)
        do throws(GitFault) {
            left += try await git.leftovers(of: path)
            let isOurs = try await git.open(path) { repository throws(GitFault) in
                try repository.belongs(to: owner)
            }
            if isOurs { left.append(layout.platformURL(of: tenant)) }
        } catch .notFound {
            context.log.info("no repository is left")
        } catch {
            throw ProviderFault(error)
        }
        guard left.isEmpty else {
            return .stalled(reason: "these are still there: \(left.joined(separator: ", "))")
        }
        if let id = context.tenant {
            for thing in try await records.things(of: id) {
                try await records.forget(thing, of: id)
            }
            try await hosts?.forget(id)
        }
        var data = JSONObject()
        data["name"] = .string(tenant.text)
        return .done(Evidence(facts: [.event(.tenantDeleted, data: data), .tenantRemoved]))
    }
}
