import Domain
import EventLoop
import JSON
import SandboxSupport
import Secrets
import Synchronization
import TestSupport
import Testing
import YAML

@testable import Sandbox

/// A sandbox with Flux reading repositories of a test, whose clock the test moves.
struct FluxTrial: Sendable {
    static let managementURL = "http://localhost:8080/git/_platform/management.git"
    static let acmeURL = "http://localhost:8080/git/acme/platform.git"
    static let root = SandboxKey(.kustomization, "flux-system", "slipway-management")
    static let source = SandboxKey(.gitRepository, "flux-system", "slipway-management")

    let server: SandboxServer
    let repositories = CommittedFiles()
    private let controllers: SandboxControllers
    private let micros: ManualMicroseconds

    var management: SandboxCluster { server.cluster(SandboxServer.management) }

    /// Runs a test on an event loop, with Flux reading the management repository.
    static func run(_ body: @escaping @Sendable (FluxTrial) async throws -> Void) async throws {
        let group = try EventLoopGroup(count: 1)
        group.start()
        defer { group.stop() }
        try await withTaskExecutorPreference(group.loops[0]) {
            let trial = FluxTrial()
            let play = SandboxPlay(repositories: trial.repositories)
            try await play.furnish(
                trial.server,
                reading: SandboxReader(.flux, of: managementURL, folder: "tenants")
            )
            try await body(trial)
            trial.server.close()
        }
    }

    private init() {
        let micros = ManualMicroseconds()
        self.micros = micros
        server = SandboxServer(
            records: MemorySandbox(clock: { micros.now }),
            settings: .init(baseURL: "http://localhost:8080/sandbox", clock: { micros.now }),
            key: Array(repeating: 7, count: 32)
        )
        controllers = SandboxControllers(
            server,
            controllers: SandboxPlay(repositories: repositories).controllers,
            holder: "test"
        )
    }

    /// Lets time pass, with everything done that is due, twice a second.
    func pass(_ seconds: Int) async throws {
        try await controllers.settle()
        for _ in 0..<(seconds * 2) {
            micros.advance(500_000)
            try await controllers.settle()
        }
    }

    /// Commits files to the management repository, and lets Flux look at them.
    func commit(_ files: [String: String?]) async throws {
        repositories.commit(files, to: Self.managementURL)
        try await pass(12)
    }

    func get(_ key: SandboxKey, in cluster: String? = nil) async throws -> SandboxObject? {
        try await (cluster.map { server.cluster($0) } ?? management).get(key)
    }

    /// The reason and message of a `Ready` condition.
    func ready(
        _ key: SandboxKey,
        in cluster: String? = nil
    ) async throws -> (status: String, reason: String, message: String) {
        let condition = try await get(key, in: cluster)?.condition("Ready")
        func text(_ field: String) -> String { condition?[field]?.string ?? "-" }
        return (text("status"), text("reason"), text("message"))
    }

    func apply(_ yaml: String, in cluster: String? = nil) async throws {
        let target = cluster.map { server.cluster($0) } ?? management
        for manifest in try YAML.documents(Array(yaml.utf8)) {
            try await target.apply(manifest.value, as: "test")
        }
    }

    /// Revisions of all clusters: the same again when nothing was written.
    func revisions() async throws -> [String: Int64] {
        var all: [String: Int64] = [:]
        for head in try await server.records.heads() { all[head.cluster] = head.revision }
        return all
    }

    /// A tenant's cluster of that name, with its kubeconfig in a Secret, and the connection of the
    /// platform repository as Slipway makes it.
    func connect(_ name: String, path: String = "./clusters/acme") async throws {
        try await apply(
            "{apiVersion: v1, kind: Namespace, metadata: {name: t-\(name)}}"
        )
        let faults = FaultBook()
        let scene = Scene(management, as: "test", pace: SandboxPace(), faults: faults)
        let key = SandboxKey(.secret, "t-\(name)", "\(name)-kubeconfig")
        let place = TenantPlace(scene: scene, name: name)
        try await place.secret(key, entry: "value")
        try await place.keep(["node-0": TenantPlace.Node(version: "v1.34.0")])
        try await apply(
            """
            apiVersion: v1
            kind: Secret
            metadata: {name: platform-git, namespace: t-\(name)}
            stringData: {username: token, password: secret}
            ---
            apiVersion: source.toolkit.fluxcd.io/v1
            kind: GitRepository
            metadata: {name: platform, namespace: t-\(name)}
            spec:
              interval: 1m0s
              ref: {branch: main}
              secretRef: {name: platform-git}
              url: "\(Self.acmeURL)"
            ---
            apiVersion: kustomize.toolkit.fluxcd.io/v1
            kind: Kustomization
            metadata: {name: platform, namespace: t-\(name)}
            spec:
              deletionPolicy: Orphan
              interval: 10m0s
              path: "\(path)"
              prune: true
              retryInterval: 1m0s
              sourceRef: {kind: GitRepository, name: platform}
              timeout: 5m0s
              kubeConfig: {secretRef: {name: \(name)-kubeconfig, key: value}}
            """
        )
    }
}

/// Repositories of a test: every commit is kept, and how often files were read is counted.
final class CommittedFiles: SandboxRepositories {
    private struct State {
        var commits: [String: [[String: [UInt8]]]] = [:]
        var readings = 0
    }

    private let state = Mutex(State())

    /// How often files were read.
    var readings: Int { state.withLock { $0.readings } }

    /// A commit on top of the last one: nil removes a file.
    func commit(_ files: [String: String?], to url: String) {
        state.withLock { state in
            var tree = state.commits[url]?.last ?? [:]
            for (path, text) in files { tree[path] = text.map { Array($0.utf8) } }
            state.commits[url, default: []].append(tree)
        }
    }

    func head(
        of url: String,
        at reference: String
    ) async throws(SandboxRepositoryFault) -> String? {
        guard let count = state.withLock({ $0.commits[url]?.count }) else { throw .outside }
        guard reference == "refs/heads/main" || reference == "main" else { return nil }
        let text = String(count - 1)
        return String(repeating: "0", count: 40 - text.utf8.count) + text
    }

    func tree(
        of url: String,
        at commit: String,
        under path: String
    ) async throws(SandboxRepositoryFault) -> String? {
        let files = read(url, commit, path)
        guard !files.isEmpty else { return nil }
        let parts = files.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }
        return Hex.encode(SHA256.hash(parts.joined(separator: "\n")))
    }

    func files(
        of url: String,
        at commit: String,
        under path: String
    ) async throws(SandboxRepositoryFault) -> [String: [UInt8]] {
        state.withLock { $0.readings += 1 }
        return read(url, commit, path)
    }

    private func read(_ url: String, _ commit: String, _ path: String) -> [String: [UInt8]] {
        state.withLock { state in
            guard let number = Int(commit), let commits = state.commits[url],
                commits.indices.contains(number)
            else { return [:] }
            return commits[number].filter { RepositoryText.contains(path, $0.key) }
        }
    }
}

/// A clock that a test moves.
final class ManualMicroseconds: Sendable {
    private let micros = Mutex<Int64>(1_795_222_800_000_000)

    var now: Instant { Instant(microseconds: micros.withLock { $0 }) }

    func advance(_ microseconds: Int64) { micros.withLock { $0 += microseconds } }
}
