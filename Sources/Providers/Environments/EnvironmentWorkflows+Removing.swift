import Contract
import Domain
import Drivers
import Folders
import JSON
import Kubernetes

extension EnvironmentWorkflows {
    /// What is looked at to take an environment down; `place` is nil where its cluster is gone.
    private struct Remains: Sendable {
        let environment: Environment
        let place: ClusterPlace?

        /// Whether the cluster goes as well, and with it everything that is in it.
        var isLeftBehind: Bool { place?.cluster.status.phase == .deleting }

        /// What applies it; nil where nothing does.
        var connection: ObjectKey? {
            guard let place, !place.isDirect else { return nil }
            return FolderConnection.key(of: .environment(environment.name), in: place.wish)
                .map { ObjectKey($0) }
        }

        /// The namespace that was made for it; nil where it lives in one that stays.
        func namespace() async throws(ProviderFault) -> FolderNamespace? {
            guard let place, place.cluster.spec.kind != .namespace,
                !environment.spec.placement.isOwn, !isLeftBehind
            else { return nil }
            return FolderNamespace(
                EnvironmentWorkflows.namespace(of: environment.name, in: place.cluster),
                for: .environment(environment.name),
                in: place.wish,
                through: try await place.guest()
            )
        }
    }

    private func remains(_ context: StepContext) async throws(ProviderFault) -> Remains {
        let environment = try await environment(context)
        let name =
            environment.status.cluster ?? environment.spec.placement.cluster(of: environment.name)
        guard let cluster = try await records.cluster(name, of: environment.tenant)
        else { return Remains(environment: environment, place: nil) }
        return Remains(environment: environment, place: try await places.place(of: cluster))
    }

    /// How what remains leaves its cluster; nil where that is gone.
    private func withdrawal(_ remains: Remains) -> FolderWithdrawal? {
        remains.place.map { place in
            FolderWithdrawal(
                of: direct(remains.environment, place),
                appliedBy: remains.connection,
                through: place.host,
                // With a cluster of its own everything goes.
                leavingBehind: remains.isLeftBehind
                    || place.isDirect && remains.environment.spec.placement.isOwn
            )
        }
    }

    /// Waits until its services are gone, and what gives it access to others.
    func awaitServicesGone(_ context: StepContext) async throws(ProviderFault) -> Outcome {
        let left = try await records.servicesLeft(around: try await environment(context))
        guard left > 0 else { return .done }
        return waiting(
            context,
            for: "\(left) services and bindings of the environment to be gone",
            releasedBy: "what their own jobs say that they wait on"
        )
    }

    /// Deletes what applies the environment; what it applied goes with it.
    func withdraw(_ context: StepContext) async throws(ProviderFault) -> Outcome {
        guard let key = try await withdrawal(try await remains(context))?.begin(context) else {
            return .done
        }
        return .done(Evidence(["connection": .string("\(key)")]))
    }

    /// Waits until what applied the environment is gone, and names what holds it up.
    func awaitWithdrawn(_ context: StepContext) async throws(ProviderFault) -> Outcome {
        guard let wait = try await withdrawal(try await remains(context))?.rest(context) else {
            return .done
        }
        return waiting(context, for: wait.on, releasedBy: wait.releasedBy)
    }

    /// Removes the environment's files from the tenant's platform repository.
    func removeFiles(_ context: StepContext) async throws(ProviderFault) -> Outcome {
        let environment = try await environment(context)
        try await files.remove(environment.name, of: environment.tenant, for: context.job)
        return .done
    }

    /// Deletes the namespace that was made for the environment, with everything in it.
    func removeNamespace(_ context: StepContext) async throws(ProviderFault) -> Outcome {
        guard let namespace = try await remains(context).namespace(),
            try await namespace.remove(context)
        else { return .done }
        return .done(Evidence(["namespace": .string(namespace.name)]))
    }

    /// Waits until the namespace is gone, and names what holds it up.
    func awaitNamespaceGone(_ context: StepContext) async throws(ProviderFault) -> Outcome {
        guard let wait = try await remains(context).namespace()?.rest() else { return .done }
        return waiting(context, for: wait.on, releasedBy: wait.releasedBy)
    }

    /// Ends only when nothing is seen outside; what is left is named.
    func look(_ context: StepContext) async throws(ProviderFault) -> Outcome {
        let remains = try await remains(context)
        var left: [String] = []
        if let key = remains.connection, try await withdrawal(remains)?.own(key) != nil {
            left.append("\(key)")
        }
        if let namespace = try await remains.namespace(), try await namespace.own() != nil {
            left.append("namespace \(namespace.name)")
        }
        guard left.isEmpty else {
            return .stalled(
                reason: "these are still there: \(left.joined(separator: ", ")); remove them, then "
                    + "retry"
            )
        }
        var data = JSONObject()
        data["name"] = .string(remains.environment.name.text)
        data["tenant"] = .string(remains.environment.tenantName.text)
        return .done(
            Evidence(facts: [.event(.environmentDeleted, data: data), .environmentRemoved])
        )
    }
}
