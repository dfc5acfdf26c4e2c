import Blueprints
import Domain

/// Which files of which repository hold descriptors: a text such as
/// `https://github.com/acme/shop/blob/main/**/catalog-info.yaml`.
///
/// Taken are the addresses at which GitHub, GitLab and Gitea show a file, and for any other host
/// `<repository>//<path>?ref=<branch or tag>`; in all of them the path may be a pattern.
package struct LocationTarget: Sendable, Hashable, CustomStringConvertible {
    /// Bytes of a target.
    package static let bytesMax = 1_000
    /// The file that is meant where a target names a repository or a folder alone.
    package static let fileName = "catalog-info.yaml"

    /// How a host shows files.
    package enum Form: String, Sendable {
        case github, gitlab, gitea
        /// No page for a file is known.
        case plain
    }

    /// The target as it was written.
    package let description: String
    /// The page of the repository, without `.git`: what hooks name it by.
    package let page: String
    /// The branch, tag or commit; nil for the default branch.
    package let ref: String?
    /// The path of the files within the repository, or a pattern for it.
    package let path: String
    /// How the host shows files.
    package let form: Form
    /// How else the address can be read, where the name of the branch or tag may have slashes: the
    /// longest one first.
    private let others: [Revision]

    /// A branch, tag or commit, and the path that is meant there.
    package struct Revision: Sendable, Hashable {
        /// The branch, tag or commit.
        package let ref: String
        /// The path of the files, or a pattern for it.
        package let path: String
    }

    /// Reads a target.
    ///
    /// - Throws: why it is none.
    package init(parsing text: String) throws(LocationTargetFault) {
        guard (1...Self.bytesMax).contains(text.utf8.count) else { throw .badLength }
        guard text.utf8.allSatisfy({ $0 > 0x20 && $0 != 0x7F && $0 != UInt8(ascii: "\\") }) else {
            throw .badCharacter
        }
        let schemes = ["https://", "http://"]
        guard let scheme = schemes.first(where: { text.lowercased().hasPrefix($0) }) else {
            throw .noAddress
        }
        let plain = text.dropFirst(scheme.count).prefix { $0 != "#" }
        let rest = plain.prefix { $0 != "?" }
        let query = plain.dropFirst(rest.count).drop { $0 == "?" }
        let authority = rest.prefix { $0 != "/" }
        guard !authority.isEmpty, !authority.hasPrefix("-") else { throw .noAddress }
        guard !authority.contains("@") else { throw .hasUser }
        let place = try Place(of: rest.dropFirst(authority.count), query)
        guard !place.repository.isEmpty else { throw .noRepository }
        if let ref = place.ref, !Self.isReference(ref) { throw .badReference }
        guard Self.isPath(place.path) else { throw .badPath }
        description = text
        page = scheme + authority.lowercased() + "/" + place.repository
        ref = place.ref
        path = place.path
        form = place.form
        others = place.others.filter { Self.isReference($0.ref) && Self.isPath($0.path) }
    }

    private init(
        _ other: LocationTarget,
        ref: String?,
        path: String,
        others: [String] = []
    ) {
        self.others = others.map { Revision(ref: $0, path: path) }
        page = other.page
        self.ref = ref
        self.path = path
        form = other.form
        description = Self.text(page, form, ref, path)
    }

    /// From where the repository is cloned.
    package var repository: String { page + ".git" }

    /// The repository in lower case and without its scheme: forges write both as they like.
    package var repositoryKey: String { Self.key(ofRepository: page) }

    /// The same of any address of a repository.
    package static func key(ofRepository address: String) -> String {
        var key = address.lowercased()
        for scheme in ["https://", "http://"] where key.hasPrefix(scheme) {
            key = String(key.dropFirst(scheme.count))
        }
        while key.hasSuffix("/") { key.removeLast() }
        return key.hasSuffix(".git") ? String(key.dropLast(4)) : key
    }

    /// The branches, tags or commits that may be meant, of which the first that is there is; none
    /// for the default branch.
    package var revisions: [String] { others.map(\.ref) + [ref].compactMap(\.self) }

    /// The same target where the first of `revisions` is meant of which that holds.
    package func settled(where isThere: (String) throws -> Bool) rethrows -> LocationTarget {
        for other in others where try isThere(other.ref) {
            return LocationTarget(self, ref: other.ref, path: other.path)
        }
        return self
    }

    /// Whether the path stands for many files.
    package var isPattern: Bool { path.contains { $0 == "*" || $0 == "?" } }

    /// Tells which paths are meant.
    package var matches: @Sendable (String) -> Bool {
        let glob = PathGlob(path)
        return { glob?.matches($0) ?? false }
    }

    /// One file that the target leads to, at the revision that it names or else at `branch`.
    package func file(_ path: String, branch: String) -> LocationTarget {
        LocationTarget(self, ref: ref ?? branch, path: path)
    }

    /// Other files of the repository.
    package func with(path: String) -> LocationTarget {
        LocationTarget(self, ref: ref, path: path, others: others.map(\.ref))
    }

    /// What a file of this target means by `text`: an address, or a path beside the file.
    ///
    /// - Throws: why it is no target, or leads out of the repository.
    package func resolving(_ text: String) throws(LocationTargetFault) -> LocationTarget {
        if text.contains("://") { return try LocationTarget(parsing: text) }
        var parts = text.hasPrefix("/") ? [] : Array(path.split(separator: "/").dropLast())
        for part in text.split(separator: "/") where part != "." {
            guard part == ".." else {
                parts.append(part)
                continue
            }
            guard !parts.isEmpty else { throw .leavesRepository }
            parts.removeLast()
        }
        let path = parts.joined(separator: "/")
        guard Self.isPath(path) else { throw .badPath }
        return LocationTarget(self, ref: ref, path: path)
    }

    /// Where a person reads the file; nil where no page is known.
    package var viewURL: String? { form == .plain ? nil : description }

    /// Where a person changes the file; nil where no page is known.
    package var editURL: String? {
        guard let ref else { return nil }
        let path = Self.escaped(path)
        let branch = Self.segment(ref)
        return switch form {
        case .github: "\(page)/edit/\(branch)/\(path)"
        case .gitlab: "\(page)/-/edit/\(branch)/\(path)"
        case .gitea: "\(page)/_edit/\(branch)/\(path)"
        case .plain: nil
        }
    }

    /// The folder of the file, as `backstage.io/source-location` writes it.
    package var sourceLocation: String {
        let folder = path.split(separator: "/").dropLast().joined(separator: "/")
        return "url:" + Self.text(page, form, ref, folder.isEmpty ? "" : folder + "/")
    }

    private static func text(_ page: String, _ form: Form, _ ref: String?, _ path: String) -> String
    {
        let path = escaped(path)
        // GitHub resolves the default branch by this name.
        let branch = segment(ref ?? "HEAD")
        return switch form {
        case .github: "\(page)/blob/\(branch)/\(path)"
        case .gitlab: "\(page)/-/blob/\(branch)/\(path)"
        case .gitea: "\(page)/src/branch/\(branch)/\(path)"
        case .plain: "\(page).git//\(path)" + (ref.map { "?ref=\(escaped($0))" } ?? "")
        }
    }

    /// A branch or tag as one segment of a path, so that it is told from what follows.
    private static func segment(_ ref: String) -> String {
        escaped(ref).replacing("/", with: "%2F")
    }

    /// Characters that would end a path, written as URLs write them.
    private static func escaped(_ text: String) -> String {
        text.replacing("%", with: "%25").replacing("#", with: "%23")
            .replacing("?", with: "%3F").replacing(" ", with: "%20")
    }

    private static func isPath(_ path: String) -> Bool {
        // A pattern is checked with its wildcards taken for names.
        let names = path.replacing("*", with: "x").replacing("?", with: "x")
        // What is wrong is told in one sentence for all of it.
        return path.utf8.count <= PathGlob.bytesMax && (try? RepositoryPath(parsing: names)) != nil
    }

    /// What Git takes for the name of a branch or a tag, as far as it matters here.
    private static func isReference(_ text: String) -> Bool {
        (1...250).contains(text.utf8.count) && !text.hasPrefix("-") && !text.contains("..")
            && text.allSatisfy { $0.isLetter || $0.isNumber || "._-/+@".contains($0) }
    }
}

