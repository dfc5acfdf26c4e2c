import Clusters
import Contract
import Domain
import Drivers
import Environments
import Folders
import Git
import GitOps
import Kubernetes
import Synchronization

/// Records of environments that end with the test.
final class MemoryEnvironments: EnvironmentRecords {
    private struct State {
        var environments: [EnvironmentID: Environment] = [:]
        /// What is there beside, by name, and was asked to wake.
        var others: [EnvironmentName: Environment] = [:]
        var woken: [EnvironmentName] = []
        var ended: [DeploymentOutcome] = []
        var provided: [ProvidedService] = []
        var passed = Duration.zero
        /// The phases of the cluster that an environment has for itself, the next one first.
        var home: (name: ClusterName, environment: EnvironmentName, phases: [ClusterStatus.Phase])?
        var homesMade = 0
        var companionsLeft: [Int] = []
        var applied: [DeliveredFolder: [FolderReading.Applied]] = [:]
    }

    private let state = Mutex(State())
    private let clusters: MemoryClusterRecords
    private let cluster: ClusterID

    init(clusters: MemoryClusterRecords, cluster: ClusterID) {
        self.clusters = clusters
        self.cluster = cluster
    }

    /// The time, which passes when a test says so.
    var clock: @Sendable () -> Instant {
        { [self] in ClusterBench.moment.advanced(by: state.withLock(\.passed)) }
    }

    func pass(_ time: Duration) { state.withLock { $0.passed += time } }
    func set(_ environment: Environment) {
        state.withLock { $0.environments[environment.id] = environment }
    }

    /// Whether an environment has a cluster for itself.
    var hasHome: Bool { state.withLock { $0.home != nil } }
    /// How often one was asked for.
    var homesMade: Int { state.withLock(\.homesMade) }

    /// The ends of roll-outs, in their order.
    var ended: [DeploymentOutcome] { state.withLock(\.ended) }

    /// Keeps what a step found out, as the storage would.
    func take(_ facts: [StepFact], of job: JobID) {
        let now = clock()
        state.withLock { state in
            for (id, environment) in state.environments {
                let progress = environment.progress(by: facts, of: job, at: now)
                state.ended += progress.ended
                state.environments[id] =
                    facts.contains(.environmentRemoved) ? nil : progress.environment
            }
        }
    }

    func environment(_ id: EnvironmentID) async throws(ProviderFault) -> Environment? {
        state.withLock { $0.environments[id] }
    }

    func environment(
        _ name: EnvironmentName,
        of tenant: TenantName
    ) async throws(ProviderFault) -> Environment? {
        state.withLock { $0.others[name] }
    }

    func wake(_ environment: Environment) async throws(ProviderFault) -> Wait? {
        state.withLock { $0.woken.append(environment.name) }
        return nil
    }

    /// Another environment, on which one may depend.
    func set(beside other: Environment) { state.withLock { $0.others[other.name] = other } }

    /// The environments that were asked to wake.
    var woken: [EnvironmentName] { state.withLock(\.woken) }

    func tenant(_ id: TenantID) async throws(ProviderFault) -> Tenant? {
        try await clusters.tenant(id)
    }

    func cluster(
        _ name: ClusterName,
        of tenant: TenantID
    ) async throws(ProviderFault) -> Cluster? {
        guard var found = try await clusters.cluster(cluster) else { return nil }
        if found.name == name { return found }
        // Played by the cluster that there is, under its name.
        let seen = state.withLock { state -> (EnvironmentName, ClusterStatus.Phase)? in
            guard let home = state.home, home.name == name else { return nil }
            if home.phases.count > 1 { state.home?.phases.removeFirst() }
            if home.phases.isEmpty { state.home = nil }
            return home.phases.first.map { (home.environment, $0) }
        }
        guard let seen else { return nil }
        found.name = name
        found.status.environment = seen.0
        found.status.phase = seen.1
        return found
    }

    func applied(to folder: DeliveredFolder) -> [FolderReading.Applied] {
        state.withLock { $0.applied[folder] ?? [] }
    }

    func applied(
        of folder: DeliveredFolder,
        of tenant: TenantID
    ) async throws(ProviderFault) -> [FolderReading.Applied] {
        applied(to: folder)
    }

