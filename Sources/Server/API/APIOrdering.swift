package import Domain

/// What the API needs for services beside what is stored.
package struct APIOrdering: Sendable {
    /// The kinds of the API server that objects of a service are applied to.
    package struct Kinds: Sendable {
        /// Those that it serves.
        package var served: Set<ManifestKind>
        /// Those of them that the account may not apply as which a service is delivered.
        package var refused: Set<ManifestKind>

        /// Those kinds.
        package init(served: Set<ManifestKind>, refused: Set<ManifestKind> = []) {
            self.served = served
            self.refused = refused
        }
    }

    /// Says which kinds there are, beside a tenant's cluster or in it.
    package typealias ReadKinds =
        @Sendable (Cluster, Offering.Place) async throws(ClusterAccessFault) -> Kinds
    /// Reads what Kubernetes noted in a service's namespace, the newest first.
    package typealias ReadHappenings =
        @Sendable (ServiceInstance) async throws(ClusterAccessFault) -> [EnvironmentHappening]

    /// Reads the values of a binding's credential in its cluster, by key.
    package typealias ReadCredentials =
        @Sendable (ServiceBinding) async throws(ClusterAccessFault) -> [(
            key: String, value: String
        )]

    /// What host names of services end in.
    let domain: String
    /// Says which kinds a cluster serves.
    let kinds: ReadKinds
    /// Reads events from the clusters.
    let happenings: ReadHappenings
    /// Reads the credential that a binding has now.
    let credentials: ReadCredentials
    /// What services are made from.
    let shelf = OfferingShelf()

    /// Services under that domain, and ways to look into their clusters.
    package init(
        domain: String,
        kinds: @escaping ReadKinds,
        happenings: @escaping ReadHappenings,
        credentials: @escaping ReadCredentials
    ) {
        self.domain = domain
        self.kinds = kinds
        self.happenings = happenings
        self.credentials = credentials
    }
}