/// The parts of an address behind its host.
private struct Place {
    var repository = ""
    var ref: String?
    var path = LocationTarget.fileName
    var form = LocationTarget.Form.plain
    var others: [LocationTarget.Revision] = []

    /// Slashes that the name of a branch or tag may have where they are not escaped.
    private static let slashesMax = 8

    init(of rest: Substring, _ query: Substring) throws(LocationTargetFault) {
        if let marker = rest.firstRange(of: "//") {
            repository = Self.repository(rest[..<marker.lowerBound])
            let path = try Self.decoded(rest[marker.upperBound...])
            self.path = Self.file(path)
            for pair in query.split(separator: "&") where pair.hasPrefix("ref=") {
                ref = try Self.decoded(pair.dropFirst(4))
            }
            return
        }
        let segments = rest.split(separator: "/")
        if let dash = segments.firstIndex(of: "-"), dash + 2 < segments.count,
            ["blob", "tree", "raw", "edit"].contains(segments[dash + 1])
        {
            try take(segments, repositoryEnd: dash, refAt: dash + 2, .gitlab)
        } else if segments.count > 4, segments[2] == "src",
            ["branch", "tag", "commit"].contains(segments[3])
        {
            try take(segments, repositoryEnd: 2, refAt: 4, .gitea)
        } else if segments.count > 3, ["blob", "tree", "raw", "edit"].contains(segments[2]) {
            try take(segments, repositoryEnd: 2, refAt: 3, .github)
        } else {
            repository = Self.repository(rest)
        }
    }

