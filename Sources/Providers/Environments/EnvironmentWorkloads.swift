import Contract
import Domain
import Drivers
import Folders
import JSON
import Kubernetes

/// What runs in an environment, as far as it can be scaled.
struct EnvironmentWorkloads: Sendable {
    /// Remembers how many there were before the environment slept.
    static let annotation = DirectFolder.replicas

    private let objects: [KubernetesObject]
    private let client: KubernetesClient

    /// The Deployments and StatefulSets among what was applied.
    init(
        among inventory: [FolderReading.Applied],
        through client: KubernetesClient
    ) async throws(ProviderFault) {
        self.client = client
        var found: [KubernetesObject] = []
        for entry in inventory
        where entry.group == "apps" && ["Deployment", "StatefulSet"].contains(entry.kind) {
            let object = try await asking { () async throws(KubernetesFault) in
                try await client.get(ObjectKey(entry))
            }
            if let object { found.append(object) }
        }
        objects = found
    }

    /// Scales everything to none, and names what still runs.
    func sleep(_ context: StepContext) async throws(ProviderFault) -> [String] {
        var running: [String] = []
        for workload in objects {
            let replicas = workload.spec["replicas"]?.int ?? 1
            if replicas > 0 {
                try await patch(
                    workload,
                    [
                        "metadata": ["annotations": [Self.annotation: .string("\(replicas)")]],
                        "spec": ["replicas": 0],
                    ],
                    context
                )
            }
            let isObserved = (workload.observedGeneration ?? 0) >= workload.generation
            if replicas > 0 || !isObserved || (workload.status["replicas"]?.int ?? 0) > 0 {
                running.append("\(workload.key.kind.kind)/\(workload.name)")
            }
        }
        return running
    }

    /// Scales everything back that was put to sleep.
    func wake(_ context: StepContext) async throws(ProviderFault) {
        for workload in objects {
            guard let text = workload.annotations[Self.annotation] else { continue }
            var change: JSON = ["metadata": ["annotations": [Self.annotation: nil]]]
            if workload.spec["replicas"]?.int == 0 {
                let replicas = max(Int(text) ?? 1, 1)
                change = change.merging(patch: ["spec": ["replicas": .integer(replicas)]])
            }
            try await patch(workload, change, context)
        }
    }

    private func patch(
        _ workload: KubernetesObject,
        _ change: JSON,
        _ context: StepContext
    ) async throws(ProviderFault) {
        try context.continueOrStop()
        try await asking { () async throws(KubernetesFault) in
            _ = try await client.mergePatch(workload.key, change)
        }
    }
}
