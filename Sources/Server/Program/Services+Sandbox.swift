import Sandbox

extension Services {
    /// What plays the controllers of Kubernetes, and of what else a cluster has.
    var sandboxControllers: [any SandboxController] { [] }
}
