import Contract
import Domain
import Drivers
import JSON
import Kubernetes
import Secrets

extension ClusterWorkflows {
    /// How long before its end a token is replaced.
    private static let tokenMarginSeconds = Int64(7 * 24 * 3600)
    private static let tokenAnnotation = "slipway.dev/token-id"
    private static let expiryAnnotation = "slipway.dev/expires-at"

    /// Gives the engine what it takes to read the tenant's repository: a token that can do nothing
    /// else, in a Secret, never in Git.
    func connect(_ context: StepContext) async throws(ProviderFault) -> Outcome {
        guard let work = try await work(context), work.wish.platform != nil || !work.isMade
        else { return .done }
        let namespace = ObjectKey(
            GroupKind(kind: "Namespace"),
            name: work.wish.platformNamespace
        )
        let found = try await asking { () async throws(KubernetesFault) in
            try await work.client.get(namespace, projection: .metadata)
        }
        guard let found, !found.isDeleting else {
            return waiting(context, for: "namespace \(namespace.name)")
        }
        try await handOver(work)
        guard let source = work.wish.platform else { return .done }
        let engine = try work.wish.engine()
        let thing = Self.repositorySecret(of: work.wish, engine)
        if try await hasGoodToken(work, thing.key) { return .done }
        try context.continueOrStop()
        try await records.note([thing], for: work.target)
        let token = try await records.issueReadToken(for: work.cluster)
        var secret = Self.secret(for: work.wish, engine, url: source.url, token)
        var annotations = JSONObject()
        annotations[Self.tokenAnnotation] = .string("\(token.id)")
        if let end = token.expiresAt { annotations[Self.expiryAnnotation] = .string("\(end)") }
        var metadata = secret["metadata"]?.object ?? JSONObject()
        metadata["annotations"] = .object(annotations)
        secret["metadata"] = .object(metadata)
        try await apply(secret, thing, through: work.client)
        context.log.info("the repository's credentials are in \(thing.kind) \(thing.key)")
        return .done(Evidence(["secret": .string("\(thing.key)")]))
    }

    /// Whether the Secret is there with a token that will do for a while.
    private func hasGoodToken(
        _ work: ClusterWork,
        _ key: ObjectKey
    ) async throws(ProviderFault) -> Bool {
        let secret = try await asking { () async throws(KubernetesFault) in
            try await work.client.get(key, projection: .metadata)
        }
        guard let secret, let text = secret.annotations[Self.tokenAnnotation],
            // What is no id was not written by us.
            let id = try? TokenID(parsing: text)
        else { return false }
        if let text = secret.annotations[Self.expiryAnnotation] {
            // What is no time was not written by us.
            guard let end = try? Instant(parsing: text),
                end > clock().advanced(by: .seconds(Self.tokenMarginSeconds))
            else { return false }
        }
        return try await records.isGood(id, of: work.cluster)
    }

    private static func repositorySecret(
        of wish: ClusterWish,
        _ engine: ManagementClusterSpec.Engine
    ) -> ClusterThing {
        switch engine {
        case .flux:
            ClusterThing(secret: PlatformConnection.credentials, in: wish.platformNamespace)
        case .argocd:
            ClusterThing(
                secret: "repository-\(wish.slug)",
                in: wish.engineNamespace(.argocd)
            )
        }
    }

    private static func secret(
        for wish: ClusterWish,
        _ engine: ManagementClusterSpec.Engine,
        url: String,
        _ token: ReadToken
    ) -> JSONObject {
        let secret = token.secret.revealedText()
        switch engine {
        case .flux:
            let data =
                token.knownHosts.map { ["identity": secret, "known_hosts": $0] }
                ?? ["username": token.username, "password": secret]
            return [
                "apiVersion": "v1",
                "kind": "Secret",
                "metadata": wish.metadata(
                    PlatformConnection.credentials,
                    in: wish.platformNamespace
                ),
                "type": "Opaque",
                "data": .object(encoded(data)),
            ]
        case .argocd:
            // Argo CD knows SSH servers by a ConfigMap of its own, for all repositories alike.
            let proof: JSON =
                token.knownHosts == nil
                ? ["username": .string(token.username), "password": .string(secret)]
                : ["sshPrivateKey": .string(secret)]
            let repository = ArgoCD.repository(of: wish, url: url, proof: proof)
            return sealed(repository.object ?? JSONObject())
        }
    }

