import Contract
import Domain
import Git

extension ManagementRepository {
    /// Makes the manifests everything that there is for a cluster, or finds it so.
    func deliver(
        _ manifests: [Manifest],
        as entry: ClusterEntry,
        for job: JobID
    ) async throws(ProviderFault) -> Receipt {
        let target = entry.target
        let folder = ClusterEntry.folder(of: target)
        guard !manifests.isEmpty, Set(manifests.map(\.fileName)).count == manifests.count else {
            throw .refused(reason: "the manifests of \(target.slug) do not each have a file name")
        }
        let files = manifests.map { ("\(folder)/\($0.fileName)", $0.bytes) }
        let subject = "Deliver cluster \(target.tenant)/\(target.cluster)"
        return try await commit(subject, target.tenant, job) {
            repository,
            folders throws(GitFault) in
            try folders.remove(folder)
            for (path, bytes) in files { try folders.put(path, bytes) }
            try folders.write(
                ResourceIndex(of: manifests.map(\.fileName)),
                at: ClusterEntry.indexPath(of: target)
            )
            try folders.put(ClusterEntry.reconciliationPath(of: target), entry.reconciliation)
            let namespace = TenantEntry.namespacePath(of: target.tenant)
            if try folders.file(namespace, in: repository) == nil {
                // The tenant's own job writes it anew, as the tenant is wanted then.
                let tenant = TenantEntry(tenant: target.tenant, isSuspended: false)
                try folders.put(namespace, tenant.namespace)
            }
            try folders.enter(target.tenant, in: repository) { index in
                index.insert(ClusterEntry.reconciliationFile(of: target))
            }
        }
    }

    /// Removes some files of a cluster, or finds them gone; everything else stays.
    func drop(
        _ fileNames: [String],
        of target: DeliveryTarget,
        for job: JobID
    ) async throws(ProviderFault) -> Receipt {
        let folder = ClusterEntry.folder(of: target)
        let subject = "Remove the root of cluster \(target.tenant)/\(target.cluster)"
        return try await commit(subject, target.tenant, job) {
            repository,
            folders throws(GitFault) in
            let path = ClusterEntry.indexPath(of: target)
            guard try folders.file(path, in: repository) != nil else { return }
            var index = try folders.index(at: path, in: repository)
            for name in fileNames {
                index.remove(name)
                try folders.remove("\(folder)/\(name)")
            }
            try folders.write(index, at: path)
        }
    }

    /// Removes everything of a cluster, or finds it gone.
    func withdraw(
        _ target: DeliveryTarget,
        for job: JobID
    ) async throws(ProviderFault) -> Receipt {
        let subject = "Remove cluster \(target.tenant)/\(target.cluster)"
        return try await commit(subject, target.tenant, job) {
            repository,
            folders throws(GitFault) in
            try folders.remove(ClusterEntry.folder(of: target))
            try folders.remove(ClusterEntry.reconciliationPath(of: target))
            let path = TenantEntry.indexPath(of: target.tenant)
            guard try folders.file(path, in: repository) != nil else { return }
            var index = try folders.index(at: path, in: repository)
            index.remove(ClusterEntry.reconciliationFile(of: target))
            try folders.write(index, at: path)
        }
    }

    /// What is left of a cluster, by its paths.
    func leftovers(of target: DeliveryTarget) async throws(ProviderFault) -> [String] {
        try await look {
            repository,
            folders throws(GitFault) in
            var left: [String] = []
            for name in try folders.names(
                in: ClusterEntry.folder(of: target),
                of: repository
            ) {
                left.append("\(ClusterEntry.folder(of: target))/\(name)")
            }
            let reconciliation = ClusterEntry.reconciliationPath(of: target)
            if try folders.file(reconciliation, in: repository) != nil {
                left.append(reconciliation)
            }
            return left
        }
    }
}