    private mutating func take(
        _ segments: [Substring],
        repositoryEnd: Int,
        refAt: Int,
        _ form: LocationTarget.Form
    ) throws(LocationTargetFault) {
        self.form = form
        repository = segments[..<repositoryEnd].joined(separator: "/")
        ref = try Self.decoded(segments[refAt])
        if ref == "HEAD" { ref = nil }
        path = Self.file(try Self.decoded(segments[(refAt + 1)...].joined(separator: "/")[...]))
        // What is escaped, or a commit, is whole.
        guard ref != nil, !segments[refAt].contains("%") else { return }
        let last = min(segments.count - 1, refAt + Self.slashesMax)
        guard refAt < last else { return }
        for end in (refAt + 1...last).reversed() {
            let ref = segments[refAt...end]
            guard !ref.contains(where: { $0.contains { "*?%".contains($0) } }) else { continue }
            let path = segments[(end + 1)...].joined(separator: "/")
            others.append(
                LocationTarget.Revision(
                    ref: ref.joined(separator: "/"),
                    path: Self.file(try Self.decoded(path[...]))
                )
            )
        }
    }

    /// What names no file of YAML is a folder with one.
    private static func file(_ path: String) -> String {
        let folder = path.split(separator: "/").joined(separator: "/")
        guard !folder.hasSuffix(".yaml"), !folder.hasSuffix(".yml"), !folder.hasSuffix("*") else {
            return folder
        }
        return folder.isEmpty ? LocationTarget.fileName : "\(folder)/\(LocationTarget.fileName)"
    }

    private static func repository(_ text: Substring) -> String {
        let path = text.split(separator: "/").joined(separator: "/")
        return path.hasSuffix(".git") ? String(path.dropLast(4)) : path
    }

    /// RFC 3986 §2.1.
    private static func decoded(_ text: Substring) throws(LocationTargetFault) -> String {
        var bytes: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                bytes.append(byte)
                continue
            }
            let digits = String(decoding: rest.prefix(2), as: UTF8.self)
            guard digits.utf8.count == 2, !digits.hasPrefix("+"),
                let value = UInt8(digits, radix: 16)
            else { throw .badPath }
            bytes.append(value)
            rest = rest.dropFirst(2)
        }
        guard let decoded = String(validating: bytes, as: UTF8.self) else { throw .badPath }
        return decoded
    }
}

/// Why a text is no target.
package enum LocationTargetFault: Error, Equatable {
    /// It is empty, or longer than 1,000 bytes.
    case badLength
    /// It holds white space, a control or a backslash.
    case badCharacter
    /// It is no `https` address.
    case noAddress
    /// It holds a user or a password.
    case hasUser
    /// It names a host alone.
    case noRepository
    /// The branch or tag is none.
    case badReference
    /// The path is none, or leads out of the repository.
    case badPath
    /// A path beside a file leads out of the repository.
    case leavesRepository

    /// What is wrong, as a sentence for the caller.
    package var detail: String {
        switch self {
        case .badLength: "A target has 1 to \(LocationTarget.bytesMax) bytes."
        case .badCharacter: "A target holds no white space, no controls and no `\\`."
        case .noAddress:
            "Expected an https address, such as "
                + "`https://github.com/acme/shop/blob/main/catalog-info.yaml`."
        case .hasUser: "A target holds no user and no password."
        case .noRepository: "The address names no repository."
        case .badReference: "That is no name of a branch or a tag."
        case .badPath:
            "The path is none that a repository can have: names between single slashes, without "
                + "`..` and `.git`, at most 512 bytes."
        case .leavesRepository: "The path leads out of the repository."
        }
    }
}
