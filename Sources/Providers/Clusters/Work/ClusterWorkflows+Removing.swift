import Contract
import Domain
import Drivers
import JSON
import Kubernetes

extension ClusterWorkflows {
    static let findStep = "find-root"
    /// Leftovers that are named.
    private static let leftNamesMax = 20
    /// How long leftovers may take to go before a person is asked.
    private static let leftPatience = Duration.seconds(300)

    /// One object that everything else belongs to, in the incarnation that is going to go.
    private struct Root: Sendable {
        let thing: ClusterThing
        let uid: String

        var key: ObjectKey { thing.key }
        var words: String { "\(thing.kind) \(thing.namespace.map { "\($0)/" } ?? "")\(thing.name)" }
    }

    /// Finds out which objects are the roots, and which incarnations of them are there.
    func findRoot(_ context: StepContext) async throws(ProviderFault) -> Outcome {
        let cluster = try await cluster(context)
        let client = try await client(of: cluster)
        var roots: [JSON] = []
        for thing in try await records.things(for: DeliveryTarget(cluster))
        where thing.part == .root {
            guard let object = try await metadata(of: thing, through: client) else { continue }
            roots.append(["thing": .string(thing.text), "uid": .string(object.uid)])
        }
        context.log.info("\(roots.count) root objects are there")
        return .done(Evidence(["roots": .array(roots)]))
    }

    /// Wakes and unpauses what is to go: paused things do not let themselves be removed.
    func release(_ context: StepContext) async throws(ProviderFault) -> Outcome {
        let cluster = try await cluster(context)
        let roots = roots(context)
        guard !roots.isEmpty else { return .done }
        let client = try await client(of: cluster)
        if cluster.spec.adopt != nil { try await abandon(roots.map(\.key), of: cluster, client) }
        if cluster.spec.paused || cluster.spec.asleep {
            try await deliverLeaving(cluster, context)
        }
        var held: [String] = []
        for root in roots {
            guard let object = try await whole(root.thing, through: client),
                object.uid == root.uid, !object.isDeleting, object.isHeld
            else { continue }
            // Whoever paused it by hand has gone; the delivery does not know of it.
            if !(cluster.spec.paused || cluster.spec.asleep) || context.waitingSince != nil {
                try context.continueOrStop()
                try await asking { () async throws(KubernetesFault) in
                    _ = try await client.mergePatch(root.key, object.unholding)
                }
            }
            held.append(root.words)
        }
        guard held.isEmpty else {
            return waiting(context, for: "\(held.joined(separator: ", ")) to go on from its pause")
        }
        return .done
    }

    /// Delivers the cluster as it is wanted for its last moments; what can no longer be rendered
    /// is released by hand.
    private func deliverLeaving(
        _ cluster: Cluster,
        _ context: StepContext
    ) async throws(ProviderFault) {
        do throws(ProviderFault) {
            let tenant = try await tenant(of: cluster)
            let resolved = ResolvedCluster(
                generation: cluster.generation,
                platformURL: records.platformURL(of: tenant),
                workersVersion: nil,
                classGeneration: nil
            )
            let work = try await work(for: cluster, resolved)
            let manifests = try work.driver.manifests(for: work.wish.leaving)
            _ = try await work.delivery.deliver(
                manifests,
                to: work.target,
                retiring: .everythingButTemplates,
                for: context.job
            )
        } catch .refused(let reason) {
            context.log.warning("it cannot be delivered once more: \(reason)")
        }
    }

    /// Removes the roots and nothing else.
    func dropRoot(_ context: StepContext) async throws(ProviderFault) -> Outcome {
        let cluster = try await cluster(context)
        let target = DeliveryTarget(cluster)
        let things = try await records.things(for: target).filter { $0.part == .root }
        guard !things.isEmpty else { return .done }
        let management = try await records.place(cluster.spec.managementCluster)
        let word = try await delivery(in: management).dropRoot(
            of: things.map(\.manifest),
            from: target,
            for: context.job
        )
        for thing in things { context.log.info("removed \(thing.kind) \(thing.name)") }
        return .done(Evidence(["revision": .string(word)]))
    }

