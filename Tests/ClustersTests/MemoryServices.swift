import Contract
import Domain
import Drivers
import Folders
import GitOps
import Provisioning
import Synchronization

/// Records of services and bindings that end with the test.
final class MemoryServices: ServiceRecords {
    private struct State {
        var services: [ServiceInstanceID: ServiceInstance] = [:]
        var bindings: [BindingID: ServiceBinding] = [:]
        var told: [EventType] = []
        /// What a binding becomes, and after how many reads of it.
        var later: (reads: Int, binding: ServiceBinding)?
    }

    private let state = Mutex(State())
    private let environments: EnvironmentBench

    init(environments: EnvironmentBench) { self.environments = environments }

    func set(_ service: ServiceInstance) { state.withLock { $0.services[service.id] = service } }

    func set(_ binding: ServiceBinding) {
        state.withLock { state in
            state.bindings[binding.id] = binding
            let names = state.bindings.values.filter { $0.service == binding.service }.map(\.name)
            state.services[binding.service]?.bindings = names.sorted { $0.text < $1.text }
        }
    }

    /// Makes it that binding once it was read so often, as somebody else does meanwhile.
    func set(_ binding: ServiceBinding, afterReads reads: Int) {
        state.withLock { $0.later = (reads, binding) }
    }

    /// Keeps what a step found out, as the storage would.
    func take(_ facts: [StepFact], of job: PlannedWork) {
        let now = environments.records.clock()
        state.withLock { state in
            guard let id = job.subject.id else { return }
            if job.subject.kind == .service, let service = state.services[id.cast()] {
                let next = service.progress(by: facts, of: job.id, at: now).service
                state.services[id.cast()] = facts.contains(.serviceRemoved) ? nil : next
            }
            if job.subject.kind == .binding, let binding = state.bindings[id.cast()] {
                let next = binding.progress(by: facts, of: job.id, at: now).binding
                let isGone = facts.contains(.bindingRemoved)
                state.bindings[id.cast()] = isGone ? nil : next
                if isGone {
                    state.services[binding.service]?.bindings.removeAll { $0 == binding.name }
                }
            }
        }
    }

    func service(_ id: ServiceInstanceID) async throws(ProviderFault) -> ServiceInstance? {
        state.withLock { $0.services[id] }
    }

    func binding(_ id: BindingID) async throws(ProviderFault) -> ServiceBinding? {
        state.withLock { state in
            if let later = state.later, later.binding.id == id {
                state.later?.reads -= 1
                if later.reads == 0 {
                    state.bindings[id] = later.binding
                    state.later = nil
                }
            }
            return state.bindings[id]
        }
    }

    func tenant(_ id: TenantID) async throws(ProviderFault) -> Tenant? {
        try await environments.records.tenant(id)
    }

    func cluster(
        _ name: ClusterName,
        of tenant: TenantID
    ) async throws(ProviderFault) -> Cluster? {
        try await environments.records.cluster(name, of: tenant)
    }

    func environment(
        _ name: EnvironmentName,
        of tenant: TenantName
    ) async throws(ProviderFault) -> Environment? {
        // Records in memory do not fail.
        guard let found = try? await environments.current, found.name == name else { return nil }
        return found
    }

    func applied(
        of folder: DeliveredFolder,
        of tenant: TenantID
    ) async throws(ProviderFault) -> [FolderReading.Applied] {
        try await environments.records.applied(of: folder, of: tenant)
    }

    func note(
        _ applied: [FolderReading.Applied],
        of folder: DeliveredFolder,
        of tenant: TenantID
    ) async throws(ProviderFault) {
        try await environments.records.note(applied, of: folder, of: tenant)
    }

    func forget(
        _ applied: [FolderReading.Applied],
        of folder: DeliveredFolder,
        of tenant: TenantID
    ) async throws(ProviderFault) {
        try await environments.records.forget(applied, of: folder, of: tenant)
    }
}

extension MemoryServices: ServiceTurns {
    /// What the looks at bindings have told.
    var told: [EventType] { state.withLock(\.told) }

    func take(atMost count: Int) async throws(ProviderFault) -> [ServiceInstance] { [] }

    func record(
        _ seen: EnvironmentObservation,
        of service: ServiceInstance
    ) async throws(ProviderFault) {
        let now = environments.records.clock()
        let nobody = JobID(high: 0, low: 0)
        state.withLock { state in
            let next = state.services[service.id]?
                .progress(by: [.serviceSeen(seen)], of: nobody, at: now)
            state.services[service.id] = next?.service
        }
    }

    func bindings(of service: ServiceInstance) async throws(ProviderFault) -> [ServiceBinding] {
        state.withLock { $0.bindings.values.filter { $0.service == service.id } }
    }

    func record(_ facts: [StepFact], of binding: ServiceBinding) async throws(ProviderFault) {
        let now = environments.records.clock()
        let nobody = JobID(high: 0, low: 0)
        state.withLock { state in
            guard let next = state.bindings[binding.id]?.progress(by: facts, of: nobody, at: now)
            else { return }
            state.bindings[binding.id] = next.binding
            state.told += next.events.map(\.type)
        }
    }
}

/// Repositories as long as the process lives.
struct MortalServiceFiles: ServiceFiles {
    let inner: GitOps
    let life: KillSwitch

    var managementURL: String { inner.managementURL }

    func offering(
        at terms: ServiceTerms,
        for tenant: TenantID
    ) async throws(ProviderFault) -> Offering {
        try await inner.offering(at: terms, for: tenant)
    }

    func render(_ release: ServiceRelease) async throws(ProviderFault) -> ServiceRendering {
        try await inner.render(release)
    }

    func render(_ release: CredentialRelease) async throws(ProviderFault) -> CredentialRendering {
        try await inner.render(release)
    }

    func change(
        _ folder: ServiceFolder,
        _ edits: [FolderEdit],
        saying subject: String,
        for job: JobID
    ) async throws(ProviderFault) -> String {
        guard life.isSent(changes: true) else { throw .cancelled }
        let commit = try await inner.change(folder, edits, saying: subject, for: job)
        guard life.isAlive else { throw .cancelled }
        return commit
    }

    func remove(_ folder: ServiceFolder, for job: JobID) async throws(ProviderFault) {
        guard life.isSent(changes: true) else { throw .cancelled }
        try await inner.remove(folder, for: job)
        guard life.isAlive else { throw .cancelled }
    }

    func files(of folder: ServiceFolder) async throws(ProviderFault) -> [RenderedRelease.File] {
        try await inner.files(of: folder)
    }

    func holds(
        _ commit: String,
        in revision: String,
        of folder: ServiceFolder
    ) async throws(ProviderFault) -> Bool {
        try await inner.holds(commit, in: revision, of: folder)
    }
}
