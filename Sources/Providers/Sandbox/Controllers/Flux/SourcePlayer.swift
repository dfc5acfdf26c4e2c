import JSON
import Secrets

/// Plays source-controller for Helm and OCI repositories: they are ready without being reached,
/// and say so.
struct SourcePlayer: ReturningPlayer {
    /// The kinds of sources.
    static let all = ["GitRepository", "HelmRepository", "OCIRepository", "HelmChart", "Bucket"]
        .map { SandboxKind("source.toolkit.fluxcd.io", $0) }

    let name = "source-controller"
    let kind: SandboxKind

    func play(
        _ source: SandboxObject,
        in scene: Scene
    ) async throws(SandboxStatus) -> SandboxRequeue {
        guard !source.isDeleting else {
            try await scene.finalizer(SandboxObject.fluxFinalizer, false, on: source)
            return .none
        }
        try await scene.finalizer(SandboxObject.fluxFinalizer, true, on: source)
        guard !source.isSuspended else { return .none }
        let url = source.spec["url"]?.string ?? ""
        if let message = scene.suffers(.sourceFails, source, "failed to fetch '\(url)': played") {
            try await scene.report(source) {
                $0.setFlux(.failed(reason: "FetchFailed", message: message), at: scene.now)
            }
            try await scene.event(source, "FetchFailed", message, isWarning: true)
            return scene.soon
        }
        let reference = source.spec["ref"]
        let digest = "sha256:\(Hex.encode(SHA256.hash(url + (reference ?? .null).text)))"
        let tag = reference?["tag"]?.string ?? reference?["semver"]?.string ?? "latest"
        let revision = kind == .ociRepository ? "\(tag)@\(digest)" : digest
        try await scene.report(source) { source in
            if source.status["artifact"]?["revision"]?.string != revision {
                source.status["artifact"] = [
                    "digest": .string(digest),
                    "lastUpdateTime": .string(scene.now.kubernetesText),
                    "path": .string("\(kind.name.lowercased())/\(source.place)"),
                    "revision": .string(revision), "url": .string(url),
                ]
            }
            let message = "the sandbox takes '\(url)' as it is named and reaches no network"
            source.setFlux(.ready(reason: "Succeeded", message: message), at: scene.now)
        }
        return .none
    }
}