    /// Waits until the roots are gone, each in the incarnation that was found.
    func awaitRootGone(_ context: StepContext) async throws(ProviderFault) -> Outcome {
        let roots = roots(context)
        guard !roots.isEmpty else { return .done }
        let cluster = try await cluster(context)
        let client = try await client(of: cluster)
        for root in roots {
            guard let object = try await metadata(of: root.thing, through: client),
                object.uid == root.uid
            else { continue }
            guard object.isDeleting else {
                return try await notDeleted(root, cluster, client, context)
            }
            return try await going(root, object, cluster, context)
        }
        return .done(Evidence(["gone": .array(roots.map { .string($0.words) })]))
    }

    /// The delivery has said that the object is to go, and nobody has deleted it.
    private func notDeleted(
        _ root: Root,
        _ cluster: Cluster,
        _ client: KubernetesClient,
        _ context: StepContext
    ) async throws(ProviderFault) -> Outcome {
        let management = try await records.place(cluster.spec.managementCluster)
        let target = DeliveryTarget(cluster)
        guard management.spec.delivery == .gitops else {
            // Somebody made it anew between the call and now.
            return try await deleteHere(root, target, context)
        }
        let report = try await engineReport(on: target, through: client)
        if report.fault == nil, let revision = report.revision,
            let dropped = context.findings(of: Self.dropStep)?["revision"]?.string,
            try await git.holds(dropped, in: revision)
        {
            // It has applied what no longer holds the object, and let it be: it had died before it
            // noted the object as its own, and will never prune it.
            context.log.warning("\(report.name) does not know \(root.words); deleting it here")
            return try await deleteHere(root, target, context)
        }
        await engines.nudge(report.engine, for: target)
        let why = report.fault.map { ": \($0)" } ?? ""
        return waiting(
            context,
            for: "\(report.name) to delete \(root.words)\(why)",
            releasedBy: "whoever runs the GitOps engine of management cluster \(management.name)"
        )
    }

    private func deleteHere(
        _ root: Root,
        _ target: DeliveryTarget,
        _ context: StepContext
    ) async throws(ProviderFault) -> Outcome {
        _ = try await direct.dropRoot(of: [root.thing.manifest], from: target, for: context.job)
        return waiting(context, for: "\(root.words) to be deleted")
    }

    /// The object is on its way: the driver knows what holds it up, else its finalizers say.
    private func going(
        _ root: Root,
        _ object: KubernetesObject,
        _ cluster: Cluster,
        _ context: StepContext
    ) async throws(ProviderFault) -> Outcome {
        if let wait = await whatHoldsUp(cluster) { return waiting(context, on: wait) }
        let finalizers = object.finalizers.joined(separator: ", ")
        let on = finalizers.isEmpty ? "" : " (finalizers: \(finalizers))"
        return waiting(
            context,
            for: "\(root.words) to be gone\(on)",
            releasedBy: finalizers.isEmpty ? nil : "the controllers of \(finalizers)"
        )
    }

    /// What the driver says; nil where the cluster can no longer be rendered.
    private func whatHoldsUp(_ cluster: Cluster) async -> ClusterWait? {
        do throws(ProviderFault) {
            let resolved = ResolvedCluster(
                generation: cluster.generation,
                platformURL: nil,
                workersVersion: nil,
                classGeneration: nil
            )
            return try await work(for: cluster, resolved).observation(at: clock()).waiting
        } catch {
            return nil  // The finalizers of the root are named instead.
        }
    }

    /// Removes everything else, and the Secrets that only Slipway knows of.
    func withdraw(_ context: StepContext) async throws(ProviderFault) -> Outcome {
        let cluster = try await cluster(context)
        let target = DeliveryTarget(cluster)
        try await records.revokeReadTokens(of: cluster)
        if cluster.spec.adopt != nil { await retreat(cluster, context) }
        let client = try await client(of: cluster)
        for thing in try await records.things(for: target) where thing.part == .secret {
            guard let object = try await metadata(of: thing, through: client),
                object.belongs(to: target)
            else { continue }
            try context.continueOrStop()
            do throws(KubernetesFault) {
                _ = try await client.delete(thing.key, uid: object.uid)
            } catch {
                throw error.providerFault.about(thing)
            }
        }
        let management = try await records.place(cluster.spec.managementCluster)
        try await delivery(in: management).withdraw(from: target, for: context.job)
        return .done
    }

