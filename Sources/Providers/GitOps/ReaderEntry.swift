import Domain

/// What the management repository holds for one management cluster: the folder that its engine
/// reads, with a list of the tenants that have clusters there.
///
/// Each engine reads its own folder alone, so that several of them share one repository.
enum ReaderEntry {
    static let folder = "management"

    /// The folder that the engine of a management cluster reads.
    static func folder(of management: ManagementClusterName) -> String {
        "\(folder)/\(management)"
    }

    /// The list of the tenants that have clusters there.
    static func indexPath(of management: ManagementClusterName) -> String {
        "\(folder(of: management))/kustomization.yaml"
    }

    /// The folder of what a tenant has there.
    static func folder(of tenant: TenantName, in management: ManagementClusterName) -> String {
        "\(folder(of: management))/\(tenant)"
    }

    /// The list of what a tenant has there.
    static func indexPath(
        of tenant: TenantName,
        in management: ManagementClusterName
    ) -> String {
        "\(folder(of: tenant, in: management))/kustomization.yaml"
    }

    /// The file of the tenant's namespace there.
    static func namespacePath(
        of tenant: TenantName,
        in management: ManagementClusterName
    ) -> String {
        "\(folder(of: tenant, in: management))/\(TenantEntry.namespaceFile)"
    }
}
