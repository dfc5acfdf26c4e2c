package import Catalog
package import Contract
package import Domain
package import Git
import JSON
package import Scorecards

/// Reads entities out of the files of locations.
package struct Ingest: Sendable {
    /// How long one look may take: a first clone of a large repository included.
    private static let timeLimit = Duration.seconds(1_800)
    /// How long a preview may take.
    private static let previewLimit = Duration.seconds(30)

    private let git: GitService
    private let records: any IngestRecords
    private let repositories: any LocationRepositories
    private let scorecards: [Scorecard]
    private let judgements: any ScorecardRecords
    private let clock: @Sendable () -> Instant

    /// Work with those records; `clock` is the wall clock.
    package init(
        git: GitService,
        records: any IngestRecords,
        repositories: any LocationRepositories,
        scorecards: [Scorecard],
        judgements: any ScorecardRecords,
        clock: @escaping @Sendable () -> Instant
    ) {
        self.git = git
        self.records = records
        self.repositories = repositories
        self.scorecards = scorecards
        self.judgements = judgements
        self.clock = clock
    }

    /// What jobs about locations do.
    package var workflow: Workflow {
        Workflow(
            .locationRefresh,
            steps: [
                NamedStep("refresh", within: Self.timeLimit, refresh),
                NamedStep("judge", within: Self.timeLimit, judge),
            ]
        )
    }

    private func refresh(_ context: StepContext) async throws(ProviderFault) -> Outcome {
        guard let id = context.subject.id,
            let location = try await records.location(id.cast())
        else { return .done(Evidence(["removed": true])) }
        let records = records
        var walk = LocationWalk(
            git: git,
            repositories: repositories,
            tenant: location.tenant,
            known: try await records.files(of: location.id),
            keep: { files throws(ProviderFault) in
                try await records.keep(files, of: location)
            }
        )
        try await walk.run(from: location.target) { () throws(ProviderFault) in
            try context.continueOrStop()
        }
        var status = walk.status
        if status.phase != .failed { status.phase = status.problems.isEmpty ? .ready : .degraded }
        status.refreshedAt = clock()
        for problem in status.problems { context.log.warning(problem.description) }
        try await records.finish(status, of: location, seen: walk.isComplete ? walk.seen : nil)
        var findings = JSONObject()
        findings["commit"] = status.commit.map { .string($0) }
        findings["files"] = .integer(status.files)
        findings["filesRead"] = .integer(status.filesRead)
        findings["phase"] = .string(status.phase.rawValue)
        return .done(Evidence(findings))
    }

    /// Judges the repository of a tenant by scorecards; nothing for other locations.
    private func judge(_ context: StepContext) async throws(ProviderFault) -> Outcome {
        guard let id = context.subject.id,
            let location = try await records.location(id.cast()), location.isDiscovered,
            let tenant = location.tenant, location.status.phase != .failed
        else { return .done }
        let walk = ManifestWalk(
            git: git,
            repositories: repositories,
            records: judgements,
            scorecards: scorecards
        )
        do throws(ProviderFault) {
            let count = try await walk.run(location, of: tenant) { () throws(ProviderFault) in
                try context.continueOrStop()
            }
            return .done(Evidence(["manifestsRead": .integer(count)]))
        } catch .refused(let reason) {
            // The entities were read: a job that waits for a person would keep the next look back.
            let problem = CatalogFile.Problem(
                path: location.target.with(path: "**").description,
                "not-judged",
                "Scorecards cannot judge the repository: \(reason)."
            )
            context.log.warning(problem.description)
            var status = location.status
            if status.phase == .ready { status.phase = .degraded }
            status.problems.append(problem)
            try await records.finish(status, of: location, seen: nil)
            return .done(Evidence(["notJudged": .string(reason)]))
        }
    }

    /// What a location would hold, without keeping anything of it.
    ///
    /// - Throws: `.refused` with why it cannot be read, or takes too long for somebody who waits;
    ///   `.transient` for what passes.
    package func preview(
        _ target: LocationTarget,
        for tenant: TenantReference?,
        entitiesMax: Int
    ) async throws(ProviderFault) -> LocationPreview {
        let collected = Collected(entitiesMax: entitiesMax)
        let end = clock().advanced(by: Self.previewLimit)
        var walk = LocationWalk(
            git: git,
            repositories: repositories,
            tenant: tenant,
            known: [:],
            limits: .preview,
            keep: { files throws(ProviderFault) in try collected.add(files) }
        )
        try await walk.run(from: target) { () throws(ProviderFault) in
            guard clock() < end else {
                throw .refused(
                    reason: "it takes longer than \(Self.previewLimit.components.seconds) s; "
                        + "register the location without a preview"
                )
            }
        }
        return LocationPreview(files: collected.files, problems: walk.status.problems)
    }
}

/// What a location would hold.
package struct LocationPreview: Sendable {
    /// The files.
    package let files: [ReadFile]
    /// What keeps other files from being found.
    package let problems: [CatalogFile.Problem]
}

/// Collects what a preview comes by, up to a limit.
///
/// Confined to the one task that previews.
private final class Collected {
    private(set) var files: [ReadFile] = []
    private var count = 0
    private let entitiesMax: Int

    init(entitiesMax: Int) { self.entitiesMax = entitiesMax }

    func add(_ more: [ReadFile]) throws(ProviderFault) {
        count += more.reduce(0) { $0 + $1.entries.count }
        guard count <= entitiesMax else {
            throw .refused(
                reason: "more than \(entitiesMax) entities are found; register the location "
                    + "without a preview"
            )
        }
        files += more
    }
}
