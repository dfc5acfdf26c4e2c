import Domain
import Storage

extension BindingScene {
    /// The kinds that External Secrets brings, as far as a binding needs them.
    private static let kinds = Set(
        ["ExternalSecret", "SecretStore"].compactMap {
            ManifestKind("external-secrets.io/v1/\($0)")
        }
    )

    /// Refuses External Secrets where it cannot bring the credential: it reads its own cluster
    /// alone.
    func checkCarrier(_ spec: BindingSpec, _ call: Invocation) async throws {
        guard spec.carrier == .externalSecrets else { return }
        let service = surroundings.service
        let other = "Use `delivery: secret`."
        guard surroundings.offering.place == .tenant else {
            let why = "Its credentials are kept beside the tenants, where none of them reads."
            throw Self.refusal("not-available", "\(why) \(other)")
        }
        guard let name = service.status.cluster,
            let consumer = try await consumer(spec, call)
        else {
            let why = "The service or its consumer has no place yet."
            throw Self.refusal("not-yet", "\(why) Ask again when both are `ready`.")
        }
        guard consumer == name else {
            let why = "The consumer is in cluster \(consumer), the service in \(name)."
            throw Self.refusal("other-cluster", "\(why) \(other)")
        }
        let clusters = call.services.storage.clusters
        let found = try await clusters.find(name, of: service.tenantName, as: call.access)
        guard let cluster = try found?.cluster() else { return }
        let kinds = try await call.services.ordering.kinds(cluster, .tenant)
        let refused = Self.kinds.intersection(kinds.refused).map(\.description).sorted()
        guard refused.isEmpty else {
            let list = refused.joined(separator: ", ")
            let why = "\(ServiceSpot.refusal) \(list)."
            throw Self.refusal("not-allowed", "\(why) \(ServiceSpot.remedy) \(other)")
        }
        guard Self.kinds.isSubset(of: kinds.served) else {
            let names = Self.kinds.subtracting(kinds.served).map(\.description).sorted()
            let why = "Cluster \(name) does not serve \(names.joined(separator: ", "))."
            let remedy = "Whoever runs it installs External Secrets, or use `delivery: secret`."
            throw Self.refusal("not-served", "\(why) \(remedy)")
        }
    }

    /// The consumer's cluster; nil where it has none yet.
    private func consumer(_ spec: BindingSpec, _ call: Invocation) async throws -> ClusterName? {
        switch spec.delivery {
        case .answer: return nil
        case .namespace(let cluster, _): return cluster
        case .environment(let name):
            let found = try await call.services.storage.environments.find(
                name,
                of: surroundings.service.tenantName,
                as: call.access
            )
            return try found?.environment().status.cluster
        }
    }

    private static func refusal(_ code: String, _ detail: String) -> ServiceRefusal {
        .invalid([ServiceFault(.spec("delivery"), code, detail)])
    }
}
