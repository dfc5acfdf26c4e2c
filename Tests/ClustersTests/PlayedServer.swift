import Domain
import EventLoop
import Git
import GitOps
import Kubernetes
import Sandbox
import SandboxSupport
import Synchronization

/// An API server to try things on.
struct PlayedServer: Sendable {
    let transport: any KubernetesTransport
    /// The way to a tenant's cluster; where there are none of their own, to the same server.
    let tenants: @Sendable (ClusterSlug) -> any KubernetesTransport
    /// The way to the same server for those who bring a token; nil where tests have none.
    var visitors: (any KubernetesTransport)?
    /// Whether it plays by itself what runs beside it.
    var isPlaying = false
    /// Whether it has a life of its own, for which there is nothing to do but wait.
    let isReal: Bool
    /// Lets what belongs to the server itself do what is due.
    let turn: @Sendable () async throws -> Void
    let close: @Sendable () async -> Void
}

/// How an API server is come by, on the loop that it is used on.
struct ServerOpening: Sendable {
    let open: @Sendable (EventLoop, PlayedRepositories) async throws -> PlayedServer

    init(
        _ open: @escaping @Sendable (EventLoop, PlayedRepositories) async throws -> PlayedServer
    ) {
        self.open = open
    }

    /// A sandbox of its own in the process, with those who empty namespaces, and, where it is
    /// `playing`, everything else that the sandbox plays.
    static func sandbox(
        playing isPlaying: Bool = false,
        _ engine: SandboxReader.Engine = .flux,
        as place: String = "local"
    ) -> ServerOpening {
        ServerOpening { _, repositories in
            let clock = TurnClock()
            let sandbox = SandboxServer(
                records: MemorySandbox(),
                settings: SandboxServer.Settings(
                    baseURL: "http://localhost/sandbox",
                    clock: { clock.now }
                ),
                key: [UInt8](repeating: 7, count: 32)
            )
            try await sandbox.cluster(SandboxServer.management).make()
            let play = SandboxPlay(repositories: repositories, pace: SandboxPace(speed: 10))
            if isPlaying {
                let url = repositories.layout.managementURL
                try await play.furnish(
                    sandbox,
                    reading: SandboxReader(engine, of: url, folder: "management/\(place)")
                )
            }
            let controllers = SandboxControllers(
                sandbox,
                controllers: isPlaying ? play.controllers : [],
                holder: "test"
            )
            return PlayedServer(
                transport: SandboxTransport(
                    sandbox,
                    cluster: SandboxServer.management,
                    as: "test"
                ),
                tenants: { slug in
                    let name = isPlaying ? "\(slug)" : SandboxServer.management
                    return SandboxTransport(sandbox, cluster: name, as: "test")
                },
                visitors: SandboxTransport(sandbox, cluster: SandboxServer.management),
                isPlaying: isPlaying,
                isReal: false,
                turn: {
                    clock.pass(seconds: 2)
                    try await controllers.settle()
                },
                close: { sandbox.close() }
            )
        }
    }
}

/// Time that passes when a test says so.
private final class TurnClock: Sendable {
    private let seconds = Mutex(0)

    var now: Instant {
        ClusterBench.moment.advanced(by: .seconds(seconds.withLock { $0 }))
    }

    func pass(seconds count: Int) { seconds.withLock { $0 += count } }
}

/// The repositories of a test, for the sandbox's engines.
struct PlayedRepositories: SandboxRepositories {
    let git: GitService
    let layout: RepositoryLayout

    private func path(_ url: String) throws(SandboxRepositoryFault) -> String {
        guard url.hasPrefix(layout.baseURL + "/") else { throw .outside }
        return layout.root + url.dropFirst(layout.baseURL.count)
    }

    func head(
        of url: String,
        at reference: String
    ) async throws(SandboxRepositoryFault) -> String? {
        let path = try path(url)
        return try await reading { () async throws(GitFault) in
            try await git.open(path) { repository throws(GitFault) in
                if let branch = try repository.commit(named: "refs/heads/\(reference)") {
                    return branch.hex
                }
                return try repository.commit(named: reference)?.hex
            }
        }
    }

    func tree(
        of url: String,
        at commit: String,
        under folder: String
    ) async throws(SandboxRepositoryFault) -> String? {
        let files = try await files(of: url, at: commit, under: folder)
        guard !files.isEmpty else { return nil }
        let sorted = files.sorted { $0.key < $1.key }
        return ShortHash.hex(of: "\(sorted)")
    }

    func files(
        of url: String,
        at commit: String,
        under folder: String
    ) async throws(SandboxRepositoryFault) -> [String: [UInt8]] {
        let path = try path(url)
        guard let commit = ObjectID(commit) else { throw .unreadable("no commit") }
        let found = try await reading { () async throws(GitFault) in
            try await git.open(path) { repository throws(GitFault) in
                try repository.snapshot(of: commit, reading: { _ in true })
            }
        }
        var files: [String: [UInt8]] = [:]
        for file in found {
            let text = file.path.text
            guard folder.isEmpty || text == folder || text.hasPrefix(folder + "/") else { continue }
            files[text] = file.content ?? []
        }
        return files
    }

    private func reading<Value>(
        _ body: () async throws(GitFault) -> Value
    ) async throws(SandboxRepositoryFault) -> Value {
        do throws(GitFault) { return try await body() } catch {
            throw .unreadable(error.sentence)
        }
    }
}
