import Sandbox
import Synchronization

/// Repositories of a test: one commit each.
final class PlayedRepositories: SandboxRepositories {
    private struct State {
        var files: [String: [String: [UInt8]]] = [:]
        var commits: [String: Int] = [:]
    }

    private let state = Mutex(State())

    /// A push of those files, and no others.
    func push(_ files: [String: String], to url: String) {
        state.withLock { state in
            state.files[url] = files.mapValues { Array($0.utf8) }
            state.commits[url, default: 0] += 1
        }
    }

    func head(
        of url: String,
        at reference: String
    ) async throws(SandboxRepositoryFault) -> String? {
        let number = state.withLock { $0.commits[url] }
        guard let number else { throw .outside }
        let text = String(number)
        return String(repeating: "0", count: 40 - text.utf8.count) + text
    }

    func tree(
        of url: String,
        at commit: String,
        under path: String
    ) async throws(SandboxRepositoryFault) -> String? {
        let files = try await files(of: url, at: commit, under: path)
        return files.isEmpty ? nil : "\(commit) \(path)"
    }

    func files(
        of url: String,
        at commit: String,
        under path: String
    ) async throws(SandboxRepositoryFault) -> [String: [UInt8]] {
        state.withLock { state in
            (state.files[url] ?? [:]).filter { file in
                path.isEmpty || file.key == path || file.key.hasPrefix(path + "/")
            }
        }
    }
}
