package import Domain
import Storage

/// Orders what a roll-out needs for itself, by the same decisions as the call that asked for it:
/// what was held orders nothing before it begins.
///
/// May be done again: what is ordered already stays.
package struct RollOutOrders: Sendable {
    /// What came of it.
    package enum Progress: Sendable, Equatable {
        /// Everything is ordered.
        case placed
        /// Something cannot be ordered before something else has ended.
        case waiting(on: String)
        /// Something cannot be ordered as it is, in words.
        case refused(String)
    }

    private let services: @Sendable () -> APIServices

    /// Orders with what the API works with.
    package init(_ services: @escaping @Sendable () -> APIServices) {
        self.services = services
    }

    /// Orders what the environment depends on, in the name of whoever asked for the roll-out.
    ///
    /// - Throws: `StorageFault` and others that pass.
    package func place(
        for environment: Environment,
        _ deployment: DeploymentID,
        by actor: String
    ) async throws -> Progress {
        let services = services()
        let call = try Invocation(of: services, on: actor)
        do {
            try await services.storage.environments.place(
                try await EnvironmentOrdering.orders(of: environment, call),
                try await EnvironmentCompanions.orders(of: environment, call),
                for: deployment,
                of: environment,
                in: services.environments.zones,
                for: Call(
                    access: .system,
                    token: nil,
                    actor: actor,
                    operation: "orderDependencies",
                    peer: "local",
                    requestID: deployment.description,
                    at: call.now
                )
            )
        } catch StorageFault.stale {
            throw StorageFault.stale(current: 0)  // Others were faster; the job tries again.
        } catch {
            let problem = Problem(explaining: error)
            guard problem.kind.isCallers else { throw error }
            return problem.kind == .stateConflict
                ? .waiting(on: problem.detail) : .refused(problem.summary)
        }
        services.jobStored()
        return .placed
    }
}
