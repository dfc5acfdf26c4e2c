import Catalog
import Contract
import Domain
import HTTP
import JSON
import Storage
import Synchronization
import TestSupport
import Testing

@testable import API
@testable import slipway

extension PlatformTests {
    /// Repositories that are too large, which are not fetched at each look.
    @Suite struct RememberedRefusalTests {
        private static let tooLarge = RememberedRefusals.Failure(
            fault: .refused(reason: "it has more than 256 MiB"),
            isOfTheRepository: true
        )

        private func copy(_ name: String = "a", tenant: TenantID? = nil) -> RememberedRefusals.Copy
        {
            RememberedRefusals.Copy(
                name: name,
                page: "https://github.com/acme/big",
                repository: "github.com/acme/big",
                tenant: tenant
            )
        }

        /// Whether a look at the copy fetches the repository, and what comes of it.
        private func look(
            _ platform: Platform,
            _ copy: RememberedRefusals.Copy,
            isAsked: Bool = false,
            failing failure: RememberedRefusals.Failure? = tooLarge
        ) async -> (fetched: Bool, reason: String?) {
            let fetched = Mutex(false)
            do throws(ProviderFault) {
                let refusals = RememberedRefusals(store: platform.storage.locations)
                try await refusals.fetching(copy, isAsked: isAsked) {
                    () async throws(RememberedRefusals.Failure) in
                    fetched.withLock { $0 = true }
                    if let failure { throw failure }
                }
                return (fetched.withLock(\.self), nil)
            } catch {
                guard case .refused(let reason) = error else { return (false, "\(error)") }
                return (fetched.withLock(\.self), reason)
            }
        }

        private func minutes(_ platform: Platform) throws -> [Int] {
            try platform.database.run(
                """
                SELECT round(extract(epoch FROM until - now()) / 60)::int FROM catalog_refusal
                 ORDER BY copy
                """
            ).map { Int($0[0] ?? "") ?? -1 }
        }

        private func pass(_ platform: Platform) throws {
            try platform.database.run("UPDATE catalog_refusal SET until = now()")
        }

        @Test func `one that was too large is fetched again later and later`() async throws {
            try await Platform.run { platform in
                #expect(await look(platform, copy()) == (true, "it has more than 256 MiB"))
                let told = await look(platform, copy())
                #expect(!told.fetched)
                #expect(told.reason?.contains("had more than 256 MiB") == true)
                #expect(told.reason?.contains("refresh the location") == true)
                // Another copy is another matter, and so is what is nobody's fault.
                let passing = RememberedRefusals.Failure(
                    fault: .refused(reason: "no such branch"),
                    isOfTheRepository: false
                )
                for _ in 1...2 {
                    #expect(await look(platform, copy("b"), failing: passing).fetched)
                }
                var waits: [Int] = try minutes(platform)
                for _ in 1...6 {
                    try pass(platform)
                    #expect(await look(platform, copy()).fetched)
                    waits += try minutes(platform)
                }
                #expect(waits == [60, 120, 240, 480, 960, 1_440, 1_440])
                // One that was made smaller is as if nothing had been.
                try pass(platform)
                #expect(await look(platform, copy(), failing: nil) == (true, nil))
                #expect(try minutes(platform) == [])
                #expect(await look(platform, copy()).fetched)
                #expect(try minutes(platform) == [60])
            }
        }

        @Test func `who waits for it has it tried, and leaves nothing behind`() async throws {
            try await Platform.run { platform in
                #expect(await look(platform, copy(), isAsked: true).fetched)
                let nothing = try minutes(platform)
                #expect(nothing == [])
                #expect(await look(platform, copy()).fetched)
                #expect(await look(platform, copy(), isAsked: true).fetched)
                #expect(try minutes(platform) == [60])
                // Seen to be smaller now, it is fetched by the next look.
                #expect(await look(platform, copy(), isAsked: true, failing: nil).fetched)
                let left = try minutes(platform)
                #expect(left == [])
                #expect(await look(platform, copy()).fetched)
            }
        }

