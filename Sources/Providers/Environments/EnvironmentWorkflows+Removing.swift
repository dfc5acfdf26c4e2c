import Contract
import Domain
import Drivers
import JSON
import Kubernetes

extension EnvironmentWorkflows {
    /// What is looked at to take an environment down; `place` is nil where its cluster is gone.
    private struct Remains: Sendable {
        let environment: Environment
        let place: EnvironmentPlace?

        /// Whether the cluster goes as well, and with it everything that is in it.
        var isLeftBehind: Bool { place?.cluster.status.phase == .deleting }

        /// What applies it; nil where nothing does.
        var connection: ObjectKey? {
            guard let place, !place.isDirect else { return nil }
            return EnvironmentConnection.key(of: environment.name, in: place.wish)
                .map { ObjectKey($0) }
        }

        /// The namespace that was made for it; nil where it lives in one that stays.
        var namespace: ObjectKey? {
            guard let place, place.cluster.spec.kind != .namespace,
                !environment.spec.placement.isOwn, !isLeftBehind
            else { return nil }
            return .namespace(
                EnvironmentWorkflows.namespace(of: environment.name, in: place.cluster)
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

    /// Deletes what applies the environment; what it applied goes with it.
    func withdraw(_ context: StepContext) async throws(ProviderFault) -> Outcome {
        let remains = try await remains(context)
        if let place = remains.place, place.isDirect {
            guard !remains.isLeftBehind else { return .done }
            _ = try await direct(remains.environment, place).remove(context)
            return .done
        }
        guard let key = remains.connection, let place = remains.place,
            let object = try await object(key, place.host),
            object.belongs(to: remains.environment)
        else { return .done }
        if let patch = object.patch(leavingBehind: remains.isLeftBehind) {
            try await asking { () async throws(KubernetesFault) in
                _ = try await place.host.mergePatch(key, patch)
            }
        }
        try context.continueOrStop()
        try await asking { () async throws(KubernetesFault) in
            _ = try await place.host.delete(key, uid: object.uid)
        }
        return .done(Evidence(["connection": .string("\(key)")]))
    }

    /// Waits until what applied the environment is gone, and names what holds it up.
    func awaitWithdrawn(_ context: StepContext) async throws(ProviderFault) -> Outcome {
        let remains = try await remains(context)
        if let place = remains.place, place.isDirect, !remains.isLeftBehind {
            let left = try await direct(remains.environment, place).remove(context)
            guard left.isEmpty else {
                return waiting(
                    context,
                    for: "\(left.joined(separator: ", ")) to be gone",
                    releasedBy: "the controllers of the finalizers, or whoever has the cluster"
                )
            }
        }
        let applied = try await records.applied(for: remains.environment)
        try await records.forget(applied, for: remains.environment)
        guard let key = remains.connection, let place = remains.place,
            let object = try await object(key, place.host),
            object.belongs(to: remains.environment)
        else { return .done }
        guard object.isDeleting else {
            // Somebody made it anew.
            try await asking { () async throws(KubernetesFault) in
                _ = try await place.host.delete(key, uid: object.uid)
            }
            return waiting(context, for: "\(key) to be deleted")
        }
        let finalizers = object.finalizers.joined(separator: ", ")
        let told = object.condition("Ready").flatMap { $0.status == .no ? $0.message : nil }
        let why = told.map { ": \($0)" } ?? ""
        return waiting(
            context,
            for: "\(key) to be gone (finalizers: \(finalizers))\(why)",
            releasedBy: "the controllers of \(finalizers), or whoever runs the management cluster"
        )
    }

    /// Removes the environment's files from the tenant's platform repository.
    func removeFiles(_ context: StepContext) async throws(ProviderFault) -> Outcome {
        let environment = try await environment(context)
        try await files.remove(environment.name, of: environment.tenant, for: context.job)
        return .done
    }

    /// Deletes the namespace that was made for the environment, with everything in it.
    func removeNamespace(_ context: StepContext) async throws(ProviderFault) -> Outcome {
        let remains = try await remains(context)
        guard let key = remains.namespace, let client = try await remains.place?.guest(),
            let object = try await object(key, client), object.belongs(to: remains.environment)
        else { return .done }
        try context.continueOrStop()
        try await asking { () async throws(KubernetesFault) in
            _ = try await client.delete(key, uid: object.uid)
        }
        return .done(Evidence(["namespace": .string(key.name)]))
    }

    /// Waits until the namespace is gone, and names what holds it up.
    func awaitNamespaceGone(_ context: StepContext) async throws(ProviderFault) -> Outcome {
        let remains = try await remains(context)
        guard let key = remains.namespace, let client = try await remains.place?.guest(),
            let object = try await object(key, client), object.belongs(to: remains.environment)
        else { return .done }
        let remarks = object.conditions.filter { condition in
            condition.type != "NamespaceDeletionDiscoveryFailure" && condition.status == .yes
        }
        let why = remarks.map(\.message).joined(separator: " ")
        let on = "namespace \(key.name) to be gone"
        return waiting(
            context,
            for: why.isEmpty ? on : "\(on): \(why)",
            releasedBy: why.isEmpty ? nil : "the controllers of the finalizers named"
        )
    }

    /// Ends only when nothing is seen outside; what is left is named.
    func look(_ context: StepContext) async throws(ProviderFault) -> Outcome {
        let remains = try await remains(context)
        var left: [String] = []
        if let place = remains.place {
            if let key = remains.connection, let found = try await object(key, place.host),
                found.belongs(to: remains.environment)
            {
                left.append("\(key)")
            }
            if let key = remains.namespace,
                let found = try await object(key, try await place.guest()),
                found.belongs(to: remains.environment)
            {
                left.append("\(key)")
            }
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

    private func object(
        _ key: ObjectKey,
        _ client: KubernetesClient
    ) async throws(ProviderFault) -> KubernetesObject? {
        do throws(KubernetesFault) {
            return try await client.get(key)
        } catch .noSuchKind {
            return nil
        } catch {
            throw error.providerFault
        }
    }
}

extension KubernetesObject {
    /// What must be changed before what applies an environment is deleted; nil for nothing.
    ///
    /// One that is suspended leaves what it applied; where that goes with its cluster, the engine
    /// must not wait until it has reached a cluster that is gone.
    fileprivate func patch(leavingBehind isLeftBehind: Bool) -> JSON? {
        guard isLeftBehind else {
            return spec["suspend"]?.bool == true ? ["spec": ["suspend": false]] : nil
        }
        return key.kind.kind == "Kustomization"
            ? ["spec": ["deletionPolicy": "Orphan", "suspend": false]]
            : ["metadata": ["finalizers": nil]]
    }
}
