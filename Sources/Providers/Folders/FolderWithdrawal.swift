package import Contract
import Domain
import Drivers
import JSON
package import Kubernetes

/// Takes a folder out of a cluster: what applies it goes first, and with it what it applied.
package struct FolderWithdrawal: Sendable {
    private let direct: DirectFolder
    private let key: ObjectKey?
    private let host: KubernetesClient
    /// Whether the cluster goes as well, and with it everything that is in it.
    private let isLeftBehind: Bool

    /// The withdrawal of a folder that Slipway applies by itself, or whose engine's object is found
    /// under `key`.
    package init(
        of direct: DirectFolder,
        appliedBy key: ObjectKey?,
        through host: KubernetesClient,
        leavingBehind isLeftBehind: Bool
    ) {
        self.direct = direct
        self.key = key
        self.host = host
        self.isLeftBehind = isLeftBehind
    }

    /// Deletes what applies the folder, or what was applied; names the engine's object where there
    /// is one.
    package func begin(_ context: StepContext) async throws(ProviderFault) -> ObjectKey? {
        guard let key else {
            if !isLeftBehind { _ = try await direct.remove(context) }
            return nil
        }
        guard let object = try await own(key) else { return nil }
        try await prepare(object)
        try context.continueOrStop()
        try await delete(object)
        return key
    }

    /// What is still there, and who can release it; nil once nothing is.
    package func rest(_ context: StepContext) async throws(ProviderFault) -> Wait? {
        if key == nil, !isLeftBehind {
            let left = try await direct.remove(context)
            guard left.isEmpty else {
                return Wait(
                    on: "\(left.joined(separator: ", ")) to be gone",
                    releasedBy: "the controllers of the finalizers, or whoever has the cluster"
                )
            }
        }
        try await direct.forgetAll()
        guard let key, let object = try await own(key) else { return nil }
        guard object.isDeleting else {
            // Somebody made it anew.
            try await delete(object)
            return Wait(on: "\(key) to be deleted")
        }
        // The cluster may have begun to go since.
        if isLeftBehind { try await prepare(object) }
        let finalizers = object.finalizers.joined(separator: ", ")
        let told = object.condition("Ready").flatMap { $0.status == .no ? $0.message : nil }
        let why = told.map { ": \($0)" } ?? ""
        return Wait(
            on: "\(key) to be gone (finalizers: \(finalizers))\(why)",
            releasedBy: "the controllers of \(finalizers), or whoever runs the management cluster"
        )
    }

    /// The engine's object where it is there and was made for the folder.
    package func own(_ key: ObjectKey) async throws(ProviderFault) -> KubernetesObject? {
        try await host.found(key).flatMap { object in
            object.belongs(to: direct.folder, of: direct.tenantName) ? object : nil
        }
    }

    private func prepare(_ object: KubernetesObject) async throws(ProviderFault) {
        guard let patch = object.patch(leavingBehind: isLeftBehind) else { return }
        try await asking { () async throws(KubernetesFault) in
            _ = try await host.mergePatch(object.key, patch)
        }
    }

    private func delete(_ object: KubernetesObject) async throws(ProviderFault) {
        try await asking { () async throws(KubernetesFault) in
            _ = try await host.delete(object.key, uid: object.uid)
        }
    }
}

extension KubernetesClient {
    /// The object; nil where there is none, or the cluster has no such kind.
    package func found(
        _ key: ObjectKey,
        projection: Projection = .whole
    ) async throws(ProviderFault) -> KubernetesObject? {
        do throws(KubernetesFault) {
            return try await get(key, projection: projection)
        } catch .noSuchKind {
            return nil
        } catch {
            throw error.providerFault
        }
    }
}

extension KubernetesObject {
    /// What must be changed before what applies a folder is deleted; nil for nothing.
    ///
    /// One that is suspended leaves what it applied; where that goes with its cluster, the engine
    /// must not wait until it has reached a cluster that is gone.
    fileprivate func patch(leavingBehind isLeftBehind: Bool) -> JSON? {
        guard isLeftBehind else {
            return spec["suspend"]?.bool == true ? ["spec": ["suspend": false]] : nil
        }
        guard key.kind.kind == "Kustomization" else {
            return finalizers.isEmpty ? nil : ["metadata": ["finalizers": nil]]
        }
        let isLeaving = spec["deletionPolicy"] == "Orphan" && spec["suspend"]?.bool != true
        return isLeaving ? nil : ["spec": ["deletionPolicy": "Orphan", "suspend": false]]
    }
}
