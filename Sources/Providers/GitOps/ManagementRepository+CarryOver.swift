import Contract
import Domain
import Git

extension ManagementRepository {
    /// Brings a repository that an earlier version laid out to today's layout.
    ///
    /// There was one list for all management clusters, `tenants/`. What it held goes to the folders
    /// of those that have the clusters; the list leads on to one of them, its heir, so that an
    /// engine that reads it finds the same objects as before, in the same commit, and prunes
    /// nothing. An engine can be pointed from the one to the other at any time after that.
    func carryOver() async throws(ProviderFault) {
        let isOld = try await look { repository, folders throws(GitFault) in
            try FormerLayout(folders, in: repository).isThere
        }
        guard isOld else { return }
        let readers = try await records.readers()
        guard let heir = Self.heir(among: readers) else { return }
        _ = try await write("Give each management cluster a folder of its own", []) {
            repository,
            folders throws(GitFault) in
            let former = try FormerLayout(folders, in: repository)
            guard former.isThere else { return }
            try former.move(to: readers, heir: heir, &folders, in: repository)
        }
    }

    /// Who is led on to: a real one rather than the sandbox, which is pointed at its own folder
    /// with every start, and whoever has most.
    static func heir(among readers: [ManagementReader]) -> ManagementClusterName? {
        readers.max { one, other in
            guard one.isSandbox == other.isSandbox else { return one.isSandbox }
            guard one.slugs.count == other.slugs.count else {
                return one.slugs.count < other.slugs.count
            }
            return one.name.text > other.name.text
        }?.name
    }
}

/// The list that all management clusters read, as earlier versions wrote it.
struct FormerLayout {
    private static let indexPath = "\(TenantEntry.folder)/kustomization.yaml"
    /// What entries held before each cluster had its own.
    private static let droppedFiles: Set = ["gitrepository.yaml", "sync.yaml"]
    private static let indexFile = "kustomization.yaml"

    /// Tenants that are listed.
    private let tenants: [TenantName]

    init(
        _ folders: ManagementFolders,
        in repository: borrowing Repository
    ) throws(GitFault) {
        tenants = try folders.index(at: Self.indexPath, in: repository).names.compactMap { name in
            try? TenantName(parsing: name)  // Ways to other folders, and what is not Slipway's.
        }
    }

    /// Whether the repository has it.
    var isThere: Bool { !tenants.isEmpty }

    /// Moves everything to the folders of those who have it, and what nobody has to the heir.
    func move(
        to readers: [ManagementReader],
        heir: ManagementClusterName,
        _ folders: inout ManagementFolders,
        in repository: borrowing Repository
    ) throws(GitFault) {
        var listed: [ManagementClusterName: [String]] = [heir: []]
        for tenant in tenants {
            for reader in try move(tenant, to: readers, heir: heir, &folders, in: repository) {
                listed[reader, default: []].append(tenant.text)
            }
        }
        for (reader, names) in listed {
            let path = ReaderEntry.indexPath(of: reader)
            var index = try folders.index(at: path, in: repository)
            for name in names { index.insert(name) }
            try folders.write(index, at: path)
        }
        var way = try folders.index(at: Self.indexPath, in: repository)
        for tenant in tenants { way.remove(tenant.text) }
        way.insert("../\(ReaderEntry.folder(of: heir))")
        try folders.write(way, at: Self.indexPath)
    }

    /// Moves what a tenant has, and says to whom.
    private func move(
        _ tenant: TenantName,
        to readers: [ManagementReader],
        heir: ManagementClusterName,
        _ folders: inout ManagementFolders,
        in repository: borrowing Repository
    ) throws(GitFault) -> [ManagementClusterName] {
        let folder = TenantEntry.folder(of: tenant)
        let index = try folders.index(at: "\(folder)/\(Self.indexFile)", in: repository)
        let namespace = try folders.file(TenantEntry.namespacePath(of: tenant), in: repository)
        var listed: [ManagementClusterName: Set<String>] = [heir: []]
        for name in index.names where !Self.droppedFiles.contains(name) {
            let isNamespace = name == TenantEntry.namespaceFile
            let reader = readers.first { Self.has($0, name, of: tenant) }?.name ?? heir
            guard let bytes = try folders.file("\(folder)/\(name)", in: repository) else {
                continue
            }
            let path = "\(ReaderEntry.folder(of: tenant, in: reader))/\(name)"
            try folders.put(path, bytes)
            if !isNamespace { try folders.remove("\(folder)/\(name)") }
            listed[reader, default: []].insert(name)
        }
        for (reader, names) in listed {
            let path = ReaderEntry.indexPath(of: tenant, in: reader)
            var entries = try folders.index(at: path, in: repository)
            for name in names { entries.insert(name) }
            if let namespace {
                let copy = ReaderEntry.namespacePath(of: tenant, in: reader)
                try folders.put(copy, namespace)
                entries.insert(TenantEntry.namespaceFile)
            }
            try folders.write(entries, at: path)
        }
        for name in Self.droppedFiles.union([Self.indexFile]) {
            try folders.remove("\(folder)/\(name)")
        }
        return Array(listed.keys)
    }

    /// Whether a listed file is about a cluster that is in that management cluster.
    private static func has(
        _ reader: ManagementReader,
        _ name: String,
        of tenant: TenantName
    ) -> Bool {
        let parts = name.split(separator: "/")
        guard parts.count == 2, parts[0] == ClusterEntry.folder, parts[1].hasSuffix(".yaml"),
            // A file of somebody else.
            let cluster = try? ClusterName(parsing: String(parts[1].dropLast(".yaml".count)))
        else { return false }
        return reader.slugs.contains(ClusterSlug(tenant: tenant, cluster: cluster))
    }
}
