package import Contract
package import Domain
import Kubernetes

/// Brings manifests to management clusters by applying them: the same bytes as Git would hold.
///
/// What was delivered before is known from the inventory, in which callers note what they deliver.
package struct DirectDelivery: ClusterDelivery {
    /// What stands there: whatever was applied last.
    private static let word = "applied"

    private let records: any ClusterRecords
    private let management: ManagementClusters

    /// The delivery to those management clusters.
    package init(records: any ClusterRecords, management: ManagementClusters) {
        self.records = records
        self.management = management
    }

    /// Applies the manifests in their order, then removes what is no longer among them.
    package func deliver(
        _ manifests: [Manifest],
        to target: DeliveryTarget,
        retiring retirement: Retirement,
        for job: JobID
    ) async throws(ProviderFault) -> String {
        let client = try await client(of: target)
        let old = try await records.things(for: target)
        let things = manifests.map { ClusterThing($0) }
        for (manifest, thing) in zip(manifests, things) {
            let version = GroupKind.split(apiVersion: manifest.apiVersion).version
            do throws(KubernetesFault) {
                _ = try await client.apply(
                    manifest.bytes,
                    key: thing.key,
                    version: version,
                    force: true
                )
            } catch {
                throw error.providerFault.about(thing)
            }
        }
        let keys = Set(things.map(\.key))
        let gone = old.filter { thing in
            thing.part == .part && !keys.contains(thing.key)
                && retirement.includes(kind: thing.kind)
        }
        for thing in gone { try await remove(thing, of: target, through: client) }
        return Self.word
    }

    /// Deletes the roots, each in the incarnation that is there.
    package func dropRoot(
        of manifests: [Manifest],
        from target: DeliveryTarget,
        for job: JobID
    ) async throws(ProviderFault) -> String {
        let client = try await client(of: target)
        for manifest in manifests where manifest.part == .root {
            try await remove(ClusterThing(manifest), of: target, through: client)
        }
        return Self.word
    }

    /// Deletes everything else, then the namespace.
    package func withdraw(
        from target: DeliveryTarget,
        for job: JobID
    ) async throws(ProviderFault) {
        let client = try await client(of: target)
        let things = try await records.things(for: target)
        for thing in things where thing.part == .part {
            try await remove(thing, of: target, through: client)
        }
        for thing in things where thing.part == .namespace {
            try await remove(thing, of: target, through: client)
        }
    }

    /// What was applied is there.
    package func holds(
        _ delivered: String,
        in revision: String
    ) async throws(ProviderFault) -> Bool { true }

    /// What is still there of what was delivered.
    package func leftovers(of target: DeliveryTarget) async throws(ProviderFault) -> [String] {
        let client = try await client(of: target)
        var left: [String] = []
        for thing in try await records.things(for: target) where thing.part != .secret {
            guard let object = try await look(thing, through: client),
                object.belongs(to: target), !object.isKept
            else { continue }
            left.append("\(thing.kind) \(thing.key)")
        }
        return left
    }

    private func client(
        of target: DeliveryTarget
    ) async throws(ProviderFault) -> KubernetesClient {
        try await management.reach(try await records.place(target.managementCluster)).client
    }

    /// Deletes an object in the incarnation that is there; what others have put in its place, and
    /// what says that it is to be kept, stays.
    private func remove(
        _ thing: ClusterThing,
        of target: DeliveryTarget,
        through client: KubernetesClient
    ) async throws(ProviderFault) {
        guard let object = try await look(thing, through: client), object.belongs(to: target),
            !object.isKept
        else { return }
        do throws(KubernetesFault) {
            _ = try await client.delete(thing.key, uid: object.uid)
        } catch {
            throw error.providerFault.about(thing)
        }
    }

    private func look(
        _ thing: ClusterThing,
        through client: KubernetesClient
    ) async throws(ProviderFault) -> KubernetesObject? {
        do throws(KubernetesFault) {
            return try await client.get(thing.key, projection: .metadata)
        } catch .noSuchKind {
            return nil
        } catch {
            throw error.providerFault.about(thing)
        }
    }
}

extension KubernetesObject {
    /// Whether the object says that it was made for that cluster.
    func belongs(to target: DeliveryTarget) -> Bool {
        labels["slipway.dev/tenant"] == target.tenant.text
            && labels["slipway.dev/cluster"] == target.cluster.text
    }

    /// Whether the object is to stay when what it was delivered with goes.
    var isKept: Bool {
        annotations["kustomize.toolkit.fluxcd.io/prune"] == "disabled"
            || annotations["argocd.argoproj.io/sync-options"]?.contains("Delete=false") == true
    }
}

extension ProviderFault {
    /// The same fault, with the object that it is about.
    func about(_ thing: ClusterThing) -> ProviderFault {
        about("\(thing.kind) \(thing.namespace.map { "\($0)/" } ?? "")\(thing.name)")
    }
}

extension ClusterRecords {
    /// The management cluster of that name.
    ///
    /// - Throws: `.refused` where there is none.
    func place(_ name: ManagementClusterName) async throws(ProviderFault) -> ManagementCluster {
        guard let found = try await managementCluster(name) else {
            throw .refused(reason: "there is no management cluster \(name) any more")
        }
        return found
    }
}

/// Asks an API server and says who acts next when it fails.
func asking<Value>(
    _ body: () async throws(KubernetesFault) -> Value
) async throws(ProviderFault) -> Value {
    do throws(KubernetesFault) {
        return try await body()
    } catch {
        throw error.providerFault
    }
}
