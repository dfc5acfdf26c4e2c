import Domain
import TestSupport
import Testing

@testable import Storage

extension StorageTests {
    struct JobStoreTests {
        @Test func `jobs are listed the newest first and by filter`() async throws {
            try await Fixture.run { fixture in
                for name in ["a", "b", "c"] { try await fixture.tenant(name) }
                let jobs = fixture.storage.jobs
                let all = try await jobs.list(JobQuery(), as: .system)
                #expect(all.items.count == 4)
                #expect(all.items.map(\.id) == all.items.map(\.id).sorted(by: >))
                let provisions = try await jobs.list(JobQuery(kind: .tenantProvision), as: .system)
                #expect(provisions.items.count == 3)
                let query = JobQuery(tenant: try TenantName(parsing: "b"), state: .available)
                #expect(try await jobs.list(query, as: .system).items.map(\.subject.name) == ["b"])
                let first = try await jobs.list(JobQuery(limit: 3), as: .system)
                #expect(first.hasMore)
                let rest = try await jobs.list(
                    JobQuery(before: first.items.last?.id, limit: 3),
                    as: .system
                )
                #expect(rest.items.count == 1 && !rest.hasMore)
            }
        }

        @Test func `people of a tenant see its jobs and their log, and no others`() async throws {
            try await Fixture.run { fixture in
                let own = try await fixture.tenant("own")
                let other = try await fixture.tenant("other")
                let jobs = fixture.storage.jobs
                let access = Access.tenant(own.id, .viewer)
                let mine = try #require(own.status.job)
                let theirs = try #require(other.status.job)
                #expect(try await jobs.find(mine, as: access)?.tenant == own.id)
                #expect(try await jobs.find(theirs, as: access) == nil)
                #expect(try await jobs.list(JobQuery(), as: access).items.map(\.id) == [mine])
                #expect(try await jobs.log(of: theirs, after: 0, limit: 10, as: access) == nil)
                let empty = try await jobs.log(of: mine, after: 0, limit: 10, as: access)
                #expect(empty?.items.isEmpty == true)
                try fixture.database.run(
                    """
                    INSERT INTO job_log (job_id, step, level, text)
                    SELECT '\(mine)', 'fork', 'info', 'line ' || n FROM generate_series(1, 3) n
                    """
                )
                let first = try await jobs.log(of: mine, after: 0, limit: 1, as: access)
                let line = try #require(first?.items.first)
                #expect(line.message == "line 1" && first?.hasMore == true)
                let rest = try await jobs.log(of: mine, after: line.line, limit: 5, as: access)
                #expect(rest?.items.map(\.message) == ["line 2", "line 3"])
            }
        }
    }
}
