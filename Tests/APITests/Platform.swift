import Contract
import Domain
import EventLoop
import Git
import GitOps
import HTTP
import JSON
import Jobs
import Logging
import Postgres
import Secrets
import Storage
import Synchronization
import Telemetry
import TestSupport
import Testing
import TimeZones

@testable import API

/// Everything that needs a database, one after the other: each has a server's worth of sessions.
@Suite(.serialized) enum PlatformTests {}

/// The whole API in one process, without sockets and without workers: two tenants, one blueprint
/// with two versions, and a token for every role.
struct Platform: Sendable {
    /// The tenants' tokens: role and tenant, where there is one.
    struct Holder: Hashable, Sendable {
        let role: Role
        let tenant: String?

        /// Everybody who can hold a token here.
        static let all: [Holder] =
            [Holder(role: .platformAdmin, tenant: nil), Holder(role: .platformViewer, tenant: nil)]
            + ["acme", "globex"].flatMap { tenant in
                [Role.tenantAdmin, .developer, .viewer, .ci].map {
                    Holder(role: $0, tenant: tenant)
                }
            }

        static let admin = all[0]
    }

    let database: TestDatabase
    let storage: Storage
    let group: EventLoopGroup
    let clock: TestClock
    let services: APIServices
    let handler: APIHandler
    /// Where the repositories are.
    let layout: RepositoryLayout
    private let worker = Worker()
    private(set) var tokens: [Holder: String] = [:]

    /// Runs a test on a platform of its own.
    static func run(
        limits: APILimits = APILimits(),
        _ body: (Platform) async throws -> Void
    ) async throws {
        let test = try TestDatabase(migrations: embeddedMigrations)
        let group = try EventLoopGroup(count: 1)
        group.start()
        let database = Database(
            group: group,
            connection: test.connection,
            logger: Logger(label: "test")
        )
        try await database.start()
        var failure: (any Error)?
        do {
            try await body(try await Platform(test, Storage(database), group, limits))
        } catch {
            failure = error
        }
        await database.stop()
        group.stop()
        if let failure { throw failure }
    }

    private init(
        _ test: TestDatabase,
        _ storage: Storage,
        _ group: EventLoopGroup,
        _ limits: APILimits
    ) async throws {
        let folder = TemporaryDirectory()
        let layout = RepositoryLayout(root: folder.path, baseURL: "https://slipway.example/git")
        let clock = TestClock()
        let pool = BlockingPool(threads: 1, queueLimit: 100, name: "test")
        self.clock = clock
        self.database = test
        self.storage = storage
        self.group = group
        self.layout = layout
        let worker = worker
        services = APIServices(
            storage: storage,
            git: APIGit(
                backend: try GitBackend(home: folder.path),
                service: GitService(pool: pool, group: group, home: folder.path),
                folder: { owner, name in
                    // The folder goes away with the last who may look into it.
                    withExtendedLifetime(folder) { layout.folder(of: owner, named: name) }
                },
                platformURL: { layout.platformURL(of: $0) },
                publicURL: "https://slipway.example"
            ),
            clusters: .played,
            environments: .played,
            ordering: .played,
            federation: .played,
            forges: APIForges(
                refusalOfAddress: { $0.hasPrefix("https://") ? nil : "Only https is taken." }
            ),
            catalog: .played,
            pool: pool,
            clock: { clock.now },
            key: HMACSHA256(key: Array(1...32)),
            metrics: MetricsRegistry(),
            log: nil,
            limits: limits,
            probes: [ReadinessProbe("database") { nil }],
            library: Library(
                description: Description.bytes,
                page: Array("<!doctype html>".utf8),
                version: "1.2.3"
            ),
            sealer: Sealer(key: Array(1...32)),
            refusalOfReceiver: { $0.hasPrefix("https://") ? nil : "Only https is taken." },
            jobStored: { worker.wake() },
            steps: { _ in ["first"] },
            jobSignal: ChangeSignal(),
            eventSignal: ChangeSignal()
        )
        handler = try APIHandler(services)
        try await makeTokens([.admin])
        try await plantBlueprint()
        for tenant in ["acme", "globex"] { try await makeTenant(tenant) }
        try await plantPlaces()
        try await makeTokens(Holder.all.filter { $0.tenant != nil || $0.role == .platformViewer })
    }

    mutating func makeTokens(_ holders: [Holder]) async throws {
        for holder in holders {
            let secret = Token.generate(.service)
            var tenant: TenantReference?
            if let name = holder.tenant {
                let found = try await storage.tenants.find(
                    try TenantName(parsing: name),
                    as: .system
                )
                tenant = found.map { TenantReference(id: $0.id, name: $0.name) }
            }
            let token = AccessToken(
                id: Self.id(),
                name: "\(holder.role.rawValue)-\(holder.tenant ?? "platform")",
                prefix: secret.hint,
                role: holder.role,
                tenant: tenant,
                createdAt: clock.now,
                createdBy: "test",
                expiresAt: nil
            )
            _ = try await storage.tokens.create(
                token,
                hash: secret.hash,
                event: Self.id(),
                for: system
            )
            tokens[holder] = secret.revealedText()
        }
    }

