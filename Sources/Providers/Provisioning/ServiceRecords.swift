package import Contract
package import Domain
package import Folders

/// What the work on services must know, without knowing where it is kept.
package protocol ServiceRecords: FolderInventory {
    /// The service as it is wanted now; nil where it is gone.
    func service(_ id: ServiceInstanceID) async throws(ProviderFault) -> ServiceInstance?

    /// The binding as it is wanted now; nil where it is gone.
    func binding(_ id: BindingID) async throws(ProviderFault) -> ServiceBinding?

    /// The tenant as it is wanted now; nil where it is gone.
    func tenant(_ id: TenantID) async throws(ProviderFault) -> Tenant?

    /// The tenant's cluster of that name; nil where it is gone.
    func cluster(
        _ name: ClusterName,
        of tenant: TenantID
    ) async throws(ProviderFault) -> Cluster?

    /// The tenant's environment of that name; nil where there is none.
    func environment(
        _ name: EnvironmentName,
        of tenant: TenantName
    ) async throws(ProviderFault) -> Environment?
}
