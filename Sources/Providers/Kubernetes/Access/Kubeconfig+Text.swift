import JSON
import Outbound
package import Secrets
import YAML

/// What stands in a kubeconfig that is handed out: one cluster, one user, one context.
package struct KubeconfigDraft: Sendable {
    /// The name of the cluster, and of the context.
    package var name: String
    /// Where the server is.
    package var server: ServerAddress
    /// The authorities that vouch for the server, as PEM; nil for those of the system.
    package var authorities: [UInt8]?
    /// The name in the server's certificate where it is not that of the address.
    package var serverName: String?
    /// Whether the server's certificate is not checked.
    package var isUnchecked = false
    /// The name of the user.
    package var user: String
    /// The user's token.
    package var token: SecretBytes
    /// The namespace that is meant where none is named.
    package var namespace: String?

    /// A draft with what is known of the server.
    package init(
        name: String,
        like access: ClusterAccess,
        user: String,
        token: SecretBytes,
        namespace: String? = nil
    ) {
        self.name = name
        server = access.server
        authorities = access.trust.authorities
        serverName = access.trust.serverName
        isUnchecked = access.trust.isUnchecked
        self.user = user
        self.token = token
        self.namespace = namespace
    }

    /// The file, as YAML.
    package func text() -> SecretBytes {
        var cluster = JSONObject()
        cluster["server"] = .string("\(server)")
        if let authorities {
            cluster["certificate-authority-data"] = .string(Base64.encode(authorities))
        }
        if let serverName { cluster["tls-server-name"] = .string(serverName) }
        if isUnchecked { cluster["insecure-skip-tls-verify"] = true }
        var user = JSONObject()
        user["token"] = .string(token.revealedText())
        return KubeconfigText.file(name, cluster, self.user, user, namespace)
    }
}

extension Kubeconfig {
    /// The context alone as a file of its own, everything inline: what is kept of an upload.
    package func text() -> SecretBytes {
        let trust = access.trust
        var cluster = JSONObject()
        cluster["server"] = .string("\(access.server)")
        if let authorities = trust.authorities {
            cluster["certificate-authority-data"] = .string(Base64.encode(authorities))
        }
        if let name = trust.serverName { cluster["tls-server-name"] = .string(name) }
        if trust.isUnchecked { cluster["insecure-skip-tls-verify"] = true }
        return KubeconfigText.file(context, cluster, context, user, namespace)
    }

    private var user: JSONObject {
        var user = JSONObject()
        if let certificate = access.trust.certificate {
            user["client-certificate-data"] = .string(Base64.encode(certificate))
        }
        if let key = access.trust.key { user["client-key-data"] = .string(Base64.encode(key)) }
        let words = access.authorization?.revealedText() ?? ""
        if words.hasPrefix("Bearer ") {
            user["token"] = .string(String(words.dropFirst("Bearer ".count)))
        } else if let pair = Base64.decode(String(words.dropFirst("Basic ".count))) {
            let text = String(decoding: pair, as: UTF8.self)
            let colon = text.firstIndex(of: ":") ?? text.endIndex
            if colon < text.endIndex {
                user["username"] = .string(String(text[..<colon]))
                user["password"] = .string(String(text[text.index(after: colon)...]))
            }
        }
        let whom = access.impersonation
        if let name = whom.user { user["as"] = .string(name) }
        if let uid = whom.uid { user["as-uid"] = .string(uid) }
        if !whom.groups.isEmpty { user["as-groups"] = .array(whom.groups.map { .string($0) }) }
        if !whom.extra.isEmpty { user["as-user-extra"] = .object(whom.extra) }
        return user
    }
}

/// Writes kubeconfig files.
enum KubeconfigText {
    static func file(
        _ name: String,
        _ cluster: JSONObject,
        _ userName: String,
        _ user: JSONObject,
        _ namespace: String?
    ) -> SecretBytes {
        var context: JSONObject = JSONObject()
        context["cluster"] = .string(name)
        context["user"] = .string(userName)
        if let namespace { context["namespace"] = .string(namespace) }
        let file: JSON = [
            "apiVersion": "v1",
            "kind": "Config",
            "clusters": [["name": .string(name), "cluster": .object(cluster)]],
            "users": [["name": .string(userName), "user": .object(user)]],
            "contexts": [["name": .string(name), "context": .object(context)]],
            "current-context": .string(name),
        ]
        return SecretBytes(YAML.text(file))
    }
}
