import JSON
import Secrets
import Synchronization
import YAML

/// Builds folders of repositories, and remembers what they came to: a commit that changes nothing
/// in a folder and in what it refers to costs one look at the names of the trees.
final class FolderBuilder: Sendable {
    /// Folders, and files, that are remembered; beyond that all are forgotten.
    private static let entriesMax = 4_096
    /// The largest file that is remembered, in bytes.
    private static let bytesMax = 64 << 10

    /// What a folder came to.
    struct Built: Sendable {
        /// The manifests.
        let manifests: [JSON]
        /// Names them: the same name, the same manifests.
        let digest: String
        /// The paths that were read, each with the name of its content; nil for nothing there.
        fileprivate let roots: [String: String?]
    }

    private struct Place: Hashable {
        var repository: String
        var folder: String
    }

    private struct State {
        var folders: [Place: Built] = [:]
        /// What files hold, by the hash of their bytes.
        var files: [[UInt8]: [JSON]] = [:]
    }

    let repositories: any SandboxRepositories
    private let state = Mutex(State())

    init(_ repositories: any SandboxRepositories) { self.repositories = repositories }

    /// What a folder of a commit comes to; the path is as people write it, such as
    /// `./clusters/acme`.
    func build(
        _ path: String,
        of url: String,
        at commit: String
    ) async throws(BuildFault) -> Built {
        guard let folder = RepositoryText.resolve(path) else {
            throw .wrong("the path '\(path)' is outside of the repository")
        }
        let place = Place(repository: RepositoryText.path(ofURL: url), folder: folder)
        let tree = CommitTree(repositories: repositories, url: url, commit: commit)
        if let built = state.withLock({ $0.folders[place] }), try await isCurrent(built, tree) {
            return built
        }
        var build = KustomizeBuild(tree: tree, builder: self)
        let manifests = try await build.manifests(of: folder)
        let digest = "sha256:\(Hex.encode(SHA256.hash(JSON.array(manifests).text)))"
        let built = Built(manifests: manifests, digest: digest, roots: build.roots)
        state.withLock { state in
            if state.folders.count >= Self.entriesMax { state.folders.removeAll() }
            state.folders[place] = built
        }
        return built
    }

    private func isCurrent(_ built: Built, _ tree: CommitTree) async throws(BuildFault) -> Bool {
        for root in built.roots where try await tree.name(of: root.key) != root.value {
            return false
        }
        return true
    }

    /// The documents of a file: most files of a commit are those of the one before.
    func documents(of bytes: [UInt8], at path: String) throws(BuildFault) -> [JSON] {
        let hash = SHA256.hash(bytes)
        if let documents = state.withLock({ $0.files[hash] }) { return documents }
        let documents: [JSON]
        do throws(YAMLFault) {
            documents = try YAML.documents(bytes).map(\.value)
        } catch {
            throw .wrong("\(path): \(error)")
        }
        guard bytes.count <= Self.bytesMax else { return documents }
        state.withLock { state in
            if state.files.count >= Self.entriesMax { state.files.removeAll() }
            state.files[hash] = documents
        }
        return documents
    }
}

/// Why a folder comes to nothing.
enum BuildFault: Error, Equatable {
    /// Somebody must change the repository.
    case wrong(String)
    /// The repository cannot be read.
    case unreadable(String)

    /// In words.
    var message: String {
        switch self {
        case .wrong(let message), .unreadable(let message): message
        }
    }
}

/// The files of one commit.
struct CommitTree {
    let repositories: any SandboxRepositories
    let url: String
    let commit: String

    /// Names the content of a path; nil where there is none.
    func name(of path: String) async throws(BuildFault) -> String? {
        do throws(SandboxRepositoryFault) {
            return try await repositories.tree(of: url, at: commit, under: path)
        } catch {
            throw .unreadable(error.message)
        }
    }

    /// The files under a path, by their own.
    func files(under path: String) async throws(BuildFault) -> [String: [UInt8]] {
        do throws(SandboxRepositoryFault) {
            return try await repositories.files(of: url, at: commit, under: path)
        } catch {
            throw .unreadable(error.message)
        }
    }
}
