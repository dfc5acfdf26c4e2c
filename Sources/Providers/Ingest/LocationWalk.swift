import Catalog
import Contract
import Domain
import Git
import JSON

/// One look at a location: from its target along what its entities of kind Location name, reading
/// what changed.
struct LocationWalk {
    /// A target that is still to be looked at.
    private struct Stop {
        let target: LocationTarget
        /// How many entities of kind Location led here.
        let depth: Int
        /// The file that names it; nil for the location's own target.
        let parent: String?
    }

    /// How much one look reads.
    struct Limits {
        /// Files that are listed.
        var files: Int
        /// Targets that entities of kind Location name.
        var links: Int
        /// Bytes of the files that are read together.
        var bytes: Int
        /// Bytes of the paths of those files.
        var paths: Int
        /// How long one repository may take to come.
        var fetch: Duration
        /// Whether somebody waits.
        var isAsked = false

        /// That of a location; its entities are counted where they are kept.
        static let look = Limits(
            files: CatalogLocation.filesMax,
            links: CatalogLocation.linksMax,
            bytes: CatalogLocation.bytesMax,
            paths: CatalogLocation.pathsBytesMax,
            fetch: .seconds(300)
        )
        /// That of somebody who waits for the answer.
        static let preview = Limits(
            files: 500,
            links: 20,
            bytes: 16 << 20,
            paths: 64 << 10,
            fetch: .seconds(20),
            isAsked: true
        )
    }

    /// Entities that are kept in one transaction, more where one file has more.
    private static let batchEntities = 500
    /// Files that are kept in one transaction.
    private static let batchFiles = 200
    /// Bytes of files that are kept in one transaction, more where one file has more: 4 MiB.
    private static let batchBytes = 4 << 20

    let git: GitService
    let repositories: any LocationRepositories
    let tenant: TenantReference?
    let known: [String: KnownFile]
    let limits: Limits
    /// Takes what was read, a batch at a time.
    let keep: ([ReadFile]) async throws(ProviderFault) -> Void

    /// How it ends.
    private(set) var status = LocationStatus()
    /// The targets of all files that are there.
    private(set) var seen: [String] = []
    /// Whether everything could be looked for.
    private(set) var isComplete = true

    private var seenSet: Set<String> = []
    private var folders: [String: String] = [:]
    private var stops: [Stop] = []
    private var links = 0
    private var entities = 0
    private var bytes = 0
    private var bytesRead = 0
    private var pathBytes = 0
    private var root: LocationTarget?
    private var batch: [ReadFile] = []

    init(
        git: GitService,
        repositories: any LocationRepositories,
        tenant: TenantReference?,
        known: [String: KnownFile],
        limits: Limits = .look,
        keep: @escaping ([ReadFile]) async throws(ProviderFault) -> Void
    ) {
        self.git = git
        self.repositories = repositories
        self.tenant = tenant
        self.known = known
        self.limits = limits
        self.keep = keep
    }

    /// Looks at everything behind a target.
    ///
    /// - Throws: what passes; what a person must mend is told in the status.
    mutating func run(
        from target: LocationTarget,
        _ continueOrStop: () throws(ProviderFault) -> Void = {}
    ) async throws(ProviderFault) {
        stops = [Stop(target: target, depth: 0, parent: nil)]
        root = target
        while !stops.isEmpty {
            try continueOrStop()
            let stop = stops.removeFirst()
            do throws(ProviderFault) {
                try await look(at: stop, continueOrStop)
            } catch {
                guard case .refused(let reason) = error.told else { throw error }
                isComplete = false
                report(stop, "unreadable", reason)
            }
        }
        status.files = seen.count
    }

    /// Where the repository is at the revision of a target, brought up to date once in each look.
    private mutating func folder(of target: LocationTarget) async throws(ProviderFault) -> String {
        let key = ([target.repository] + target.revisions).joined(separator: " ")
        if let known = folders[key] { return known }
        let folder = try await repositories.bring(
            target,
            for: tenant,
            // What the location itself names may be read whoever leads there.
            isTrusted: target.repository == root?.repository,
            isAsked: limits.isAsked,
            within: limits.fetch
        )
        folders[key] = folder
        return folder
    }

    private mutating func look(
        at stop: Stop,
        _ continueOrStop: () throws(ProviderFault) -> Void
    ) async throws(ProviderFault) {
        let folder = try await folder(of: stop.target)
        let room = limits.files - seen.count
        let pathRoom = limits.paths - pathBytes
        let listing = try await asking { () async throws(GitFault) in
            try await git.open(folder) { repository throws(GitFault) in
                try stop.target.listing(in: repository, countMax: room, pathBytesMax: pathRoom)
            }
        }
        let target = listing.target
        if stop.parent == nil { status.commit = listing.commit.hex }
        if listing.files.isEmpty, !target.isPattern {
            report(
                stop,
                "no-file",
                "There is no such file on \(listing.branch). Add it, or remove the location."
            )
        }
        for file in listing.files {
            let place = target.file(file.path, branch: listing.branch)
            guard seenSet.insert(place.description).inserted else { continue }
            seen.append(place.description)
            pathBytes += file.path.utf8.count
            try continueOrStop()
            try await take(file, at: place, in: folder, depth: stop.depth)
        }
        try await flush()
    }

