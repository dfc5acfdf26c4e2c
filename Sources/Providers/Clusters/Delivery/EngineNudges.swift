package import Contract
package import Domain
import JSON
import Kubernetes

/// Tells the GitOps engines of management clusters to look at the management repository now.
package struct EngineNudges: GitOpsEngines {
    private let records: any ClusterRecords
    private let management: ManagementClusters
    private let clock: @Sendable () -> Instant

    /// Nudges for those management clusters.
    package init(
        records: any ClusterRecords,
        management: ManagementClusters,
        clock: @escaping @Sendable () -> Instant
    ) {
        self.records = records
        self.management = management
        self.clock = clock
    }

    /// What applies the management repository there.
    package func engine(
        in cluster: ManagementClusterName,
        repositoryURL: String
    ) async throws(ProviderFault) -> GitOpsEngine {
        let place = try await records.place(cluster)
        let engine = GitOpsEngine(
            of: place.spec,
            place.status.features,
            repositoryURL: repositoryURL
        )
        guard let engine else {
            throw .refused(
                reason: "management cluster \(cluster) has neither Flux nor Argo CD; install one, "
                    + "or change its delivery to `direct`"
            )
        }
        return engine
    }

    /// Marks the source and the target's own object, each where it is there.
    package func nudge(_ engine: GitOpsEngine, for target: DeliveryTarget) async {
        do throws(ProviderFault) {
            let place = try await records.place(target.managementCluster)
            let client = try await management.reach(place).client
            for key in engine.nudged(for: target) {
                // A hint: the engine looks by itself a little later.
                _ = try? await client.mergePatch(
                    key,
                    ["metadata": ["annotations": engine.nudge(at: clock())]]
                )
            }
        } catch {
            return  // The same.
        }
    }
}

extension GitOpsEngine {
    /// The object that makes the engine apply the target.
    func reconciliation(of target: DeliveryTarget) -> ObjectKey {
        ObjectKey(
            kind == .flux
                ? GroupKind(group: "kustomize.toolkit.fluxcd.io", kind: "Kustomization")
                : .application,
            namespace: namespace,
            name: target.slug.namespace
        )
    }

    /// The object that makes the engine read the repository.
    private var source: ObjectKey {
        ObjectKey(
            kind == .flux
                ? GroupKind(group: "source.toolkit.fluxcd.io", kind: "GitRepository")
                : .application,
            namespace: namespace,
            name: sourceName
        )
    }

    fileprivate func nudged(for target: DeliveryTarget) -> [ObjectKey] {
        [source, reconciliation(of: target)]
    }

    /// Flux looks when the value is another one than before, Argo CD takes the mark away.
    fileprivate func nudge(at now: Instant) -> JSON {
        switch kind {
        case .flux: ["reconcile.fluxcd.io/requestedAt": .string("\(now)")]
        case .argocd: ["argocd.argoproj.io/refresh": "normal"]
        }
    }
}

extension GroupKind {
    /// An application of Argo CD.
    static let application = GroupKind(group: "argoproj.io", kind: "Application")
}
