import Catalog
import Contract
import Domain
import Git
import HTTP
import Ingest
import JSON
import Outbound
import Storage
import TestSupport
import Testing

@testable import API
@testable import slipway

/// Repositories of a test under `https://git.test/`; every other host is looked up first, and
/// leads inside.
private struct PlayedRepositories: LocationRepositories {
    let git: GitService
    let shell: Shell

    func bring(
        _ target: LocationTarget,
        for tenant: TenantReference?,
        isTrusted: Bool,
        isAsked: Bool,
        within duration: Duration
    ) async throws(ProviderFault) -> String {
        let pins = PinnedHosts { host throws(ProviderFault) in
            let text = host == "git.test" ? "192.0.2.1" : "10.0.0.7"
            return [NetworkAddress(parsing: text)].compactMap(\.self)
        }
        _ = try await pins.addresses(of: target.repository, within: .internet)
        let name = target.page.split(separator: "/").last.map(String.init) ?? ""
        let fetch = FetchRequest(
            source: "\(shell.path)/\(name)",
            destination: "\(shell.path)/copies/\(name).git"
        )
        let request = CopyRequest(fetch, of: target.revisions, bytesMax: 64 << 20)
        do throws(GitFault) { try await git.copy(request) } catch {
            throw .refused(reason: error.sentence)
        }
        return fetch.destination
    }
}

extension PlatformTests {
    /// What strangers put into files, from the call that registers a location to the calls that
    /// read what came of it, with the work in between done by workers.
    @Suite struct HostileLocationTests {
        private static let base = "/v1/catalog/locations"

        private static func component(_ name: String, _ more: String = "") -> String {
            """
            apiVersion: backstage.io/v1alpha1
            kind: Component
            metadata: {name: \(name)\(more)}
            spec: {type: service, lifecycle: production, owner: team-a}
            """
        }

        private static func location(_ target: String) -> String {
            """
            apiVersion: backstage.io/v1alpha1
            kind: Location
            metadata: {name: all}
            spec: {targets: ["\(target)"]}
            """
        }

        private static let bomb = (0..<12).map { level in
            let body = level == 0 ? "x" : "*a\(level - 1)"
            let list = Array(repeating: body, count: 9).joined(separator: ",")
            return "a\(level): &a\(level) [\(list)]"
        }.joined(separator: "\n")

