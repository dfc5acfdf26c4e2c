import Domain
import JSON
import Postgres
import Testing

@testable import Storage

extension Fixture {
    /// Zones of which only UTC is known.
    struct Zones: TimeZoneSource {
        func rules(of zone: String) throws(TimeZoneAbsence) -> TimeZoneRules {
            guard zone == "UTC" else { throw .unknown(zone) }
            return .utc
        }
    }

    static let zones = Zones()

    static func hour(_ hours: Int) -> Domain.Instant {
        start.advanced(by: .seconds(Int64(hours) * 3_600))
    }

    static func order(
        image: String = "shop:1",
        _ edit: (inout EnvironmentOrder) -> Void = { _ in }
    ) -> EnvironmentOrder {
        var order = EnvironmentOrder()
        order.rest.images = EnvironmentImages([
            EnvironmentImages.Image(name: "app", reference: image)
        ])
        edit(&order)
        return order
    }

    /// The decision to make an environment in the tenant's first cluster.
    func environmentCreation(
        _ name: String,
        of tenant: Tenant,
        labels: [(key: String, value: String)] = [],
        _ edit: (inout EnvironmentOrder) -> Void = { _ in }
    ) throws -> Environment.Decision {
        try Environment.creation(
            id: Self.id(),
            name: try EnvironmentName(parsing: name),
            of: tenant.id,
            named: tenant.name,
            labels: try Labels(parsing: labels),
            order: Self.order(edit),
            request: RollOutRequest(id: Self.id(), by: "ci"),
            in: Self.places,
            on: Self.occasion()
        )
    }

    private static let places = EnvironmentSurroundings(
        templates: [
            EnvironmentTemplatePolicy(name: EnvironmentTemplateName("web"), images: ["app"])
        ],
        clusters: [ClusterSummary(name: ClusterName("main"), kind: .vcluster, phase: .ready)],
        zones: zones
    )

    /// Stores an environment and returns it.
    @discardableResult
    func environment(
        _ name: String,
        of tenant: Tenant,
        labels: [(key: String, value: String)] = [],
        _ edit: (inout EnvironmentOrder) -> Void = { _ in }
    ) async throws -> Environment {
        let decision = try environmentCreation(name, of: tenant, labels: labels, edit)
        _ = try await storage.environments.create(decision, in: Self.zones, for: call())
        return decision.environment
    }

    /// Asks for an environment anew, with another image.
    @discardableResult
    func refresh(
        _ environment: Environment,
        image: String,
        by who: String = "ci"
    ) async throws -> WriteOutcome {
        let decision = try environment.refresh(
            labels: environment.labels,
            order: Self.order(image: image) { $0.concurrency = environment.spec.concurrency },
            request: RollOutRequest(id: Self.id(), by: who),
            in: Self.places,
            on: Self.occasion()
        )
        return try await store(decision, replacing: environment.revision)
    }

    func store(
        _ decision: Environment.Decision?,
        replacing revision: Int64
    ) async throws -> WriteOutcome {
        let decision = try #require(decision)
        return try await storage.environments.store(
            decision,
            permission: .updateEnvironment,
            replacing: revision,
            in: Self.zones,
            for: call()
        )
    }

    /// The environment as it is stored.
    func current(_ environment: Environment) async throws -> Environment {
        let found = try await storage.environments.find(environment.id, as: .system)
        return try #require(found).environment()
    }

    /// The records of an environment's roll-outs, the newest first.
    func deployments(of environment: Environment) async throws -> [Deployment] {
        let page = try await storage.deployments.list(
            DeploymentQuery(of: .environment(environment.id)),
            of: environment.tenant,
            as: .system
        )
        return try page.items.map { item in try item.deployment() }
    }

    /// Writes facts as the result of a step of that job would.
    func write(
        _ facts: [StepFact],
        about environment: Environment,
        of job: JobID? = nil
    ) async throws {
        try await storage.database.transaction { transaction in
            try await JobQueue.write(
                facts,
                of: job ?? environment.status.job ?? JobID(high: 9, low: 9),
                about: environment.reference,
                tenant: environment.tenant,
                in: transaction
            )
        }
    }

    /// Brings the roll-out that is under way to its end.
    func finish(
        _ environment: Environment,
        _ state: Deployment.State = .succeeded
    ) async throws -> Environment {
        let coming = try #require(environment.status.coming)
        try await write(
            [
                .deploymentBegun(coming.deployment),
                .deploymentEnded(DeploymentOutcome(coming.deployment, state, detail: "Done.")),
            ],
            about: environment
        )
        return try await current(environment)
    }
}