    /// Makes `stringData` of a Secret its `data`: server-side apply keeps books on one of them.
    static func sealed(_ secret: JSONObject) -> JSONObject {
        var secret = secret
        var texts: [String: String] = [:]
        for member in secret["stringData"]?.object ?? JSONObject() {
            texts[member.key] = member.value.string ?? ""
        }
        secret["stringData"] = nil
        secret["data"] = .object(encoded(texts))
        return secret
    }

    private static func encoded(_ texts: [String: String]) -> JSONObject {
        var data = JSONObject()
        for (key, text) in texts.sorted(by: { $0.key < $1.key }) {
            data[key] = .string(Base64.encode(Array(text.utf8)))
        }
        return data
    }

    private func apply(
        _ object: JSONObject,
        _ thing: ClusterThing,
        through client: KubernetesClient
    ) async throws(ProviderFault) {
        do throws(KubernetesFault) {
            _ = try await client.apply(object, force: true)
        } catch {
            throw error.providerFault.about(thing)
        }
    }

    /// Where Argo CD applies repositories, it must know the cluster: its kubeconfig as a Secret in
    /// Argo CD's own form, under the cluster's slug.
    func register(_ context: StepContext) async throws(ProviderFault) -> Outcome {
        guard let work = try await work(context),
            let registration = ArgoRegistration(of: work.wish, by: work.kubeconfigSecret)
        else { return .done }
        let object: JSONObject
        do throws(KubernetesFault) {
            object = try await registration.object(in: work.management, through: clusters)
        } catch .notFound {
            let name = registration.kubeconfig.name
            return waiting(context, for: "the kubeconfig of the cluster, Secret \(name)")
        } catch {
            throw error.providerFault
        }
        let thing = registration.thing
        try await records.note([thing], for: work.target)
        try await apply(object, thing, through: work.client)
        return .done(Evidence(["secret": .string("\(thing.key)")]))
    }

    /// Makes service accounts and groups what they are to be inside the cluster.
    func grant(_ context: StepContext) async throws(ProviderFault) -> Outcome {
        guard let work = try await work(context), !work.cluster.spec.asleep,
            !work.cluster.spec.paused, let secret = work.kubeconfigSecret
        else { return .done }
        if let reason = work.cluster.outOfReach(in: work.management) {
            return unreachable(work, reason, context)
        }
        let reached = try await clusters.reach(work.cluster, in: work.management, by: secret)
        do throws(KubernetesFault) {
            try await TenantAccess(work.cluster.spec.access).apply(through: reached.client)
        } catch .notFound(let reason) {
            return waiting(context, for: "the cluster's API: \(reason)")
        } catch .unreachable(let reason) where context.attempt >= Self.reachAttemptsMax {
            return unreachable(work, reason, context)
        } catch {
            // The kubeconfig is read anew with the next attempt.
            throw error.providerFault
        }
        return .done(
            Evidence(
                ["grants": .integer(work.cluster.spec.access.count)],
                facts: [
                    .condition(
                        type: "AccessGranted",
                        status: .true,
                        reason: "Applied",
                        message: "\(work.cluster.spec.access.count) groups have access.",
                        generation: work.cluster.generation
                    )
                ]
            )
        )
    }

    /// Attempts at a cluster that does not answer before the job goes on without.
    private static let reachAttemptsMax = 4

    /// A cluster may be out of Slipway's reach by intention, and works all the same.
    private func unreachable(
        _ work: ClusterWork,
        _ reason: String,
        _ context: StepContext
    ) -> Outcome {
        context.log.warning("the cluster's API is out of reach from here: \(reason)")
        return .done(
            Evidence(
                ["unreachable": .string(reason)],
                facts: [
                    .condition(
                        type: "AccessGranted",
                        status: .false,
                        reason: "OutOfReach",
                        message: "The cluster's API cannot be reached from Slipway: \(reason). "
                            + "Roles are granted when it is exposed and the cluster is changed.",
                        generation: work.cluster.generation
                    )
                ]
            )
        )
    }
}

extension ClusterWork {
    /// Where the cluster's kubeconfig is; nil for kinds that have no API server of their own.
    var kubeconfigSecret: SecretKey? { driver.kubeconfigSecret(for: wish) }
}
