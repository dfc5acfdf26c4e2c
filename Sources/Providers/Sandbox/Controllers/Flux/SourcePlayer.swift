import JSON
import Secrets

/// Plays source-controller: Git repositories of this installation are really looked at; Helm and
/// OCI repositories are ready without being reached, and say so.
struct SourcePlayer: Player {
    private static let prefix = "failed to checkout and determine revision: "

    let name = "source-controller"
    let kind: SandboxKind
    let repositories: any SandboxRepositories

    func play(_ source: SandboxObject, in scene: Scene) async throws(SandboxStatus) {
        let isWanted = !source.isDeleting
        try await scene.finalizer(SandboxObject.fluxFinalizer, isWanted, on: source)
        guard isWanted, !source.isSuspended else { return }
        let url = source.spec["url"]?.string ?? ""
        let isGit = kind == .gitRepository
        let unable = isGit ? "\(Self.prefix)unable to clone" : "failed to fetch"
        if let message = scene.suffers(.sourceFails, source, "\(unable) '\(url)': played") {
            let reason = isGit ? "GitOperationFailed" : "FetchFailed"
            return try await scene.report(source, .failed(reason: reason, message: message))
        }
        if isGit { return try await fetch(source, url, scene) }
        let reference = source.spec["ref"]
        let digest = "sha256:\(Hex.encode(SHA256.hash(url + (reference ?? .null).text)))"
        let tag = reference?["tag"]?.string ?? reference?["semver"]?.string ?? "latest"
        let revision = kind == .ociRepository ? "\(tag)@\(digest)" : digest
        let message = "the sandbox takes '\(url)' as it is named and reaches no network"
        try await store(revision, digest, at: url, message, of: source, scene)
    }

    private func fetch(
        _ source: SandboxObject,
        _ url: String,
        _ scene: Scene
    ) async throws(SandboxStatus) {
        guard ["http://", "https://", "ssh://"].contains(where: url.hasPrefix) else {
            let message = "invalid URL '\(url)': its scheme is none of http, https and ssh"
            return try await scene.report(source, .stalled(reason: "URLInvalid", message: message))
        }
        if let secret = source.spec["secretRef"]?["name"]?.string,
            try await scene.cluster.get(SandboxKey(.secret, source.namespace, secret)) == nil
        {
            let place = "\(source.namespace ?? "")/\(secret)"
            let message = "failed to get secret '\(place)': secrets \"\(secret)\" not found"
            let state = FluxState.failed(reason: "AuthenticationFailed", message: message)
            return try await scene.report(source, state)
        }
        guard try await scene.mayRead(url) else {
            let why = "the repository is not the one that this cluster is connected to"
            let message = "\(Self.prefix)unable to clone '\(url)': \(why)"
            let state = FluxState.failed(reason: "AuthenticationFailed", message: message)
            return try await scene.report(source, state)
        }
        let reference = GitReference(source.spec["ref"])
        var why = "couldn't find remote ref \"\(reference.name)\""
        var commit: String?
        do throws(SandboxRepositoryFault) {
            commit = try await repositories.head(of: url, at: reference.name)
        } catch {
            why = "unable to clone '\(url)': \(error.message)"
        }
        if let commit { return try await store(commit, reference, of: source, scene) }
        let state = FluxState.failed(reason: "GitOperationFailed", message: Self.prefix + why)
        try await scene.report(source, state)
    }
}

extension SourcePlayer {
    private func store(
        _ commit: String,
        _ reference: GitReference,
        of source: SandboxObject,
        _ scene: Scene
    ) async throws(SandboxStatus) {
        let revision = reference.revision(of: commit)
        let digest = "sha256:\(Hex.encode(SHA256.hash(commit)))"
        let message = "stored artifact for revision '\(revision)'"
        let url =
            "http://source-controller.flux-system.svc.cluster.local./\(source.place)/\(commit)"
        try await store(revision, digest, at: url, message, of: source, scene)
        scene.look(after: scene.interval(source.spec["interval"]))
    }

    /// What was fetched is at hand.
    private func store(
        _ revision: String,
        _ digest: String,
        at url: String,
        _ message: String,
        of source: SandboxObject,
        _ scene: Scene
    ) async throws(SandboxStatus) {
        try await scene.report(source, .ready(reason: "Succeeded", message: message)) { source in
            let fact = Fact("ArtifactInStorage", true, "Succeeded", message)
            source.state([fact], at: scene.now)
            guard source.status["artifact"]?["revision"]?.string != revision else { return }
            source.status["artifact"] = [
                "digest": .string(digest), "lastUpdateTime": .string(scene.now.kubernetesText),
                "path": .string("\(kind.name.lowercased())/\(source.place)"),
                "revision": .string(revision), "url": .string(url),
            ]
        }
    }
}

/// What a GitRepository follows.
private struct GitReference {
    /// For the repository: a branch, a tag, a full reference or a commit.
    let name: String
    /// What stands before the commit in revisions; empty for none.
    private let label: String

    /// As `spec.ref` has it; the branch `master` where nothing is said.
    init(_ reference: JSON?) {
        if let commit = reference?["commit"]?.string {
            (name, label) = (commit, reference?["branch"]?.string ?? "")
        } else if let name = reference?["name"]?.string {
            (self.name, label) = (name, name)
        } else if let tag = reference?["tag"]?.string ?? reference?["semver"]?.string {
            (name, label) = ("refs/tags/\(tag)", tag)
        } else {
            let branch = reference?["branch"]?.string ?? "master"
            (name, label) = ("refs/heads/\(branch)", branch)
        }
    }

    /// As Flux writes it: `main@sha1:…`.
    func revision(of commit: String) -> String {
        label.isEmpty ? "sha1:\(commit)" : "\(label)@sha1:\(commit)"
    }
}

extension Scene {
    /// Whether a repository of the installation may be read from this cluster.
    ///
    /// The management cluster reads all of them. A tenant's cluster reads only what Slipway has
    /// connected it to: whoever administers it could name the repository of another tenant.
    fileprivate func mayRead(_ url: String) async throws(SandboxStatus) -> Bool {
        guard cluster.name != SandboxServer.management else { return true }
        let path = RepositoryText.path(ofURL: url)
        let management = other(SandboxServer.management)
        let connection = SandboxKey(.gitRepository, "t-\(cluster.name)", "platform")
        var connected = [try await management.get(connection)?.spec["url"]]
        for application in try await management.list(.application)
        where application.spec["destination"]?["name"]?.string == cluster.name {
            connected.append(application.spec["source"]?["repoURL"])
        }
        return connected.contains { $0?.string.map(RepositoryText.path) == path }
    }
}
