import JSON
import Testing

@testable import Domain

/// What tests of services begin with: an offering, a cluster, environments and moments.
enum ServiceTrial {
    static let owner = TenantID(high: 3, low: 1)
    static let start = EnvironmentTimesTests.start

    /// A version that stands in a test.
    static func known(_ version: String) -> SemanticVersion {
        guard let version = SemanticVersion(version) else {
            preconditionFailure("\(version) is a version")
        }
        return version
    }

    static func offering(
        _ version: String = "1.2.0",
        owners: Set<Offering.Owner> = [.tenant, .environment],
        clusters: Set<ClusterKind> = [.cluster, .vcluster],
        changesTo: [String]? = nil,
        upgrades: OfferingUpgrades = OfferingUpgrades(
            immutable: [JSONPointer(["database"])],
            growing: [JSONPointer(["storage"])]
        ),
        binding: OfferingBinding? = OfferingBinding(
            parameters: ["type": "object"],
            rotatesEvery: .seconds(30 * 86_400),
            overlap: .seconds(3_600)
        )
    ) -> Offering {
        Offering(
            name: OfferingName("postgresql"),
            version: known(version),
            title: "PostgreSQL",
            description: "A database.",
            tags: [],
            nameMax: 20,
            requires: [],
            owners: owners,
            clusters: clusters,
            place: .tenant,
            podSecurity: .restricted,
            plans: [
                OfferingPlan(name: "small", description: "One.", changesTo: changesTo),
                OfferingPlan(name: "large", description: "Three."),
            ],
            parameters: ["type": "object"],
            outputs: ["type": "object"],
            deadline: Offering.deadlineUsual,
            upgrades: upgrades,
            binding: binding,
            docs: "# PostgreSQL"
        )
    }

    static func ordered(
        _ offering: Offering = offering(),
        plan: String = "small",
        parameters: JSONObject = ["database": "shop", "storage": 10]
    ) -> OrderedOffering {
        OrderedOffering(
            offering,
            terms: ServiceTerms(
                blueprint: BlueprintName("base"),
                blueprintVersion: "1.4.0",
                commit: String(repeating: "a", count: 40),
                offering: offering.name,
                version: offering.version,
                plan: plan,
                parameters: parameters
            ),
            complete: parameters
        )
    }

    static let places = ServiceSurroundings(
        clusters: [
            ClusterSummary(name: ClusterName("main"), kind: .vcluster, phase: .ready),
            ClusterSummary(name: ClusterName("old"), kind: .vcluster, phase: .deleting),
            ClusterSummary(name: ClusterName("bare"), kind: .namespace, phase: .ready),
        ],
        environments: [EnvironmentName("review"): .vcluster, EnvironmentName("flat"): .namespace]
    )

    static func occasion(_ hours: Double = 0) -> Occasion {
        Occasion(
            at: EnvironmentTimesTests.hour(hours),
            job: JobID(high: 1, low: UInt64(hours * 60) + 1),
            event: EventID(high: 2, low: UInt64(hours * 60) + 1)
        )
    }

    static func creation(
        named name: String = "db",
        of ordered: OrderedOffering = ordered(),
        _ edit: (inout ServiceOrder) -> Void = { _ in }
    ) throws -> ServiceInstance.Decision {
        var order = ServiceOrder(parameters: ordered.terms.parameters)
        edit(&order)
        return try ServiceInstance.creation(
            id: ServiceInstanceID(high: 8, low: 1),
            name: ServiceInstanceName(parsing: name),
            of: owner,
            named: TenantName("acme"),
            labels: Labels(),
            order: order,
            of: ordered,
            in: places,
            on: occasion()
        )
    }

    /// A service whose first delivery is there.
    static func live(of ordered: OrderedOffering = ordered()) throws -> ServiceInstance {
        try finished(try creation(of: ordered).service)
    }

    /// The service with the delivery that is under way at its end.
    static func finished(
        _ service: ServiceInstance,
        _ state: ServiceOutcome.State = .succeeded,
        at hours: Double = 1
    ) throws -> ServiceInstance {
        let coming = try #require(service.status.coming)
        return service.progress(
            by: [
                .servicePlaced(cluster: ClusterName("main"), namespace: "s-db"),
                .serviceBegun(coming.number),
                .serviceEnded(ServiceOutcome(coming.number, state, detail: "Done.")),
            ],
            of: coming.job,
            at: EnvironmentTimesTests.hour(hours)
        ).service
    }

    /// The service as ordered anew.
    static func change(
        _ service: ServiceInstance,
        to ordered: OrderedOffering,
        at hours: Double = 2,
        _ edit: (inout ServiceOrder) -> Void = { _ in }
    ) throws(ServiceRefusal) -> ServiceInstance.Decision? {
        var order = ServiceOrder(parameters: ordered.terms.parameters)
        edit(&order)
        return try service.change(
            labels: service.labels,
            order: order,
            of: ordered,
            on: occasion(hours)
        )
    }

    static func codes(_ body: () throws -> Void) -> [String] {
        do {
            try body()
            return []
        } catch ServiceRefusal.invalid(let faults) {
            return faults.map { fault in
                switch fault.place {
                case .name: "name \(fault.code)"
                case .spec(let path): "\(path.joined(separator: "/")) \(fault.code)"
                }
            }
        } catch {
            return ["\(error)"]
        }
    }

    // MARK: Bindings

    static func surroundings(
        _ service: ServiceInstance,
        _ offering: Offering = offering()
    ) -> BindingSurroundings {
        BindingSurroundings(
            service: service,
            offering: offering,
            clusters: places.clusters,
            environments: [EnvironmentName("review")]
        )
    }

    static func binding(
        named name: String = "shop",
        to service: ServiceInstance? = nil,
        of offering: Offering = offering(),
        _ spec: BindingSpec = BindingSpec(delivery: .environment(EnvironmentName("review")))
    ) throws -> ServiceBinding.Decision {
        try ServiceBinding.creation(
            id: BindingID(high: 8, low: 2),
            name: BindingName(parsing: name),
            labels: Labels(),
            spec: spec,
            in: surroundings(try service ?? live(), offering),
            on: occasion()
        )
    }

    /// The binding with the credential that is under way in the hands of its consumer.
    static func switched(
        _ binding: ServiceBinding,
        at hours: Double = 1
    ) throws -> ServiceBinding {
        let coming = try #require(binding.status.coming)
        let times = binding.spec.rotation(by: try #require(offering().binding))
        return binding.progress(
            by: [
                .credentialBegun(coming.number, ordered().terms, times),
                .credentialSwitched(
                    coming.number,
                    secret: SecretPlace(
                        cluster: ClusterName("main"),
                        namespace: "e-review",
                        name: "db-shop"
                    ),
                    revision: nil
                ),
            ],
            of: coming.job ?? JobID(high: 0, low: 0),
            at: EnvironmentTimesTests.hour(hours)
        ).binding
    }
}
