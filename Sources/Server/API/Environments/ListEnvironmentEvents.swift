import Domain
import HTTP
import JSON
import Storage

/// What happened to an environment, in Slipway and in its cluster, the newest first.
struct ListEnvironmentEvents: Operation {
    static let endpoint = Endpoint.reading(
        "listEnvironmentEvents",
        "/v1/tenants/{tenant}/environments/{environment}/events",
        .readEnvironments,
        parameters: ["limit"]
    )
    private static let usual = 50

    private let tenant: TenantName
    private let name: EnvironmentName
    private let limit: Int

    init(reading inputs: Inputs) throws(Problem) {
        tenant = try inputs.name("tenant")
        name = try inputs.name("environment")
        limit = try inputs.number("limit", 1...ListQuery.limitMax) ?? Self.usual
    }

    func answer(_ call: Invocation) async throws -> Answer {
        let storage = call.services.storage
        let found = try await storage.environments.find(name, of: tenant, as: call.access)
        guard let environment = try found?.environment() else { throw Problem.notFound }
        return try await Happenings(
            about: environment.reference,
            of: environment.tenant,
            limit: limit
        ).answer(call) { () async throws(ClusterAccessFault) in
            try await call.services.environments.happenings(environment)
        }
    }
}

/// What happened to a thing, in Slipway and in its cluster, the newest first.
struct Happenings {
    let subject: ObjectReference
    let tenant: TenantID
    let limit: Int

    init(about subject: ObjectReference, of tenant: TenantID, limit: Int) {
        self.subject = subject
        self.tenant = tenant
        self.limit = limit
    }

    /// `look` says what Kubernetes noted.
    func answer(
        _ call: Invocation,
        look: () async throws(ClusterAccessFault) -> [EnvironmentHappening]
    ) async throws -> Answer {
        var happenings = try await call.services.storage.events.recent(
            about: subject,
            of: tenant,
            limit: limit,
            as: call.access
        ).map(EnvironmentHappening.init)
        var missing: String?
        do throws(ClusterAccessFault) {
            happenings += try await look()
        } catch {
            // What Slipway knows itself is worth telling, above all when the cluster is away.
            missing = Problem(error).detail
        }
        happenings.sort { $0.at > $1.at }
        var writer = JSONWriter(reserving: 8_192)
        writer.object { writer in
            writer.key("items")
            writer.array(happenings.prefix(limit)) { $1.write(to: &$0) }
            writer.member("missing", orNull: missing)
        }
        return .json(.ok, writer.finish())
    }
}
