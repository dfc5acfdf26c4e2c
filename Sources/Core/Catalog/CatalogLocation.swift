package import Domain
package import JSON

/// The identity of a location.
package typealias LocationID = ID<CatalogLocation>

extension JobKind {
    /// Reads the files of a location that changed.
    package static let locationRefresh = JobKind("location.refresh")
}

/// Where entities come from: files of a repository, read again and again.
package struct CatalogLocation: Sendable, Equatable {
    /// The most locations of one tenant, and of the platform.
    package static let countMax = 1_000
    /// The most files of one location.
    package static let filesMax = 20_000
    /// Bytes of the paths of those files together: 2 MiB, a hundred for each of them.
    package static let pathsBytesMax = 2 << 20
    /// The most entities of one location.
    package static let entitiesMax = 100_000
    /// Bytes of the files of one location that are read in one look: 256 MiB.
    package static let bytesMax = 256 << 20
    /// Bytes of one revision of a repository that is read for locations: 256 MiB.
    package static let copyBytesMax = 256 << 20
    /// Bytes of all copies that are kept for the locations of one tenant, and of the platform:
    /// 4 GiB.
    package static let copiesBytesMax = 4 << 30
    /// How long a repository with more bytes than that is not fetched again.
    ///
    /// Twice as long each time that it is still too large, up to the longest; a call or a webhook
    /// has it fetched at once.
    package static let refusedFor = Duration.seconds(3_600)
    /// The longest time that a repository is not fetched again.
    package static let refusedForMost = Duration.seconds(86_400)
    /// How long a copy is not given up for another one after somebody asked for it: longer than
    /// from one look to the next.
    package static let copiesInUse = Duration.seconds(3_600)
    /// How long a copy of a repository is kept that nobody reads; longer than any look takes.
    package static let copiesKept = Duration.seconds(86_400)
    /// How many entities of kind Location may stand one behind the other.
    package static let depthMax = 5
    /// The most targets that the entities of kind Location of one location name.
    package static let linksMax = 500
    /// How often a location is looked at; up to a tenth more, by chance, so that not all of them
    /// are at once.
    package static let interval = Duration.seconds(600)
    /// How long an entity is kept that nothing leads to any more.
    package static let orphansKept = Duration.seconds(86_400)

    /// The identity.
    package let id: LocationID
    /// Whose entities it holds; nil for the platform's, which may be of anybody.
    package let tenant: TenantReference?
    /// Whether it is the repository of its tenant, which Slipway found itself.
    package let isDiscovered: Bool
    /// Which files.
    package let target: LocationTarget
    /// What came of it so far.
    package var status: LocationStatus
    /// Goes up with every change of anything.
    package let revision: Int64
    /// When it was registered.
    package let createdAt: Instant
    /// When it last changed.
    package let updatedAt: Instant

    /// Puts together what is known of it.
    package init(
        id: LocationID,
        tenant: TenantReference?,
        isDiscovered: Bool = false,
        target: LocationTarget,
        status: LocationStatus = LocationStatus(),
        revision: Int64 = 1,
        createdAt: Instant,
        updatedAt: Instant
    ) {
        self.id = id
        self.tenant = tenant
        self.isDiscovered = isDiscovered
        self.target = target
        self.status = status
        self.revision = revision
        self.createdAt = createdAt
        self.updatedAt = updatedAt
    }

    /// The location with other files: what came of those before says nothing of them.
    package func moved(to target: LocationTarget, at moment: Instant) -> CatalogLocation {
        CatalogLocation(
            id: id,
            tenant: tenant,
            isDiscovered: isDiscovered,
            target: target,
            revision: revision + 1,
            createdAt: createdAt,
            updatedAt: moment
        )
    }

    /// The location as jobs and the audit log mention it.
    package var reference: ObjectReference {
        ObjectReference(kind: .location, id: id.cast(), name: id.description)
    }

    /// The location as portals name it among entities: none of that reference is kept, but the
    /// location can be refreshed by it.
    package var entityReference: String { "location:\(namespace)/\(id)" }

    /// What entities say of where they come from.
    package var origin: String { "url:\(target)" }

    /// The job that reads the location.
    package func refresh(_ job: JobID) -> NewJob {
        NewJob(id: job, kind: .locationRefresh, subject: reference, tenant: tenant?.id)
    }

    /// The namespace of its entities where they name none.
    package var namespace: String { tenant?.name ?? EntityReference.defaultNamespace }
}

/// What came of the last look at a location.
package struct LocationStatus: Sendable, Equatable {
    /// The most problems that are kept.
    package static let problemsMax = 200

    /// How a location stands.
    package enum Phase: String, Sendable, CaseIterable {
        /// It was not read yet.
        case pending
        /// Everything was read, and all of it was right.
        case ready
        /// Some of it was not right, or another location has some of the entities.
        case degraded
        /// It could not be read at all.
        case failed
    }

    /// How it stands.
    package var phase = Phase.pending
    /// The commit that was read last; nil before.
    package var commit: String?
    /// How many files it has.
    package var files = 0
    /// How many of them were read in the last look, the others being as they were.
    package var filesRead = 0
    /// How many entities it holds.
    package var entities = 0
    /// How many of them nothing leads to any more.
    package var orphans = 0
    /// Why it could not be read, or what is wrong with how files lead to others.
    package var problems: [CatalogFile.Problem] = []
    /// When it was looked at last; nil before.
    package var refreshedAt: Instant?

    /// Nothing yet.
    package init() {}
}

extension LocationStatus {
    /// The status as it is stored.
    package func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("phase", phase.rawValue)
            if let commit { writer.member("commit", commit) }
            writer.member("files", files)
            writer.member("filesRead", filesRead)
            writer.member("entities", entities)
            writer.member("orphans", orphans)
            writer.key("problems")
            writer.array(problems) { $1.write(to: &$0) }
            if let refreshedAt { writer.member("refreshedAt", refreshedAt.description) }
        }
    }

    /// Reads what `write` wrote.
    package init(reading value: JSON) {
        phase = value["phase"]?.string.flatMap(Phase.init(rawValue:)) ?? .pending
        commit = value["commit"]?.string
        files = value["files"]?.int ?? 0
        filesRead = value["filesRead"]?.int ?? 0
        entities = value["entities"]?.int ?? 0
        orphans = value["orphans"]?.int ?? 0
        problems = (value["problems"]?.array ?? []).map(CatalogFile.Problem.init(reading:))
        // What was written here is a moment.
        refreshedAt = value["refreshedAt"]?.string.flatMap { try? Instant(parsing: $0) }
    }
}

extension CatalogFile.Problem {
    /// The problem as it is stored and shown.
    package func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("file", path)
            if let line { writer.member("line", line) }
            if let column { writer.member("column", column) }
            if let pointer { writer.member("pointer", pointer.description) }
            writer.member("code", code)
            writer.member("detail", detail)
        }
    }

    /// Reads what `write` wrote.
    package init(reading value: JSON) {
        self.init(
            path: value["file"]?.string ?? "",
            value["code"]?.string ?? "",
            value["detail"]?.string ?? "",
            line: value["line"]?.int,
            column: value["column"]?.int,
            pointer: value["pointer"]?.string.flatMap { JSONPointer(parsing: $0) }
        )
    }
}
