package import Contract
import Glibc

/// Writes rendered manifests where validators can read them.
///
/// The folder is named by `SLIPWAY_TEST_MANIFESTS`; without it nothing is written.
package enum ManifestDump {
    /// Whether anything is written.
    package static var isWanted: Bool { getenv("SLIPWAY_TEST_MANIFESTS") != nil }

    /// Writes the manifests into one folder, numbered in the order in which they are applied.
    package static func write(_ manifests: [Manifest], as name: String) {
        guard let top = getenv("SLIPWAY_TEST_MANIFESTS") else { return }
        let folder = "\(String(cString: top))/\(name)"
        mkdir(String(cString: top), 0o755)
        mkdir(folder, 0o755)
        for (index, manifest) in manifests.enumerated() {
            let number = index < 10 ? "0\(index)" : "\(index)"
            guard let file = fopen("\(folder)/\(number)-\(manifest.fileName)", "wb") else {
                print("not written: \(folder)/\(number)-\(manifest.fileName)")
                continue
            }
            defer { fclose(file) }
            fwrite(manifest.bytes, 1, manifest.bytes.count, file)
        }
    }
}
