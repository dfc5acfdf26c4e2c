import Contract
import Domain
import Git
import GitOps
import JSON
import Kubernetes
import Provisioning
import TestSupport
import Testing

/// The jobs of services in a cluster that the sandbox plays, with the example's offerings.
struct ServiceBench: Sendable {
    static let environment = EnvironmentName("pr-7")

    let environments: EnvironmentBench
    let records: MemoryServices
    let files: MortalServiceFiles
    let provisioning: ServiceWorkflows
    /// The blueprint's commit that has the offerings.
    private let commit: String

    private var bench: ClusterBench { environments.bench }

    var trial: JobTrial {
        JobTrial(
            workflows: provisioning.workflows,
            life: bench.life,
            take: { [records] in records.take($0, of: $1) },
            turn: { [bench] in try await bench.turn() },
            world: { [self] in try await world() }
        )
    }

    /// A cluster with an environment, and a blueprint with those offerings.
    init(in bench: ClusterBench, offering names: [String]) async throws {
        let environments = try await EnvironmentBench(in: bench)
        self.environments = environments
        records = MemoryServices(environments: environments)
        let clock = environments.records.clock
        files = MortalServiceFiles(
            inner: GitOps(
                git: bench.git,
                records: TenantRecords(records: bench.records),
                layout: bench.layout,
                clock: clock
            ),
            life: bench.life
        )
        provisioning = ServiceWorkflows(
            records: records,
            places: PlayedPlaces(
                bench: bench,
                records: environments.records,
                outage: environments.outage
            ),
            files: files,
            domain: "env.example.org",
            clock: clock
        )
        commit = try await Self.plant(names, in: bench)
        let placed = try await environments.trial.run(
            try await environments.ask(1, image: "shop:1")
        )
        try #require(placed.step == nil, "\(placed)")
    }

    private static func plant(_ names: [String], in bench: ClusterBench) async throws -> String {
        let list = names.map { "  - path: offerings/\($0)\n" }.joined()
        var files = ["blueprint.yaml": EnvironmentBench.manifest + "offerings:\n" + list]
        for name in names {
            for path in ExampleFiles.paths(below: "v1.4.0/offerings/\(name)/") {
                files[String(path.dropFirst("v1.4.0/".count))] = ExampleFiles.text(path)
            }
        }
        let edits = try files.map { path, text in
            TreeEdit.put(
                TreeFile(path: try RepositoryPath(parsing: path), content: .bytes(Array(text.utf8)))
            )
        }
        let mirror = bench.layout.mirror(of: try BlueprintName(parsing: "platform"))
        return try await bench.git.open(mirror) { repository throws(GitFault) in
            let person = Signature(name: "Ada", email: "ada@example.org", seconds: 1_700_000_001)
            let text = CommitText(message: "Offer", author: person, committer: person)
            return try repository.commit(onto: "main", text: text) { _, _ in edits }.commit.hex
        }
    }

    private static func occasion(_ number: UInt64, _ moment: Instant) -> Occasion {
        Occasion(
            at: moment,
            job: JobID(high: number, low: 15),
            event: EventID(high: number, low: 16)
        )
    }

    private func terms(
        _ offering: String,
        _ plan: String?,
        _ parameters: JSONObject
    ) async throws -> (Offering, ServiceTerms) {
        let cluster = try #require(try await bench.current)
        var terms = ServiceTerms(
            blueprint: try BlueprintName(parsing: "platform"),
            blueprintVersion: "1.4.0",
            commit: commit,
            offering: try OfferingName(parsing: offering),
            version: try #require(SemanticVersion("1.0.0")),
            plan: "",
            parameters: parameters
        )
        let found = try await files.offering(at: terms, for: cluster.tenant)
        terms.version = found.version
        terms.plan = plan ?? found.plans[0].name
        return (found, terms)
    }

    /// Orders a service, or orders it anew; the job that follows.
    func order(
        _ name: String,
        _ number: UInt64,
        of offering: String,
        plan: String? = nil,
        parameters: JSONObject = [:],
        _ edit: (inout ServiceOrder) -> Void = { _ in }
    ) async throws -> PlannedWork {
        let cluster = try #require(try await bench.current)
        let (found, terms) = try await terms(offering, plan, parameters)
        var order = ServiceOrder(
            offering: found.name,
            parameters: parameters,
            environment: found.owners.contains(.tenant) ? nil : Self.environment
        )
        edit(&order)
        let ordered = OrderedOffering(found, terms: terms, complete: parameters)
        let occasion = Self.occasion(number, environments.records.clock())
        let decision: ServiceInstance.Decision
        if let current = try await service(name) {
            decision = try #require(
                try current.change(
                    labels: current.labels,
                    order: order,
                    of: ordered,
                    on: occasion
                )
            )
        } else {
            let summary = ClusterSummary(name: cluster.name, kind: cluster.spec.kind, phase: .ready)
            decision = try ServiceInstance.creation(
                id: Self.id(of: name),
                name: ServiceInstanceName(parsing: name),
                of: cluster.tenant,
                named: cluster.tenantName,
                labels: Labels(),
                order: order,
                of: ordered,
                in: ServiceSurroundings(
                    clusters: [summary],
                    environments: [Self.environment: cluster.spec.kind]
                ),
                on: occasion
            )
        }
        records.set(decision.service)
        return try PlannedWork(try #require(decision.job))
    }

