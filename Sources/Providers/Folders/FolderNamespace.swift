package import Contract
package import Domain
package import Drivers
import JSON
package import Kubernetes

/// The namespace that is made for a folder, in the cluster that it is delivered to.
package struct FolderNamespace: Sendable {
    /// Its name.
    package let name: String
    private let folder: DeliveredFolder
    private let wish: ClusterWish
    private let client: KubernetesClient

    /// That namespace, in that cluster.
    package init(
        _ name: String,
        for folder: DeliveredFolder,
        in wish: ClusterWish,
        through client: KubernetesClient
    ) {
        self.name = name
        self.folder = folder
        self.wish = wish
        self.client = client
    }

    private var tenant: TenantName { wish.cluster.tenantName }

    /// Makes it, or finds it made; what it waits for where an earlier one is on its way out.
    ///
    /// - Throws: `.refused` where one is there that was not made for the folder.
    package func make(
        security: NamespaceFence.Security,
        adopting: Bool = false,
        _ context: StepContext
    ) async throws(ProviderFault) -> Wait? {
        if let found = try await client.found(.namespace(name), projection: .metadata) {
            guard adopting || found.belongs(to: folder, of: tenant) else {
                throw .refused(
                    reason: "namespace \(name) of cluster \(wish.cluster.name) is there and was "
                        + "not made for this \(folder.subject); remove or rename it"
                )
            }
            guard !found.isDeleting else {
                return Wait(on: "the earlier namespace \(name) to be gone")
            }
        }
        try context.continueOrStop()
        let object = NamespaceFence.namespace(
            name,
            of: wish,
            security: security,
            labels: [folder.label: .string(folder.name)]
        )
        try await asking { () async throws(KubernetesFault) in
            _ = try await client.apply(object.object ?? JSONObject(), force: true)
        }
        return nil
    }

    /// Deletes it with everything in it; false where it is not there, or not the folder's.
    package func remove(_ context: StepContext) async throws(ProviderFault) -> Bool {
        guard let object = try await own() else { return false }
        try context.continueOrStop()
        try await asking { () async throws(KubernetesFault) in
            _ = try await client.delete(object.key, uid: object.uid)
        }
        return true
    }

    /// What it still waits for; nil once it is gone.
    package func rest() async throws(ProviderFault) -> Wait? {
        guard let object = try await own() else { return nil }
        let remarks = object.conditions.filter { condition in
            condition.type != "NamespaceDeletionDiscoveryFailure" && condition.status == .yes
        }
        let why = remarks.map(\.message).joined(separator: " ")
        let on = "namespace \(name) to be gone"
        return Wait(
            on: why.isEmpty ? on : "\(on): \(why)",
            releasedBy: why.isEmpty ? nil : "the controllers of the finalizers named"
        )
    }

    /// The namespace where it is there and was made for the folder.
    package func own() async throws(ProviderFault) -> KubernetesObject? {
        try await client.found(.namespace(name)).flatMap { object in
            object.belongs(to: folder, of: tenant) ? object : nil
        }
    }
}
