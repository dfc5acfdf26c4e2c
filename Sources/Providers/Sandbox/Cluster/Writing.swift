/// How an object is written: as what, by whom, and whether at all.
struct Writing: Sendable {
    /// How its kind is served.
    var resource: SandboxResource
    /// What the writer calls itself.
    var manager: String
    /// With whose rights; nil for those who need none.
    var author: SandboxIdentity?
    /// The version in which it is written, such as `apps/v1`.
    var apiVersion: String
    /// `status` or `scale` where only that part is written.
    var subresource: String?
    /// Whether an applier takes fields over from others.
    var forces = false
    /// Whether nothing is kept.
    var isDryRun = false

    init(_ resource: SandboxResource, _ manager: String, _ apiVersion: String? = nil) {
        self.resource = resource
        self.manager = manager
        self.apiVersion = apiVersion ?? resource.apiVersion(resource.versions[0])
    }

    /// Who the metadata says has written.
    func writer(isApply: Bool) -> ManagedFields.Writer {
        ManagedFields.Writer(
            manager: manager,
            isApply: isApply,
            apiVersion: apiVersion,
            subresource: subresource
        )
    }
}

/// What an object is to become.
struct Draft: Sendable {
    /// The object.
    ///
    /// A resourceVersion in it is what the writer has seen.
    var object: SandboxObject
    /// Who has set which fields; nil to find out by comparing.
    var managed: ManagedFields?

    init(_ object: SandboxObject, managed: ManagedFields? = nil) {
        self.object = object
        self.managed = managed
    }
}

/// How an object is deleted.
struct Deletion: Sendable {
    /// The incarnation that is meant.
    var uid: String?
    /// The resourceVersion that is meant.
    var resourceVersion: String?
    /// What happens to its dependents.
    var propagation: SandboxCluster.Propagation?
}
