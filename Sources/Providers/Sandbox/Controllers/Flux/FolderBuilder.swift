import JSON
import Secrets
import Synchronization

/// Builds folders of repositories, and remembers what they came to: a commit that changes nothing
/// in a folder and in what it refers to costs one look at the names of the trees.
final class FolderBuilder: Sendable {
    /// Folders that are remembered; beyond that all are forgotten.
    private static let foldersMax = 4_096
    /// Paths outside of the folder itself that it may refer to.
    private static let rootsMax = 32

    /// What a folder came to.
    struct Built: Sendable {
        /// The manifests.
        let manifests: [JSON]
        /// Names them: the same name, the same manifests.
        let digest: String
        /// The paths that were read, each with the name of its content; nil for nothing there.
        fileprivate let roots: [(path: String, tree: String?)]
    }

    private struct Place: Hashable {
        var repository: String
        var folder: String
    }

    let repositories: any SandboxRepositories
    private let cache = ManifestCache()
    private let known = Mutex<[Place: Built]>([:])

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
        if let built = known.withLock({ $0[place] }),
            try await isCurrent(built, url, commit)
        {
            return built
        }
        let built = try await read(folder, url, commit)
        known.withLock { known in
            if known.count >= Self.foldersMax { known.removeAll() }
            known[place] = built
        }
        return built
    }

    private func isCurrent(
        _ built: Built,
        _ url: String,
        _ commit: String
    ) async throws(BuildFault) -> Bool {
        for root in built.roots {
            if try await tree(root.path, url, commit) != root.tree { return false }
        }
        return true
    }

    /// Reads the folder, then what it refers to outside of itself, until nothing is missing.
    private func read(
        _ folder: String,
        _ url: String,
        _ commit: String
    ) async throws(BuildFault) -> Built {
        var build = KustomizeBuild(cache: cache)
        var roots: [(path: String, tree: String?)] = []
        var next = folder
        while roots.count < Self.rootsMax {
            roots.append((next, try await tree(next, url, commit)))
            build.add(try await files(next, url, commit), of: next)
            switch build.attempt(folder) {
            case .success(let manifests):
                let text = JSON.array(manifests).text
                let digest = "sha256:\(Hex.encode(SHA256.hash(text)))"
                return Built(manifests: manifests, digest: digest, roots: roots)
            case .failure(.needs(let path)): next = path
            case .failure(.failed(let message)): throw .wrong(message)
            }
        }
        throw .wrong("./\(folder) refers to more than \(Self.rootsMax) places outside of itself")
    }

    private func tree(
        _ path: String,
        _ url: String,
        _ commit: String
    ) async throws(BuildFault) -> String? {
        do throws(SandboxRepositoryFault) {
            return try await repositories.tree(of: url, at: commit, under: path)
        } catch {
            throw .unreadable(error.message)
        }
    }

    private func files(
        _ path: String,
        _ url: String,
        _ commit: String
    ) async throws(BuildFault) -> [String: [UInt8]] {
        do throws(SandboxRepositoryFault) {
            return try await repositories.files(of: url, at: commit, under: path)
        } catch {
            throw .unreadable(error.message)
        }
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

extension KustomizeBuild {
    /// The manifests of a folder, or why there are none.
    fileprivate func attempt(_ folder: String) -> Result<[JSON], Fault> {
        do throws(Fault) {
            return .success(try manifests(of: folder))
        } catch {
            return .failure(error)
        }
    }
}
