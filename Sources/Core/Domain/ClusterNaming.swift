/// What a cluster is called on its management cluster: chosen once, the same for ever.
///
/// Two clusters never share one: providers name cloud resources after the cluster alone.
package struct ClusterSlug: Sendable, Hashable, CustomStringConvertible {
    /// The most characters: Helm takes 53 and providers add up to twenty of their own.
    package static let lengthMax = 40

    /// What the names of `namespace` begin with: it keeps tenants away from the platform's.
    package static let prefix = "t-"
    /// What the names of `accessNamespace` begin with.
    package static let accessPrefix = "access-"

    /// The slug as text, an RFC 1123 label.
    package let description: String

    /// The slug of a tenant's cluster.
    ///
    /// `<tenant>-<cluster>` where that can only be read in one way and is short enough; else its
    /// beginning and a hash of both names.
    package init(tenant: TenantName, cluster: ClusterName) {
        let whole = "\(tenant)-\(cluster)"
        let isPlain = !cluster.text.utf8.contains(UInt8(ascii: "-"))
        guard whole.utf8.count > Self.lengthMax || !isPlain else {
            description = whole
            return
        }
        let hash = ShortHash.hex(of: "\(tenant)/\(cluster)")
        description = "\(whole.prefix(Self.lengthMax - hash.utf8.count - 1))-\(hash)"
    }

    /// The slug that was stored.
    package init(stored text: String) {
        description = text
    }

    /// The namespace of everything that belongs to the cluster.
    package var namespace: String { "\(Self.prefix)\(description)" }

    /// The namespace of what nobody may use who may run something in the other one: accounts that
    /// act for people and for the platform, and credentials.
    package var accessNamespace: String { "\(Self.accessPrefix)\(description)" }
}

/// A short name for a long text: FNV-1a, 32 bits, as eight hexadecimal digits.
package enum ShortHash {
    /// The hash of the text's UTF-8.
    package static func hex(of text: String) -> String {
        let hash = text.utf8.reduce(UInt32(2_166_136_261)) { ($0 ^ UInt32($1)) &* 16_777_619 }
        let digits = String(hash, radix: 16)
        return String(repeating: "0", count: 8 - digits.utf8.count) + digits
    }
}
