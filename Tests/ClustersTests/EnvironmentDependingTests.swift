import Contract
import Domain
import Environments
import JSON
import Kubernetes
import Sandbox
import Testing

/// Environments that take values of another one.
@Suite(.timeLimit(.minutes(5))) struct EnvironmentDependingTests {
    private static let staging = EnvironmentName("staging")

    private static func run(
        _ body: @escaping @Sendable (EnvironmentBench) async throws -> Void
    ) async throws {
        var files = EnvironmentBench.files
        files["payments.yaml"] = """
            apiVersion: v1
            kind: ConfigMap
            metadata: {name: payments, namespace: "${NAMESPACE}"}
            data:
              url: "${DEPENDENCY_PAYMENTS_URL}"
              queue: "${DEPENDENCY_PAYMENTS_OUTPUT_QUEUE}"

            """
        let template = files
        let form = ClusterBench.Form(kind: .vcluster, delivery: .gitops)
        try await ClusterBench.run(form, on: ServerOpening.sandbox(playing: true)) { bench in
            try await body(try await EnvironmentBench(in: bench, template: template))
        }
    }

    /// The other environment, with that version live.
    private static func other(_ tag: String, asleep: Bool = false) throws -> Environment {
        let content = DeploymentContent(
            source: nil,
            images: EnvironmentImages([.init(name: "app", reference: "payments:\(tag)")]),
            template: EnvironmentTemplateName("web"),
            parameters: [:]
        )
        var status = EnvironmentStatus(phase: asleep ? .asleep : .ready, at: ClusterBench.moment)
        status.live = RollOut(
            deployment: DeploymentID(high: 7, low: 1),
            number: 1,
            content: content,
            since: ClusterBench.moment,
            job: JobID(high: 7, low: 2)
        )
        status.url = "http://payments.example.org"
        status.outputs = ["queue": "orders"]
        return Environment(
            id: EnvironmentID(high: 7, low: 3),
            tenant: TenantID(high: 7, low: 4),
            tenantName: TenantName("acme"),
            name: staging,
            labels: Labels(),
            spec: EnvironmentSpec(
                type: .staging,
                service: ServiceName("payments"),
                template: EnvironmentTemplateName("web"),
                placement: .cluster(ClusterName("web")),
                asleep: asleep
            ),
            status: status,
            generation: 1,
            revision: 1,
            createdAt: ClusterBench.moment,
            updatedAt: ClusterBench.moment
        )
    }

    private static func ask(
        _ number: UInt64,
        _ bench: EnvironmentBench,
        version: String? = nil
    ) async throws -> PlannedWork {
        try await bench.ask(number, image: "shop:1") { order in
            order.rest.dependencies = [
                .shared(
                    SharedService(
                        service: ServiceName("payments"),
                        environment: staging,
                        version: version.flatMap(VersionWish.init(parsing:))
                    )
                )
            ]
        }
    }

    private static func dependencies(of bench: EnvironmentBench) async throws -> Condition? {
        let conditions = try #require(try await bench.current).status.conditions
        return conditions.first { $0.type == Environment.dependenciesReady }
    }

    @Test func `a roll-out waits for the other's version, wakes it, and takes its values`()
        async throws
    {
        try await Self.run { bench in
            bench.records.set(beside: try Self.other("1.3.0", asleep: true))
            let job = try await Self.ask(1, bench, version: "^1.4")
            var waiting = try await bench.trial.run(job, turns: 2)
            #expect(waiting.step == "resolve")
            #expect(waiting.wait?.on == "environment staging to wake", "\(waiting)")
            #expect(bench.records.woken.contains(Self.staging))
            #expect(try await Self.dependencies(of: bench)?.reason == "Asleep")

            bench.records.set(beside: try Self.other("1.3.0"))
            waiting = try await bench.trial.run(job, from: waiting, turns: 2)
            #expect(waiting.wait?.on.contains("to run payments at ^1.4") == true, "\(waiting)")
            #expect(waiting.wait?.releasedBy == "whoever rolls that out in staging")

            bench.records.set(beside: try Self.other("1.4.2"))
            let faults = try await bench.trial.faults(of: job)
            #expect(faults.isEmpty, "\(faults)")
            let status = try #require(try await bench.current).status
            #expect(status.phase == .ready)
            #expect(status.live?.taken.map(\.environment) == [Self.staging])
            #expect(try await Self.dependencies(of: bench)?.status == .true)
            let key = ObjectKey(
                GroupKind(kind: "ConfigMap"),
                namespace: "e-pr-7",
                name: "payments"
            )
            let map = try #require(try await bench.bench.tenantClient.get(key)).json["data"]
            #expect(map?["url"]?.string == "http://payments.example.org")
            #expect(map?["queue"]?.string == "orders")
        }
    }

    @Test func `a roll-out waits for its companion, and takes its values`() async throws {
        try await Self.run { bench in
            let version = try #require(VersionWish(parsing: "^1.4"))
            let name = EnvironmentName("pr-7-payments")
            var companion = try Self.other("1.4.2", asleep: true)
            companion.name = name
            bench.records.set(beside: companion)
            let job = try await bench.ask(1, image: "shop:1") { order in
                order.rest.dependencies = [
                    .companion(
                        CompanionService(service: ServiceName("payments"), version: version)
                    )
                ]
            }
            let waiting = try await bench.trial.run(job, turns: 2)
            #expect(waiting.wait?.on == "environment pr-7-payments to wake", "\(waiting)")
            #expect(bench.records.woken.contains(name))

            companion = try Self.other("1.4.2")
            companion.name = name
            bench.records.set(beside: companion)
            let faults = try await bench.trial.faults(of: job)
            #expect(faults.isEmpty, "\(faults)")
            let status = try #require(try await bench.current).status
            #expect(status.phase == .ready)
            #expect(status.live?.taken.map(\.environment) == [name])
            #expect(try await Self.dependencies(of: bench)?.status == .true)
        }
    }

    @Test func `what has changed of the other is seen, and what is gone ends the roll-out`()
        async throws
    {
        try await Self.run { bench in
            bench.records.set(beside: try Self.other("1.4.2"))
            try await bench.trial.run(try await Self.ask(1, bench))
            var now = try Self.other("1.4.2")
            now.status.outputs["queue"] = "payments"
            bench.records.set(beside: now)
            let live = try #require(try await bench.current)
            let seen = await bench.environments.dependencies(of: live)
            #expect(seen?.reason == "Changed" && seen?.message.contains("queue") == true)

            now.status.phase = .deleting
            bench.records.set(beside: now)
            let done = try await bench.trial.run(try await Self.ask(2, bench, version: "1.4.2"))
            #expect(done.step == nil, "\(done)")
            let outcome = try #require(bench.records.ended.last)
            #expect(outcome.state == .failed)
            #expect(outcome.detail.contains("environment staging is being deleted"))
            #expect(try await bench.current?.status.live?.number == 1)
        }
    }

    @Test func `values that nobody says are told all at once, and a wait has an end`() async throws
    {
        try await Self.run { bench in
            var silent = try Self.other("1.4.2")
            silent.status.url = nil
            silent.status.outputs = [:]
            bench.records.set(beside: silent)
            try await bench.trial.run(try await Self.ask(1, bench))
            let told = try #require(bench.records.ended.last).detail
            #expect(told.contains("DEPENDENCY_PAYMENTS_URL"), "\(told)")
            #expect(told.contains("DEPENDENCY_PAYMENTS_OUTPUT_QUEUE"), "\(told)")
            #expect(told.contains("spec.dependencies"), "\(told)")

            let job = try await Self.ask(2, bench, version: "^2")
            let waiting = try await bench.trial.run(job, turns: 2)
            #expect(waiting.step == "resolve")
            bench.records.pass(.seconds(3_601))
            let late = try await bench.trial.run(job, from: waiting)
            #expect(late.step == nil, "\(late)")
            let outcome = try #require(bench.records.ended.last)
            #expect(outcome.detail.contains("still waiting for environment staging to run"))
        }
    }

    @Test func `waking an environment wakes what it needs`() async throws {
        try await Self.run { bench in
            bench.records.set(beside: try Self.other("1.4.2"))
            try await bench.trial.run(try await Self.ask(1, bench))
            try await bench.trial.run(try await bench.askFor(sleep: true, 2))
            #expect(bench.records.woken.isEmpty)
            bench.records.set(beside: try Self.other("1.4.2", asleep: true))
            let faults = try await bench.trial.faults(of: try await bench.askFor(sleep: false, 3))
            #expect(faults.isEmpty, "\(faults)")
            #expect(Set(bench.records.woken) == [Self.staging])
            #expect(try await bench.current?.status.phase == .ready)
        }
    }

    // MARK: What is ordered with it

    private static let database = OrderedService(
        offering: OfferingName("postgresql"),
        plan: "small",
        alias: ServiceName("db")
    )

    private static func terms() throws -> ServiceTerms {
        ServiceTerms(
            blueprint: BlueprintName("platform"),
            blueprintVersion: "1.4.0",
            commit: String(repeating: "a", count: 40),
            offering: database.offering,
            version: try #require(SemanticVersion("1.0.0")),
            plan: "small",
            parameters: [:]
        )
    }

    /// What was ordered as `db`, after that.
    private static func provided(
        _ editService: (inout ServiceStatus) -> Void = { _ in },
        binding editBinding: (inout BindingStatus) -> Void = { _ in }
    ) throws -> ProvidedService {
        let terms = try terms()
        let delivery = ServiceDelivery(
            number: 1,
            terms: terms,
            generation: 1,
            since: ClusterBench.moment,
            job: JobID(high: 6, low: 1)
        )
        var status = ServiceStatus(phase: .ready)
        status.dependency = database.name
        status.live = delivery
        status.deliveries = 1
        status.outputs = ["port": 5_432]
        editService(&status)
        let service = ServiceInstance(
            id: ServiceInstanceID(high: 6, low: 2),
            tenant: TenantID(high: 7, low: 4),
            tenantName: TenantName("acme"),
            name: ServiceInstanceName("pr-7-db"),
            labels: Labels(),
            spec: ServiceSpec(
                offering: terms.offering,
                version: terms.version,
                plan: terms.plan,
                environment: EnvironmentName("pr-7")
            ),
            terms: terms,
            complete: [:],
            status: status,
            generation: 1,
            revision: 1,
            createdAt: ClusterBench.moment,
            updatedAt: ClusterBench.moment
        )
        var bound = BindingStatus(phase: .ready)
        bound.current = CredentialRecord(
            number: 1,
            parameters: [:],
            generation: 1,
            since: ClusterBench.moment,
            job: nil
        )
        editBinding(&bound)
        return ProvidedService(
            service: service,
            binding: ServiceBinding(
                id: BindingID(high: 6, low: 3),
                service: service.id,
                serviceName: service.name,
                tenant: service.tenant,
                tenantName: service.tenantName,
                name: OrderedService.binding,
                labels: Labels(),
                spec: BindingSpec(delivery: .environment(EnvironmentName("pr-7"))),
                status: bound,
                generation: 1,
                revision: 1,
                createdAt: ClusterBench.moment,
                updatedAt: ClusterBench.moment
            )
        )
    }

    private static func runOrdering(
        _ body: @escaping @Sendable (EnvironmentBench) async throws -> Void
    ) async throws {
        var files = EnvironmentBench.files
        files["db.yaml"] = """
            apiVersion: v1
            kind: ConfigMap
            metadata: {name: db, namespace: "${NAMESPACE}"}
            data: {secret: "${DEPENDENCY_DB_SECRET}", port: "${DEPENDENCY_DB_OUTPUT_PORT}"}

            """
        let template = files
        let form = ClusterBench.Form(kind: .vcluster, delivery: .gitops)
        try await ClusterBench.run(form, on: ServerOpening.sandbox(playing: true)) { bench in
            try await body(try await EnvironmentBench(in: bench, template: template))
        }
    }

    private static func order(
        _ number: UInt64,
        _ bench: EnvironmentBench
    ) async throws -> PlannedWork {
        try await bench.ask(number, image: "shop:1") { order in
            order.rest.dependencies = [.ordered(database)]
        }
    }

    @Test func `the namespace comes first, then the service, its credential and the roll-out`()
        async throws
    {
        try await Self.runOrdering { bench in
            let pending = try Self.provided { status in
                status.phase = .provisioning
                status.coming = status.live
                status.live = nil
                status.waiting = ClusterWait(
                    on: "key token of Secret a",
                    since: ClusterBench.moment,
                    until: nil,
                    releasedBy: "ann"
                )
            }
            bench.records.set(provided: [pending])
            let job = try await Self.order(1, bench)
            var waiting = try await bench.trial.run(job, turns: 2)
            #expect(waiting.step == "await-services", "\(waiting)")
            #expect(
                waiting.wait?.on
                    == "service pr-7-db to be delivered, which waits for key token of Secret a"
            )
            #expect(waiting.wait?.releasedBy == "ann")
            let namespace = ObjectKey(GroupKind(kind: "Namespace"), name: "e-pr-7")
            #expect(try await bench.bench.tenantClient.get(namespace) != nil)
            let place = try #require(try await bench.current).status
            #expect(place.namespace == "e-pr-7", "What the service waits for is decided.")

            let unbound = try Self.provided(binding: { status in
                status.phase = .issuing
                status.current = nil
            })
            bench.records.set(provided: [unbound])
            waiting = try await bench.trial.run(job, from: waiting, turns: 2)
            #expect(waiting.wait?.on == "the credential of service pr-7-db", "\(waiting)")
            #expect(try await Self.dependencies(of: bench)?.status == .false)

            bench.records.set(provided: [try Self.provided()])
            let faults = try await bench.trial.faults(of: job)
            #expect(faults.isEmpty, "\(faults)")
            let live = try #require(try await bench.current?.status.live)
            #expect(live.taken.map(\.secret) == ["pr-7-db-env"])
            #expect(try await Self.dependencies(of: bench)?.status == .true)
            let key = ObjectKey(GroupKind(kind: "ConfigMap"), namespace: "e-pr-7", name: "db")
            let map = try #require(try await bench.bench.tenantClient.get(key)).json["data"]
            #expect(map?["secret"]?.string == "pr-7-db-env" && map?["port"]?.string == "5432")
        }
    }

    @Test func `a service that cannot be had ends the roll-out, in its own words`() async throws {
        try await Self.runOrdering { bench in
            let failed = try Self.provided { status in
                status.phase = .failed
                status.live = nil
                status.leftover = 1
                status.conditions = [
                    Condition(
                        type: "Delivered",
                        status: .false,
                        reason: "Failed",
                        message: "the volume is too small",
                        observedGeneration: 1,
                        lastTransitionAt: ClusterBench.moment
                    )
                ]
            }
            bench.records.set(provided: [failed])
            let done = try await bench.trial.run(try await Self.order(1, bench))
            #expect(done.step == nil, "\(done)")
            let outcome = try #require(bench.records.ended.last)
            #expect(outcome.state == .failed)
            #expect(outcome.detail.contains("the volume is too small"), "\(outcome.detail)")

            bench.records.set(provided: [
                try Self.provided { $0.phase = .deleting }
            ])
            _ = try await bench.trial.run(try await Self.order(2, bench))
            #expect(bench.records.ended.last?.detail.contains("is gone, or goes") == true)
        }
    }

    @Test func `what is new is ordered by the roll-out that needs it, and nothing else is`()
        async throws
    {
        try await Self.runOrdering { bench in
            bench.records.set(provided: [try Self.provided()])
            bench.orders.set(.busy(reason: "the service before it goes"))
            let job = try await Self.order(1, bench)
            let waiting = try await bench.trial.run(job, turns: 2)
            #expect(waiting.step == "order", "\(waiting)")
            #expect(waiting.wait?.on == "the service before it goes", "\(waiting)")
            bench.orders.set(nil)
            let done = try await bench.trial.run(job, from: waiting)
            #expect(done.step == nil, "\(done)")
            #expect(bench.orders.placed == [[.ordered(Self.database)]])

            let same = try await bench.ask(2, image: "shop:2") { order in
                order.rest.dependencies = [.ordered(Self.database)]
            }
            #expect(try await bench.trial.run(same).step == nil)
            #expect(bench.orders.placed.count == 1, "Its call did, or it is live.")

            let approved = try await bench.ask(3, image: "shop:3") { order in
                order.rest.dependencies = [.ordered(Self.database)]
            }
            var input = try #require(approved.input.object)
            var record = try #require(input["deployment"]?.object)
            record["hold"] = .object([:])
            input["deployment"] = .object(record)
            var held = approved
            held.input = .object(input)
            bench.orders.set(.refused(reason: "There is no plan `large` any more."))
            #expect(try await bench.trial.run(held).step == nil)
            let outcome = try #require(bench.records.ended.last)
            #expect(outcome.state == .failed, "\(outcome)")
            #expect(outcome.detail.contains("no plan `large`"), "\(outcome.detail)")
        }
    }
}
