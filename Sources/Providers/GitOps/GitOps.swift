import Blueprints
package import Contract
package import Domain
package import Git
import JSON

/// Keeps what tenants want in Git: a platform repository for each, forked from its blueprint, and
/// an entry for each in the management repository.
package struct GitOps: Sendable {
    let git: GitService
    let records: any GitOpsRecords
    let layout: RepositoryLayout
    /// Nil where no tenant has its repository on a forge.
    let hosts: (any RepositoryHosts)?
    let clock: @Sendable () -> Instant
    let turnstile = Turnstile()

    /// Work in the repositories of the layout; `clock` is the wall clock, for the dates of commits.
    package init(
        git: GitService,
        records: any GitOpsRecords,
        layout: RepositoryLayout,
        hosts: (any RepositoryHosts)? = nil,
        clock: @escaping @Sendable () -> Instant
    ) {
        self.git = git
        self.records = records
        self.layout = layout
        self.hosts = hosts
        self.clock = clock
    }

    /// What the provider can do, for the job engine.
    package var workflows: [Workflow] { [provision, update, delete, refresh] }

    /// Brings a management repository that an earlier version laid out to today's layout; nothing
    /// where it has it.
    package func carryOver() async throws(ProviderFault) {
        let management = management
        try await turnstile.pass { () async throws(ProviderFault) in
            try await management.carryOver()
        }
    }

    /// Gives a management cluster its folder in the management repository, so that its engine can
    /// be pointed at it before there is a cluster; nothing where it is there.
    package func welcome(
        _ reader: ManagementClusterName,
        for job: JobID
    ) async throws(ProviderFault) {
        let path = ReaderEntry.indexPath(of: reader)
        let trailers = [(PlatformRepository.jobTrailer, job.description)]
        let subject = "Welcome management cluster \(reader)"
        _ = try await management.commit(subject, trailers) {
            repository,
            folders throws(GitFault) in
            guard try folders.file(path, in: repository) == nil else { return }
            try folders.write(ResourceIndex(of: []), at: path)
        }
    }

    /// Seconds since 1970 now.
    var now: Int64 { clock().microseconds / 1_000_000 }

    var management: ManagementRepository {
        ManagementRepository(
            git: git,
            records: records,
            layout: layout,
            turnstile: turnstile,
            now: now
        )
    }

    func repository(of target: TenantTarget, for job: JobID) -> PlatformRepository {
        PlatformRepository(
            git: git,
            layout: layout,
            hosts: hosts,
            target: target,
            job: job,
            now: now
        )
    }

    func entry(of target: TenantTarget) -> TenantEntry {
        TenantEntry(tenant: target.tenant, isSuspended: target.isSuspended)
    }
}
