import Contract
import Domain
import Git
import JSON

extension GitOps {
    static let resolveStep = "resolve-blueprint"

    /// A new tenant gets its repository and its entry.
    var provision: Workflow {
        Workflow(
            .tenantProvision,
            steps: [
                NamedStep(Self.resolveStep, resolve), NamedStep("fork-repository", bring),
                NamedStep("register", register), NamedStep("await-cluster", awaitCluster),
                NamedStep("verify", verify),
            ],
            whenInterrupted: Self.tenantInterrupted
        )
    }

    /// A changed tenant gets entry and repository as they are wanted now; the entry first, so that
    /// a merge that needs a person does not keep a tenant from being suspended.
    var update: Workflow {
        Workflow(
            .tenantUpdate,
            steps: [
                NamedStep(Self.resolveStep, resolve), NamedStep("register", register),
                NamedStep("touch-clusters", touchClusters),
                NamedStep("update-repository", bring), NamedStep("verify", verify),
            ],
            whenInterrupted: Self.tenantInterrupted
        )
    }

    /// The tenant as it is wanted now.
    func tenant(_ context: StepContext) async throws(ProviderFault) -> Tenant {
        guard let id = context.tenant, let tenant = try await records.tenant(id) else {
            throw .refused(reason: "the tenant is gone; cancel the job")
        }
        return tenant
    }

    private func resolve(_ context: StepContext) async throws(ProviderFault) -> Outcome {
        let tenant = try await tenant(context)
        let choice = tenant.spec.blueprint
        guard let version = try await records.version(choice.version, of: choice.name) else {
            return missing(choice)
        }
        if version.state == .defective {
            throw .refused(
                reason: "version \(version.version) of blueprint \(choice.name) is defective; "
                    + "choose another one"
            )
        }
        let place = try await place(of: tenant)
        let url = place?.cloneURL ?? layout.platformURL(of: tenant.name)
        let target = try TenantTarget(tenant: tenant, version: version, at: url)
        context.log.info("blueprint \(choice.name) \(version.version) at \(version.commit)")
        var facts: [StepFact] = [
            condition("BlueprintResolved", "VersionFound", "Version \(version.version).", target)
        ]
        if tenant.status.observedGeneration == 0 { facts.append(.tenantPhase(.provisioning)) }
        return .done(Evidence(target.findings, facts: facts))
    }

    private func missing(_ choice: BlueprintChoice) -> Outcome {
        if let version = choice.version {
            return .stalled(
                reason: "blueprint \(choice.name) has no version \(version); refresh the blueprint "
                    + "or choose another version"
            )
        }
        return .waiting(
            Wait(
                on: "a default version of blueprint \(choice.name)",
                releasedBy: "a platform admin, by refreshing the blueprint or naming a default"
            ),
            recheckAfter: .seconds(2)
        )
    }

    private func bring(_ context: StepContext) async throws(ProviderFault) -> Outcome {
        let target = try TenantTarget(reading: context.findings(of: Self.resolveStep))
        let tenant = try await tenant(context)
        let place = try await place(of: tenant)
        let url = place?.cloneURL ?? target.repositoryURL
        try await records.note(MadeThing(.repository, name: url), of: tenant.id)
        let repository = repository(of: target, for: context.job)
        let receipt = try await repository.bring(for: tenant)
        context.log.info("repository \(receipt.kind.rawValue) at \(receipt.commit)")
        var findings = JSONObject()
        findings["repository"] = .string(url)
        findings["result"] = .string(receipt.kind.rawValue)
        findings["base"] = .string(target.commit.hex)
        findings["commit"] = .string(receipt.commit.hex)
        var facts: [StepFact] = [
            .repository(
                TenantRepository(
                    name: RepositoryLayout.platformName,
                    branch: RepositoryLayout.branch,
                    blueprintVersion: target.version,
                    baseCommit: target.commit.hex,
                    commit: receipt.commit.hex,
                    parameters: receipt.parameters,
                    address: place.map {
                        RepositoryAddress(cloneURL: $0.cloneURL, webURL: $0.webURL)
                    },
                    readURL: place?.readURL
                )
            ),
            condition("RepositoryReady", "Committed", "At \(receipt.commit).", target),
        ]
        switch receipt.kind {
        case .forked: facts.append(.event(.repositoryForked, data: findings))
        case .updated: facts.append(.event(.repositoryUpdated, data: findings))
        case .unchanged: break
        }
        return .done(Evidence(findings, facts: facts))
    }

