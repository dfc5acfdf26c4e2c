/// The Git repositories that the played GitOps engines read: those of this installation.
///
/// Repositories are named by their clone URLs; only the path of one counts, since hosts have many
/// names. Paths in a repository have no slash at either end; the whole repository is the empty one.
package protocol SandboxRepositories: Sendable {
    /// The commit of a branch, a tag or a full reference, as 40 hexadecimal digits; nil where the
    /// repository has none.
    func head(
        of url: String,
        at reference: String
    ) async throws(SandboxRepositoryFault) -> String?

    /// Names the content of a folder or file of a commit: the same name, the same content; nil
    /// where there is none.
    func tree(
        of url: String,
        at commit: String,
        under path: String
    ) async throws(SandboxRepositoryFault) -> String?

    /// The files of a folder with everything below, or the one file of that path, each by its path
    /// from the top of the repository.
    func files(
        of url: String,
        at commit: String,
        under path: String
    ) async throws(SandboxRepositoryFault) -> [String: [UInt8]]
}

/// Why a repository cannot be read.
package enum SandboxRepositoryFault: Error, Equatable {
    /// The URL names no repository of this installation.
    case outside
    /// The repository cannot be read, in words.
    case unreadable(String)

    /// In words, for a condition.
    package var message: String {
        switch self {
        case .outside:
            "the sandbox reaches no network: it reads only the repositories of this Slipway"
        case .unreadable(let reason): reason
        }
    }
}

/// Paths of repositories and in them.
enum RepositoryText {
    /// What stands behind the host of a clone URL, without `.git` and slashes at the end.
    static func path(ofURL url: String) -> String {
        var rest = Substring(url)
        for scheme in ["http://", "https://", "ssh://"] where rest.hasPrefix(scheme) {
            rest = rest.dropFirst(scheme.count)
            rest = rest.firstIndex(of: "/").map { rest[$0...] } ?? ""
        }
        while rest.hasSuffix("/") { rest.removeLast() }
        return String(rest.hasSuffix(".git") ? rest.dropLast(4) : rest)
    }

    /// A path as it is written in a file of `folder`, from the top of the repository; nil where it
    /// leaves the repository.
    static func resolve(_ path: String, in folder: String = "") -> String? {
        var parts = folder.split(separator: "/").map(String.init)
        for part in path.split(separator: "/") where part != "." {
            guard part == ".." else {
                parts.append(String(part))
                continue
            }
            guard parts.popLast() != nil else { return nil }
        }
        return parts.joined(separator: "/")
    }

    /// The folder that a file is in.
    static func folder(of path: String) -> String {
        path.split(separator: "/").dropLast().joined(separator: "/")
    }

    /// Whether a path is that folder, or in it.
    static func contains(_ folder: String, _ path: String) -> Bool {
        folder.isEmpty || path == folder || path.hasPrefix(folder + "/")
    }
}
