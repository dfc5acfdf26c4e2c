import Contract
import Domain
import Folders
import JSON

extension EnvironmentWorkflows {
    /// Makes the cluster of an environment that has one of its own, and waits until it is ready.
    ///
    /// Its time does not count as the roll-out's: a cluster has deadlines of its own.
    func house(_ context: StepContext) async throws(ProviderFault) -> Outcome {
        let task = try EnvironmentTask(reading: context.desired)
        let environment = try await environment(context)
        guard task.spec.placement.isOwn, isOpen(task, environment) else { return .done }
        let name = environment.name.home
        guard let cluster = try await records.cluster(name, of: environment.tenant) else {
            try context.continueOrStop()
            try await records.makeHome(of: environment)
            throw Self.isBeingMade(name)
        }
        try Self.check(cluster, isHomeOf: environment.name)
        if let hold = cluster.hold {
            return waiting(context, for: hold.on, releasedBy: hold.releasedBy)
        }
        guard let obstacle = try cluster.obstacle() else { return .done }
        return try await waiting(context, out: obstacle)
    }

    private static func isBeingMade(_ cluster: ClusterName) -> ProviderFault {
        .away(
            reason: "cluster \(cluster) is being made",
            releasedBy: "what the cluster's own status says that it waits on",
            retryAfter: .zero
        )
    }

    private static func check(
        _ cluster: Cluster,
        isHomeOf environment: EnvironmentName
    ) throws(ProviderFault) {
        guard cluster.status.environment != environment else { return }
        throw .refused(
            reason: "cluster \(cluster.name) is there and was not made for \(environment); give "
                + "the environment another name, or place it with spec.placement.cluster"
        )
    }

    /// The cluster that an environment is to be in.
    ///
    /// - Throws: `.away` where it is yet to be made for the one whose companion the environment is.
    func site(
        _ name: ClusterName,
        of environment: Environment
    ) async throws(ProviderFault) -> Cluster {
        let found = try await records.cluster(name, of: environment.tenant)
        guard let owner = environment.status.companionOf, owner.home == name else {
            guard let found else {
                throw .refused(reason: "the tenant has no cluster \(name) any more")
            }
            return found
        }
        guard let found else { throw Self.isBeingMade(name) }
        try Self.check(found, isHomeOf: owner)
        return found
    }

    /// Deletes the cluster that was made for the environment.
    func removeHome(_ context: StepContext) async throws(ProviderFault) -> Outcome {
        guard let home = try await home(context), home.status.phase != .deleting else {
            return .done
        }
        // What applies them could not end once the cluster is gone.
        let left = try await records.companionsLeft(of: try await environment(context))
        guard left == 0 else {
            return waiting(
                context,
                for: "\(left) companions of the environment to be gone",
                releasedBy: "what their own jobs say that they wait on"
            )
        }
        try context.continueOrStop()
        try await records.removeHome(home)
        return .done(Evidence(["cluster": .string(home.name.text)]))
    }

    /// Waits until the cluster that was made for the environment is gone.
    func awaitHomeGone(_ context: StepContext) async throws(ProviderFault) -> Outcome {
        guard let home = try await home(context) else { return .done }
        if home.status.phase != .deleting {
            // Its deletion was given up.
            try context.continueOrStop()
            try await records.removeHome(home)
        }
        let wait = home.status.seen.waiting
        let why = wait.map { ": it waits for \($0.on)" } ?? ""
        return waiting(
            context,
            for: "cluster \(home.name) to be gone\(why)",
            releasedBy: wait?.releasedBy ?? "what the cluster's own status says that it waits on"
        )
    }

    /// The cluster that was made for the environment; nil where there is none.
    private func home(_ context: StepContext) async throws(ProviderFault) -> Cluster? {
        let environment = try await environment(context)
        guard environment.spec.placement.isOwn else { return nil }
        let found = try await records.cluster(environment.name.home, of: environment.tenant)
        return found?.status.environment == environment.name ? found : nil
    }

    /// Whether the roll-out is still to be done.
    func isOpen(_ task: EnvironmentTask, _ environment: Environment) -> Bool {
        environment.status.phase != .deleting
            && environment.status.open.contains { $0.deployment == task.deployment }
    }
}
