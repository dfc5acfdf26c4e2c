import Domain
import JSON
import Secrets
import YAML

extension SandboxCluster {
    var tokens: SandboxTokens { SandboxTokens(signer: server.signer, cluster: name) }

    /// A bearer token that may do everything, for the cluster's admin kubeconfig.
    package func adminToken(
        as user: String = "kubernetes-admin",
        validFor duration: Duration
    ) -> String {
        tokens.administrator(user, from: now, for: duration)
    }

    /// A kubeconfig of that token.
    ///
    /// Where the sandbox is served without TLS, kubectl sends no bearer token, but it does send
    /// the password in the server's URL (`http://slipway:TOKEN@…`), which the sandbox takes for
    /// one: a kubeconfig for people has it there. On the way it is a header, never a part of the
    /// path.
    package func kubeconfig(
        token: String,
        user: String = "kubernetes-admin",
        namespace: String? = nil,
        forPeople: Bool = true
    ) -> [UInt8] {
        var server = url
        let plain = "http://"
        if forPeople, server.hasPrefix(plain) {
            server = "\(plain)slipway:\(token)@\(server.dropFirst(plain.count))"
        }
        let context = "\(user)@\(name)"
        var place: JSONObject = ["cluster": .string(name), "user": .string(user)]
        if let namespace { place["namespace"] = .string(namespace) }
        return YAML.text([
            "apiVersion": "v1", "kind": "Config",
            "clusters": [["name": .string(name), "cluster": ["server": .string(server)]]],
            "users": [["name": .string(user), "user": ["token": .string(token)]]],
            "contexts": [["name": .string(context), "context": .object(place)]],
            "current-context": .string(context),
        ])
    }
}
