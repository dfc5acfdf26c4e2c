package import Catalog
package import Contract
package import Domain
import Git
import JSON
package import Scorecards

/// What judging repositories must know and keep, without knowing where it is kept.
package protocol ScorecardRecords: Sendable {
    /// What the files of a location came to, by their paths.
    func reports(
        of location: LocationID
    ) async throws(ProviderFault) -> [String: KnownReport]

    /// Keeps what files came to.
    func keep(
        _ reports: [String: KnownReport],
        of location: LocationID
    ) async throws(ProviderFault)

    /// Keeps how the tenant stands, and the facts of its repository that others are judged by.
    func keep(
        _ results: [ScorecardResult],
        of tenant: TenantReference,
        by facts: RepositoryFacts,
        location: LocationID
    ) async throws(ProviderFault)
}

/// What one file came to.
package struct KnownReport: Sendable, Equatable {
    /// The object that held its content.
    package var blob: String
    /// What its manifests came to.
    package var report: ManifestReport

    /// Puts together the parts as they are.
    package init(blob: String, report: ManifestReport) {
        self.blob = blob
        self.report = report
    }
}

/// Judges the repository of a tenant by scorecards, reading the manifests that changed.
struct ManifestWalk {
    /// Reports that are kept at once.
    private static let batchMax = 200

    let git: GitService
    let repositories: any LocationRepositories
    let records: any ScorecardRecords
    let scorecards: [Scorecard]

    /// - Returns: how many files were read.
    func run(
        _ location: CatalogLocation,
        of tenant: TenantReference,
        _ continueOrStop: () throws(ProviderFault) -> Void
    ) async throws(ProviderFault) -> Int {
        let folder = try await repositories.bring(
            location.target,
            for: tenant,
            isTrusted: true,
            isAsked: false,
            within: LocationWalk.Limits.look.fetch
        )
        let all = location.target.with(path: "**")
        let listing = try await asking { () async throws(GitFault) in
            try await git.open(folder) { repository throws(GitFault) in
                try all.listing(
                    in: repository,
                    countMax: CatalogLocation.filesMax,
                    pathBytesMax: CatalogLocation.pathsBytesMax
                )
            }
        }
        var reports = try await records.reports(of: location.id)
        var batch: [String: KnownReport] = [:]
        var count = 0
        for file in listing.files where Self.isManifest(file) {
            guard reports[file.path]?.blob != file.id.hex else { continue }
            try continueOrStop()
            let judged = try await asking { () async throws(GitFault) in
                try await git.open(folder) { repository throws(GitFault) in
                    ManifestReport(try repository.content(of: file.id))
                }
            }
            let report = KnownReport(blob: file.id.hex, report: judged)
            reports[file.path] = report
            batch[file.path] = report
            count += 1
            guard batch.count >= Self.batchMax else { continue }
            try await records.keep(batch, of: location.id)
            batch = [:]
        }
        if !batch.isEmpty { try await records.keep(batch, of: location.id) }
        let paths = listing.files.map(\.path)
        let there = Set(paths)
        let current = reports.filter { there.contains($0.key) && $0.value.report.workloads > 0 }
            .sorted { $0.key < $1.key }.map { (path: $0.key, report: $0.value.report) }
        let facts = RepositoryFacts(commit: listing.commit.hex, reports: current, paths: paths)
        try await records.keep(
            scorecards.map { ScorecardResult($0, of: facts) },
            of: tenant,
            by: facts,
            location: location.id
        )
        return count
    }

    private static func isManifest(_ file: Repository.Listed) -> Bool {
        (file.path.hasSuffix(".yaml") || file.path.hasSuffix(".yml"))
            && file.size <= ManifestReport.bytesMax
    }
}
