import Contract
import Domain
import Git

extension ManagementRepository {
    /// Makes the manifests everything that there is for a cluster, or finds it so.
    func deliver(
        _ manifests: [Manifest],
        as entry: ClusterEntry,
        retiring retirement: Retirement,
        for job: JobID
    ) async throws(ProviderFault) -> Receipt {
        let target = entry.target
        let folder = ClusterEntry.folder(of: target)
        guard !manifests.isEmpty, Set(manifests.map(\.fileName)).count == manifests.count else {
            throw .refused(reason: "the manifests of \(target.slug) do not each have a file name")
        }
        let names = manifests.map(\.fileName)
        let files = manifests.map { ($0.fileName, $0.bytes) }
        let subject = "Deliver cluster \(target.tenant)/\(target.cluster)"
        return try await commit(subject, target.tenant, job) {
            repository,
            folders throws(GitFault) in
            let stay = try Self.staying(
                beside: names,
                of: target,
                retirement,
                in: repository,
                folders
            )
            try folders.remove(folder)
            for (path, bytes) in files + stay { try folders.put("\(folder)/\(path)", bytes) }
            try folders.write(
                ResourceIndex(of: names + stay.map(\.0)),
                at: ClusterEntry.indexPath(of: target)
            )
            try folders.put(ClusterEntry.reconciliationPath(of: target), entry.reconciliation)
            try Self.enter(target, in: repository, &folders)
        }
    }

    /// Lists the cluster for its management cluster, and gives that the tenant's namespace.
    private static func enter(
        _ target: DeliveryTarget,
        in repository: borrowing Repository,
        _ folders: inout ManagementFolders
    ) throws(GitFault) {
        let register = TenantEntry.namespacePath(of: target.tenant)
        // The tenant's own job writes it anew, as the tenant is wanted then.
        let new = TenantEntry(tenant: target.tenant, isSuspended: false).namespace
        let namespace = try folders.file(register, in: repository) ?? new
        try folders.put(register, namespace)
        let reader = target.managementCluster
        try folders.put(ReaderEntry.namespacePath(of: target.tenant, in: reader), namespace)
        let file = ClusterEntry.reconciliationFile(of: target)
        try folders.enter(file, of: target.tenant, in: reader, repository)
    }

    /// Files of an earlier delivery that stay for now.
    private static func staying(
        beside names: [String],
        of target: DeliveryTarget,
        _ retirement: Retirement,
        in repository: borrowing Repository,
        _ folders: ManagementFolders
    ) throws(GitFault) -> [(String, [UInt8])] {
        guard retirement != .everything else { return [] }
        let folder = ClusterEntry.folder(of: target)
        var stay: [(String, [UInt8])] = []
        for name in try folders.names(in: folder, of: repository) {
            guard !names.contains(name), name != "kustomization.yaml",
                let bytes = try folders.file("\(folder)/\(name)", in: repository),
                let kind = kind(of: bytes), !retirement.includes(kind: kind)
            else { continue }
            stay.append((name, bytes))
        }
        return stay
    }

    /// The kind of an object that Slipway wrote: the value of its top-level `kind`, in quotes.
    private static func kind(of bytes: [UInt8]) -> String? {
        let text = String(decoding: bytes, as: UTF8.self)
        let line = text.split(separator: "\n").first { $0.hasPrefix("kind: ") }
        return line.map { String($0.dropFirst("kind: ".count).filter { $0 != "\"" }) }
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
            let reader = target.managementCluster
            let path = ReaderEntry.indexPath(of: target.tenant, in: reader)
            guard try folders.file(path, in: repository) != nil else { return }
            var index = try folders.index(at: path, in: repository)
            index.remove(ClusterEntry.reconciliationFile(of: target))
            guard index.names.contains(where: { $0 != TenantEntry.namespaceFile }) else {
                return try folders.strike(target.tenant, from: reader, in: repository)
            }
            try folders.remove(ClusterEntry.reconciliationPath(of: target))
            try folders.write(index, at: path)
        }
    }

    /// Whether one commit comes before another; not where the other is not known.
    func isAncestor(
        _ early: ObjectID,
        of late: ObjectID
    ) async throws(ProviderFault) -> Bool {
        do throws(GitFault) {
            return try await git.open(layout.management) { repository throws(GitFault) in
                try repository.isAncestor(early, of: late)
            }
        } catch .notFound {
            return false
        } catch {
            throw ProviderFault(error)
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
