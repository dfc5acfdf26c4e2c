package import Contract
package import Domain
import Git

/// Brings manifests to management clusters by way of the management repository: one commit for
/// each change, none where nothing changes, then a nudge.
package struct GitDelivery: ClusterDelivery {
    let gitOps: GitOps
    let engines: any GitOpsEngines

    /// Makes `manifests` everything that the repository holds for the target.
    package func deliver(
        _ manifests: [Manifest],
        to target: DeliveryTarget,
        retiring retirement: Retirement,
        for job: JobID
    ) async throws(ProviderFault) -> String {
        let entry = ClusterEntry(target: target, engine: try await engine(of: target))
        let receipt = try await gitOps.management.deliver(
            manifests,
            as: entry,
            retiring: retirement,
            for: job
        )
        await engines.nudge(entry.engine, for: target)
        return receipt.commit.hex
    }

    /// Removes the roots from the repository and leaves everything else; the engine prunes them.
    package func dropRoot(
        of manifests: [Manifest],
        from target: DeliveryTarget,
        for job: JobID
    ) async throws(ProviderFault) -> String {
        let engine = try await engine(of: target)
        let roots = manifests.filter { $0.part == .root }.map(\.fileName)
        let receipt = try await gitOps.management.drop(roots, of: target, for: job)
        await engines.nudge(engine, for: target)
        return receipt.commit.description
    }

    /// Removes everything that the repository holds for the target; the engine prunes it.
    package func withdraw(
        from target: DeliveryTarget,
        for job: JobID
    ) async throws(ProviderFault) {
        let engine = try await engine(of: target)
        _ = try await gitOps.management.withdraw(target, for: job)
        await engines.nudge(engine, for: target)
    }

    /// Whether the commit named, as Flux (`main@sha1:…`) or Argo CD do, comes after the delivery's.
    package func holds(
        _ delivered: String,
        in revision: String
    ) async throws(ProviderFault) -> Bool {
        let name = revision.split(separator: ":").last.map(String.init) ?? revision
        guard let wanted = ObjectID(delivered), let applied = ObjectID(name) else { return false }
        guard wanted != applied else { return true }
        return try await gitOps.management.isAncestor(wanted, of: applied)
    }

    /// What the repository still holds for the target, by its paths.
    package func leftovers(of target: DeliveryTarget) async throws(ProviderFault) -> [String] {
        try await gitOps.management.leftovers(of: target)
    }

    private func engine(of target: DeliveryTarget) async throws(ProviderFault) -> GitOpsEngine {
        try await engines.engine(
            in: target.managementCluster,
            repositoryURL: gitOps.layout.managementURL
        )
    }
}

extension GitOps {
    /// The delivery through this provider's management repository: its commits take turns with
    /// those about tenants.
    package func delivery(through engines: any GitOpsEngines) -> GitDelivery {
        GitDelivery(gitOps: self, engines: engines)
    }
}
