import JSON
import Testing

@testable import Domain

/// What tests of environments begin with: a cluster, two templates, zones and moments.
enum EnvironmentTrial {
    static let owner = TenantID(high: 3, low: 1)
    static let tenant = TenantName("acme")
    static let start = EnvironmentTimesTests.start

    struct Zones: TimeZoneSource {
        func rules(of zone: String) throws(TimeZoneAbsence) -> TimeZoneRules {
            if zone == "UTC" { return .utc }
            guard zone == "Europe/Berlin",
                // The text is right; a test of its own says so.
                let rules = try? TimeZoneRulesTests.zone("CET-1CEST,M3.5.0,M10.5.0/3")
            else { throw .unknown(zone) }
            return rules
        }
    }

    static let web = EnvironmentTemplatePolicy(
        name: EnvironmentTemplateName("web"),
        types: [.ephemeral, .staging],
        images: ["app"],
        limits: EnvironmentLimits(ttlMax: .seconds(10 * 86_400), max: .seconds(20 * 86_400))
    )

    static let places = EnvironmentSurroundings(
        templates: [web],
        clusters: [
            ClusterSummary(name: ClusterName("main"), kind: .vcluster, phase: .ready),
            ClusterSummary(name: ClusterName("old"), kind: .vcluster, phase: .deleting),
        ],
        environments: [EnvironmentName("shared"): ServiceName("catalog")],
        zones: Zones()
    )

    static func occasion(_ hours: Double) -> Occasion {
        Occasion(
            at: EnvironmentTimesTests.hour(hours),
            job: JobID(high: 1, low: UInt64(hours * 60)),
            event: EventID(high: 2, low: UInt64(hours * 60))
        )
    }

    static func request(_ number: UInt64, by who: String = "ci") -> RollOutRequest {
        RollOutRequest(id: DeploymentID(high: 9, low: number), by: who)
    }

    static func order(
        image: String? = "registry.example.com/shop:1",
        _ edit: (inout EnvironmentOrder) -> Void = { _ in }
    ) -> EnvironmentOrder {
        var order = EnvironmentOrder()
        order.rest.images = EnvironmentImages(
            image.map { [EnvironmentImages.Image(name: "app", reference: $0)] } ?? []
        )
        edit(&order)
        return order
    }

    static func creation(
        _ order: EnvironmentOrder = order(),
        named name: String = "pr-7",
        in places: EnvironmentSurroundings = places
    ) throws -> Environment.Decision {
        try Environment.creation(
            id: EnvironmentID(high: 8, low: 1),
            name: EnvironmentName(parsing: name),
            of: owner,
            named: tenant,
            labels: Labels(),
            order: order,
            request: request(1),
            in: places,
            on: occasion(0)
        )
    }

    /// An environment whose first roll-out is live.
    static func live(_ order: EnvironmentOrder = order()) throws -> Environment {
        try finished(try creation(order).environment)
    }

    /// The environment after the roll-out that is under way has come to that end.
    static func finished(
        _ environment: Environment,
        _ state: Deployment.State = .succeeded,
        at hours: Double = 0.1
    ) throws -> Environment {
        let coming = try #require(environment.status.coming)
        return environment.progress(
            by: [
                .deploymentBegun(coming.deployment),
                .deploymentEnded(DeploymentOutcome(coming.deployment, state, detail: "Done.")),
            ],
            of: coming.job,
            at: EnvironmentTimesTests.hour(hours)
        ).environment
    }

    static func refresh(
        _ environment: Environment,
        _ order: EnvironmentOrder,
        _ number: UInt64 = 2,
        by who: String = "ci",
        at hours: Double = 1
    ) throws -> Environment.Decision {
        try environment.refresh(
            labels: environment.labels,
            order: order,
            request: request(number, by: who),
            in: places,
            on: occasion(hours)
        )
    }

    /// The places of the faults, as `member.member code`.
    static func faults(_ body: () throws -> Void) -> [String] {
        do {
            try body()
            return []
        } catch EnvironmentRefusal.invalid(let faults) {
            return faults.map { fault in
                switch fault.place {
                case .name: "name \(fault.code)"
                case .spec(let path): "\(path.joined(separator: ".")) \(fault.code)"
                }
            }
        } catch {
            return ["\(error)"]
        }
    }
}
