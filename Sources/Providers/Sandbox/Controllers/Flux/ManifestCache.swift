import JSON
import Secrets
import Synchronization
import YAML

/// Files that were read already, by their content: most files of a commit are those of the one
/// before.
final class ManifestCache: Sendable {
    /// Files that are remembered; beyond that all are forgotten.
    private static let filesMax = 4_096
    /// The largest file that is remembered, in bytes.
    private static let bytesMax = 64 << 10

    private let known = Mutex<[[UInt8]: [JSON]]>([:])

    init() {}

    /// The documents of a file.
    func documents(
        of bytes: [UInt8],
        at path: String
    ) throws(KustomizeBuild.Fault) -> [JSON] {
        let hash = SHA256.hash(bytes)
        if let documents = known.withLock({ $0[hash] }) { return documents }
        let documents: [JSON]
        do throws(YAMLFault) {
            documents = try YAML.documents(bytes).map(\.value)
        } catch {
            throw .failed("\(path): \(error)")
        }
        guard bytes.count <= Self.bytesMax else { return documents }
        known.withLock { known in
            if known.count >= Self.filesMax { known.removeAll() }
            known[hash] = documents
        }
        return documents
    }
}
