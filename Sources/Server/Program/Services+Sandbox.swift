import Git
import GitOps
import Sandbox
import Storage

extension Services {
    /// The Kubernetes API that is played.
    static func sandbox(
        _ storage: Storage,
        _ keyring: Keyring,
        _ settings: Settings
    ) -> SandboxServer {
        SandboxServer(
            records: StoredSandbox(store: storage.sandbox),
            settings: SandboxServer.Settings(
                baseURL: "\(settings.reachableURL)/sandbox",
                clock: { Moment.now() }
            ),
            key: keyring.sandbox,
            announce: { storage.sandbox.announce() }
        )
    }

    /// What the sandbox plays in its clusters: Kubernetes' own controllers, Cluster API, vCluster
    /// and Flux, which reads this installation's repositories.
    static func play(
        git: GitService,
        layout: RepositoryLayout,
        storage: Storage
    ) -> SandboxPlay {
        SandboxPlay(
            repositories: InstallationRepositories(
                git: git,
                layout: layout,
                // A database that gives no answer is asked again with the next look.
                guest: { url in try? await storage.forges.tenant(readAt: url) }
            )
        )
    }

    /// What plays the controllers of Kubernetes, and of what else a cluster has.
    var sandboxControllers: [any SandboxController] {
        Self.play(git: git, layout: layout, storage: storage).controllers
    }
}
