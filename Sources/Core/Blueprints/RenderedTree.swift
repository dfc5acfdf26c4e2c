package import Domain
package import JSON

/// One file of a rendered blueprint.
package struct RenderedFile: Sendable, Equatable {
    /// What it holds.
    package enum Content: Sendable, Equatable {
        /// The same as in the blueprint, by its identity.
        case unchanged(String)
        /// New text.
        case rendered([UInt8])
    }

    /// The mode of a symbolic link.
    package static let linkMode = "120000"

    /// Where it goes.
    package let path: RepositoryPath
    /// Where it is in the blueprint.
    package let source: RepositoryPath
    /// What it is: `100644`, `100755` or `120000`.
    package let mode: String
    /// What it holds.
    package let content: Content
}

/// A rendered blueprint.
package struct RenderedTree: Sendable {
    /// The parameters with defaults filled in.
    package let parameters: JSON
    /// The files in the order of their paths.
    package let files: [RenderedFile]
    /// The blueprint's files that a condition leaves out.
    package let removed: [RepositoryPath]
    let sources: [BlueprintFile]

    /// The files with their bytes, those that came without content left out.
    package var contents: [(path: RepositoryPath, bytes: [UInt8])] {
        let known = Dictionary(
            sources.map { ($0.path, $0.content) },
            uniquingKeysWith: { first, _ in first }
        )
        return files.compactMap { file in
            if case .rendered(let bytes) = file.content { return (file.path, bytes) }
            return known[file.source]?.map { (file.path, $0) }
        }
    }

    /// Bytes of all differences together.
    package static let differenceBytesMax = 1 << 20

    /// How one file differs from the blueprint.
    package struct Change: Sendable, Equatable {
        /// What happened to it.
        package enum Kind: String, Sendable { case changed, moved, removed }

        /// What happened to it.
        package let kind: Kind
        /// Where it is in the blueprint.
        package let source: String
        /// Where it is now; nil when it was left out.
        package let path: String?
        /// The difference in the form of `diff -u`; nil where it was too much to show.
        package let difference: UnifiedDiff?
    }

    /// How the files differ from the blueprint's, in the order of the blueprint's paths.
    package func changes() -> [Change] {
        var budget = Self.differenceBytesMax
        let bySource = Dictionary(
            files.map { ($0.source, $0) },
            uniquingKeysWith: { first, _ in first }
        )
        var changes: [Change] = []
        for source in sources where source.path.text != BlueprintManifest.path {
            guard let change = Self.change(of: source, to: bySource[source.path], &budget) else {
                continue
            }
            changes.append(change)
        }
        return changes
    }

    private static func change(
        of source: BlueprintFile,
        to file: RenderedFile?,
        _ budget: inout Int
    ) -> Change? {
        let name = source.path.text
        guard let file else {
            return Change(kind: .removed, source: name, path: nil, difference: nil)
        }
        let newName = file.path.text
        guard case .rendered(let after) = file.content, let before = source.content else {
            guard file.path != source.path else { return nil }
            return Change(kind: .moved, source: name, path: newName, difference: nil)
        }
        var difference: UnifiedDiff?
        if budget > 0 {
            difference = UnifiedDiff(
                from: before,
                to: after,
                path: name,
                newPath: newName,
                bytesMax: min(budget, UnifiedDiff.bytesMax)
            )
            budget -= difference?.text.utf8.count ?? 0
        }
        let kind: Change.Kind = file.path == source.path ? .changed : .moved
        return Change(kind: kind, source: name, path: newName, difference: difference)
    }
}