    private func plantBlueprint() async throws {
        let reply = try await send(
            .post,
            "/v1/blueprints",
            json: #"{"name":"platform","spec":{"source":{"url":"/srv/platform.git"}}}"#
        )
        #expect(reply.status == 202)
        // What a refresh would find; jobs do not run here.
        try database.run(
            """
            INSERT INTO blueprint_version (
                id, blueprint_id, version, sort_key, tag, commit, state, parameters, summary,
                created_at, updated_at)
            SELECT gen_random_uuid(), id, v, v, 'v' || v, repeat('a', 40), s, p, 'A version',
                   now(), now()
              FROM blueprint, (VALUES
                ('1.0.0', 'default', '{"type":"object","properties":{"replicas":\
            {"type":"integer","minimum":1,"default":2}},"additionalProperties":false}'::json),
                ('1.1.0', 'defective', '{"type":"object"}'::json)) AS version (v, s, p)
            """
        )
    }

    private func makeTenant(_ name: String) async throws {
        let reply = try await send(
            .post,
            "/v1/tenants",
            json: #"{"name":"\#(name)","spec":{"blueprint":"platform"}}"#
        )
        #expect(reply.status == 202, "\(reply.text)")
    }

    /// A class that is made from the template of the description's example.
    static var classBody: String {
        let example = Description.operation("createClusterClass")?.examples.first?.value
        var spec = example?["spec"]?.object ?? JSONObject()
        spec["allowance"] = ["clusters": 3, "nodes": 20]
        return JSON.object(["name": "dev", "spec": .object(spec)]).text
    }

    /// A management cluster and a class.
    private func plantPlaces() async throws {
        let management = try await send(
            .post,
            "/v1/management-clusters",
            json: #"{"name":"main","spec":{"connection":"sandbox","default":true}}"#
        )
        #expect(management.status == 202, "\(management.text)")
        let made = try await send(.post, "/v1/cluster-classes", json: Self.classBody)
        #expect(made.status == 201, "\(made.text)")
    }

    /// A virtual cluster for each tenant.
    func plantClusters(of version: String? = nil) async throws {
        let more = version.map { #","kubernetesVersion":"\#($0)""# } ?? ""
        for tenant in ["acme", "globex"] {
            let reply = try await send(
                .post,
                "/v1/tenants/\(tenant)/clusters",
                json: #"{"name":"main","spec":{"kind":"vcluster"\#(more)}}"#
            )
            #expect(reply.status == 202, "\(reply.text)")
        }
    }

    /// A review environment for each tenant, from a template of the blueprint.
    ///
    /// - Returns: the id of acme's first roll-out.
    @discardableResult
    func plantEnvironments(clusters version: String? = nil) async throws -> String {
        try await plantClusters(of: version)
        let path = layout.mirror(of: try BlueprintName(parsing: "platform"))
        let shell = Shell()
        let manifest = """
            apiVersion: slipway.dev/v1
            kind: Blueprint
            metadata: {name: platform}
            environments:
              - {name: web, path: environments/web, images: [app], url: "https://${HOST}"}
            offerings:
              - path: offerings/cache
              - path: offerings/queue
            """
        try #require(
            shell.run(
                """
                git init -q -b main start && cd start && mkdir -p environments/web \
                && echo '\(manifest)' >blueprint.yaml && echo '{}' >environments/web/app.yaml \
                && \(Self.offerings) && git add . && git commit -q -m Start \
                && git clone -q --bare . '\(path)'
                """
            )
        )
        let commit = shell.output(of: "git -C '\(path)' rev-parse main")
        try database.run("UPDATE blueprint_version SET commit = '\(commit)'")
        try plantNewerOfferings(in: path, with: shell)
        let digest = "sha256:" + String(repeating: "0", count: 64)
        var deployment = ""
        for tenant in ["globex", "acme"] {
            let made = try await send(
                .put,
                "/v1/tenants/\(tenant)/environments/pr-7",
                json: #"{"spec":{"service":"shop","images":{"app":"r.example.com/shop:1"}}}"#
            )
            #expect(made.status == 202, "\(made.text)")
            deployment = made.json["status"]?["coming"]?["deployment"]?.string ?? ""
        }
        let staged = try await send(
            .put,
            "/v1/tenants/acme/environments/staging",
            json: #"{"spec":{"type":"staging","images":{"app":"r.example.com/shop@\#(digest)"}}}"#
        )
        #expect(staged.status == 202, "\(staged.text)")
        for tenant in ["globex", "acme"] {
            try await plantTrust(of: tenant)
            try await plantService(of: tenant)
        }
        try plantDelivery(with: shell)
        // What its job would find; jobs do not run here.
        try database.run(
            """
            UPDATE environment
               SET status = jsonb_set(status::jsonb, '{live}', status::jsonb -> 'coming')::json
             WHERE name = 'staging'
            """
        )
        try await plantSources()
        for tenant in ["globex", "acme"] { try await plantEntity(of: tenant) }
        return deployment
    }

