import Catalog
import Domain
import HTTP
import JSON
import Storage
import TestSupport
import Testing

@testable import API

extension PlatformTests {
    /// Locations as today's clients of Backstage add, name, move and refresh them.
    @Suite struct PortalLocationTests {
        private static let path = "/api/catalog/locations"
        private static let acme = Platform.Holder(role: .developer, tenant: "acme")

        private func body(_ name: String) -> String {
            #"{"type":"url","target":"https://github.com/acme/\#(name)/blob/main/a.yaml"}"#
        }

        private func due(_ platform: Platform) throws -> Int {
            let rows = try platform.database.run(
                "SELECT count(*) FROM catalog_location WHERE due_at <= now()"
            )
            return Int(rows[0][0] ?? "") ?? -1
        }

        @Test func `a location has a reference of its own, by which it is refreshed`() async throws
        {
            try await Platform.run { platform in
                for (holder, namespace) in [
                    (Platform.Holder.admin, "default"), (Self.acme, "acme"),
                ] {
                    let made = try await platform.send(
                        .post,
                        Self.path,
                        as: holder,
                        json: body("shop")
                    )
                    let id = try #require(made.json["location"]?["id"]?.string, "\(made.text)")
                    let reference = "location:\(namespace)/\(id)"
                    #expect(made.json["location"]?["entityRef"]?.string == reference)
                    let read = try await platform.send(.get, "\(Self.path)/\(id)", as: holder)
                    #expect(read.json == made.json["location"])
                    let found = try await platform.send(
                        .post,
                        "\(Self.path)/by-query",
                        as: holder,
                        json: #"{"query":{"entityRef":"\#(reference.uppercased())"}}"#
                    )
                    #expect(found.json["items"] == .array([read.json]), "\(found.text)")
                    let before = try due(platform)
                    let refreshed = try await platform.send(
                        .post,
                        "/api/catalog/refresh",
                        as: holder,
                        json: #"{"entityRef":"\#(reference)"}"#
                    )
                    #expect(refreshed.status == 200, "\(refreshed.text)")
                    #expect(try due(platform) == before + 1)
                    // Of another namespace, or of another tenant, there is none.
                    for (other, wrong) in [
                        (holder, "location:globex/\(id)"),
                        (Platform.Holder(role: .developer, tenant: "globex"), reference),
                    ] where namespace == "acme" {
                        let none = try await platform.send(
                            .post,
                            "/api/catalog/refresh",
                            as: other,
                            json: #"{"entityRef":"\#(wrong)"}"#
                        )
                        #expect(none.status == 404, "\(wrong)")
                    }
                }
                let tried = try await platform.send(
                    .post,
                    "\(Self.path)?dryRun=true",
                    json: body("new")
                )
                let said = tried.json["location"]?["entityRef"]?.string
                #expect(said == "location:default/unregistered")
            }
        }

        @Test func `a location that is there is refused, or read again where that is wanted`()
            async throws
        {
            try await Platform.run { platform in
                let made = try await platform.send(.post, Self.path, json: body("shop"))
                for query in ["", "?onConflict=reject"] {
                    let twice = try await platform.send(
                        .post,
                        Self.path + query,
                        json: body("shop")
                    )
                    #expect(twice.status == 409, "\(query)")
                    #expect(twice.json["error"]?["name"]?.string == "ConflictError")
                }
                #expect(try due(platform) == 0)
                for _ in 1...2 {
                    let again = try await platform.send(
                        .post,
                        "\(Self.path)?onConflict=refresh",
                        json: body("shop")
                    )
                    #expect(again.status == 201, "\(again.text)")
                    #expect(again.json["location"] == made.json["location"])
                    #expect(again.json["entities"] == [])
                    #expect(again.json["exists"]?.bool == true)
                    #expect(try due(platform) == 1)
                }
                let new = try await platform.send(
                    .post,
                    "\(Self.path)?onConflict=refresh",
                    json: body("new")
                )
                #expect(new.status == 201 && new.json["exists"] == nil)
                let wrong = try await platform.send(
                    .post,
                    "\(Self.path)?onConflict=merge",
                    json: body("shop")
                )
                #expect(wrong.status == 400)
            }
        }

        @Test func `a location is moved though a look at it ends in between`() async throws {
            try await Platform.run { platform in
                let made = try await platform.send(.post, Self.path, json: body("shop"))
                let id = try LocationID(parsing: made.json["location"]?["id"]?.string ?? "")
                try await platform.endJobs()
                let locations = platform.storage.locations
                let read = try #require(try await locations.find(id, as: .system))
                var status = LocationStatus()
                status.phase = .ready
                for _ in 1...2 {
                    try await locations.finish(status, of: id, seen: [], at: platform.clock.now)
                }
                let target = "https://github.com/acme/moved/blob/main/a.yaml"
                let moved = read.moved(
                    to: try LocationTarget(parsing: target),
                    at: platform.clock.now
                )
                let call = Call.system("move", requestID: "r-1", at: platform.clock.now)
                let job = moved.refresh(JobID(high: 9, low: 9))
                let outcome = try await locations.move(moved, job, for: call)
                #expect(outcome == .written)
                let found = try #require(try await locations.find(id, as: .system))
                #expect(found.target == moved.target)
                #expect(found.status.phase == .pending)
                // Whoever follows the location sees a revision that was not there before.
                #expect(found.revision == read.revision + 3)
            }
        }

        @Test func `a location is moved in its place`() async throws {
            try await Platform.run { platform in
                let made = try await platform.send(.post, Self.path, json: body("shop"))
                let id = try #require(made.json["location"]?["id"]?.string)
                _ = try await platform.send(.post, Self.path, json: body("other"))
                let taken = try await platform.send(.put, "\(Self.path)/\(id)", json: body("other"))
                #expect(taken.status == 409, "\(taken.text)")
                try await platform.endJobs()
                for _ in 1...2 {
                    let moved = try await platform.send(
                        .put,
                        "\(Self.path)/\(id)",
                        json: body("moved")
                    )
                    #expect(moved.status == 200, "\(moved.text)")
                    #expect(moved.json["id"]?.string == id)
                    #expect(moved.json["entityRef"] == made.json["location"]?["entityRef"])
                    #expect(moved.json["target"]?.string?.contains("/moved/") == true)
                    let read = try await platform.send(.get, "\(Self.path)/\(id)")
                    #expect(read.json == moved.json)
                    // Doing it twice orders one look.
                    let jobs = try platform.database.run("SELECT count(*) FROM job")
                    #expect(jobs[0][0] == "1")
                }
                for (body, status) in [
                    (#"{"target":"x"}"#, 400), (#"{"type":"file","target":"x"}"#, 400),
                    (#"{"type":"url","target":"https://10.0.0.1/a.git"}"#, 400),
                ] {
                    let wrong = try await platform.send(.put, "\(Self.path)/\(id)", json: body)
                    #expect(wrong.status == status, "\(body) \(wrong.text)")
                }
                // The platform's are seen by tenants, and not theirs to move.
                let foreign = try await platform.send(
                    .put,
                    "\(Self.path)/\(id)",
                    as: Self.acme,
                    json: body("mine")
                )
                #expect(foreign.status == 409, "\(foreign.text)")
                let none = try await platform.send(
                    .put,
                    "\(Self.path)/01a1fbce-0555-721f-bedc-a91ccde48898",
                    json: body("mine")
                )
                #expect(none.status == 404)
            }
        }
    }
}
