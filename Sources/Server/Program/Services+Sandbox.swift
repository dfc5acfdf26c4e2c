import Sandbox

extension Services {
    /// What the sandbox plays in its clusters: Kubernetes' own controllers, Cluster API, vCluster
    /// and Flux, which reads this installation's repositories.
    var sandboxPlay: SandboxPlay {
        SandboxPlay(repositories: InstallationRepositories(git: git, layout: layout))
    }

    /// What plays the controllers of Kubernetes, and of what else a cluster has.
    var sandboxControllers: [any SandboxController] { sandboxPlay.controllers }
}
