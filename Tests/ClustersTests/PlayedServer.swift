import Domain
import EventLoop
import Kubernetes
import Sandbox
import Synchronization

/// An API server to try things on.
struct PlayedServer: Sendable {
    let transport: any KubernetesTransport
    /// Whether it has a life of its own, for which there is nothing to do but wait.
    let isReal: Bool
    /// Lets what belongs to the server itself do what is due.
    let turn: @Sendable () async throws -> Void
    let close: @Sendable () async -> Void
}

/// How an API server is come by, on the loop that it is used on.
struct ServerOpening: Sendable {
    let open: @Sendable (EventLoop) async throws -> PlayedServer

    init(_ open: @escaping @Sendable (EventLoop) async throws -> PlayedServer) {
        self.open = open
    }

    /// A sandbox of its own in the process, with those who empty namespaces and nobody else.
    static func sandbox() -> ServerOpening {
        ServerOpening { _ in
            let sandbox = SandboxServer(
                records: MemorySandbox(),
                settings: SandboxServer.Settings(
                    baseURL: "http://localhost/sandbox",
                    clock: passing()
                ),
                key: [UInt8](repeating: 7, count: 32)
            )
            try await sandbox.cluster(SandboxServer.management).make()
            let controllers = SandboxControllers(sandbox, controllers: [], holder: "test")
            return PlayedServer(
                transport: SandboxTransport(
                    sandbox,
                    cluster: SandboxServer.management,
                    as: "test"
                ),
                isReal: false,
                turn: { try await controllers.settle() },
                close: { sandbox.close() }
            )
        }
    }

    /// Time that passes by a second whenever somebody asks.
    private static func passing() -> @Sendable () -> Instant {
        let seconds = Mutex(0)
        return {
            seconds.withLock { seconds in
                seconds += 1
                return ClusterBench.moment.advanced(by: .seconds(seconds))
            }
        }
    }
}
