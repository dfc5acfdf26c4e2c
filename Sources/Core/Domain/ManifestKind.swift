/// A kind of Kubernetes objects at one version: `apps/v1/Deployment`, or `v1/Secret` in the core
/// group.
package struct ManifestKind: Sendable, Hashable, CustomStringConvertible {
    /// The longest text that is taken, in bytes.
    static let bytesMax = 400

    /// The group; empty for the core group.
    package let group: String
    /// The version, such as `v1beta1`.
    package let version: String
    /// The kind, such as `Deployment`.
    package let kind: String

    /// Reads `group/version/Kind` or `version/Kind`; nil for anything else.
    package init?(_ text: String) {
        guard text.utf8.count <= Self.bytesMax else { return nil }
        let parts = text.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 2 || parts.count == 3 else { return nil }
        group = parts.count == 3 ? parts[0] : ""
        version = parts[parts.count - 2]
        kind = parts[parts.count - 1]
        let isGroup = group.utf8.allSatisfy { Self.isLow($0) || $0 == 0x2D || $0 == 0x2E }
        let isKind = kind.utf8.allSatisfy { Self.isLow($0) || (0x41...0x5A).contains($0) }
        let isVersion = version.utf8.allSatisfy(Self.isLow) && version.hasPrefix("v")
        let startsHigh = kind.utf8.first.map { (0x41...0x5A).contains($0) } ?? false
        guard isGroup, isKind, isVersion, startsHigh, parts.count == 2 || !group.isEmpty else {
            return nil
        }
    }

    private static func isLow(_ byte: UInt8) -> Bool {
        (0x61...0x7A).contains(byte) || (0x30...0x39).contains(byte)
    }

    /// The text that is read.
    package var description: String {
        group.isEmpty ? "\(version)/\(kind)" : "\(group)/\(version)/\(kind)"
    }
}
