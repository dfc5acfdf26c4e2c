package import Contract
package import Domain
import Drivers
import Kubernetes

extension EnvironmentWorkflows {
    /// What is seen of an environment between its jobs, just as a roll-out looks that waits until
    /// it is ready.
    ///
    /// - Throws: where its cluster cannot be asked.
    package func look(
        at environment: Environment
    ) async throws(ProviderFault) -> EnvironmentObservation {
        guard let name = environment.status.cluster,
            let cluster = try await records.cluster(name, of: environment.tenant)
        else { return .unseen(because: "Its cluster is gone.") }
        let place = try await places.place(of: cluster)
        let reading = try await place.reading(of: environment.name)
        // What applies nothing knows of no object that could be missing.
        guard !reading.inventory.isEmpty else {
            return .unseen(because: "\(reading.name) names no object of it.")
        }
        return try await EnvironmentScene(
            of: reading.inventory,
            in: Self.namespace(of: environment.name, in: cluster),
            through: try await place.guest()
        ).observation
    }
}
