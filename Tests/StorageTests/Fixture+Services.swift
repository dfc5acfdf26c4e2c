import Domain
import JSON
import Postgres
import Testing

@testable import Storage

extension Fixture {
    private static func offering() throws -> Offering {
        let version = try #require(SemanticVersion("1.0.0"))
        return Offering(
            name: OfferingName("postgresql"),
            version: version,
            title: "PostgreSQL",
            description: "A database.",
            tags: [],
            nameMax: 30,
            requires: [],
            owners: [.tenant, .environment],
            clusters: Set(ClusterKind.allCases),
            place: .tenant,
            podSecurity: .restricted,
            plans: [OfferingPlan(name: "small", description: "One.")],
            parameters: ["type": "object"],
            outputs: ["type": "object"],
            deadline: Offering.deadlineUsual,
            upgrades: OfferingUpgrades(),
            binding: OfferingBinding(parameters: ["type": "object"]),
            docs: ""
        )
    }

    /// The decision to order a service in the tenant's first cluster.
    func serviceCreation(
        _ name: String,
        of tenant: Tenant,
        _ edit: (inout ServiceOrder) -> Void = { _ in }
    ) throws -> ServiceInstance.Decision {
        var order = ServiceOrder()
        edit(&order)
        let offering = try Self.offering()
        return try ServiceInstance.creation(
            id: Self.id(),
            name: try ServiceInstanceName(parsing: name),
            of: tenant.id,
            named: tenant.name,
            labels: Labels(),
            order: order,
            of: OrderedOffering(
                offering,
                terms: ServiceTerms(
                    blueprint: blueprint.name,
                    blueprintVersion: "1.0.0",
                    commit: String(repeating: "a", count: 40),
                    offering: offering.name,
                    version: offering.version,
                    plan: "small",
                    parameters: JSONObject()
                ),
                complete: JSONObject()
            ),
            in: ServiceSurroundings(
                clusters: [
                    ClusterSummary(name: ClusterName("main"), kind: .vcluster, phase: .ready)
                ],
                environments: [EnvironmentName("pr-7"): .vcluster]
            ),
            on: Self.occasion()
        )
    }

    /// Stores a service and returns it.
    @discardableResult
    func service(
        _ name: String,
        of tenant: Tenant,
        _ edit: (inout ServiceOrder) -> Void = { _ in }
    ) async throws -> ServiceInstance {
        let decision = try serviceCreation(name, of: tenant, edit)
        _ = try await storage.services.create(decision, for: call())
        return decision.service
    }

    func bindingCreation(
        _ name: String,
        to service: ServiceInstance,
        for environment: EnvironmentName? = nil
    ) throws -> ServiceBinding.Decision {
        let delivery = environment.map { BindingSpec.Delivery.environment($0) } ?? .answer
        return try bindingCreation(name, to: service, as: BindingSpec(delivery: delivery))
    }

    /// The decision to bind a service so, in the tenant's first cluster or in an environment.
    func bindingCreation(
        _ name: String,
        to service: ServiceInstance,
        as spec: BindingSpec
    ) throws -> ServiceBinding.Decision {
        try ServiceBinding.creation(
            id: Self.id(),
            name: try BindingName(parsing: name),
            labels: Labels(),
            spec: spec,
            in: BindingSurroundings(
                service: service,
                offering: try Self.offering(),
                clusters: [
                    ClusterSummary(name: ClusterName("main"), kind: .vcluster, phase: .ready)
                ],
                environments: Set(["pr-7", "pr-8"].map(EnvironmentName.init))
            ),
            on: Self.occasion()
        )
    }

    /// Stores a binding and returns it.
    @discardableResult
    func binding(
        _ name: String,
        to service: ServiceInstance,
        for environment: EnvironmentName? = nil
    ) async throws -> ServiceBinding {
        let decision = try bindingCreation(name, to: service, for: environment)
        _ = try await storage.bindings.create(decision, for: call())
        return decision.binding
    }

    /// Stores the wish that a service go.
    func remove(
        _ decision: ServiceInstance.Decision,
        _ ending: BindingEnding
    ) async throws -> WriteOutcome {
        try await storage.services.store(
            decision,
            permission: .deleteService,
            replacing: decision.service.revision - 1,
            ending: ending,
            for: call()
        )
    }

    /// The service as it is stored.
    func current(_ service: ServiceInstance) async throws -> ServiceInstance {
        let found = try await storage.services.find(service.id, as: .system)
        return try #require(found).service()
    }

    /// Writes facts as the result of a step of some job would.
    func write(
        _ facts: [StepFact],
        about subject: ObjectReference,
        of tenant: Tenant
    ) async throws {
        try await storage.database.transaction { transaction in
            try await JobQueue.write(
                facts,
                of: JobID(high: 9, low: 9),
                about: subject,
                tenant: tenant.id,
                in: transaction
            )
        }
    }

    /// The moment by the database's clock.
    func now() async throws -> Domain.Instant {
        let rows = try await storage.database.read("SELECT now()")
        return try rows[0].decode(0)
    }
}