        @Test func `who may only read a location has it looked at, and not fetched again`()
            async throws
        {
            try await Platform.run { platform in
                let developer = Platform.Holder(role: .developer, tenant: "acme")
                let viewer = Platform.Holder(role: .viewer, tenant: "acme")
                let row = try platform.database.run("SELECT id FROM tenant WHERE name = 'acme'")[0]
                let acme = try TenantID(parsing: try #require(row[0]))
                let onlooker = Platform.Holder(role: .platformViewer, tenant: nil)
                let cases: [(Platform.Holder, String, RememberedRefusals.Copy, [Platform.Holder])] =
                    [
                        (.admin, "default", copy(), [developer, viewer, onlooker]),
                        (developer, "acme", copy("theirs", tenant: acme), [viewer]),
                    ]
                for (owner, namespace, kept, readers) in cases {
                    let made = try await platform.send(
                        .post,
                        "/v1/catalog/locations",
                        as: owner,
                        json: #"{"spec":{"target":"https://github.com/acme/big"}}"#
                    )
                    let id = try #require(made.json["id"]?.string, "\(made.text)")
                    try await platform.endJobs()
                    _ = await look(platform, kept)
                    for holder in readers + [owner] {
                        try platform.database.run(
                            "UPDATE catalog_location SET due_at = now() + interval '1 hour'"
                        )
                        let reply = try await platform.send(
                            .post,
                            "/api/catalog/refresh",
                            as: holder,
                            json: #"{"entityRef":"location:\#(namespace)/\#(id)"}"#
                        )
                        #expect(reply.status == 200, "\(reply.text)")
                        let due = try platform.database.run(
                            "SELECT id FROM catalog_location WHERE due_at <= now()"
                        )
                        #expect(due.map { $0[0] } == [id], "\(holder)")
                        let isFetched = await look(platform, kept).fetched
                        #expect(isFetched == (holder == owner), "\(holder)")
                    }
                }
            }
        }

        @Test func `a call has the repositories of its location tried at once, and no others`()
            async throws
        {
            try await Platform.run { platform in
                let base = "/v1/catalog/locations"
                var ids: [String] = []
                for name in ["big", "leads"] {
                    let target = "https://github.com/acme/\(name)/blob/main/a.yaml"
                    let made = try await platform.send(
                        .post,
                        base,
                        json: #"{"spec":{"target":"\#(target)"}}"#
                    )
                    ids.append(made.json["id"]?.string ?? "")
                }
                try await platform.endJobs()
                try platform.database.run(
                    """
                    INSERT INTO catalog_file (
                        location_id, target, repository, blob, links, problems, is_faulty)
                    VALUES ('\(ids[1])', 'a', 'github.com/acme/leads', '0',
                            '{https://GitHub.com/acme/BIG/blob/main/b.yaml}', '[]', false)
                    """
                )
                let row = try platform.database.run("SELECT id FROM tenant WHERE name = 'acme'")[0]
                let acme = try TenantID(parsing: try #require(row[0]))
                _ = await look(platform, copy("theirs", tenant: acme))
                for (call, body) in [
                    ("\(base)/\(ids[0]):refresh", nil), ("\(base)/\(ids[1]):refresh", nil),
                    ("/api/catalog/refresh", #"{"entityRef":"location:default/\#(ids[1])"}"#),
                ] as [(String, String?)] {
                    _ = await look(platform, copy())
                    #expect(await !look(platform, copy()).fetched, "\(call)")
                    let reply = try await platform.send(.post, call, json: body)
                    #expect((200..<300).contains(reply.status), "\(reply.text)")
                    try await platform.endJobs()
                    #expect(await look(platform, copy()).fetched, "\(call)")
                }
                #expect(await !look(platform, copy("theirs", tenant: acme)).fetched)
            }
        }

        @Test func `what nobody looks at any more is forgotten`() async throws {
            try await Platform.run { platform in
                _ = await look(platform, copy())
                _ = await look(platform, copy("old"))
                try platform.database.run(
                    """
                    UPDATE catalog_refusal SET until = now() - interval '2 days'
                     WHERE copy = 'old'
                    """
                )
                #expect(try await platform.storage.locations.removeOldRefusals() == 1)
                #expect(try minutes(platform) == [60])
            }
        }
    }
}
