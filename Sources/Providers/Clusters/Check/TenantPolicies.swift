import Kubernetes

/// The admission policies of `deploy/management-cluster.yaml`: what quotas and rights cannot say
/// of the namespaces in which tenants work.
enum TenantPolicies {
    /// Their names, which their bindings share.
    static let names = ["bindings", "hosts", "priority", "services", "tokens"].map {
        "slipway-tenant-\($0)"
    }

    /// Those that are not in force; none where that may not be seen, which is a finding of its own.
    static func missing(
        through client: KubernetesClient
    ) async throws(KubernetesFault) -> [String] {
        let kind = GroupKind(
            group: "admissionregistration.k8s.io",
            kind: "ValidatingAdmissionPolicyBinding"
        )
        do throws(KubernetesFault) {
            let there = try await client.list(kind, projection: .metadata).items.map(\.name)
            return names.filter { !there.contains($0) }
        } catch {
            switch error {
            case .forbidden: return []
            case .noSuchKind: return names
            default: throw error
            }
        }
    }
}
