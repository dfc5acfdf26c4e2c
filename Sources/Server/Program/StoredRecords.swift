import Contract
import Domain
import Git
import GitOps
import Secrets
import Storage

/// What the GitOps provider must know and keep, in PostgreSQL.
struct StoredRecords: GitOpsRecords {
    private static let driver = "gitops"

    let storage: Storage
    let sealer: Sealer

    func tenant(_ id: TenantID) async throws(ProviderFault) -> Tenant? {
        try await asking { () async throws(StorageFault) in
            try await storage.tenants.find(id, as: .system).map {
                stored throws(StorageFault) in try stored.tenant()
            }
        }
    }

    func environments(of tenant: TenantID) async throws(ProviderFault) -> [EnvironmentName] {
        try await asking { () async throws(StorageFault) in
            try await storage.environments.usage(of: tenant).environments.map(\.name)
        }
    }

    func removeEntities(of tenant: TenantID) async throws(ProviderFault) -> Int {
        try await asking { () async throws(StorageFault) in
            try await storage.catalog.removeSome(of: tenant)
        }
    }

    func services(of tenant: TenantID) async throws(ProviderFault) -> [ServiceInstanceName] {
        try await asking { () async throws(StorageFault) in
            try await storage.services.usage(of: tenant).services.map(\.name)
        }
    }

    func blueprint(_ id: BlueprintID) async throws(ProviderFault) -> Blueprint? {
        try await asking { () async throws(StorageFault) in
            try await storage.blueprints.find(id, as: .system).map {
                stored throws(StorageFault) in try stored.blueprint()
            }
        }
    }

    func version(
        _ version: String?,
        of blueprint: BlueprintName
    ) async throws(ProviderFault) -> BlueprintVersion? {
        try await asking { () async throws(StorageFault) in
            guard let version else {
                return try await storage.versions.findDefault(of: blueprint, as: .system)
            }
            return try await storage.versions.find(version, of: blueprint, as: .system)
        }
    }

    func credential(
        of blueprint: Blueprint
    ) async throws(ProviderFault) -> FetchRequest.Credential {
        let sealed = try await asking { () async throws(StorageFault) in
            try await storage.blueprints.credentials(of: blueprint.id, as: .system)
        }
        guard let sealed else { return .none }
        do throws(SealFault) {
            let secret = try sealer.open(
                SealedSecret(parsing: sealed),
                context: blueprint.id.credentialContext
            )
            return .basic(
                user: blueprint.spec.username ?? "git",
                password: secret.revealedText()
            )
        } catch {
            throw .refused(
                reason: """
                    the credentials of blueprint \(blueprint.name) cannot be opened with this \
                    installation's key; store them again
                    """
            )
        }
    }

    func readers() async throws(ProviderFault) -> [ManagementReader] {
        try await asking { () async throws(StorageFault) in
            var readers: [ManagementReader] = []
            for stored in try await storage.managementClusters.all() {
                let management = try stored.management()
                guard management.spec.delivery == .gitops else { continue }
                let digests = try await storage.clusters.digests(in: management.id)
                readers.append(
                    ManagementReader(
                        name: management.name,
                        isSandbox: management.spec.connection == .sandbox,
                        slugs: Set(digests.map(\.slug))
                    )
                )
            }
            return readers
        }
    }

    func note(_ thing: MadeThing, of tenant: TenantID) async throws(ProviderFault) {
        try await asking { () async throws(StorageFault) in
            try await storage.inventory.note([Self.item(thing)], of: tenant)
        }
    }

    func forget(_ thing: MadeThing, of tenant: TenantID) async throws(ProviderFault) {
        try await asking { () async throws(StorageFault) in
            try await storage.inventory.forget([Self.item(thing)], of: tenant)
        }
    }

    func things(of tenant: TenantID) async throws(ProviderFault) -> [MadeThing] {
        let items = try await asking { () async throws(StorageFault) in
            try await storage.inventory.items(of: tenant, driver: Self.driver)
        }
        return items.compactMap { item in
            MadeThing.Kind(rawValue: item.kind).map { MadeThing($0, name: item.name) }
        }
    }

    private static func item(_ thing: MadeThing) -> InventoryStore.Item {
        InventoryStore.Item(driver: driver, kind: thing.kind.rawValue, name: thing.name)
    }

    /// A database that gives no answer is a fault that passes; what it refuses is changed by a
    /// person.
    private func asking<Value>(
        _ body: () async throws(StorageFault) -> Value
    ) async throws(ProviderFault) -> Value {
        do throws(StorageFault) { return try await body() } catch {
            throw error.providerFault
        }
    }
}
