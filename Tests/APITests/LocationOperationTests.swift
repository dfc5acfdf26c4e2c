import Catalog
import Domain
import HTTP
import JSON
import Storage
import TestSupport
import Testing

@testable import API

extension PlatformTests {
    /// Where entities of the catalog come from.
    @Suite struct LocationOperationTests {
        private static let base = "/v1/catalog/locations"
        private static let portal = "/api/catalog/locations"
        private static let acme = Platform.Holder(role: .developer, tenant: "acme")
        private static let globex = Platform.Holder(role: .developer, tenant: "globex")
        private static let target = "https://github.com/acme/shop/blob/main/catalog-info.yaml"

        private func register(
            _ platform: Platform,
            _ target: String = Self.target,
            as holder: Platform.Holder = .admin
        ) async throws -> CatalogLocation {
            let made = try await platform.send(
                .post,
                Self.base,
                as: holder,
                json: #"{"spec":{"target":"\#(target)"}}"#
            )
            #expect(made.status == 202, "\(made.text)")
            let id = try LocationID(parsing: made.json["id"]?.string ?? "")
            return try #require(try await platform.storage.locations.find(id, as: .system))
        }

        /// A file that holds components of these names.
        private func file(
            _ target: String,
            _ names: [String],
            _ namespace: String = "default"
        )
            throws -> NewFile
        {
            let entries = try names.map { name in
                let document: JSON = [
                    "apiVersion": "backstage.io/v1alpha1", "kind": "Component",
                    "metadata": ["name": .string(name)],
                    "spec": ["type": "service", "lifecycle": "production", "owner": "team-a"],
                ]
                return (try Entity(parsing: document, namespace: namespace), 3)
            }
            return NewFile(
                target: try LocationTarget(parsing: target),
                blob: "b\(names)",
                links: [],
                problems: [],
                entries: entries
            )
        }

        private func look(
            _ platform: Platform,
            _ location: CatalogLocation,
            _ files: [NewFile],
            gone: Bool = true
        ) async throws {
            let locations = platform.storage.locations
            let at = platform.clock.now
            let kept = try await locations.keep(files, of: location, at: at)
            #expect(kept == .kept)
            #expect(try await locations.keep(files, of: location, at: at) == .kept)
            var status = LocationStatus()
            status.phase = .ready
            try await locations.finish(
                status,
                of: location.id,
                seen: gone ? files.map(\.target.description) : nil,
                at: at
            )
        }

        @Test func `a location is registered once, read by a job, shown and removed`() async throws
        {
            try await Platform.run { platform in
                let plan = try await platform.send(
                    .post,
                    "\(Self.base)?dryRun=true",
                    json: #"{"spec":{"target":"\#(Self.target)"}}"#
                )
                #expect(plan.json["job"]?["kind"]?.string == "location.refresh")
                let location = try await register(platform)
                let again = try await platform.send(
                    .post,
                    Self.base,
                    json: #"{"spec":{"target":"\#(Self.target)"}}"#
                )
                #expect(again.status == 409)
                try await look(platform, location, [file(Self.target, ["shop"])])
                let shown = try await platform.send(.get, "\(Self.base)/\(location.id)")
                #expect(shown.json["status"]?["entities"]?.int == 1)
                #expect(shown.json["status"]?["phase"]?.string == "ready")
                let list = try await platform.send(.get, Self.base, as: Self.acme)
                #expect(list.json["items"]?.array?.count == 1)
                let entity = try await platform.send(
                    .get,
                    "/api/catalog/entities?filter="
                        + "metadata.annotations.backstage.io/managed-by-origin-location="
                        + "url:\(Self.target)"
                )
                #expect(entity.json.array?.count == 1)
                let metadata = entity.json.array?.first?["metadata"]
                #expect(
                    metadata?["annotations"]?["backstage.io/managed-by-location"]?.string
                        == "url:\(Self.target)"
                )
                let held = try await platform.write("shop", of: "default")
                #expect(held.status == 409)
                let stranger = try await platform.send(
                    .delete,
                    "\(Self.base)/\(location.id)",
                    as: Self.acme
                )
                #expect(stranger.status == 409)
                let removed = try await platform.send(.delete, "\(Self.base)/\(location.id)")
                #expect(removed.status == 204)
                let left = try await platform.send(
                    .get,
                    "/v1/catalog/entities/component/default/shop"
                )
                #expect(left.status == 404)
            }
        }