    func note(
        _ applied: [FolderReading.Applied],
        of folder: DeliveredFolder,
        of tenant: TenantID
    ) async throws(ProviderFault) {
        state.withLock { state in
            let known = state.applied[folder] ?? []
            state.applied[folder] = known + applied.filter { !known.contains($0) }
        }
    }

    func forget(
        _ applied: [FolderReading.Applied],
        of folder: DeliveredFolder,
        of tenant: TenantID
    ) async throws(ProviderFault) {
        state.withLock { $0.applied[folder]?.removeAll { applied.contains($0) } }
    }

    func provided(
        for environment: Environment
    ) async throws(ProviderFault) -> [ProvidedService] {
        state.withLock(\.provided)
    }

    /// What was ordered together with the environment.
    func set(provided: [ProvidedService]) { state.withLock { $0.provided = provided } }

    func servicesLeft(around environment: Environment) async throws(ProviderFault) -> Int { 0 }

    /// How many companions are left, the next time and those after it; none later on.
    func set(companionsLeft: [Int]) { state.withLock { $0.companionsLeft = companionsLeft } }

    var companionsLeft: [Int] { state.withLock(\.companionsLeft) }

    func companionsLeft(of environment: Environment) async throws(ProviderFault) -> Int {
        state.withLock { state in
            guard let left = state.companionsLeft.first else { return 0 }
            // It goes away where somebody has seen that the cluster is still there.
            if state.home != nil { state.companionsLeft.removeFirst() }
            return left
        }
    }

    func makeHome(of environment: Environment) async throws(ProviderFault) {
        makeHome(for: environment.name)
    }

    func makeHome(for name: EnvironmentName) {
        state.withLock { state in
            state.homesMade += 1
            guard state.home == nil else { return }
            state.home = (name.home, name, [.pending, .provisioning, .ready])
        }
    }

    func removeHome(_ cluster: Cluster) async throws(ProviderFault) {
        state.withLock { $0.home?.phases = [] }
    }
}

/// Takes in what roll-outs order.
final class PlayedOrders: EnvironmentOrders {
    private let state = Mutex((orders: [[EnvironmentDependency]](), fault: ProviderFault?.none))

    /// What was ordered, one roll-out after the other.
    var placed: [[EnvironmentDependency]] { state.withLock(\.orders) }

    /// Has every order fail so; nil for none.
    func set(_ fault: ProviderFault?) { state.withLock { $0.fault = fault } }

    func place(
        for environment: Environment,
        _ deployment: DeploymentID,
        by actor: String
    ) async throws(ProviderFault) {
        let fault = state.withLock { state in
            if state.fault == nil { state.orders.append(environment.spec.dependencies) }
            return state.fault
        }
        if let fault { throw fault }
    }
}

/// That a cluster cannot be asked, for as long as a test wants.
final class PlayedOutage: Sendable {
    private let state = Mutex<(fault: ProviderFault?, times: Int)>((nil, 0))

    /// The fault of this time.
    var fault: ProviderFault? {
        state.withLock { state in
            guard state.times > 0 else { return nil }
            state.times -= 1
            return state.fault
        }
    }

    func set(_ fault: ProviderFault?, times: Int = .max) {
        state.withLock { $0 = (fault, times) }
    }
}

/// The ways into the cluster of a bench.
struct PlayedPlaces: ClusterPlaces {
    let bench: ClusterBench
    let records: MemoryEnvironments
    let outage: PlayedOutage

    func place(of cluster: Cluster) async throws(ProviderFault) -> ClusterPlace {
        if let fault = outage.fault { throw fault }
        guard let wish = try await WishMaker(records: bench.records).wish(of: cluster.id),
            let management = try await bench.records.managementCluster(
                cluster.spec.managementCluster
            ),
            let driver = ClusterBench.drivers.first(where: { $0.kind == cluster.spec.kind })
        else { throw .refused(reason: "the cluster is gone") }
        let secret = driver.kubeconfigSecret(for: wish)
        let clusters = bench.clusters
        return ClusterPlace(
            wish: wish,
            host: try await clusters.reach(management).client,
            kubeconfig: secret,
            guest: { () async throws(ProviderFault) in
                guard let secret else {
                    return try await clusters.reachNamespace(of: cluster, in: management)
                }
                return try await clusters.reach(cluster, in: management, by: secret).client
            },
            applied: { [records] name throws(ProviderFault) in records.applied(to: name) },
            ingressURL: "http://localhost/sandbox/\(cluster.slug)/ingress"
        )
    }
}