    private static func id(of name: String) -> ServiceInstanceID {
        ServiceInstanceID(high: 21, low: UInt64(name.utf8.reduce(0) { $0 * 31 + Int($1) }))
    }

    func service(_ name: String) async throws -> ServiceInstance? {
        try await records.service(Self.id(of: name))
    }

    func end(_ name: String, _ number: UInt64) async throws -> PlannedWork {
        let current = try #require(try await service(name))
        let decision = try #require(
            try current.deletion(
                by: "ada",
                waits: true,
                on: Self.occasion(number, environments.records.clock())
            )
        )
        records.set(decision.service)
        return try PlannedWork(try #require(decision.job))
    }

    func pause(_ name: String, _ isPaused: Bool, _ number: UInt64) async throws -> PlannedWork {
        let current = try #require(try await service(name))
        let occasion = Self.occasion(number, environments.records.clock())
        let decision = try #require(try current.pausing(isPaused, on: occasion))
        records.set(decision.service)
        return try PlannedWork(try #require(decision.job))
    }

    // MARK: - Bindings

    private static let bindingID = BindingID(high: 22, low: 1)

    var binding: ServiceBinding? {
        get async throws { try await records.binding(Self.bindingID) }
    }

    /// Binds the environment to a service; the job that follows.
    func bind(
        _ name: String,
        _ number: UInt64,
        parameters: JSONObject = [:],
        delivery: BindingSpec.Delivery = .environment(environment),
        by carrier: BindingSpec.Carrier = .slipway
    ) async throws -> PlannedWork {
        let service = try #require(try await service(name))
        let cluster = try #require(try await bench.current)
        let found = try await files.offering(at: service.terms, for: service.tenant)
        let decision = try ServiceBinding.creation(
            id: Self.bindingID,
            name: BindingName(parsing: "main"),
            labels: Labels(),
            spec: BindingSpec(parameters: parameters, delivery: delivery, carrier: carrier),
            in: BindingSurroundings(
                service: service,
                offering: found,
                clusters: [
                    ClusterSummary(name: cluster.name, kind: cluster.spec.kind, phase: .ready)
                ],
                environments: [Self.environment]
            ),
            on: Self.occasion(number, environments.records.clock())
        )
        records.set(decision.binding)
        return try PlannedWork(try #require(decision.job))
    }

    /// Decides something about the binding; the job that follows.
    func decide(
        _ number: UInt64,
        _ body: (ServiceBinding, Occasion) throws -> ServiceBinding.Decision?
    ) async throws -> PlannedWork {
        let current = try #require(try await binding)
        let occasion = Self.occasion(number, environments.records.clock())
        let decision = try #require(try body(current, occasion))
        records.set(decision.binding)
        return try PlannedWork(try #require(decision.job))
    }

    // MARK: - The world

    /// What the consumer finds; nil where there is nothing.
    func consumed(_ service: String) async throws -> JSONObject? {
        try await object("Secret", "\(service)-main", in: "e-pr-7")?.json["data"]?.object
    }

    /// A Secret in the namespace beside the tenants.
    struct PlatformSecret: Sendable {
        var name: String
        var labels: [String: String]
    }

    /// The Secret there of the service's credential.
    func platformSecret(of service: String) async throws -> PlatformSecret? {
        let all = try await bench.client.list(
            GroupKind(kind: "Secret"),
            namespace: "slipway-services",
            labels: "slipway.dev/service=\(service),slipway.dev/credential"
        )
        return all.items.first.map { PlatformSecret(name: $0.name, labels: $0.labels) }
    }

    /// The Secret there of that name.
    func platformSecret(named name: String) async throws -> KubernetesObject? {
        let kind = GroupKind(kind: "Secret")
        return try await bench.client.get(
            ObjectKey(kind, namespace: "slipway-services", name: name)
        )
    }

    /// Puts such a Secret there, as somebody else would.
    func plant(_ secret: PlatformSecret, named name: String) async throws {
        var labels = JSONObject()
        for (key, value) in secret.labels { labels[key] = .string(value) }
        let object: JSONObject = [
            "apiVersion": "v1", "kind": "Secret",
            "metadata": [
                "name": .string(name), "namespace": "slipway-services", "labels": .object(labels),
            ],
            "data": ["username": "YQ==", "password": "Yg=="],
        ]
        _ = try await bench.client.apply(object, manager: "person", force: true)
    }

    /// That the consumer has the credential of that number, and that it is good for something.
    func expectValid(_ number: Int) async throws {
        let own = try await object("Secret", "s-main-\(number)", in: "s-s")
        let data = try #require(own?.json["data"]?.object, "credential \(number) is gone")
        let consumed = try #require(try await consumed("s"))
        #expect(consumed["password"] == data["password"])
    }

    /// That those credentials are there, and no others.
    func expectThere(_ numbers: [Int]) async throws {
        let all = try await bench.tenantClient.list(GroupKind(kind: "Secret"), namespace: "s-s")
        let names = all.items.map(\.name).filter { $0.hasPrefix("s-main-") }
        #expect(Set(names) == Set(numbers.map { "s-main-\($0)" }))
    }

    func object(
        _ kind: String,
        _ name: String,
        in namespace: String,
        group: String = ""
    ) async throws -> KubernetesObject? {
        let kind = GroupKind(group: group, kind: kind)
        return try await bench.tenantClient.get(
            ObjectKey(kind, namespace: namespace, name: name)
        )
    }

    /// Puts keys into a Secret, as a person would.
    func give(_ keys: [String], of secret: String, in namespace: String) async throws {
        var data = JSONObject()
        for key in keys { data[key] = "Z2l2ZW4=" }
        let object: JSONObject = [
            "apiVersion": "v1", "kind": "Secret",
            "metadata": ["name": .string(secret), "namespace": .string(namespace)],
            "data": .object(data),
        ]
        _ = try await bench.tenantClient.apply(object, manager: "person", force: true)
    }

    /// Removes it, as a person would.
    func remove(_ object: KubernetesObject) async throws {
        _ = try await bench.tenantClient.delete(object.key, uid: object.uid)
    }

    /// Puts back what was removed.
    func put(_ object: KubernetesObject) async throws {
        var json = object.json
        var metadata = JSONObject()
        for key in ["name", "namespace", "labels", "annotations"] {
            metadata[key] = json["metadata"]?[key]
        }
        json["metadata"] = .object(metadata)
        json["status"] = nil
        _ = try await bench.tenantClient.apply(json, manager: "person", force: true)
    }

    /// Something goes wrong in the cluster from now on.
    func fault(_ effect: String, on kind: String, named name: String = "*") async throws {
        let object: JSONObject = [
            "apiVersion": "sandbox.slipway.dev/v1", "kind": "Fault",
            "metadata": ["name": "f"],
            "spec": [
                "target": ["kind": .string(kind), "name": .string(name)],
                "effect": .string(effect),
            ],
        ]
        _ = try await bench.tenantClient.apply(object, force: true)
    }

    /// Everything that there is of services: Secrets and Jobs in namespaces, what applies them, and
    /// files of both repositories.
    func world() async throws -> Set<String> {
        var world: Set<String> = []
        let kinds = [
            GroupKind(kind: "Secret"), GroupKind(group: "batch", kind: "Job"),
            GroupKind(group: "postgresql.cnpg.io", kind: "DatabaseRole"),
        ]
        for client in [bench.tenantClient, bench.client] {
            for kind in kinds {
                for object in try await client.list(kind).items where object.isOfService {
                    world.insert("\(object.key) \(object.json["data"]?.text ?? "")")
                }
            }
            for object in try await client.list(GroupKind(kind: "Namespace")).items
            where object.isOfService { world.insert("\(object.key)") }
        }
        for kind in [
            GroupKind(group: "kustomize.toolkit.fluxcd.io", kind: "Kustomization"),
            GroupKind(group: "argoproj.io", kind: "Application"),
        ] {
            for object in try await bench.client.list(kind).items where object.isOfService {
                world.insert("\(object.key) \(JSON.object(object.spec).text)")
            }
        }
        let cluster = try #require(try await bench.current)
        for path in [bench.layout.platform(of: cluster.tenantName), bench.layout.management] {
            let files = try await bench.git.open(path) {
                repository throws(GitFault) -> [String] in
                guard let head = try repository.commit(named: "refs/heads/main") else { return [] }
                return try repository.snapshot(of: head).map { "\($0.path) \($0.id)" }
            }
            world.formUnion(files.filter { $0.hasPrefix("services/") })
        }
        return world
    }
}

extension KubernetesObject {
    fileprivate var isOfService: Bool {
        labels["slipway.dev/service"] != nil || labels["slipway.dev/consumer-of"] != nil
    }
}