        @Test func `the first location keeps an entity, and both see the conflict`() async throws {
            try await Platform.run { platform in
                let other = "https://github.com/acme/other/blob/main/catalog-info.yaml"
                let first = try await register(platform)
                let second = try await register(platform, other)
                try await look(platform, first, [file(Self.target, ["shop"])])
                try await look(platform, second, [file(other, ["shop", "more"])])
                for location in [first, second] {
                    let shown = try await platform.send(.get, "\(Self.base)/\(location.id)")
                    let conflict = shown.json["status"]?["conflicts"]?.array?.first
                    #expect(conflict?["entityRef"]?.string == "component:default/shop")
                    #expect(conflict?["heldBy"]?.string == "url:\(Self.target)")
                    #expect(conflict?["file"]?.string == other)
                }
                // What the first one lets go of belongs to the second at its next look.
                _ = try await platform.send(.delete, "\(Self.base)/\(first.id)")
                let files = try await platform.storage.locations.files(of: second.id)
                #expect(files.map(\.isDue) == [true])
                try await look(platform, second, [file(other, ["shop", "more"])])
                let shown = try await platform.send(.get, "\(Self.base)/\(second.id)")
                #expect(shown.json["status"]?["conflicts"]?.array?.isEmpty == true)
                #expect(shown.json["status"]?["entities"]?.int == 2)
            }
        }

        @Test func `what no file says any more is marked, then removed, unless it comes back`()
            async throws
        {
            try await Platform.run { platform in
                let location = try await register(platform)
                try await look(platform, location, [file(Self.target, ["shop", "api"])])
                try await look(platform, location, [file(Self.target, ["api"])])
                let path = "/v1/catalog/entities/component/default/shop"
                let orphan = try await platform.send(.get, path)
                let annotations = orphan.json["metadata"]?["annotations"]
                #expect(annotations?["backstage.io/orphan"]?.string == "true")
                let found = try await platform.send(
                    .get,
                    "/api/catalog/entities?filter=metadata.annotations.backstage.io/orphan=true"
                )
                #expect(found.json.array?.count == 1)
                #expect(try await platform.storage.locations.removeOrphans(batch: 10) == 0)
                try await look(platform, location, [file(Self.target, ["shop", "api"])])
                let back = try await platform.send(.get, path)
                #expect(back.json["metadata"]?["annotations"]?["backstage.io/orphan"] == nil)
                // A look that could not see everything takes nothing for gone.
                try await look(platform, location, [file(Self.target, ["api"])], gone: false)
                let kept = try await platform.send(.get, path)
                #expect(kept.json["metadata"]?["annotations"]?["backstage.io/orphan"] == nil)
                try await look(platform, location, [file(Self.target, ["api"])])
                let uid = back.json["metadata"]?["uid"]?.string ?? ""
                let gone = try await platform.send(.delete, "/api/catalog/entities/by-uid/\(uid)")
                #expect(gone.status == 204)
            }
        }

        @Test func `a broken file never removes good entities`() async throws {
            try await Platform.run { platform in
                let location = try await register(platform)
                try await look(platform, location, [file(Self.target, ["shop", "api"])])
                var broken = try file(Self.target, ["api"])
                broken.blob = "other"
                broken.problems = [
                    CatalogFile.Problem(
                        path: "catalog-info.yaml",
                        "invalid-yaml",
                        "Close the bracket.",
                        line: 7,
                        column: 3
                    )
                ]
                try await look(platform, location, [broken])
                let shown = try await platform.send(.get, "\(Self.base)/\(location.id)")
                #expect(shown.json["status"]?["phase"]?.string == "degraded")
                #expect(shown.json["status"]?["orphans"]?.int == 0)
                #expect(shown.json["status"]?["entities"]?.int == 2)
                let error = shown.json["status"]?["errors"]?.array?.first
                #expect(error?["line"]?.int == 7)
                #expect(error?["column"]?.int == 3)
                #expect(error?["file"]?.string == Self.target)
            }
        }

