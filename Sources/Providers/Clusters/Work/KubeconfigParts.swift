import Contract
import Drivers
import JSON
import Secrets
import YAML

/// What Argo CD needs of a kubeconfig, as it stands there.
struct KubeconfigParts: Sendable {
    let server: String
    /// PEM in base64; nil for authorities that every system trusts.
    let authority: String?
    let login: ArgoCD.Login

    /// Reads the current context of a kubeconfig.
    ///
    /// - Throws: `.transient` where it is not whole: its makers write it anew.
    init(_ kubeconfig: SecretBytes) throws(ProviderFault) {
        let root: JSON
        do throws(YAMLFault) { root = try YAML.parse(kubeconfig.revealed()) } catch {
            throw .transient(reason: "the cluster's kubeconfig is no YAML")
        }
        let context = Self.entry(root["contexts"], root["current-context"]?.string)?["context"]
        let cluster = Self.entry(root["clusters"], context?["cluster"]?.string)?["cluster"]
        let user = Self.entry(root["users"], context?["user"]?.string)?["user"]
        guard let server = cluster?["server"]?.string else {
            throw .transient(reason: "the cluster's kubeconfig names no server")
        }
        self.server = server
        authority = cluster?["certificate-authority-data"]?.string
        if let token = user?["token"]?.string {
            login = .token(token)
        } else if let certificate = user?["client-certificate-data"]?.string,
            let key = user?["client-key-data"]?.string
        {
            login = .certificate(certificate: certificate, key: key)
        } else {
            throw .transient(reason: "the cluster's kubeconfig holds no token and no certificate")
        }
    }

    private static func entry(_ list: JSON?, _ name: String?) -> JSON? {
        list?.array?.first { $0["name"]?.string == name }
    }
}
