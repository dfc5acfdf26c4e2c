import Domain
import JSON
import Secrets
import Storage

/// A kubeconfig in a body: write-only, checked as it comes in, and never shown again.
struct SentKubeconfig: Sendable {
    /// The most bytes of one; a few clusters with their certificates have some 10 KiB each.
    static let bytesMax = 256 << 10
    /// The most characters of a context's name.
    static let contextLengthMax = 253

    /// What is sealed and stored.
    let kept: SecretBytes
    /// The context that is used.
    let context: String
    /// What may be a mistake, in sentences.
    let warnings: [String]

    /// Reads and checks the member `kubeconfig`; nil where it is left out, or where it is refused,
    /// finding by finding.
    init?(
        _ reader: inout ObjectReader,
        context: String?,
        for purpose: KubeconfigUpload.Purpose,
        _ clusters: APIClusters
    ) {
        let text = reader.optional("kubeconfig", Reading.kubeconfig)
        guard let text else { return nil }
        do {
            let summary = try clusters.examine(
                KubeconfigUpload(bytes: Array(text.utf8), context: context, for: purpose)
            )
            kept = summary.kept
            self.context = summary.context
            warnings = summary.warnings
        } catch {
            for finding in error.findings {
                reader.refuse("kubeconfig", "invalid-kubeconfig", finding)
            }
            return nil
        }
    }

    /// The kubeconfig as it is stored: only the owner of the sealer's key can open it, and only
    /// for the thing of this context.
    func change(_ context: String, with sealer: Sealer) -> CredentialsChange {
        .replace(sealed: sealer.seal(kept.revealed(), context: context).text)
    }
}

extension Reading {
    /// The text of a kubeconfig; what it says is read elsewhere.
    static func kubeconfig(_ value: JSON) throws(ReadingFault) -> String {
        let text = try string(value)
        guard !text.isEmpty else { throw ReadingFault("too-short", "At least 1 character.") }
        guard text.utf8.count <= SentKubeconfig.bytesMax else {
            throw ReadingFault("too-long", "At most \(SentKubeconfig.bytesMax) bytes.")
        }
        return text
    }

    /// The name of a context in a kubeconfig.
    static func context(_ value: JSON) throws(ReadingFault) -> String {
        try text(1...SentKubeconfig.contextLengthMax)(value)
    }
}
