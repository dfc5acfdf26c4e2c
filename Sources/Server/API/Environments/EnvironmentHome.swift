import Domain
import HTTP
import Secrets
import Storage

extension EnvironmentCreation {
    /// Refuses a cluster of the environment's own that could not be made, before anything is.
    func checkHome(of environment: Environment, _ owner: Tenant, _ call: Invocation) async throws {
        guard case .own(let kind, let className) = environment.spec.placement else { return }
        let storage = call.services.storage
        let surroundings = try await ClusterSurroundings(for: owner.labels, storage)
        do {
            var random = SecureRandom()
            let decision = try Cluster.home(
                of: environment.name,
                as: kind,
                from: className,
                id: ClusterID(at: call.now, using: &random),
                for: owner,
                in: surroundings,
                on: call.occasion
            )
            try await call.services.clusters.check(decision.cluster, of: owner)
            if let refusal = surroundings.refusal(of: decision.cluster) { throw refusal }
            _ = try await decision.standings(for: owner, storage)
        } catch ClusterRefusal.invalid(let faults) {
            throw EnvironmentRefusal.invalid(faults.map(EnvironmentFault.init))
        }
        let name = environment.name.home
        let taken = try await storage.clusters.find(name, of: owner.name, as: .system)
        guard taken == nil else {
            let detail =
                "The cluster made for it would be called \(name), and the tenant has one of that "
                + "name."
            throw EnvironmentRefusal.invalid([EnvironmentFault(.name, "taken", detail)])
        }
    }
}

extension EnvironmentFault {
    /// What is wrong with the cluster of an environment's own, where the environment says it.
    init(_ fault: ClusterFault) {
        let place: Place =
            switch fault.place {
            case .name: .name
            case .spec(let path): .spec(["placement"] + path)
            }
        self.init(place, fault.code, fault.detail)
    }
}
