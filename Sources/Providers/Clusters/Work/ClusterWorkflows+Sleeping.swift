import Contract
import Domain
import Drivers
import JSON
import Kubernetes

extension ClusterWorkflows {
    private static let pausedAnnotation = "loft.sh/paused"
    private static let replicasAnnotation = "loft.sh/paused-replicas"
    private static let dateAnnotation = "loft.sh/paused-date"
    private static let workloadKinds = [
        GroupKind(group: "apps", kind: "StatefulSet"), GroupKind(group: "apps", kind: "Deployment"),
    ]

    /// Puts a virtual cluster to sleep, or wakes it: what was delivered keeps whoever installed it
    /// from undoing that.
    func sleepOrWake(_ context: StepContext) async throws(ProviderFault) -> Outcome {
        guard let work = try await work(context), work.isMade,
            work.cluster.spec.kind == .vcluster
        else { return .done }
        return work.cluster.spec.asleep
            ? try await sleep(work, context) : try await wake(work, context)
    }

    /// Scales everything to zero, remembering from how many, then removes the workloads that the
    /// control plane no longer looks after.
    private func sleep(
        _ work: ClusterWork,
        _ context: StepContext
    ) async throws(ProviderFault) -> Outcome {
        var running: [String] = []
        for workload in try await workloads(of: work) {
            let replicas = workload.spec["replicas"]?.int ?? 1
            if replicas > 0 {
                try context.continueOrStop()
                let patch: JSON = [
                    "metadata": [
                        "annotations": [
                            Self.pausedAnnotation: "true",
                            Self.replicasAnnotation: .string("\(replicas)"),
                            Self.dateAnnotation: .string("\(clock())"),
                        ]
                    ],
                    "spec": ["replicas": 0],
                ]
                try await asking { () async throws(KubernetesFault) in
                    _ = try await work.client.mergePatch(workload.key, patch)
                }
            }
            let isObserved = (workload.observedGeneration ?? 0) >= workload.generation
            if replicas > 0 || !isObserved || (workload.status["replicas"]?.int ?? 0) > 0 {
                running.append("\(workload.key.kind.kind) \(workload.name)")
            }
        }
        guard running.isEmpty else {
            return waiting(context, for: "\(running.joined(separator: ", ")) to stop")
        }
        let pods = try await syncedPods(of: work)
        for pod in pods where !pod.isDeleting {
            try context.continueOrStop()
            try await asking { () async throws(KubernetesFault) in
                _ = try await work.client.delete(pod.key, uid: pod.uid)
            }
        }
        guard pods.isEmpty else {
            return waiting(context, for: "\(pods.count) pods of the cluster to end")
        }
        return .done(Evidence(["asleep": true]))
    }

    /// Scales everything back to what it was.
    private func wake(
        _ work: ClusterWork,
        _ context: StepContext
    ) async throws(ProviderFault) -> Outcome {
        var woken = 0
        for workload in try await workloads(of: work) {
            let isMarked = workload.annotations[Self.pausedAnnotation] != nil
            guard isMarked || workload.spec["replicas"]?.int == 0 else { continue }
            let replicas = workload.annotations[Self.replicasAnnotation].flatMap { Int($0) } ?? 1
            var patch: JSON = [
                "metadata": [
                    "annotations": [
                        Self.pausedAnnotation: nil, Self.replicasAnnotation: nil,
                        Self.dateAnnotation: nil,
                    ]
                ]
            ]
            if workload.spec["replicas"]?.int == 0 {
                patch = patch.merging(patch: ["spec": ["replicas": .integer(max(replicas, 1))]])
            }
            try context.continueOrStop()
            try await asking { () async throws(KubernetesFault) in
                _ = try await work.client.mergePatch(workload.key, patch)
            }
            woken += 1
        }
        return .done(Evidence(["woken": .integer(woken)]))
    }

    /// What runs the control plane of a virtual cluster.
    private func workloads(of work: ClusterWork) async throws(ProviderFault) -> [KubernetesObject] {
        var found: [KubernetesObject] = []
        for kind in Self.workloadKinds {
            found += try await asking { () async throws(KubernetesFault) in
                do throws(KubernetesFault) {
                    return try await work.client.list(
                        kind,
                        namespace: work.namespace,
                        labels: "app=vcluster,release=\(work.wish.slug)"
                    ).items
                } catch .noSuchKind {
                    return []
                }
            }
        }
        return found
    }

    /// The workloads of a virtual cluster as they run in its host.
    private func syncedPods(of work: ClusterWork) async throws(ProviderFault) -> [KubernetesObject]
    {
        try await asking { () async throws(KubernetesFault) in
            try await work.client.list(
                GroupKind(kind: "Pod"),
                namespace: work.namespace,
                labels: "vcluster.loft.sh/managed-by=\(work.wish.slug)",
                projection: .metadata
            ).items
        }
    }
}
