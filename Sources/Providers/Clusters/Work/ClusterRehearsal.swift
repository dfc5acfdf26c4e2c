package import Contract
package import Domain

/// Finds out whether a cluster can be made as it is wanted, before it is ordered.
package struct ClusterRehearsal: Sendable {
    private let records: any ClusterRecords
    private let drivers: [ClusterKind: any ClusterDriver]

    /// A rehearsal with those drivers.
    package init(records: any ClusterRecords, drivers: [any ClusterDriver]) {
        self.records = records
        self.drivers = Dictionary(uniqueKeysWithValues: drivers.map { ($0.kind, $0) })
    }

    /// What the driver would be asked for, with that class in place of the stored one; nil where
    /// nothing is made, or where nobody has looked yet what the management cluster holds.
    package func wish(
        for cluster: Cluster,
        of tenant: Tenant,
        from made: ClusterClass? = nil
    ) async throws(ProviderFault) -> ClusterWish? {
        guard cluster.spec.adopt == nil else { return nil }
        let management = try await records.place(cluster.spec.managementCluster)
        guard management.status.checkedAt != nil else { return nil }
        return try await WishMaker(records: records).wish(
            for: cluster,
            of: tenant,
            in: management,
            platformURL: records.platformURL(of: tenant),
            from: made
        )
    }

    /// Why the driver refuses the wish, as the end of a sentence; nil where it does not.
    ///
    /// It renders everything, which takes its time.
    package func refusal(of wish: ClusterWish) -> String? {
        do throws(ProviderFault) {
            _ = try drivers[wish.cluster.spec.kind]?.manifests(for: wish)
            return nil
        } catch .refused(let reason) {
            return reason
        } catch {
            // What passes by itself is the job's to repeat.
            return nil
        }
    }
}