        @Test func `a tenant's location is the tenant's, and others do not see it`() async throws {
            try await Platform.run { platform in
                let own = try await register(platform, as: Self.acme)
                #expect(own.tenant?.name == "acme")
                let same = try await register(platform, as: Self.globex)
                #expect(same.id != own.id)
                for path in [Self.base, Self.portal] {
                    let hidden = try await platform.send(.get, "\(path)/\(own.id)", as: Self.globex)
                    #expect(hidden.status == 404)
                    let gone = try await platform.send(
                        .delete,
                        "\(path)/\(own.id)",
                        as: Self.globex
                    )
                    #expect(gone.status == 404)
                }
                try await look(platform, own, [file(Self.target, ["shop"], "acme")])
                let entity = try await platform.send(
                    .get,
                    "/v1/catalog/entities/component/acme/shop",
                    as: Self.globex
                )
                #expect(entity.status == 404)
            }
        }

        @Test(arguments: [
            #"{"spec":{"target":"https://10.1.2.3/a/b/blob/main/c.yaml"}}"#,
            #"{"spec":{"target":"file:///etc/passwd"}}"#,
            #"{"spec":{"target":"https://x/a/b/blob/main/../c.yaml"}}"#,
            #"{"spec":{"target":"https://x/a/b","type":"file"}}"#,
            #"{"spec":{"target":"https://x/a/b","tenant":"nobody"}}"#, #"{"spec":{}}"#,
        ])
        func `what cannot be read is refused with a reason`(body: String) async throws {
            try await Platform.run { platform in
                let reply = try await platform.send(.post, Self.base, json: body)
                #expect(reply.status == 422, "\(reply.text)")
                #expect(reply.json["errors"]?.array?.isEmpty == false)
            }
        }

