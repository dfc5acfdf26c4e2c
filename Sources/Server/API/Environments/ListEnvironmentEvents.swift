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
        var happenings = try await storage.events.recent(
            about: environment.reference,
            of: environment.tenant,
            limit: limit,
            as: call.access
        ).map(EnvironmentHappening.init)
        var missing: String?
        do throws(ClusterAccessFault) {
            happenings += try await call.services.environments.happenings(environment)
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
