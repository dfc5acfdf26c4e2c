import JSON

/// A JSON merge patch (RFC 7396) as a caller sends it.
struct Patch: Sendable {
    private let document: JSON

    init(_ document: JSON) {
        self.document = document
    }

    /// What the patch says at that place; nil where it says nothing.
    subscript(path: [String]) -> JSON? {
        document.value(at: JSONPointer(path))
    }

    /// The wish after the patch.
    ///
    /// Where `null` removes a member, a `null` stays behind for the reader, which takes it as
    /// absent, but still knows the names that it does not know.  Members named in `open` hold names
    /// of the caller's own; there `null` removes for good.
    func applied(to wish: JSON, open: Set<String>) -> JSON {
        let merged = wish.merging(patch: document)
        return Self.keepingNulls(of: document, in: merged, open: open)
    }

    private static func keepingNulls(of patch: JSON, in merged: JSON, open: Set<String>) -> JSON {
        guard let changes = patch.object, var result = merged.object else { return merged }
        for change in changes {
            if change.value.isNull {
                result[change.key] = .null
            } else if !open.contains(change.key), let inner = result[change.key] {
                result[change.key] = keepingNulls(of: change.value, in: inner, open: open)
            }
        }
        return .object(result)
    }
}
