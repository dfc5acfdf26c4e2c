package import Domain

/// What the sandbox must keep: the objects of its clusters, and a counter of revisions for each.
///
/// Writes of one cluster happen one after the other, so that whoever sees a revision sees every
/// lower one too. Of each object the last state is kept; what is deleted stays as a tombstone
/// until it is compacted, so that watches can tell of it.
package protocol SandboxRecords: Sendable {
    /// Makes a cluster without objects; false where there is one of that name.
    func makeCluster(_ name: String) async throws(SandboxOutage) -> Bool

    /// Removes a cluster with everything in it, if it is there.
    func removeCluster(_ name: String) async throws(SandboxOutage)

    /// Where every cluster stands.
    func heads() async throws(SandboxOutage) -> [SandboxHead]

    /// Where one cluster stands; nil where there is none of that name.
    func head(of cluster: String) async throws(SandboxOutage) -> SandboxHead?

    /// The state of an object; nil where there is none, or none any more.
    func read(_ key: SandboxKey, in cluster: String) async throws(SandboxOutage) -> SandboxRecord?

    /// Objects by namespace and name, and the revision at which this was so; nil without cluster.
    func list(
        _ query: SandboxQuery,
        in cluster: String
    ) async throws(SandboxOutage) -> SandboxPage?

    /// What was written after a revision, tombstones included, by revision; nil without cluster.
    func changes(
        in cluster: String,
        after revision: Int64,
        limit: Int
    ) async throws(SandboxOutage) -> SandboxPage?

    /// The newest revision of a kind, tombstones included; 0 where there was never an object.
    func newest(of kind: SandboxKind, in cluster: String) async throws(SandboxOutage) -> Int64

    /// The objects that name another as an owner.
    func dependents(
        of uid: String,
        in cluster: String
    ) async throws(SandboxOutage) -> [SandboxRecord]

    /// Writes objects, each under a revision of its own, later ones under higher ones; what
    /// becomes of one does not depend on the others.
    ///
    /// - Returns: what became of each, in the same order.
    func write(
        _ writes: [SandboxWrite],
        in cluster: String
    ) async throws(SandboxOutage) -> [SandboxWritten]

    /// Drops tombstones older than that; revisions up to the newest one dropped become too old.
    func compact(before moment: Instant) async throws(SandboxOutage)
}

/// The records gave no answer; nothing is known of what was asked.
package struct SandboxOutage: Error, Equatable {
    /// What happened, in words.
    package let reason: String

    /// An outage, with its reason.
    package init(_ reason: String) { self.reason = reason }
}

/// Where a cluster stands.
package struct SandboxHead: Sendable, Hashable {
    /// The cluster's name.
    package let cluster: String
    /// The newest revision.
    package let revision: Int64
    /// The newest revision after which deletions are no longer known.
    package let compacted: Int64

    /// A cluster that stands there.
    package init(cluster: String, revision: Int64, compacted: Int64) {
        self.cluster = cluster
        self.revision = revision
        self.compacted = compacted
    }
}

/// Which objects are asked for.
package struct SandboxQuery: Sendable, Hashable {
    /// The kind; nil for every kind.
    package var kind: SandboxKind?
    /// The namespace; nil for all of them.
    package var namespace: String?
    /// Where to go on: behind the object of this namespace (empty for none) and name.
    package var after: Place?
    /// The most objects.
    package var limit: Int

    /// A place in the order of a list.
    package struct Place: Sendable, Hashable {
        /// The namespace; empty for none.
        package let namespace: String
        /// The name.
        package let name: String

        /// That place.
        package init(namespace: String, name: String) {
            self.namespace = namespace
            self.name = name
        }
    }

    /// The objects of a kind, or of a namespace.
    package init(
        _ kind: SandboxKind?,
        namespace: String? = nil,
        after: Place? = nil,
        limit: Int = .max
    ) {
        self.kind = kind
        self.namespace = namespace
        self.after = after
        self.limit = limit
    }
}

/// Records, and the state of the cluster at the moment at which they were read.
package struct SandboxPage: Sendable {
    /// Where the cluster stood.
    package let head: SandboxHead
    /// What was found.
    package let records: [SandboxRecord]

    /// Those records, read at that moment.
    package init(head: SandboxHead, records: [SandboxRecord]) {
        self.head = head
        self.records = records
    }
}

/// One object as it is kept.
package struct SandboxRecord: Sendable, Hashable {
    /// Where it is found.
    package let key: SandboxKey
    /// Its incarnation; one made anew under the key has another.
    package let uid: String
    /// The revision at which it came to be.
    package let created: Int64
    /// The revision of its last change.
    package let revision: Int64
    /// Whether that change was its end.
    package let isDeleted: Bool
    /// The object as JSON, without its resourceVersion.
    package let body: [UInt8]

    /// An object as it is kept.
    package init(
        key: SandboxKey,
        uid: String,
        created: Int64,
        revision: Int64,
        isDeleted: Bool,
        body: [UInt8]
    ) {
        self.key = key
        self.uid = uid
        self.created = created
        self.revision = revision
        self.isDeleted = isDeleted
        self.body = body
    }
}

/// One change of one object.
package struct SandboxWrite: Sendable, Hashable {
    /// What becomes of it.
    package enum Change: Sendable, Hashable {
        /// It comes to be; there must be none under the key.
        case create
        /// It changes; it must stand at that revision.
        case replace(expected: Int64)
        /// It ends; it must stand at that revision.
        case remove(expected: Int64)
    }

    /// What becomes of it.
    package let change: Change
    /// Where it is found.
    package let key: SandboxKey
    /// Its incarnation.
    package let uid: String
    /// The incarnations of its owners.
    package let owners: [String]
    /// The object as JSON, without its resourceVersion.
    package let body: [UInt8]

    /// A change of an object.
    package init(
        _ change: Change,
        key: SandboxKey,
        uid: String,
        owners: [String],
        body: [UInt8]
    ) {
        self.change = change
        self.key = key
        self.uid = uid
        self.owners = owners
        self.body = body
    }
}

/// What became of a write.
package enum SandboxWritten: Sendable, Hashable {
    /// It happened, under that revision.
    case at(Int64)
    /// There is one already, or it is not at the expected revision, or not there.
    case conflict
    /// There is no such cluster.
    case noCluster
    /// The records cannot hold it, for that reason.
    case refused(String)
}
