import Contract
import Domain
import Drivers
import Folders
import GitOps
import Provisioning
import Storage

extension EnvironmentParts {
    /// What can be done with services, for the job engine.
    func services(_ gitOps: GitOps) -> ServiceWorkflows {
        ServiceWorkflows(
            records: StoredServices(
                environments: StoredEnvironments(clusters: clusters.records, zones: zones)
            ),
            places: self,
            files: gitOps,
            domain: domain,
            clock: { Moment.now() }
        )
    }
}

extension StoredServices: ServiceTurns {
    func take(atMost count: Int) async throws(ProviderFault) -> [ServiceInstance] {
        try await environments.asking { () async throws(StorageFault) in
            try await storage.services.takeLooks(limit: count)
        }
    }

    func record(
        _ seen: EnvironmentObservation,
        of service: ServiceInstance
    ) async throws(ProviderFault) {
        try await environments.asking { () async throws(StorageFault) in
            _ = try await storage.services.record(seen, of: service)
        }
    }

    func bindings(of service: ServiceInstance) async throws(ProviderFault) -> [ServiceBinding] {
        try await environments.asking { () async throws(StorageFault) in
            try await storage.bindings.all(of: service.id)
        }
    }

    func record(_ facts: [StepFact], of binding: ServiceBinding) async throws(ProviderFault) {
        try await environments.asking { () async throws(StorageFault) in
            try await storage.bindings.record(facts, of: binding)
        }
    }
}

/// What the work on services must know, in PostgreSQL.
struct StoredServices: ServiceRecords {
    let environments: StoredEnvironments

    private var storage: Storage { environments.clusters.storage }

    func service(_ id: ServiceInstanceID) async throws(ProviderFault) -> ServiceInstance? {
        try await environments.asking { () async throws(StorageFault) in
            try await storage.services.find(id, as: .system).map { stored throws(StorageFault) in
                try stored.service()
            }
        }
    }

    func binding(_ id: BindingID) async throws(ProviderFault) -> ServiceBinding? {
        try await environments.asking { () async throws(StorageFault) in
            try await storage.bindings.find(id, as: .system).map { stored throws(StorageFault) in
                try stored.binding()
            }
        }
    }

    func tenant(_ id: TenantID) async throws(ProviderFault) -> Tenant? {
        try await environments.tenant(id)
    }

    func cluster(
        _ name: ClusterName,
        of tenant: TenantID
    ) async throws(ProviderFault) -> Cluster? {
        try await environments.cluster(name, of: tenant)
    }

    func environment(
        _ name: EnvironmentName,
        of tenant: TenantName
    ) async throws(ProviderFault) -> Domain.Environment? {
        try await environments.environment(name, of: tenant)
    }

    func applied(
        of folder: DeliveredFolder,
        of tenant: TenantID
    ) async throws(ProviderFault) -> [FolderReading.Applied] {
        try await environments.applied(of: folder, of: tenant)
    }

    func note(
        _ applied: [FolderReading.Applied],
        of folder: DeliveredFolder,
        of tenant: TenantID
    ) async throws(ProviderFault) {
        try await environments.note(applied, of: folder, of: tenant)
    }

    func forget(
        _ applied: [FolderReading.Applied],
        of folder: DeliveredFolder,
        of tenant: TenantID
    ) async throws(ProviderFault) {
        try await environments.forget(applied, of: folder, of: tenant)
    }
}
