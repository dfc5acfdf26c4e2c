import Domain
import HTTP
import JSON
import Storage

/// What a tenant can order here and now, and why not the rest.
struct ListAvailableServices: Operation {
    static let endpoint = Endpoint.reading(
        "listAvailableServices",
        "/v1/tenants/{tenant}/available-services",
        .readServices,
        parameters: ["cluster", "environment"]
    )

    private let tenant: TenantName
    private let cluster: ClusterName?
    private let environment: EnvironmentName?

    init(reading inputs: Inputs) throws(Problem) {
        tenant = try inputs.name("tenant")
        cluster = try inputs.filter("cluster", Reading.name)
        environment = try inputs.filter("environment", Reading.name)
        if cluster != nil, environment != nil {
            let detail = "A service of an environment is in its cluster; send one of the two."
            throw .invalidQuery([.query("cluster", "conflicting", detail)])
        }
    }

    func answer(_ call: Invocation) async throws -> Answer {
        let scene = try await ServiceScene(of: tenant, call)
        let usage = try await call.services.storage.services.usage(of: scene.tenant.id)
        let spot = try await scene.spot(cluster: cluster, environment: environment, call)
        var available: [OfferingRelease] = []
        var others: [(release: OfferingRelease, reasons: [String])] = []
        let range = try await scene.range(call)
        for name in range.names {
            guard let release = range.release(of: name, nil) else { continue }
            var reasons = try await spot.reasons(against: release, call)
            let standings = usage.standings(
                withAnother: name,
                quotas: scene.tenant.spec.quotas.services
            )
            reasons += standings.filter(\.isExceeded).map { standing in
                "\(standing.name): \(standing.used) of \(standing.limit) are used. "
                    + standing.remedy
            }
            if reasons.isEmpty {
                available.append(release)
            } else {
                others.append((release, reasons))
            }
        }
        return .json(.ok, Self.bytes(spot, available, others))
    }

    private static func bytes(
        _ spot: ServiceSpot,
        _ available: [OfferingRelease],
        _ others: [(release: OfferingRelease, reasons: [String])]
    ) -> [UInt8] {
        var writer = JSONWriter(reserving: 8_192)
        writer.object { writer in
            writer.member("cluster", orNull: spot.cluster?.name.text)
            writer.member("environment", orNull: spot.environment?.text)
            writer.member("unchecked", orNull: spot.unchecked)
            writer.key("items")
            writer.array(available) { writer, release in
                writer.object { OfferingView.writeMembers(&$0, release) }
            }
            writer.key("unavailable")
            writer.array(others) { writer, other in
                writer.object { writer in
                    writer.member("name", other.release.offering.name.text)
                    writer.member("version", other.release.offering.version.description)
                    writer.member("title", other.release.offering.title)
                    writer.key("reasons")
                    writer.array(other.reasons) { $0.string($1) }
                }
            }
        }
        return writer.finish()
    }
}
