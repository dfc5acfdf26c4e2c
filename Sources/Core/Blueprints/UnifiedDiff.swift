/// The difference of two texts in the form of `diff -u`, within limits.
package struct UnifiedDiff: Equatable, Sendable {
    /// The text of the difference; empty when there is none.
    package let text: String
    /// Whether the text was cut at `bytesMax`.
    package let isTruncated: Bool

    /// Bytes of one difference.
    package static let bytesMax = 64 << 10
    /// Differing lines up to which the smallest difference is looked for; beyond that, the whole
    /// differing part is shown as replaced.
    static let editsMax = 600
    private static let contextLines = 3

    /// Compares two contents; the path before is nil for a new file, the one after for a gone one.
    package init(
        from before: [UInt8],
        to after: [UInt8],
        path: String?,
        newPath: String?,
        bytesMax: Int = bytesMax
    ) {
        guard before != after || path != newPath else {
            self.init(text: "", isTruncated: false)
            return
        }
        var header = "--- \(path.map { "a/\($0)" } ?? "/dev/null")\n"
        header += "+++ \(newPath.map { "b/\($0)" } ?? "/dev/null")\n"
        guard Self.isText(before), Self.isText(after) else {
            self.init(text: header + "binary files differ\n", isTruncated: false)
            return
        }
        let script = EditScript(Self.lines(before), Self.lines(after), editsMax: Self.editsMax)
        self = Self.written(header, script, bytesMax: bytesMax)
    }

    private init(text: String, isTruncated: Bool) {
        self.text = text
        self.isTruncated = isTruncated
    }

    /// Whether bytes are text: valid UTF-8 without NUL.
    package static func isText(_ bytes: [UInt8]) -> Bool {
        !bytes.contains(0) && String(validating: bytes, as: UTF8.self) != nil
    }

    private static func lines(_ bytes: [UInt8]) -> [ArraySlice<UInt8>] {
        var lines: [ArraySlice<UInt8>] = []
        var start = 0
        for (offset, byte) in bytes.enumerated() where byte == 0x0A {
            lines.append(bytes[start...offset])
            start = offset + 1
        }
        if start < bytes.count { lines.append(bytes[start...]) }
        return lines
    }

    private static func written(
        _ header: String,
        _ script: EditScript,
        bytesMax: Int
    ) -> UnifiedDiff {
        var text = header
        for hunk in script.hunks(context: contextLines) {
            text += "@@ -\(range(hunk.beforeStart, hunk.beforeCount)) "
            text += "+\(range(hunk.afterStart, hunk.afterCount)) @@\n"
            for edit in hunk.edits {
                text += edit.sign + String(decoding: edit.line, as: UTF8.self)
                if edit.line.last != 0x0A { text += "\n\\ No newline at end of file\n" }
                guard text.utf8.count <= bytesMax else {
                    return UnifiedDiff(text: cut(text, bytesMax), isTruncated: true)
                }
            }
        }
        return UnifiedDiff(text: text, isTruncated: false)
    }

    private static func cut(_ text: String, _ bytesMax: Int) -> String {
        let bytes = Array(text.utf8.prefix(bytesMax))
        let end = bytes.lastIndex(of: 0x0A).map { $0 + 1 } ?? 0
        return String(decoding: bytes[..<end], as: UTF8.self)
    }

    private static func range(_ start: Int, _ count: Int) -> String {
        count == 1 ? "\(start + 1)" : "\(count == 0 ? start : start + 1),\(count)"
    }
}
