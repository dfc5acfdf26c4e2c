import Catalog
import Contract
import Domain
import Ingest
import JSON
import Scorecards
import Storage

/// What reading locations must know and keep, in PostgreSQL.
struct StoredIngest: IngestRecords {
    let store: LocationStore
    let scorecards: ScorecardStore

    func location(_ id: LocationID) async throws(ProviderFault) -> CatalogLocation? {
        try await asking { () async throws(StorageFault) in
            try await store.find(id, as: .system)
        }
    }

    func files(of location: LocationID) async throws(ProviderFault) -> [String: KnownFile] {
        let stored = try await asking { () async throws(StorageFault) in
            try await store.files(of: location)
        }
        var known: [String: KnownFile] = [:]
        for file in stored {
            known[file.target] = KnownFile(blob: file.blob, links: file.links, isDue: file.isDue)
        }
        return known
    }

    func keep(
        _ files: [ReadFile],
        of location: CatalogLocation
    ) async throws(ProviderFault) {
        let new = files.map { file in
            NewFile(
                target: file.target,
                blob: file.blob,
                links: file.links,
                problems: file.problems,
                entries: file.entries.map { ($0.entity, $0.line) }
            )
        }
        let kept = try await asking { () async throws(StorageFault) in
            try await store.keep(new, of: location, at: Moment.now())
        }
        switch kept {
        case .kept: return
        case .gone: throw .cancelled
        case .full(let sentence):
            throw .refused(reason: "there would be \(sentence): name fewer files, or delete some")
        }
    }

    func finish(
        _ status: LocationStatus,
        of location: CatalogLocation,
        seen: [String]?
    ) async throws(ProviderFault) {
        try await asking { () async throws(StorageFault) in
            try await store.finish(status, of: location.id, seen: seen, at: Moment.now())
        }
    }

    fileprivate func asking<Value>(
        _ body: () async throws(StorageFault) -> Value
    ) async throws(ProviderFault) -> Value {
        do throws(StorageFault) { return try await body() } catch { throw error.providerFault }
    }
}

extension StoredIngest: ScorecardRecords {
    func reports(
        of location: LocationID
    ) async throws(ProviderFault) -> [String: KnownReport] {
        let stored = try await asking { () async throws(StorageFault) in
            try await scorecards.reports(of: location)
        }
        var known: [String: KnownReport] = [:]
        for report in stored {
            // What was written here is JSON.
            guard let document = try? JSON.parse(report.report) else { continue }
            known[report.path] = KnownReport(
                blob: report.blob,
                report: ManifestReport(reading: document)
            )
        }
        return known
    }

    func keep(
        _ reports: [String: KnownReport],
        of location: LocationID
    ) async throws(ProviderFault) {
        let rows = reports.sorted { $0.key < $1.key }.map { path, known in
            var writer = JSONWriter(reserving: 256)
            known.report.write(to: &writer)
            return ScorecardStore.Report(path: path, blob: known.blob, report: writer.finish())
        }
        try await asking { () async throws(StorageFault) in
            try await scorecards.keep(rows, of: location)
        }
    }

    func keep(
        _ results: [ScorecardResult],
        of tenant: TenantReference,
        by facts: RepositoryFacts,
        location: LocationID
    ) async throws(ProviderFault) {
        let now = Moment.now()
        let rows = results.map { result in
            var writer = JSONWriter(reserving: 2_048)
            result.write(to: &writer)
            return ScorecardStore.Result(
                scorecard: result.scorecard.name.text,
                level: result.level,
                met: result.met,
                total: result.outcomes.count,
                rules: writer.finish(),
                commit: facts.commit,
                at: now
            )
        }
        var writer = JSONWriter(reserving: 4_096)
        facts.write(to: &writer)
        let written = writer.finish()
        let system = EntityReference(kind: "system", namespace: tenant.name, name: tenant.name)
        try await asking { () async throws(StorageFault) in
            try await scorecards.keep(
                rows,
                of: system,
                tenant.id,
                paths: facts.paths,
                facts: written,
                location: location
            )
        }
    }
}
