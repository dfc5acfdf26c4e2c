import API
import Clusters
import Contract
import Domain
import Environments
import Folders
import GitOps
import Kubernetes
import Provisioning

extension EnvironmentParts {
    /// What the API needs for services.
    func ordering(_ gitOps: GitOps) -> APIOrdering {
        let workflows = services(gitOps)
        return APIOrdering(
            domain: domain,
            kinds: { cluster, place throws(ClusterAccessFault) in
                try await kinds(served: place, of: cluster)
            },
            happenings: { service throws(ClusterAccessFault) in
                let status = service.status
                guard let name = status.cluster, let namespace = status.namespace else {
                    throw .notReady(reason: "no place has been chosen for the service yet")
                }
                return try await look(into: namespace, of: name, service.tenant) {
                    sight throws(KubernetesFault) in
                    try await sight.happenings()
                }
            },
            credentials: { binding throws(ClusterAccessFault) in
                do throws(ProviderFault) {
                    let found = try await workflows.credentials(of: binding)
                    return found.keys.map { key in
                        (key, String(decoding: found.revealed(key) ?? [], as: UTF8.self))
                    }
                } catch {
                    throw .notReady(reason: error.words)
                }
            }
        )
    }

    /// The kinds that the API server serves which objects of a service are applied to.
    private func kinds(
        served place: Offering.Place,
        of cluster: Cluster
    ) async throws(ClusterAccessFault) -> APIOrdering.Kinds {
        let client: KubernetesClient
        do throws(ProviderFault) {
            let found = try await self.place(of: cluster)
            client = place == .platform ? found.host : try await found.guest()
        } catch {
            throw .unreachable(reason: error.words)
        }
        do throws(KubernetesFault) {
            let resources = try await client.directory().resources
            func kinds(_ resources: [APIResource]) -> Set<ManifestKind> {
                Set(resources.compactMap { ManifestKind("\($0.apiVersion)/\($0.kind.kind)") })
            }
            guard place == .tenant, cluster.spec.kind == .namespace else {
                return APIOrdering.Kinds(served: kinds(resources))
            }
            let rights = try await client.rights(in: cluster.slug.namespace)
            return APIOrdering.Kinds(
                served: kinds(resources),
                refused: kinds(resources.filter { !rights.allowsApplying($0) })
            )
        } catch {
            throw .unreachable(reason: "\(error)")
        }
    }
}
