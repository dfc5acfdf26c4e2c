import JSON
import Secrets

/// Plays source-controller for GitRepositories: really looks at the installation's repositories.
struct GitRepositoryPlayer: ReturningPlayer {
    let name = "source-controller"
    let kind = SandboxKind.gitRepository

    let repositories: any SandboxRepositories

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
        guard ["http://", "https://", "ssh://"].contains(where: url.hasPrefix) else {
            try await scene.report(source) { source in
                let message = "invalid URL '\(url)': its scheme is none of http, https and ssh"
                source.setFlux(.stalled(reason: "URLInvalid", message: message), at: scene.now)
            }
            return .none
        }
        if let message = scene.suffers(
            .sourceFails,
            source,
            "failed to checkout and determine revision: unable to clone '\(url)': played"
        ) {
            return try await fail(source, "GitOperationFailed", message, scene)
        }
        if let message = try await missingSecret(of: source, scene) {
            return try await fail(source, "AuthenticationFailed", message, scene)
        }
        return try await fetch(source, url, scene)
    }

    private func missingSecret(
        of source: SandboxObject,
        _ scene: Scene
    ) async throws(SandboxStatus) -> String? {
        guard let name = source.spec["secretRef"]?["name"]?.string else { return nil }
        let key = SandboxKey(.secret, source.namespace, name)
        guard try await scene.cluster.get(key) == nil else { return nil }
        return "failed to get secret '\(source.namespace ?? "")/\(name)': secrets \"\(name)\" not "
            + "found"
    }

    private func fetch(
        _ source: SandboxObject,
        _ url: String,
        _ scene: Scene
    ) async throws(SandboxStatus) -> SandboxRequeue {
        let reference = GitReference(source.spec["ref"])
        let reading = RepositoryReading(repositories: repositories, scene: scene)
        let prefix = "failed to checkout and determine revision: "
        guard try await reading.allows(url) else {
            let message =
                "\(prefix)unable to clone '\(url)': the repository is not the one that "
                + "this cluster is connected to"
            return try await fail(source, "AuthenticationFailed", message, scene)
        }
        let found: Result<String?, SandboxRepositoryFault> = await head(url, reference)
        if case .failure(let fault) = found {
            let message = "\(prefix)unable to clone '\(url)': \(fault.message)"
            return try await fail(source, "GitOperationFailed", message, scene)
        }
        guard case .success(let commit?) = found else {
            let message = prefix + "couldn't find remote ref \"\(reference.full)\""
            return try await fail(source, "GitOperationFailed", message, scene)
        }
        let revision = reference.revision(of: commit)
        try await scene.report(source) { source in
            Self.store(revision, commit, in: &source, scene)
        }
        return .after(GoDuration.parse(source.spec["interval"]?.string) / scene.pace.speed)
    }

    private static func store(
        _ revision: String,
        _ commit: String,
        in source: inout SandboxObject,
        _ scene: Scene
    ) {
        if source.status["artifact"]?["revision"]?.string != revision {
            let path = "gitrepository/\(source.place)/\(commit).tar.gz"
            source.status["artifact"] = [
                "digest": .string("sha256:\(Hex.encode(SHA256.hash(commit)))"),
                "lastUpdateTime": .string(scene.now.kubernetesText), "path": .string(path),
                "revision": .string(revision),
                "url": .string("http://source-controller.flux-system.svc.cluster.local./\(path)"),
            ]
        }
        let message = "stored artifact for revision '\(revision)'"
        source.setFlux(.ready(reason: "Succeeded", message: message), at: scene.now)
        source.setCondition(
            "ArtifactInStorage",
            true,
            reason: "Succeeded",
            message: message,
            at: scene.now
        )
    }

    private func head(
        _ url: String,
        _ reference: GitReference
    ) async -> Result<String?, SandboxRepositoryFault> {
        do throws(SandboxRepositoryFault) {
            return .success(try await repositories.head(of: url, at: reference.name))
        } catch {
            return .failure(error)
        }
    }

    private func fail(
        _ source: SandboxObject,
        _ reason: String,
        _ message: String,
        _ scene: Scene
    ) async throws(SandboxStatus) -> SandboxRequeue {
        try await scene.report(source) { source in
            source.setFlux(.failed(reason: reason, message: message), at: scene.now)
        }
        try await scene.event(source, reason, message, isWarning: true)
        return .after(scene.pace.of(SandboxPace.Step.looking * 5))
    }
}

/// What a GitRepository follows.
struct GitReference: Sendable, Equatable {
    /// For the repository: a branch, a tag, a full reference or a commit.
    var name: String
    /// The full reference, for messages.
    var full: String
    /// What stands before the commit in revisions; empty for none.
    private var label: String

    /// As `spec.ref` has it; the branch `master` where nothing is said.
    init(_ reference: JSON?) {
        if let commit = reference?["commit"]?.string {
            (name, full, label) = (commit, commit, reference?["branch"]?.string ?? "")
        } else if let name = reference?["name"]?.string {
            (self.name, full, label) = (name, name, name)
        } else if let tag = reference?["tag"]?.string ?? reference?["semver"]?.string {
            (name, full, label) = ("refs/tags/\(tag)", "refs/tags/\(tag)", tag)
        } else {
            let branch = reference?["branch"]?.string ?? "master"
            (name, full, label) = ("refs/heads/\(branch)", "refs/heads/\(branch)", branch)
        }
    }

    /// As Flux writes it: `main@sha1:…`.
    func revision(of commit: String) -> String {
        label.isEmpty ? "sha1:\(commit)" : "\(label)@sha1:\(commit)"
    }
}
