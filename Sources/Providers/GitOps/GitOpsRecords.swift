package import Contract
package import Domain
package import Git

/// What the provider must know and keep, without knowing where it is kept.
package protocol GitOpsRecords: Sendable {
    /// The tenant as it is wanted now; nil where it is gone.
    func tenant(_ id: TenantID) async throws(ProviderFault) -> Tenant?

    /// The blueprint; nil where it is gone.
    func blueprint(_ id: BlueprintID) async throws(ProviderFault) -> Blueprint?

    /// A version of a blueprint, the default one for nil; nil where there is none.
    func version(
        _ version: String?,
        of blueprint: BlueprintName
    ) async throws(ProviderFault) -> BlueprintVersion?

    /// What is shown to the host of a blueprint's repository.
    func credential(of blueprint: Blueprint) async throws(ProviderFault) -> FetchRequest.Credential

    /// Which management clusters read the management repository, and what they hold.
    func readers() async throws(ProviderFault) -> [ManagementReader]

    /// The names of the tenant's environments, in any order.
    func environments(of tenant: TenantID) async throws(ProviderFault) -> [EnvironmentName]

    /// Removes some of the tenant's entities from the catalog; how many, 0 where none is left.
    func removeEntities(of tenant: TenantID) async throws(ProviderFault) -> Int

    /// The names of the tenant's services, in any order.
    func services(of tenant: TenantID) async throws(ProviderFault) -> [ServiceInstanceName]

    /// Notes something that is going to be made for a tenant.
    func note(_ thing: MadeThing, of tenant: TenantID) async throws(ProviderFault)

    /// Forgets something that was seen to be gone.
    func forget(_ thing: MadeThing, of tenant: TenantID) async throws(ProviderFault)

    /// Everything that was noted for a tenant and not forgotten.
    func things(of tenant: TenantID) async throws(ProviderFault) -> [MadeThing]
}

/// A management cluster that is delivered to through the management repository.
package struct ManagementReader: Sendable, Hashable {
    /// Its name.
    package var name: ManagementClusterName
    /// Whether it is the sandbox, which Slipway itself points at its folder.
    package var isSandbox: Bool
    /// What the clusters in it are called there.
    package var slugs: Set<ClusterSlug>

    /// That management cluster with those clusters.
    package init(name: ManagementClusterName, isSandbox: Bool, slugs: Set<ClusterSlug>) {
        self.name = name
        self.isSandbox = isSandbox
        self.slugs = slugs
    }
}

/// Something that the provider made for a tenant.
package struct MadeThing: Sendable, Hashable {
    /// What kinds of things the provider makes.
    package enum Kind: String, Sendable {
        /// A bare repository.
        case repository
        /// The entry in the management repository.
        case entry
    }

    /// What kind of thing it is.
    package var kind: Kind
    /// Where it is, as people find it.
    package var name: String

    /// A thing of that kind and name.
    package init(_ kind: Kind, name: String) {
        self.kind = kind
        self.name = name
    }
}
