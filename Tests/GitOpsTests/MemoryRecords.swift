import Contract
import Domain
import Git
import GitOps
import Synchronization

/// Records that end with the test.
final class MemoryRecords: GitOpsRecords {
    private struct State {
        var tenants: [TenantID: Tenant] = [:]
        var blueprint: Blueprint?
        var versions: [BlueprintVersion] = []
        var things: [TenantID: Set<MadeThing>] = [:]
        var readers: [ManagementReader] = []
        var environments: [EnvironmentName] = []
        var entities = 0
    }

    private let state = Mutex(State())

    func set(_ tenant: Tenant) { state.withLock { $0.tenants[tenant.id] = tenant } }
    func set(_ blueprint: Blueprint) { state.withLock { $0.blueprint = blueprint } }

    func set(_ readers: [ManagementReader]) { state.withLock { $0.readers = readers } }

    func set(_ environments: [EnvironmentName]) {
        state.withLock { $0.environments = environments }
    }

    /// How many entities of its tenant the catalog holds.
    func set(entities count: Int) { state.withLock { $0.entities = count } }

    /// Takes two at a time away.
    func removeEntities(of tenant: TenantID) async throws(ProviderFault) -> Int {
        state.withLock { state in
            let removed = min(2, state.entities)
            state.entities -= removed
            return removed
        }
    }

    var versions: [BlueprintVersion] { state.withLock { $0.versions } }

    /// Keeps what steps found out, as the storage would.
    func take(_ outcomes: [Outcome], for tenant: TenantID? = nil) {
        for case .done(let evidence) in outcomes {
            for fact in evidence.facts { take(fact, for: tenant) }
        }
    }

    private func take(_ fact: StepFact, for tenant: TenantID?) {
        state.withLock { state in
            switch fact {
            case .repository(let repository):
                if let tenant { state.tenants[tenant]?.repository = repository }
            case .tenantRemoved:
                if let tenant { state.tenants[tenant] = nil }
            case .versions(let found):
                state.versions = found.enumerated().map { index, version in
                    BlueprintVersion(version, isDefault: index == 0)
                }
            default: break
            }
        }
    }

    func services(of tenant: TenantID) async throws(ProviderFault) -> [ServiceInstanceName] { [] }

    func environments(of tenant: TenantID) async throws(ProviderFault) -> [EnvironmentName] {
        state.withLock(\.environments)
    }

    func tenant(_ id: TenantID) async throws(ProviderFault) -> Tenant? {
        state.withLock { $0.tenants[id] }
    }

    func blueprint(_ id: BlueprintID) async throws(ProviderFault) -> Blueprint? {
        state.withLock { $0.blueprint }
    }

    func version(
        _ version: String?,
        of blueprint: BlueprintName
    ) async throws(ProviderFault) -> BlueprintVersion? {
        state.withLock { state in
            state.versions.first { version == nil ? $0.state == .default : $0.version == version }
        }
    }

    func credential(
        of blueprint: Blueprint
    ) async throws(ProviderFault) -> FetchRequest.Credential { .none }

    func readers() async throws(ProviderFault) -> [ManagementReader] {
        state.withLock { $0.readers }
    }

    func note(_ thing: MadeThing, of tenant: TenantID) async throws(ProviderFault) {
        state.withLock { _ = $0.things[tenant, default: []].insert(thing) }
    }

    func forget(_ thing: MadeThing, of tenant: TenantID) async throws(ProviderFault) {
        state.withLock { _ = $0.things[tenant]?.remove(thing) }
    }

    func things(of tenant: TenantID) async throws(ProviderFault) -> [MadeThing] {
        state.withLock { Array($0.things[tenant] ?? []) }
    }
}

extension BlueprintVersion {
    fileprivate init(_ found: DiscoveredVersion, isDefault: Bool) {
        self.init(
            id: ID(high: 1, low: 1),
            blueprint: GitOpsBench.blueprintID,
            version: found.version,
            tag: found.tag,
            commit: found.commit,
            state: found.findings.isEmpty ? (isDefault ? .default : .proposed) : .defective,
            parameterSchema: found.parameterSchema,
            summary: found.summary,
            discoveredAt: Instant(microseconds: 0),
            updatedAt: Instant(microseconds: 0),
            revision: 1
        )
    }
}