    private mutating func take(
        _ file: Repository.Listed,
        at place: LocationTarget,
        in folder: String,
        depth: Int
    ) async throws(ProviderFault) {
        if let before = known[place.description], before.blob == file.id.hex, !before.isDue {
            follow(before.links, from: place, depth: depth)
            return
        }
        let reader = FileReader(tenant: tenant, target: place)
        let read: ReadFile
        if file.size > CatalogFile.bytesMax {
            read = reader.tooLarge(file.size, blob: file.id.hex)
        } else {
            bytesRead += file.size
            guard bytesRead <= limits.bytes else {
                throw .refused(
                    reason: "more than \(limits.bytes >> 20) MiB of files are to be read at once; "
                        + "name fewer files"
                )
            }
            // Read where it is opened, and not on a loop: parsing may take long.
            read = try await asking { () async throws(GitFault) in
                try await git.open(folder) { repository throws(GitFault) in
                    reader.read(try repository.content(of: file.id), blob: file.id.hex)
                }
            }
            self.bytes += file.size
        }
        status.filesRead += 1
        follow(read.links, from: place, depth: depth)
        batch.append(read)
        entities += read.entries.count
        let isFull =
            batch.count >= Self.batchFiles || entities >= Self.batchEntities
            || self.bytes >= Self.batchBytes
        if isFull { try await flush() }
    }

    private mutating func flush() async throws(ProviderFault) {
        let files = batch
        batch = []
        (entities, bytes) = (0, 0)
        if !files.isEmpty { try await keep(files) }
    }

    private mutating func follow(_ targets: [String], from place: LocationTarget, depth: Int) {
        for text in targets {
            // What was kept could be read when it was.
            guard let target = try? LocationTarget(parsing: text) else { continue }
            let stop = Stop(target: target, depth: depth + 1, parent: place.description)
            guard stop.depth <= CatalogLocation.depthMax else {
                isComplete = false
                report(
                    stop,
                    "too-deep",
                    "More than \(CatalogLocation.depthMax) entities of kind Location stand one "
                        + "behind the other. Register \(target) as a location of its own."
                )
                continue
            }
            guard links < limits.links else {
                isComplete = false
                report(
                    stop,
                    "too-many",
                    "More than \(limits.links) targets are named. Use a pattern such "
                        + "as `**/catalog-info.yaml`, or several locations."
                )
                return
            }
            // A circle comes back to a target that was taken.
            guard !stops.contains(where: { $0.target == target }), !seenSet.contains(text) else {
                continue
            }
            links += 1
            stops.append(stop)
        }
    }

    private mutating func report(_ stop: Stop, _ code: String, _ detail: String) {
        if stop.parent == nil { status.phase = .failed }
        guard status.problems.count < LocationStatus.problemsMax else { return }
        status.problems.append(
            CatalogFile.Problem(
                path: stop.target.description,
                code,
                stop.parent.map { "\($0) leads here: \(detail)" } ?? detail
            )
        )
    }
}

/// The files that a target means at one moment.
struct TargetListing: Sendable {
    /// The target, with the branch or tag that it turned out to name.
    let target: LocationTarget
    let commit: ObjectID
    let branch: String
    let files: [Repository.Listed]
}

extension LocationTarget {
    /// The files of the target in a repository.
    func listing(
        in repository: borrowing Repository,
        countMax: Int,
        pathBytesMax: Int
    ) throws(GitFault) -> TargetListing {
        var settled = self
        for revision in revisions where try repository.commit(named: revision) != nil {
            settled = self.settled { $0 == revision }
            break
        }
        return try settled.files(in: repository, countMax: countMax, pathBytesMax: pathBytesMax)
    }

    private func files(
        in repository: borrowing Repository,
        countMax: Int,
        pathBytesMax: Int
    ) throws(GitFault) -> TargetListing {
        let branch: String
        if let ref { branch = ref } else { branch = try repository.defaultBranch() }
        guard let commit = try repository.commit(named: branch) else {
            throw .notFound("the branch or tag \(branch)")
        }
        let fixed = path.prefix { $0 != "*" && $0 != "?" }
        let files = try repository.list(
            commit,
            countMax: countMax,
            pathBytesMax: pathBytesMax,
            entering: { folder in
                fixed.hasPrefix(folder + "/") || (folder + "/").hasPrefix(fixed)
                    || (isPattern && folder.hasPrefix(fixed))
            },
            taking: matches
        )
        return TargetListing(target: self, commit: commit, branch: branch, files: files)
    }
}

extension ProviderFault {
    /// What others must put right first is told as well: the next look finds out whether they did.
    ///
    /// What passes is nobody's fault, and leaves the location as it is.
    fileprivate var told: ProviderFault {
        switch self {
        case .away(let reason, _, _), .refused(let reason): .refused(reason: reason)
        case .transient, .busy, .cancelled: self
        }
    }
}

/// Runs Git work and says who acts next when it fails.
func asking<Value>(
    _ body: () async throws(GitFault) -> Value
) async throws(ProviderFault) -> Value {
    do throws(GitFault) { return try await body() } catch { throw ProviderFault(location: error) }
}

extension ProviderFault {
    /// Who acts next after a Git fault.
    init(location fault: GitFault) {
        self =
            switch fault {
            case .busy: .busy(reason: "whoever changes the repository just now to be done")
            default: .refused(reason: fault.sentence)
            }
    }
}
