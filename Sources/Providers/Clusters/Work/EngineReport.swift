import Contract
import Domain
import JSON
import Kubernetes

/// What a GitOps engine says of one cluster's folder.
struct EngineReport: Sendable {
    let engine: GitOpsEngine
    /// The engine and its object, for people.
    let name: String
    /// What it applied last; nil where it has applied nothing yet.
    let revision: String?
    /// Why it does not get on; nil where it does, or says nothing.
    let fault: String?

    init(_ engine: GitOpsEngine, _ key: ObjectKey, _ object: KubernetesObject?) {
        self.engine = engine
        let program = engine.kind == .flux ? "Flux" : "Argo CD"
        name = "\(program) (\(key.kind.kind) \(key.namespace ?? "")/\(key.name))"
        guard let object else {
            revision = nil
            fault = "there is no such object yet"
            return
        }
        switch engine.kind {
        case .flux:
            revision = object.status["lastAppliedRevision"]?.string
            let ready = object.condition("Ready")
            fault = ready.flatMap { $0.status == .no ? $0.message : nil }
        case .argocd:
            let sync = object.status["sync"]
            let isSynced = sync?["status"]?.string == "Synced"
            revision = isSynced ? sync?["revision"]?.string : nil
            let operation = object.status["operationState"]
            let hasFailed = ["Failed", "Error"].contains(operation?["phase"]?.string ?? "")
            fault = hasFailed ? operation?["message"]?.string : nil
        }
    }
}

extension ClusterWorkflows {
    /// What the GitOps engine says of a cluster's folder right now.
    func engineReport(
        on target: DeliveryTarget,
        through client: KubernetesClient
    ) async throws(ProviderFault) -> EngineReport {
        let engine = try await engines.engine(in: target.managementCluster, repositoryURL: "")
        let key = engine.reconciliation(of: target)
        let object = try await asking { () async throws(KubernetesFault) in
            try await client.get(key)
        }
        return EngineReport(engine, key, object)
    }
}