/// Takes in what is seen.
final class PlayedTurns: EnvironmentTurns {
    private let state = Mutex([EnvironmentObservation]())

    var seen: [EnvironmentObservation] { state.withLock { $0 } }

    func take(atMost count: Int) async throws(ProviderFault) -> [Environment] { [] }

    func record(
        _ seen: EnvironmentObservation,
        of environment: Environment
    ) async throws(ProviderFault) {
        state.withLock { $0.append(seen) }
    }
}

/// Answers for environments as a test has it.
final class PlayedProbe: EnvironmentProbe {
    private let state = Mutex((status: 200, asked: [String]()))

    var asked: [String] { state.withLock(\.asked) }
    func answers(_ status: Int) { state.withLock { $0.status = status } }

    func status(
        of url: String,
        with header: (name: String, value: String)?
    ) async throws(ProviderFault) -> Int {
        state.withLock { state in
            state.asked.append(url)
            return state.status
        }
    }

    func answer(to question: PrometheusQuestion) async throws(ProviderFault) -> [Double] {
        throw .transient(reason: "no Prometheus is there")
    }
}

/// Repositories as long as the process lives.
struct MortalFiles: EnvironmentFiles {
    let inner: any EnvironmentFiles
    let life: KillSwitch

    func render(_ release: EnvironmentRelease) async throws(ProviderFault) -> RenderedRelease {
        try await inner.render(release)
    }

    func write(
        _ rendered: RenderedRelease,
        of release: EnvironmentRelease,
        for job: JobID
    ) async throws(ProviderFault) -> String {
        guard life.isSent(changes: true) else { throw .cancelled }
        let commit = try await inner.write(rendered, of: release, for: job)
        guard life.isAlive else { throw .cancelled }
        return commit
    }

    func remove(
        _ environment: EnvironmentName,
        of tenant: TenantID,
        for job: JobID
    ) async throws(ProviderFault) {
        guard life.isSent(changes: true) else { throw .cancelled }
        try await inner.remove(environment, of: tenant, for: job)
        guard life.isAlive else { throw .cancelled }
    }

    func files(
        of environment: EnvironmentName,
        at commit: String,
        of tenant: TenantID
    ) async throws(ProviderFault) -> [RenderedRelease.File] {
        try await inner.files(of: environment, at: commit, of: tenant)
    }

    func holds(
        _ commit: String,
        in revision: String,
        of tenant: TenantID
    ) async throws(ProviderFault) -> Bool {
        try await inner.holds(commit, in: revision, of: tenant)
    }
}

/// Repositories know tenants alone.
struct TenantRecords: GitOpsRecords {
    let records: MemoryClusterRecords

    func tenant(_ id: TenantID) async throws(ProviderFault) -> Tenant? {
        try await records.tenant(id)
    }
    func blueprint(_ id: BlueprintID) async throws(ProviderFault) -> Blueprint? { nil }
    func version(
        _ version: String?,
        of blueprint: BlueprintName
    ) async throws(ProviderFault) -> BlueprintVersion? { nil }
    func credential(
        of blueprint: Blueprint
    ) async throws(ProviderFault) -> FetchRequest.Credential { .none }
    func readers() async throws(ProviderFault) -> [ManagementReader] { [] }
    func environments(of tenant: TenantID) async throws(ProviderFault) -> [EnvironmentName] { [] }
    func services(of tenant: TenantID) async throws(ProviderFault) -> [ServiceInstanceName] { [] }
    func note(_ thing: MadeThing, of tenant: TenantID) async throws(ProviderFault) {}
    func forget(_ thing: MadeThing, of tenant: TenantID) async throws(ProviderFault) {}
    func things(of tenant: TenantID) async throws(ProviderFault) -> [MadeThing] { [] }
    func removeEntities(of tenant: TenantID) async throws(ProviderFault) -> Int { 0 }
}

/// Every place has the same time.
struct NoZones: TimeZoneSource {
    func rules(of zone: String) throws(TimeZoneAbsence) -> TimeZoneRules { .utc }
}

/// Tells nobody.
struct SilentLog: StepLog {
    func write(_ level: JobLogLine.Level, _ message: String) {}
}

/// Is never given up.
struct Wanted: CancellationCheck {
    var isCancelled: Bool { false }
}
