package import Contract
package import Domain
import Drivers
import Folders
import Kubernetes

extension EnvironmentWorkflows {
    /// What is seen of an environment between its jobs, just as a roll-out looks that waits until
    /// it is ready.
    ///
    /// - Throws: where its cluster cannot be asked.
    package func look(
        at environment: Environment
    ) async throws(ProviderFault) -> EnvironmentObservation {
        guard let cluster = try await cluster(of: environment) else {
            return .unseen(because: "Its cluster is gone.")
        }
        let place = try await places.place(of: cluster)
        let reading = try await place.reading(of: .environment(environment.name))
        // What applies nothing knows of no object that could be missing.
        guard !reading.inventory.isEmpty else {
            return .unseen(because: "\(reading.name) names no object of it.")
        }
        return try await FolderScene(
            of: reading.inventory,
            in: Self.namespace(of: environment.name, in: cluster),
            through: try await place.guest()
        ).observation
    }

    /// Whether the cluster of an environment answers at all, and so does what applies it.
    package func isAway(_ environment: Environment) async -> Bool {
        do throws(ProviderFault) {
            guard let cluster = try await cluster(of: environment) else { return false }
            let place = try await places.place(of: cluster)
            let namespace = ObjectKey.namespace(
                Self.namespace(of: environment.name, in: cluster)
            )
            for client in [place.host, try await place.guest()]
            where await client.isAway(asked: namespace) {
                return true
            }
            return false
        } catch {
            return true
        }
    }

    func cluster(of environment: Environment) async throws(ProviderFault) -> Cluster? {
        guard let name = environment.status.cluster else { return nil }
        return try await records.cluster(name, of: environment.tenant)
    }
}