        @Test func `a portal registers, previews, looks up and refreshes`() async throws {
            try await Platform.run { platform in
                let body = #"{"type":"url","target":"\#(Self.target)"}"#
                let preview = try await platform.send(
                    .post,
                    "\(Self.portal)?dryRun=true",
                    as: Self.acme,
                    json: body
                )
                #expect(preview.status == 201, "\(preview.text)")
                #expect(preview.json["exists"]?.bool == false)
                let found = preview.json["entities"]?.array?.first?["metadata"]
                #expect(found?["namespace"]?.string == "acme")
                let made = try await platform.send(.post, Self.portal, as: Self.acme, json: body)
                #expect(made.status == 201)
                let id = made.json["location"]?["id"]?.string ?? ""
                let twice = try await platform.send(.post, Self.portal, as: Self.acme, json: body)
                #expect(twice.status == 409)
                #expect(twice.json["error"]?["name"]?.string == "ConflictError")
                let one = try await platform.send(.get, "\(Self.portal)/\(id)", as: Self.acme)
                #expect(one.json["target"]?.string == Self.target)
                let all = try await platform.send(.get, Self.portal, as: Self.acme)
                #expect(all.json.array?.first?["data"] == one.json)
                let location = try #require(
                    try await platform.storage.locations.find(
                        try LocationID(parsing: id),
                        as: .system
                    )
                )
                try await look(platform, location, [file(Self.target, ["shop"], "acme")])
                let led = try await platform.send(
                    .get,
                    "\(Self.portal)/by-entity/component/acme/shop",
                    as: Self.acme
                )
                #expect(led.json == one.json)
                for expected in [200, 200] {
                    let refreshed = try await platform.send(
                        .post,
                        "/api/catalog/refresh",
                        as: Self.acme,
                        json: #"{"entityRef":"component:acme/shop"}"#
                    )
                    #expect(refreshed.status == expected)
                }
                let unknown = try await platform.send(
                    .post,
                    "/api/catalog/refresh",
                    json: #"{"entityRef":"component:acme/none"}"#
                )
                #expect(unknown.status == 404)
                let analysis = try await platform.send(
                    .post,
                    "/api/catalog/analyze-location",
                    as: Self.acme,
                    json: #"{"location":{"type":"url","target":"https://github.com/acme/shop"}}"#
                )
                #expect(analysis.status == 200, "\(analysis.text)")
                #expect(analysis.json["existingEntityFiles"]?.array?.count == 1)
                let gone = try await platform.send(.delete, "\(Self.portal)/\(id)", as: Self.acme)
                #expect(gone.status == 204)
            }
        }

        @Test func `a location that is due gets one job, and no second one beside it`() async throws
        {
            try await Platform.run { platform in
                let location = try await register(platform)
                let locations = platform.storage.locations
                try await locations.touch(location.id, as: .system)
                // Its first job has not run yet.
                #expect(try await locations.orderDue() == 0)
                try await platform.endJobs()
                #expect(try await locations.orderDue() == 1)
                #expect(try await locations.orderDue() == 0)
            }
        }

        @Test func `limits of the catalog are judged where they are reached, for each owner`()
            async throws
        {
            try await Platform.run { platform in
                let made = try await platform.write("a", of: "acme")
                #expect(made.status == 201)
                let counted = try platform.database.run(
                    """
                    SELECT u.entities, u.bytes = octet_length(e.document::text)
                      FROM catalog_usage u JOIN catalog_entity e USING (tenant_id)
                    """
                )
                #expect(counted.first == ["1", "t"])
                for full in ["entities = 200000", "entities = 5, bytes = 536870912"] {
                    try platform.database.run(
                        """
                        UPDATE catalog_usage SET \(full)
                         WHERE tenant_id = (SELECT id FROM tenant WHERE name = 'acme')
                        """
                    )
                    let refused = try await platform.write("b", of: "acme")
                    #expect(refused.code == "quota-exceeded", "\(refused.text)")
                    let planned = try await platform.write("b", of: "acme", query: "?dryRun=true")
                    #expect(planned.code == "quota-exceeded")
                    #expect(try await platform.write("b", of: "globex").status != 422)
                    // What takes less room than before is taken.
                    let smaller = try await platform.write("a", of: "acme", metadata: "")
                    #expect(smaller.status == 200)
                }
                let longer = try await platform.write(
                    "a",
                    of: "acme",
                    metadata: #","title":"Longer than before""#
                )
                #expect(longer.code == "quota-exceeded")
                let location = try await register(platform)
                let files = [try file(Self.target, ["c"], "acme")]
                let kept = try await platform.storage.locations.keep(
                    files,
                    of: location,
                    at: platform.clock.now
                )
                guard case .full(let sentence) = kept else {
                    Issue.record("\(kept)")
                    return
                }
                #expect(sentence.contains("512 MiB"))
                try platform.database.run("DELETE FROM catalog_entity WHERE namespace = 'globex'")
                let left = try platform.database.run("SELECT count(*) FROM catalog_usage")
                #expect(left.first == ["1"])
            }
        }

        @Test func `a location of the platform waits for none that is being read`() async throws {
            try await Platform.run { platform in
                let table = "UPDATE catalog_location SET due_at = due_at"
                try await platform.database.holding(table) {
                    _ = try await register(platform)
                    #expect(try platform.database.isHeld)
                }
            }
        }

        @Test func `an owner has so many locations and no more`() async throws {
            try await Platform.run { platform in
                for owner in ["NULL", "(SELECT id FROM tenant WHERE name = 'acme')"] {
                    try platform.database.run(
                        """
                        INSERT INTO catalog_location (
                            id, tenant_id, is_discovered, target, repository, phase, status,
                            due_at, revision, created_at, updated_at)
                        SELECT gen_random_uuid(), \(owner), false,
                               'https://a.example/b.git//' || n || '.yaml', 'a', 'ready', '{}',
                               now(), 1, now(), now()
                          FROM generate_series(1, 1000) n
                        """
                    )
                    let holder = owner == "NULL" ? Platform.Holder.admin : Self.acme
                    for query in ["", "?dryRun=true"] {
                        let reply = try await platform.send(
                            .post,
                            Self.base + query,
                            as: holder,
                            json: #"{"spec":{"target":"\#(Self.target)"}}"#
                        )
                        #expect(reply.code == "quota-exceeded", "\(reply.text)")
                    }
                }
                let other = try await platform.send(
                    .post,
                    Self.base,
                    as: Self.globex,
                    json: #"{"spec":{"target":"\#(Self.target)"}}"#
                )
                #expect(other.status == 202)
            }
        }
    }
}
