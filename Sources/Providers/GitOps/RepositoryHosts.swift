package import Contract
package import Domain
package import Git

/// The forges that keep repositories of tenants, as far as this provider goes by them.
///
/// Every call may be repeated, and says what it found.
package protocol RepositoryHosts: Sendable {
    /// Where the tenant's repository is.
    ///
    /// - Throws: `.refused` where the tenant's forge keeps none.
    func place(of tenant: Tenant) async throws(ProviderFault) -> ForgePlace

    /// Makes the tenant's repository, or finds the one that was made for it.
    ///
    /// - Throws: `.away` while it is being made or the forge does not answer, `.refused` where
    ///   another repository is there.
    func make(for tenant: Tenant) async throws(ProviderFault)

    /// How the repository is fetched and pushed.
    func remote(of tenant: Tenant) async throws(ProviderFault) -> GitRemote

    /// What is known of the repository.
    func hosted(_ tenant: Tenant) async throws(ProviderFault) -> HostedRepository

    /// Keeps the commit that was pushed first.
    func keep(root: ObjectID, of tenant: Tenant) async throws(ProviderFault)

    /// Archives or deletes the repository as the tenant wants it in the end, or leaves it.
    ///
    /// - Returns: what the forge is still waited for; nil once it was seen to be so.
    func retire(_ tenant: Tenant) async throws(ProviderFault) -> String?

    /// Forgets the repository.
    func forget(_ tenant: TenantID) async throws(ProviderFault)
}
