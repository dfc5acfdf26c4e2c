/// A path inside a repository, checked once: relative, separated by `/`, and harmless on every
/// file system that a clone may land on.
package struct RepositoryPath: Hashable, Sendable {
    /// The path as Git stores it, without a leading or trailing slash.
    package let text: String

    /// The longest path that is taken, in bytes: what Linux takes with room for a prefix.
    package static let bytesMax = 2_048
    /// The deepest nesting that is taken, in components.
    package static let depthMax = 32
    /// The longest component that is taken, in bytes: the limit of every common file system.
    package static let componentBytesMax = 255

    /// Takes the path, or throws what makes it unfit.
    package init(parsing text: String) throws(PathFault) {
        guard !text.isEmpty else { throw .empty }
        let bytes = Array(text.utf8)
        guard bytes.count <= Self.bytesMax else { throw .tooLong }
        let components = bytes.split(
            separator: UInt8(ascii: "/"),
            omittingEmptySubsequences: false
        )
        guard components.count <= Self.depthMax else { throw .tooDeep }
        guard components.first?.isEmpty == false else { throw .absolute }
        for component in components {
            try Self.check(component)
        }
        self.text = text
    }

    /// The names between the slashes.
    package var components: [Substring] { text.split(separator: "/") }
}

extension RepositoryPath: Comparable {
    /// Orders by bytes, so that the order is the same on every machine.
    package static func < (left: RepositoryPath, right: RepositoryPath) -> Bool {
        left.text.utf8.lexicographicallyPrecedes(right.text.utf8)
    }
}

extension RepositoryPath: CustomStringConvertible {
    package var description: String { text }
}

extension RepositoryPath {
    /// Checks one name of a path, as bytes of a Git tree.
    package static func check(_ component: some Collection<UInt8>) throws(PathFault) {
        guard !component.isEmpty else { throw .empty }
        guard component.count <= componentBytesMax else { throw .tooLong }
        for byte in component {
            guard byte >= 0x20, byte != 0x7F else { throw .controlCharacter }
            guard byte != UInt8(ascii: "\\") else { throw .backslash }
            guard byte != UInt8(ascii: "/") else { throw .absolute }
        }
        guard let name = String(validating: component, as: UTF8.self) else { throw .notUTF8 }
        guard name != ".", name != ".." else { throw .dotSegment }
        guard !isGitFolder(name) else { throw .gitFolder }
    }

    /// Whether some file system would take the name for `.git`.
    ///
    /// HFS+ drops ignorable code points and folds case; NTFS drops trailing dots and spaces,
    /// cuts at a colon (alternate data stream) and knows `git~1` as a short name
    /// (Git's own `is_hfs_dotgit` and `is_ntfs_dotgit` refuse the same).
    private static func isGitFolder(_ name: String) -> Bool {
        var scalars = String.UnicodeScalarView()
        for scalar in name.unicodeScalars where !isIgnorable(scalar) {
            if scalar == ":" { break }
            scalars.append(scalar)
        }
        while let last = scalars.last, last == "." || last == " " { scalars.removeLast() }
        let folded = String(scalars).lowercased()
        guard folded != ".git" else { return true }
        guard folded.hasPrefix("git~") else { return false }
        let number = folded.utf8.dropFirst(4)
        return !number.isEmpty && number.allSatisfy { (0x30...0x39).contains($0) }
    }

    private static func isIgnorable(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x200C...0x200F, 0x202A...0x202E, 0x206A...0x206F, 0xFEFF: true
        default: false
        }
    }
}

/// Why a path is not taken into a repository.
package enum PathFault: Error, Equatable, Sendable {
    case empty, absolute, tooLong, tooDeep, dotSegment, gitFolder
    case controlCharacter, backslash, notUTF8

    /// The reason as the end of the sentence "the path …".
    package var reason: String {
        switch self {
        case .empty: "has an empty name in it"
        case .absolute: "starts with a slash"
        case .tooLong: "is longer than a file system takes"
        case .tooDeep: "is nested deeper than \(RepositoryPath.depthMax) folders"
        case .dotSegment: "has a `.` or `..` in it"
        case .gitFolder: "has a name in it that some file system takes for `.git`"
        case .controlCharacter: "has a control character in it"
        case .backslash: "has a backslash in it"
        case .notUTF8: "is not UTF-8"
        }
    }
}
