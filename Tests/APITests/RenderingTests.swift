import CEmbedded
import Contract
import Domain
import Git
import GitOps
import HTTP
import JSON
import Storage
import TestSupport
import Testing

@testable import API

extension PlatformTests {
    /// Rendering the example blueprint out of a real repository.
    @Suite struct RenderingTests {
        private static let path = "/v1/blueprints/platform/versions/1.0.0/render"

        private var files: [(path: String, bytes: [UInt8])] {
            var count = 0
            let table = UnsafeBufferPointer(start: embedded_files(&count), count: count)
            return table.compactMap { file in
                let path = String(cString: file.path)
                guard path.hasPrefix(ExampleBlueprint.prefix) else { return nil }
                let bytes = UnsafeBufferPointer(start: file.bytes, count: file.count)
                return (String(path.dropFirst(ExampleBlueprint.prefix.count)), Array(bytes))
            }
        }

        /// Puts the repository where the refresh would, and the commit where it is looked for.
        private func plant(_ platform: Platform) throws -> String {
            let mirror = platform.layout.mirror(of: try BlueprintName(parsing: "platform"))
            try ExampleBlueprint.build(files: files, into: mirror)
            let tags = try Repository(opening: mirror).tags()
            let commit = try #require(tags.first { $0.name == "v1.0.0" }).commit
            try platform.database.run(
                """
                UPDATE blueprint_version
                   SET commit = '\(commit)', id = gen_random_uuid(),
                       parameters = '{"type":"object"}'
                 WHERE version = '1.0.0'
                """
            )
            return mirror
        }

        @Test func `the files are filled in, shown with their diff, and nothing is written`()
            async throws
        {
            try await Platform.run { platform in
                let mirror = try plant(platform)
                let shell = Shell()
                let state = "git -C '\(mirror)' for-each-ref && find '\(mirror)' -type f | sort"
                let before = shell.output(of: state)
                let reply = try await platform.send(
                    .post,
                    Self.path,
                    json: #"{"tenant":"initech","parameters":{"domain":"apps.initech.example"}}"#
                )
                #expect(reply.status == 200, "\(reply.text.prefix(500))")
                #expect(reply.json["parameters"]?["ingressReplicas"]?.int == 2)
                let files = reply.json["files"]?.array ?? []
                let contents = files.compactMap { $0["content"]?.string }
                #expect(files.count > 10)
                #expect(contents.contains { $0.contains("apps.initech.example") })
                #expect(!contents.contains { $0.contains("${DOMAIN}") })
                let paths = files.compactMap { $0["path"]?.string }
                #expect(paths.contains { $0.hasPrefix("clusters/initech/") })
                #expect(reply.json["diff"]?.string?.contains("+++ b/README.md") == true)
                #expect(shell.output(of: state) == before)
            }
        }

