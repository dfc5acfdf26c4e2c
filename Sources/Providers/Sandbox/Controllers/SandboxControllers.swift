/// Runs the controllers of all sandbox clusters in one process at a time.
///
/// Level-triggered: at the start every object is looked at, later those that changed by the
/// clusters' revisions. The process that holds the lease (a `Lease` object in `kube-system` of
/// the management cluster) works; others wait for it to lapse.
package final class SandboxControllers: Sendable {
    /// The most objects that are reconciled at once.
    package static let atOnceMax = 16

    private let server: SandboxServer
    private let controllers: [any SandboxController]
    private let holder: String

    /// The runner of those controllers, beside garbage collection and namespaces, which it brings
    /// along.
    ///
    /// - Parameter holder: names this process in the lease.
    package init(
        _ server: SandboxServer,
        controllers: [any SandboxController],
        holder: String
    ) {
        self.server = server
        self.controllers = controllers
        self.holder = holder
    }

    /// Works until the task is cancelled; on an event loop.
    package func run() async {
        preconditionFailure("not built yet")
    }

    /// Everything that is due now is done, and what follows from it; timers are not waited for.
    ///
    /// For tests, which move their clock between calls.
    package func settle() async throws(SandboxStatus) {
        preconditionFailure("not built yet")
    }
}
