import Contract
package import Kubernetes

extension KubernetesClient {
    /// Whether the API server gives no usable answer when it is asked for that object.
    package func isAway(asked key: ObjectKey) async -> Bool {
        do throws(KubernetesFault) {
            _ = try await get(key, projection: .metadata)
            return false
        } catch {
            if case .away = error.providerFault { return true }
            return false
        }
    }
}