        /// Registers what is in these files, has it read, and tells what came of it.
        private func read(
            _ files: [String: String],
            as holder: Platform.Holder,
            _ more: String = "true",
            _ body: (Platform, JSON) async throws -> Void
        ) async throws {
            try await Platform.run { platform in
                let shell = Shell()
                try #require(shell.run("git init -q -b main one"))
                for (path, text) in files {
                    let folder = path.split(separator: "/").dropLast().joined(separator: "/")
                    try #require(
                        shell.run(
                            "mkdir -p 'one/\(folder)' && cat >'one/\(path)' <<'END'\n"
                                + "\(text)\nEND\ntrue"
                        )
                    )
                }
                try #require(
                    shell.run("\(more) && git -C one add -A && git -C one commit -qm x")
                )
                let records = StoredIngest(
                    store: platform.storage.locations,
                    scorecards: platform.storage.scorecards
                )
                let git = GitService(
                    pool: platform.services.pool,
                    group: platform.group,
                    home: "\(shell.path)/home"
                )
                let ingest = Ingest(
                    git: git,
                    records: records,
                    repositories: PlayedRepositories(git: git, shell: shell),
                    scorecards: [],
                    judgements: records,
                    clock: { platform.clock.now }
                )
                try await platform.write("theirs", of: "globex")
                try await platform.working([ingest.workflow]) {
                    let made = try await platform.send(
                        .post,
                        Self.base,
                        as: holder,
                        json: """
                            {"spec":{"target":"https://git.test/one.git//**/catalog-info.yaml"}}
                            """,
                        [(.prefer, "wait=60")]
                    )
                    #expect((200..<300).contains(made.status), "\(made.text)")
                    let id = made.json["id"]?.string ?? ""
                    let told = try await platform.send(.get, "\(Self.base)/\(id)", as: holder)
                    try await body(platform, told.json)
                }
            }
        }

        private func codes(_ location: JSON) -> [String] {
            (location["status"]?["errors"]?.array ?? []).compactMap { $0["code"]?.string }
        }

        private func names(_ platform: Platform) async throws -> [String] {
            let reply = try await platform.send(.get, "/api/catalog/entities?filter=kind=component")
            return (reply.json.array ?? []).map {
                let metadata = $0["metadata"]
                return "\(metadata?["namespace"]?.string ?? "")/\(metadata?["name"]?.string ?? "")"
            }.sorted()
        }

        @Test(arguments: [
            (Self.bomb, "too-large"), ("a: &a [*a]", "invalid-yaml"),
            (component("t", ", description: {$text: /etc/passwd}"), "placeholder"),
            (component("j", ", title: {$json: 'http://169.254.169.254/'}"), "placeholder"),
            (
                Array(repeating: "---\na: 1", count: 1_100).joined(separator: "\n"),
                "too-many-documents"
            ),
            ([component("Same"), component("same")].joined(separator: "\n---\n"), "twice"),
            (location("https://inside.test/a.git"), "unreadable"),
            (location("https://169.254.169.254/latest.git"), "unreadable"),
            (location("http://localhost:8080/a.git"), "unreadable"),
            (location("file:///etc/passwd"), "invalid-target"),
            (location("../../../../etc/passwd.yaml"), "invalid-target"),
        ])
        func `a file that means harm is refused with a reason, and the others stand`(
            text: String,
            code: String
        ) async throws {
            let files = [
                "good/catalog-info.yaml": Self.component("good"), "bad/catalog-info.yaml": text,
            ]
            try await read(files, as: .admin) { platform, location in
                #expect(codes(location).contains(code), "\(location)")
                #expect(location["status"]?["phase"]?.string == "degraded")
                let details = (location["status"]?["errors"]?.array ?? []).map {
                    $0["detail"]?.string ?? ""
                }
                #expect(details.allSatisfy { !$0.isEmpty && !$0.contains("root:") })
                let names = try await names(platform)
                #expect(names.contains("default/good"))
                #expect(names.contains("globex/theirs"))
                #expect(names.count <= 3)
            }
        }

        /// Commands that add 1,200 files of one content, with 2 MiB of paths.
        private func paths(ending end: String) -> String {
            let folders = Array(repeating: String(repeating: "x", count: 230), count: 8)
            let names = "\"\(folders.joined(separator: "/"))/\" $1 \"/\(end)\""
            return """
                blob=$(echo a: 1 | git -C one hash-object -w --stdin) \
                && seq 1200 | awk -v blob="$blob" '{ print "100644 " blob "\\t" \(names) }' \
                | git -C one update-index --add --index-info \
                && git -C one checkout -q -- .
                """
        }

        @Test func `paths have a limit in bytes, where they are listed and where they are judged`()
            async throws
        {
            let files = ["good/catalog-info.yaml": Self.component("good")]
            let many = paths(ending: "catalog-info.yaml")
            try await read(files, as: .admin, many) { platform, location in
                #expect(codes(location) == ["unreadable"], "\(location)")
                let detail = location["status"]?["errors"]?[0]?["detail"]?.string ?? ""
                #expect(detail.contains("the paths of the files that are meant have more than"))
                #expect(location["status"]?["phase"]?.string == "failed")
            }
            // Entities are read where those alone fit that name entities; scorecards ask for all.
            let others = paths(ending: "other.txt")
            let acme = Platform.Holder(role: .developer, tenant: "acme")
            try await read(files, as: acme, others) { platform, location in
                let id = location["id"]?.string ?? ""
                try platform.database.run("UPDATE catalog_location SET is_discovered = true")
                for _ in 1...2 {
                    let reply = try await platform.send(
                        .post,
                        "\(Self.base)/\(id):refresh",
                        as: acme,
                        [(.prefer, "wait=60")]
                    )
                    #expect((200..<300).contains(reply.status), "\(reply.text)")
                    let told = try await platform.send(.get, "\(Self.base)/\(id)", as: acme)
                    #expect(codes(told.json) == ["not-judged"], "\(told.text)")
                    #expect(told.json["status"]?["phase"]?.string == "degraded")
                    #expect(told.json["status"]?["entities"]?.int == 1)
                }
                // Nothing waits for a person, and keeps the next look back.
                let jobs = try platform.database.run(
                    "SELECT count(*) FROM job WHERE lane LIKE 'location/%'"
                )
                #expect(jobs[0][0] == "0")
            }
        }

        @Test func `50 MB and links out of the repository are not read`() async throws {
            let big = """
                mkdir one/big \
                && head -c 50000000 /dev/zero | tr '\\0' a >one/big/catalog-info.yaml \
                && mkdir one/link && ln -s /etc/passwd one/link/catalog-info.yaml
                """
            let files = ["good/catalog-info.yaml": Self.component("good")]
            try await read(files, as: .admin, big) { platform, location in
                #expect(codes(location) == ["too-large"])
                #expect(location["status"]?["files"]?.int == 2)
                let names = try await names(platform)
                #expect(names == ["default/good", "globex/theirs"])
            }
        }

        @Test func `a tenant's files take nothing of another tenant's name`() async throws {
            let files = [
                "a/catalog-info.yaml": Self.component("mine"),
                "b/catalog-info.yaml": Self.component("theirs", ", namespace: globex"),
                "c/catalog-info.yaml": Self.component("other", ", namespace: default"),
            ]
            let holder = Platform.Holder(role: .developer, tenant: "acme")
            try await read(files, as: holder) { platform, location in
                #expect(codes(location) == ["foreign-namespace", "foreign-namespace"])
                let names = try await names(platform)
                #expect(names == ["acme/mine", "globex/theirs"])
                let kept = try await platform.send(
                    .get,
                    "/v1/catalog/entities/component/globex/theirs"
                )
                let holdings = kept.json["metadata"]?["annotations"]
                let file = holdings?["backstage.io/managed-by-location"]?.string
                #expect(file?.hasPrefix("slipway:") == true)
            }
        }

        @Test func `relations that go in circles end`() async throws {
            let circle = (0..<20).map { number in
                Self.component("c\(number)").replacing(
                    "owner: team-a}",
                    with: "owner: team-a, dependsOn: ['component:c\((number + 1) % 20)', "
                        + "'component:c\(number)'], subcomponentOf: c\((number + 7) % 20)}"
                )
            }
            let files = ["catalog-info.yaml": circle.joined(separator: "\n---\n")]
            try await read(files, as: .admin) { platform, location in
                #expect(codes(location) == [])
                for direction in ["in", "out"] {
                    let reply = try await platform.send(
                        .get,
                        "/v1/catalog/entities/component/default/c0/relations"
                            + "?direction=\(direction)&depth=5"
                    )
                    #expect(reply.status == 200)
                    let count = reply.json["items"]?.array?.count ?? 0
                    #expect((1...1_000).contains(count))
                }
                let ancestry = try await platform.send(
                    .get,
                    "/api/catalog/entities/by-name/component/default/c0/ancestry"
                )
                #expect(ancestry.status == 200)
            }
        }

        @Test func `names that differ in case only are one, from wherever they come`()
            async throws
        {
            let files = ["catalog-info.yaml": Self.component("THEIRS", ", namespace: globex")]
            try await read(files, as: .admin) { platform, location in
                #expect(location["status"]?["conflicts"]?.array?.count == 1, "\(location)")
                let names = try await names(platform)
                #expect(names == ["globex/theirs"])
            }
        }
    }
}