    /// A plan for a tenant's review environment; its id.
    func plantPlan(of tenant: String) async throws -> String {
        let reply = try await send(
            .post,
            "/v1/tenants/\(tenant)/environments/pr-7:plan",
            json: #"{"spec":{"images":{"app":"r.example.com/shop:2"}}}"#
        )
        return try #require(reply.json["id"]?.string, "\(reply.text)")
    }

    /// Runs `body` while an engine does these jobs.
    func working(_ workflows: [Workflow], _ body: () async throws -> Void) async throws {
        let signal = services.jobSignal
        let engine = JobEngine(
            queue: JobQueue(storage.database),
            workflows: workflows,
            loop: group.loops[0],
            metrics: JobMetrics(in: MetricsRegistry()),
            logger: Logger(label: "test"),
            onChange: { signal.ring() }
        )
        try await onLoop { await engine.beat() }
        engine.start()
        worker.engine.withLock { $0 = engine }
        let result: Result<Void, any Error>
        do {
            try await body()
            result = .success(())
        } catch {
            result = .failure(error)
        }
        worker.engine.withLock { $0 = nil }
        try await onLoop { await engine.drain(within: .seconds(5)) }
        try result.get()
    }

    /// Gives events their positions, as the server does all the time.
    func placeEvents() async throws {
        try await EventSequencer(storage.database).place(at: clock.now)
        services.eventSignal.ring()
    }

    /// Runs a body on the loop, as the server runs its handlers.
    func onLoop<Value: Sendable>(
        _ body: @escaping @Sendable () async throws -> Value
    ) async throws -> Value {
        try await Task(executorPreference: group.loops[0]) { try await body() }.value
    }

    /// A call of the test's own.
    var system: Call { .system("test", requestID: "test", at: clock.now) }

    static func id<Subject>() -> ID<Subject> {
        var random = SystemRandomNumberGenerator()
        return ID(at: TestClock.start, using: &random)
    }

    /// Sends one request through the handler, on the loop as the server does.
    func send(
        _ method: Method,
        _ target: String,
        as holder: Holder? = .admin,
        json: String? = nil,
        _ fields: [(HeaderName, String)] = []
    ) async throws -> Reply {
        var fields = fields
        if let holder, let token = tokens[holder] {
            fields.append((.authorization, "Bearer \(token)"))
        }
        if json != nil, !fields.contains(where: { $0.0 == .contentType }) {
            fields.append((.contentType, "application/json"))
        }
        let request = try Request(
            method,
            target,
            headers: fields,
            body: Array((json ?? "").utf8)
        )
        let handler = handler
        return try await onLoop {
            let response = await handler.respond(to: request)
            return Reply(response, body: try await response.body.collect())
        }
    }
}

/// The engine of the moment, for whoever stores a job.
private final class Worker: Sendable {
    let engine = Mutex<JobEngine?>(nil)

    func wake() {
        engine.withLock { $0 }?.wake()
    }
}

extension RepositoryLayout {
    fileprivate func folder(of owner: APIGit.Owner, named name: String) -> String? {
        switch owner {
        case .platform: management
        // What is no name has no folder.
        case .blueprints: (try? BlueprintName(parsing: name)).map(mirror)
        case .tenant(let tenant): path(owner: tenant, name: name)
        }
    }
}

extension Workflow {
    /// One step that is done at once, with these facts.
    static func done(_ kind: JobKind, _ facts: [StepFact] = []) -> Workflow {
        Workflow(kind, steps: [NamedStep("first") { _ in .done(Evidence(facts: facts)) }])
    }
}

/// An answer in memory.
struct Reply: Sendable {
    let status: Int
    let headers: ResponseHeaders
    let body: [UInt8]

    init(_ response: Response, body: [UInt8]) {
        status = response.status.code
        headers = response.headers
        self.body = body
    }

    var text: String { String(decoding: body, as: UTF8.self) }
    /// The body as JSON; `null` where it is none.
    var json: JSON { (try? JSON.parse(body)) ?? .null }
    /// The problem's code.
    var code: String? { json["code"]?.string ?? json["error"]?["code"]?.string }
    /// The places of the faults.
    var pointers: [String] {
        (json["errors"]?.array ?? []).compactMap { fault in
            fault["pointer"]?.string ?? fault["parameter"]?.string ?? fault["header"]?.string
        }
    }
}
