import API
import Clusters
import Contract
import Domain
import Environments
import Folders
import GitOps
import Kubernetes

extension EnvironmentParts {
    /// What the API needs for environments.
    func api(_ gitOps: GitOps) -> APIEnvironments {
        APIEnvironments(
            zones: zones,
            logs: { wish, environment throws(ClusterAccessFault) in
                try await look(into: environment) { sight throws(KubernetesFault) in
                    try await sight.logs(wish)
                }
            },
            happenings: { environment throws(ClusterAccessFault) in
                try await look(into: environment) { sight throws(KubernetesFault) in
                    try await sight.happenings()
                }
            },
            render: { environment, deployment throws(ClusterAccessFault) in
                do throws(ProviderFault) {
                    return try await workflows(gitOps).preview(of: deployment, into: environment)
                } catch {
                    throw .notReady(reason: error.words)
                }
            }
        )
    }

    /// Looks into the namespace of an environment, as the work on it does.
    private func look<Value>(
        into environment: Domain.Environment,
        _ body: (EnvironmentSight) async throws(KubernetesFault) -> Value
    ) async throws(ClusterAccessFault) -> Value {
        let status = environment.status
        guard let name = status.cluster, let namespace = status.namespace else {
            throw .notReady(reason: "no place has been chosen for the environment yet")
        }
        return try await look(into: namespace, of: name, environment.tenant, body)
    }

    /// Looks into a namespace of a tenant's cluster.
    func look<Value>(
        into namespace: String,
        of name: ClusterName,
        _ tenant: TenantID,
        _ body: (EnvironmentSight) async throws(KubernetesFault) -> Value
    ) async throws(ClusterAccessFault) -> Value {
        let client: KubernetesClient
        do throws(ProviderFault) {
            let records = StoredEnvironments(clusters: clusters.records, zones: zones)
            guard let cluster = try await records.cluster(name, of: tenant) else {
                throw .refused(reason: "its cluster \(name) is gone")
            }
            client = try await place(of: cluster).guest()
        } catch {
            throw .unreachable(reason: error.words)
        }
        do throws(KubernetesFault) {
            let clock: @Sendable () -> Domain.Instant = { Moment.now() }
            return try await body(
                EnvironmentSight(into: namespace, through: client, clock: clock)
            )
        } catch {
            throw .unreachable(reason: "\(error)")
        }
    }
}
