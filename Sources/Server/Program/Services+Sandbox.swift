import Git
import GitOps
import Sandbox

extension Services {
    /// What the sandbox plays in its clusters: Kubernetes' own controllers, Cluster API, vCluster
    /// and Flux, which reads this installation's repositories.
    static func play(git: GitService, layout: RepositoryLayout) -> SandboxPlay {
        SandboxPlay(repositories: InstallationRepositories(git: git, layout: layout))
    }

    /// What plays the controllers of Kubernetes, and of what else a cluster has.
    var sandboxControllers: [any SandboxController] {
        Self.play(git: git, layout: layout).controllers
    }
}
