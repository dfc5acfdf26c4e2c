import JSON
import Testing

@testable import Domain

struct EnvironmentDependencyTests {
    typealias Trial = EnvironmentTrial

    private static let shared = EnvironmentName("shared")
    private static let service = SharedService(service: ServiceName("catalog"), environment: shared)

    /// The other environment with something live that answers, says two things of itself and runs
    /// version 1.4.2.
    private func other() throws -> Environment {
        let order = Trial.order(image: "registry.example.com/catalog:1.4.2") { order in
            order.rest.service = ServiceName("catalog")
        }
        var other = try Trial.finished(
            try Trial.creation(order, named: "shared").environment
        )
        other.status.url = "https://catalog.example.com"
        other.status.outputs = ["queue": "orders", "db-host": "db.internal"]
        return other
    }

    private func needing(_ dependency: SharedService = service) -> EnvironmentOrder {
        Trial.order { $0.rest.dependencies = [.shared(dependency)] }
    }

    @Test func `what another says of itself becomes variables of the template`() throws {
        guard case .ready(let taken) = Self.service.standing(in: try other()) else {
            Issue.record("the other is ready")
            return
        }
        #expect(
            try [taken].variables() == [
                "DEPENDENCY_CATALOG_URL": "https://catalog.example.com",
                "DEPENDENCY_CATALOG_OUTPUT_QUEUE": "orders",
                "DEPENDENCY_CATALOG_OUTPUT_DB_HOST": "db.internal",
            ]
        )
        var writer = JSONWriter(reserving: 256)
        taken.write(to: &writer)
        #expect(TakenDependency(reading: try JSON.parse(writer.finish())) == taken)
    }

    @Test func `values that are none and names that are two are told all at once`() throws {
        func taken(_ name: ServiceName, _ outputs: [String: String]) -> TakenDependency {
            TakenDependency(
                name: name,
                of: .environment(
                    Self.shared,
                    deployment: DeploymentID(high: 1, low: 1),
                    revision: nil
                ),
                outputs: outputs
            )
        }
        let reason = #expect(throws: DependencyMisfit.self) {
            _ = try [
                taken(ServiceName("a"), ["b.c": "1", "b-c": "2"]),
                taken(ServiceName("d"), ["text": "one\ntwo"]),
            ].variables()
        }?.reason
        #expect(reason?.contains("two values would be ${DEPENDENCY_A_OUTPUT_B_C}") == true)
        #expect(reason?.contains("${DEPENDENCY_D_OUTPUT_TEXT} of environment shared") == true)
    }

    @Test func `what is needed is waited for, woken or gone`() throws {
        let ready = try other()
        var wish = Self.service
        wish.version = VersionWish(parsing: "^1.5")
        guard case .awaited(let on, let who) = wish.standing(in: ready) else {
            Issue.record("another version runs there")
            return
        }
        #expect(on == "environment shared to run catalog at ^1.5; app 1.4.2 runs there")
        #expect(who == "whoever rolls that out in shared")
        wish.version = VersionWish(parsing: "~1.4")
        #expect(wish.standing(in: ready) == Self.service.standing(in: ready))

        var asleep = ready
        asleep.spec.asleep = true
        #expect(Self.service.standing(in: asleep) == .asleep)
        asleep.spec.paused = true
        var degraded = ready
        degraded.status.phase = .degraded
        var new = ready
        new.status.live = nil
        new.status.phase = .pending
        for other in [asleep, degraded, new] {
            guard case .awaited = Self.service.standing(in: other) else {
                Issue.record("\(other.status.phase) is waited for")
                continue
            }
        }
        var rolling = ready
        rolling.status.phase = .deploying
        #expect(Self.service.standing(in: rolling) == Self.service.standing(in: ready))

        var going = ready
        going.status.phase = .deleting
        var another = ready
        another.spec.service = ServiceName("shop")
        for other in [nil, going, another] {
            guard case .gone = Self.service.standing(in: other) else {
                Issue.record("it is never there")
                continue
            }
        }
    }

    @Test func `another dependency is rolled out, and undoing the spec's others is not`() throws {
        let live = try Trial.live(needing())
        #expect(live.needs == [Self.shared])
        let same = try Trial.refresh(live, needing())
        #expect(same.deployment == nil)
        var wish = Self.service
        wish.alias = ServiceName("books")
        let other = try Trial.refresh(live, needing(wish))
        #expect(other.deployment?.difference.dependencies == ["books", "catalog"])
    }

    @Test func `what has changed of the other shows, and the same call takes it`() throws {
        var live = try Trial.live(needing())
        let before = try other()
        guard case .ready(let taken) = Self.service.standing(in: before) else { return }
        live.status.live?.taken = [taken]
        var now = before
        now.status.url = "https://books.example.com"
        now.status.outputs["queue"] = nil
        func seen(_ other: Environment) throws -> SeenCondition {
            try #require(
                Environment.condition(
                    of: [(.shared(Self.service), Self.service.standing(in: other))],
                    taken: live.status.live?.taken
                )
            )
        }
        #expect(try seen(before).status == .true)
        let changed = try seen(now)
        #expect(changed.status == .false && changed.reason == "Changed")
        #expect(changed.message.contains("url, queue"))
        now.spec.asleep = true
        #expect(try seen(now).reason == "Asleep")

        let noted = live.progress(
            by: [.environmentSeen(EnvironmentObservation(isReady: true, conditions: [changed]))],
            of: JobID(high: 0, low: 0),
            at: EnvironmentTimesTests.hour(1)
        ).environment
        #expect(noted.status.phase == .ready)
        #expect(try Trial.refresh(noted, needing()).deployment?.number == 2)
    }

    @Test func `nothing depends on itself by any way`() throws {
        let names = [
            EnvironmentName("a"), EnvironmentName("b"), EnvironmentName("c"),
            EnvironmentName("pr-7"),
        ]
        let graph = EnvironmentGraph([
            Self.shared: [names[0], names[1]], names[0]: [names[2]], names[1]: [names[3]],
            names[2]: [],
        ])
        #expect(graph.path(from: Self.shared, to: names[3]) == [Self.shared, names[1], names[3]])
        #expect(graph.path(from: names[0], to: names[3]) == nil)
        var places = Trial.places
        places.graph = graph
        let found = Trial.faults { _ = try Trial.creation(needing(), in: places) }
        #expect(found == ["dependencies.0.environment cycle"])
        let round = EnvironmentGraph([names[0]: [names[1]], names[1]: [names[0]]])
        #expect(round.path(from: names[0], to: names[3]) == nil)
    }

    @Test func `what others need is not deleted, unless its time is over`() throws {
        var needed = try Trial.live()
        needed.dependents = [EnvironmentName("pr-8")]
        #expect(throws: EnvironmentRefusal.isNeeded(by: [EnvironmentName("pr-8")])) {
            try needed.deletion(by: "ann", on: Trial.occasion(1))
        }
        let end = needed.removal(because: .expiry(.ttl), on: Trial.occasion(1))
        #expect(end.environment.status.phase == .deleting)
    }

    @Test func `everything that is wrong with a dependency is told`() {
        var odd = Self.service
        odd.image = "app"
        let found = Trial.faults {
            _ = try Trial.creation(
                Trial.order { order in
                    order.rest.dependencies = [.shared(odd), .shared(Self.service)]
                }
            )
        }
        #expect(found == ["dependencies.0.image not-allowed", "dependencies.1.name repeated"])
    }

    @Test func `what is ordered is read as it was written, and fills its variables`() throws {
        let order = OrderedService(
            offering: OfferingName("postgresql"),
            version: SemanticVersion("1.2.0"),
            plan: "small",
            parameters: ["storage": 10],
            bindingParameters: ["access": "read"],
            alias: ServiceName("db")
        )
        for dependency in [order, OrderedService(offering: OfferingName("kafka"))] {
            var writer = JSONWriter(reserving: 256)
            EnvironmentDependency.ordered(dependency).write(to: &writer)
            let read = EnvironmentDependency(reading: try JSON.parse(writer.finish()))
            #expect(read == .ordered(dependency))
        }
        let taken = TakenDependency(
            name: order.name,
            of: .service(ServiceInstanceName("pr-7-db"), secret: "pr-7-db-env"),
            outputs: ["port": "5432"]
        )
        var writer = JSONWriter(reserving: 256)
        taken.write(to: &writer)
        #expect(TakenDependency(reading: try JSON.parse(writer.finish())) == taken)
        #expect(
            try [taken].variables() == [
                "DEPENDENCY_DB_SECRET": "pr-7-db-env", "DEPENDENCY_DB_OUTPUT_PORT": "5432",
            ]
        )
    }

    @Test func `what is ordered is waited for while it changes, and another is another roll-out`()
        throws
    {
        let order = OrderedService(offering: OfferingName("postgresql"))
        let service = try ServiceTrial.live()
        let binding = try ServiceTrial.switched(try ServiceTrial.binding(to: service).binding)
        func standing(
            _ service: ServiceInstance,
            _ binding: ServiceBinding?
        ) -> DependencyStanding {
            order.standing(of: ProvidedService(service: service, binding: binding))
        }
        guard case .ready(let taken) = standing(service, binding) else {
            Issue.record("it is there")
            return
        }
        #expect(taken.secret == binding.secretName)
        guard case .ready(let unbound) = standing(service, nil) else { return }
        #expect(unbound.secret == nil)
        let larger = ServiceTrial.ordered(plan: "large")
        let changing = try #require(try ServiceTrial.change(service, to: larger)).service
        var reading = binding
        reading.spec.parameters = ["access": "read"]
        for (service, binding) in [(changing, binding), (service, reading)] {
            guard case .awaited = standing(service, binding) else {
                Issue.record("it is waited for")
                continue
            }
        }
        let failed = try ServiceTrial.finished(changing, .failed, at: 3)
        guard case .gone(let why) = standing(failed, binding) else {
            Issue.record("the change has failed")
            return
        }
        #expect(why.contains("Done."))
        var wish = order
        wish.plan = "large"
        let live = try Trial.live(Trial.order { $0.rest.dependencies = [.ordered(order)] })
        #expect(live.needs.isEmpty && live.ordered == [order.name])
        let next = try Trial.refresh(live, Trial.order { $0.rest.dependencies = [.ordered(wish)] })
        #expect(next.deployment?.difference.dependencies == ["postgresql"])
        let without = try Trial.refresh(live, Trial.order()).environment
        #expect(without.ordered == [order.name], "What runs has it until something else does.")
        #expect(try Trial.finished(without, at: 2).ordered.isEmpty)
    }
}