    /// Where the tenant's repository is on its forge; nil for this server.
    private func place(of tenant: Tenant) async throws(ProviderFault) -> ForgePlace? {
        guard tenant.spec.repository != nil else { return nil }
        return try await hosts?.place(of: tenant)
    }

    private func register(_ context: StepContext) async throws(ProviderFault) -> Outcome {
        let target = try TenantTarget(reading: context.findings(of: Self.resolveStep))
        let folder = TenantEntry.folder(of: target.tenant)
        guard let tenant = context.tenant else { throw .refused(reason: "no tenant") }
        try await records.note(MadeThing(.entry, name: folder), of: tenant)
        let receipt = try await management.write(entry(of: target), for: context.job)
        context.log.info("registered at \(receipt.commit)")
        var findings = JSONObject()
        findings["folder"] = .string(folder)
        findings["commit"] = .string(receipt.commit.hex)
        let registered = condition("Registered", "Committed", "At \(receipt.commit).", target)
        return .done(Evidence(findings, facts: [registered]))
    }

    private func verify(_ context: StepContext) async throws(ProviderFault) -> Outcome {
        let target = try TenantTarget(reading: context.findings(of: Self.resolveStep))
        if let fault = try await management.fault(of: entry(of: target)) {
            let advice = "change the tenant or retry once the management repository is in order"
            return .stalled(reason: "\(fault); \(advice)")
        }
        let path = layout.platform(of: target.tenant)
        let head = try await asking { () async throws(GitFault) in
            try await git.open(path) { repository throws(GitFault) in
                try repository.commit(named: "refs/heads/\(RepositoryLayout.branch)")
            }
        }
        guard let head else {
            return .stalled(reason: "the repository has no branch \(RepositoryLayout.branch)")
        }
        var findings = JSONObject()
        findings["head"] = .string(head.hex)
        findings["url"] = .string(target.repositoryURL)
        return .done(
            Evidence(
                findings,
                facts: [
                    condition("Ready", "Provisioned", "Repository and entry are there.", target),
                    .tenantPhase(target.isSuspended ? .suspended : .ready),
                    .observed(generation: target.generation),
                    .event(.tenantReady, data: findings),
                ]
            )
        )
    }

    private func condition(
        _ type: String,
        _ reason: String,
        _ message: String,
        _ target: TenantTarget
    ) -> StepFact {
        .condition(
            type: type,
            status: .true,
            reason: reason,
            message: message,
            generation: target.generation
        )
    }

    /// What is true of a tenant while its job does not get on.
    static let tenantInterrupted: @Sendable (Interruption) -> [StepFact] = { interruption in
        let step = interruption.step
        func ready(_ reason: String, _ message: String) -> StepFact {
            .condition(
                type: "Ready",
                status: .false,
                reason: reason,
                message: message,
                generation: nil
            )
        }
        switch interruption.kind {
        case .retrying(let reason): return [ready("Retrying", "\(step): \(reason)")]
        case .waiting(let on): return [ready("Waiting", "\(step): waiting for \(on)")]
        case .stalled(let reason):
            var data = JSONObject()
            data["step"] = .string(step)
            data["reason"] = .string(reason)
            return [
                ready("Stalled", "\(step): \(reason)"), .tenantPhase(.degraded),
                .event(.tenantDegraded, data: data),
            ]
        case .cancelled:
            return [
                ready("JobCancelled", "The job was cancelled at \(step)."),
                .tenantPhase(.degraded),
            ]
        }
    }
}
