import Domain
import Git
import Rendering

/// The management repository at one commit, and what is to become of it.
struct ManagementFolders {
    /// The list of all tenants.
    static let indexPath = "\(TenantEntry.folder)/kustomization.yaml"

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

    /// Lists a tenant, and what the tenant has; lists of earlier versions lose what is not theirs
    /// any more.
    mutating func enter(
        _ tenant: TenantName,
        in repository: borrowing Repository,
        _ change: (inout ResourceIndex) -> Void = { _ in }
    ) throws(GitFault) {
        var tenants = try index(at: Self.indexPath, in: repository)
        tenants.insert(tenant.text)
        try write(tenants, at: Self.indexPath)
        let path = TenantEntry.indexPath(of: tenant)
        var entries = try index(at: path, in: repository)
        entries.insert(TenantEntry.namespaceFile)
        for name in TenantEntry.formerFiles {
            entries.remove(name)
            try remove("\(TenantEntry.folder(of: tenant))/\(name)")
        }
        change(&entries)
        try write(entries, at: path)
    }
}
