import Domain
import Git
import Rendering

/// The management repository at one commit, and what is to become of it.
struct ManagementFolders {
    /// The commit; nil where the repository is empty.
    let head: ObjectID?
    /// What is to be changed, in order.
    private(set) var edits: [TreeEdit] = []

    /// The repository at that commit.
    init(at head: ObjectID?) {
        self.head = head
    }

    /// The content of a file before any change; nil where there is none.
    func file(
        _ path: String,
        in repository: borrowing Repository
    ) throws(GitFault) -> [UInt8]? {
        guard let head else { return nil }
        return try repository.file(try RepositoryPath.own(path), of: head)
    }

    /// What a folder held before any change; empty where there is none.
    func names(
        in folder: String,
        of repository: borrowing Repository
    ) throws(GitFault) -> [String] {
        guard let head else { return [] }
        return try repository.names(in: try RepositoryPath.own(folder), of: head)
    }

    /// Writes a file, or replaces it.
    mutating func put(_ path: String, _ bytes: [UInt8]) throws(GitFault) {
        edits.append(
            .put(TreeFile(path: try RepositoryPath.own(path), content: .bytes(bytes)))
        )
    }

    /// Makes further changes after those before.
    mutating func add(_ more: [TreeEdit]) { edits += more }

    /// Removes a file or a folder with everything in it; one that is not there is no fault.
    mutating func remove(_ path: String) throws(GitFault) {
        edits.append(.remove(try RepositoryPath.own(path)))
    }

    /// What a `kustomization.yaml` lists; nothing where there is none.
    func index(
        at path: String,
        in repository: borrowing Repository
    ) throws(GitFault) -> ResourceIndex {
        guard let bytes = try file(path, in: repository) else { return ResourceIndex(of: []) }
        guard let index = ResourceIndex(parsing: bytes) else {
            let advice = "its `resources` must be a list, one entry a line"
            throw .malformed("\(path) of the management repository cannot be read: \(advice)")
        }
        return index
    }

    /// Writes what a `kustomization.yaml` lists.
    mutating func write(_ index: ResourceIndex, at path: String) throws(GitFault) {
        try put(path, index.bytes)
    }

    /// The management clusters that have a folder of their own.
    func readers(in repository: borrowing Repository) throws(GitFault) -> [ManagementClusterName] {
        try names(in: ReaderEntry.folder, of: repository).compactMap { name in
            try? ManagementClusterName(parsing: name)  // Somebody else's file.
        }
    }

    /// The management clusters that know a tenant.
    func readers(
        of tenant: TenantName,
        in repository: borrowing Repository
    ) throws(GitFault) -> [ManagementClusterName] {
        var found: [ManagementClusterName] = []
        for reader in try readers(in: repository)
        where try !names(in: ReaderEntry.folder(of: tenant, in: reader), of: repository).isEmpty {
            found.append(reader)
        }
        return found
    }

    /// Lists a file of a tenant for a management cluster, and the tenant with it.
    mutating func enter(
        _ file: String,
        of tenant: TenantName,
        in reader: ManagementClusterName,
        _ repository: borrowing Repository
    ) throws(GitFault) {
        let whole = ReaderEntry.indexPath(of: reader)
        var tenants = try index(at: whole, in: repository)
        tenants.insert(tenant.text)
        try write(tenants, at: whole)
        let path = ReaderEntry.indexPath(of: tenant, in: reader)
        var entries = try index(at: path, in: repository)
        entries.insert(TenantEntry.namespaceFile)
        entries.insert(file)
        try write(entries, at: path)
    }

    /// Takes a tenant from the list of a management cluster, with everything that it had there.
    mutating func strike(
        _ tenant: TenantName,
        from reader: ManagementClusterName,
        in repository: borrowing Repository
    ) throws(GitFault) {
        let path = ReaderEntry.indexPath(of: reader)
        var tenants = try index(at: path, in: repository)
        tenants.remove(tenant.text)
        try write(tenants, at: path)
        try remove(ReaderEntry.folder(of: tenant, in: reader))
    }
}