        @Test func `what is rendered is what the fork holds, byte for byte`() async throws {
            try await Platform.run { platform in
                let mirror = try plant(platform)
                let provider = GitOps(
                    git: platform.services.git.service,
                    records: ReadRecords(storage: platform.storage),
                    layout: platform.layout,
                    clock: platform.services.clock
                )
                let made = provider.workflows.filter { $0.kind == .tenantProvision }
                try await platform.working(made) {
                    let reply = try await platform.send(
                        .post,
                        "/v1/tenants",
                        json: #"{"name":"initech","spec":{"blueprint":"platform"}}"#,
                        [(.prefer, "wait=60")]
                    )
                    let job = try await platform.send(.get, reply.headers[.location] ?? "/")
                    #expect(
                        reply.json["status"]?["phase"]?.string == "ready",
                        "\(reply.text) \(job.text)"
                    )
                }
                let reply = try await platform.send(
                    .post,
                    Self.path,
                    json: #"{"tenant":"initech"}"#
                )
                let fork = platform.layout.platform(of: try TenantName(parsing: "initech"))
                #expect(
                    try tree(shown: reply.json, mirror) == tree(of: "main", in: fork),
                    "\(reply.text.prefix(300))"
                )
            }
        }

        /// The files of a commit by path, each with its mode.
        private func tree(of commit: String, in folder: String) throws -> [String: [UInt8]] {
            let repository = try Repository(opening: folder)
            let id = try #require(
                try ObjectID(commit) ?? repository.commit(named: "refs/heads/\(commit)")
            )
            var files: [String: [UInt8]] = [:]
            for file in try repository.snapshot(of: id, reading: { _ in true }) {
                let bytes: [UInt8] = try #require(file.content)
                files["\(file.mode) \(file.path)"] = bytes
            }
            return files
        }

        /// The files of a rendering; what is the blueprint's own is looked up there.
        private func tree(shown: JSON, _ mirror: String) throws -> [String: [UInt8]] {
            let own = try tree(of: try #require(shown["commit"]?.string), in: mirror)
            let modes = [
                "100644": FileMode.regular, "100755": .executable, "120000": .symbolicLink,
            ]
            var files: [String: [UInt8]] = [:]
            for file in try #require(shown["files"]?.array) {
                let mode = try #require(modes[file["mode"]?.string ?? ""])
                let source = "\(mode) \(file["source"]?.string ?? "")"
                let shown = file["content"]?.string.map { Array($0.utf8) } ?? own[source]
                let bytes: [UInt8] = try #require(shown)
                files["\(mode) \(file["path"]?.string ?? "")"] = bytes
            }
            return files
        }

        @Test func `one caller renders two at a time`() throws {
            let shares = Shares(most: 3, share: 2)
            let (one, other): (TokenID, TokenID) = (Platform.id(), Platform.id())
            var held = [try shares.enter(for: one), try shares.enter(for: one)]
            #expect(throws: Problem.self) { try shares.enter(for: one) }
            held.append(try shares.enter(for: other))
            #expect(shares.place(for: other) == nil)
            held.removeAll()
            #expect(shares.place(for: one) != nil)
        }

        @Test func `every parameter that does not fit is named`() async throws {
            try await Platform.run { platform in
                _ = try plant(platform)
                let reply = try await platform.send(
                    .post,
                    Self.path,
                    json: #"{"parameters":{"domain":5,"ingressReplicas":99,"colour":"red"}}"#
                )
                #expect(reply.status == 422)
                #expect(
                    Set(reply.pointers) == [
                        "/parameters/domain", "/parameters/ingressReplicas", "/parameters/colour",
                    ],
                    "\(reply.text)"
                )
            }
        }

        @Test func `a version whose repository is gone is not found`() async throws {
            try await Platform.run { platform in
                let reply = try await platform.send(.post, Self.path, json: "{}")
                #expect(reply.status == 404, "\(reply.text)")
            }
        }
    }
}

/// What the provider reads, out of the platform's storage; it keeps nothing.
private struct ReadRecords: GitOpsRecords {
    let storage: Storage

    func tenant(_ id: TenantID) async throws(ProviderFault) -> Tenant? {
        try await reading { try await storage.tenants.find(id, as: .system)?.tenant() }
    }

    func blueprint(_ id: BlueprintID) async throws(ProviderFault) -> Blueprint? {
        try await reading { try await storage.blueprints.find(id, as: .system)?.blueprint() }
    }

    func version(
        _ version: String?,
        of blueprint: BlueprintName
    ) async throws(ProviderFault) -> BlueprintVersion? {
        try await reading {
            guard let version else {
                return try await storage.versions.findDefault(of: blueprint, as: .system)
            }
            return try await storage.versions.find(version, of: blueprint, as: .system)
        }
    }

    func credential(of blueprint: Blueprint) -> FetchRequest.Credential { .none }
    func readers() async throws(ProviderFault) -> [ManagementReader] { [] }
    func note(_ thing: MadeThing, of tenant: TenantID) {}
    func forget(_ thing: MadeThing, of tenant: TenantID) {}
    func environments(of tenant: TenantID) async throws(ProviderFault) -> [EnvironmentName] { [] }
    func services(of tenant: TenantID) async throws(ProviderFault) -> [ServiceInstanceName] { [] }
    func things(of tenant: TenantID) -> [MadeThing] { [] }
    func removeEntities(of tenant: TenantID) -> Int { 0 }

    private func reading<Value>(
        _ body: () async throws -> Value
    ) async throws(ProviderFault) -> Value {
        do { return try await body() } catch { throw .refused(reason: "\(error)") }
    }
}