    /// Waits until the namespace is gone, or only what is to be kept is in it.
    func awaitNamespaceGone(_ context: StepContext) async throws(ProviderFault) -> Outcome {
        let cluster = try await cluster(context)
        let client = try await client(of: cluster)
        let target = DeliveryTarget(cluster)
        let namespaces = try await records.things(for: target).filter { $0.kind == "Namespace" }
        for thing in namespaces {
            guard let object = try await whole(thing, through: client),
                object.belongs(to: target), !object.isKept
            else { continue }
            let remains = object.conditions.filter { condition in
                condition.type != "NamespaceDeletionDiscoveryFailure" && condition.status == .yes
            }
            let why = remains.map(\.message).joined(separator: " ")
            let on = "namespace \(thing.name) to be gone"
            return waiting(
                context,
                for: why.isEmpty ? on : "\(on): \(why)",
                releasedBy: why.isEmpty ? nil : "the controllers of the finalizers named"
            )
        }
        return .done
    }

    /// Ends only when nothing is seen outside; what is left is named.
    func look(_ context: StepContext) async throws(ProviderFault) -> Outcome {
        let cluster = try await cluster(context)
        let target = DeliveryTarget(cluster)
        let management = try await records.place(cluster.spec.managementCluster)
        let things = try await records.things(for: target)
        var left = try await delivery(in: management).leftovers(of: target)
        let client = try await clusters.reach(management).client
        for thing in things {
            guard let object = try await metadata(of: thing, through: client),
                object.belongs(to: target), !object.isKept
            else { continue }
            left.append("\(thing.kind) \(thing.key)")
        }
        guard left.isEmpty else {
            let names = Set(left).sorted().prefix(Self.leftNamesMax).joined(separator: ", ")
            let patience = context.waitingSince.map { clock() - $0 } ?? .zero
            guard patience > Self.leftPatience else {
                return waiting(context, for: "these to go: \(names)")
            }
            return .stalled(reason: "these are still there: \(names); remove them, then retry")
        }
        clusters.forget(cluster.id)
        try await records.forget(things, for: target)
        var data = JSONObject()
        data["name"] = .string(cluster.name.text)
        data["tenant"] = .string(cluster.tenantName.text)
        return .done(Evidence(facts: [.event(.clusterDeleted, data: data), .clusterRemoved]))
    }

    private func client(of cluster: Cluster) async throws(ProviderFault) -> KubernetesClient {
        try await clusters.reach(try await records.place(cluster.spec.managementCluster)).client
    }

    private func roots(_ context: StepContext) -> [Root] {
        let found = context.findings(of: Self.findStep)?["roots"]?.array ?? []
        return found.compactMap { root in
            guard let thing = (root["thing"]?.string).flatMap({ ClusterThing($0) }),
                let uid = root["uid"]?.string
            else { return nil }
            return Root(thing: thing, uid: uid)
        }
    }

    private func metadata(
        of thing: ClusterThing,
        through client: KubernetesClient
    ) async throws(ProviderFault) -> KubernetesObject? {
        try await object(thing, .metadata, client)
    }

    private func whole(
        _ thing: ClusterThing,
        through client: KubernetesClient
    ) async throws(ProviderFault) -> KubernetesObject? {
        try await object(thing, .whole, client)
    }

    private func object(
        _ thing: ClusterThing,
        _ projection: Projection,
        _ client: KubernetesClient
    ) async throws(ProviderFault) -> KubernetesObject? {
        do throws(KubernetesFault) {
            return try await client.get(thing.key, projection: projection)
        } catch .noSuchKind {
            return nil
        } catch {
            throw error.providerFault.about(thing)
        }
    }
}

extension KubernetesObject {
    private static let pausedAnnotation = "cluster.x-k8s.io/paused"

    /// Whether whoever looks after the object has been told not to.
    fileprivate var isHeld: Bool {
        spec["paused"]?.bool == true || spec["suspend"]?.bool == true
            || annotations[Self.pausedAnnotation] != nil
    }

    /// The patch that takes that back.
    fileprivate var unholding: JSON {
        var patch: JSON = [:]
        if spec["paused"]?.bool == true {
            patch = patch.merging(patch: ["spec": ["paused": false]])
        }
        if spec["suspend"]?.bool == true {
            patch = patch.merging(patch: ["spec": ["suspend": false]])
        }
        if annotations[Self.pausedAnnotation] != nil {
            patch = patch.merging(
                patch: ["metadata": ["annotations": [Self.pausedAnnotation: nil]]]
            )
        }
        return patch
    }
}
