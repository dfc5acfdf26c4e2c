import JSON
import Outbound
import YAML

/// One context of a kubeconfig file (`clientcmd/api/v1`), checked.
///
/// Describes itself without its secrets.
package struct Kubeconfig: Sendable {
    /// Bytes of a file: a few clusters with their certificates have some 10 KiB each.
    package static let bytesMax = 1 << 20

    /// Where the cluster is and who we are there.
    package let access: ClusterAccess
    /// The name of the context.
    package let context: String
    /// The namespace that is meant where none is named; nil where none is set.
    package let namespace: String?
    /// What works but should be better, such as a server whose certificate is not checked.
    package let warnings: [KubeconfigFinding]

    /// Reads the context of that name, or the current one.
    ///
    /// - Throws: everything that is wrong with it and with what it points to.
    package init(
        parsing bytes: [UInt8],
        context: String? = nil,
        origin: KubeconfigOrigin
    ) throws(KubeconfigFault) {
        var reader = KubeconfigReader(try Self.document(bytes), origin)
        let result = reader.read(context)
        guard let result, reader.findings.isEmpty else {
            throw KubeconfigFault(findings: reader.findings)
        }
        (access, self.context, namespace) = result
        warnings = reader.warnings
    }

    private static func document(_ bytes: [UInt8]) throws(KubeconfigFault) -> JSONObject {
        func fault(_ message: String) -> KubeconfigFault {
            KubeconfigFault(findings: [KubeconfigFinding(.root, message)])
        }
        guard bytes.count <= bytesMax else {
            throw fault("the kubeconfig has more than \(bytesMax) bytes")
        }
        let documents: [JSON]
        do throws(YAMLFault) { documents = try YAML.documents(bytes).map(\.value) } catch {
            let problem = error.problems.first
            let place = problem?.line.map { " near line \($0)" } ?? ""
            // Without the reader's words, which may repeat what stands there.
            throw fault("the kubeconfig is no YAML\(place)")
        }
        guard documents.count == 1, let object = documents[0].object else {
            throw fault("a kubeconfig is one YAML document with `clusters`, `users`, `contexts`")
        }
        guard object["kind"] == nil || object["kind"]?.string == "Config" else {
            throw fault("this is a \(JSON.string(object["kind"]?.string ?? "?")), no kubeconfig")
        }
        return object
    }
}

extension Kubeconfig: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    package var description: String { "kubeconfig \(context): \(access)" }
    package var debugDescription: String { description }
    package var customMirror: Mirror { Mirror(self, children: []) }
}
