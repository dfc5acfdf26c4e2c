import API
import Domain
import Secrets

extension APIClusters {
    /// Kubeconfigs that are texts with a word in them, and access that names what was asked for.
    static let played = APIClusters(
        examine: { upload throws(KubeconfigRefusal) in
            let text = String(decoding: upload.bytes, as: UTF8.self)
            guard !text.contains("exec") else {
                throw KubeconfigRefusal(["/users/0/user/exec: programs are not run"])
            }
            return KubeconfigSummary(
                context: upload.context ?? "admin@test",
                warnings: text.contains("insecure") ? ["the certificate is not checked"] : [],
                kept: SecretBytes(text)
            )
        },
        access: PlayedAccess(),
        rehearse: { cluster, _, made in
            if made?.template.contains("# broken") == true { return "It cannot be made so." }
            guard cluster.spec.region == "nowhere" else { return nil }
            return "It cannot be made so: there is no nowhere."
        }
    )
}

/// Hands out kubeconfigs that say what was asked for; a cluster called `dark` does not answer.
private struct PlayedAccess: ClusterAccess {
    func kubeconfig(
        for cluster: Cluster,
        role: ClusterRole,
        ttl: Duration,
        requestedBy: String
    ) async throws(ClusterAccessFault) -> IssuedKubeconfig {
        guard cluster.name.text != "dark" else { throw .unreachable(reason: "it is dark") }
        return IssuedKubeconfig(
            yaml: Array("kind: Config # \(role) \(ttl) \(requestedBy)\n".utf8),
            expiresAt: cluster.createdAt.advanced(by: ttl)
        )
    }

    func adminKubeconfig(
        for cluster: Cluster,
        requestedBy: String
    ) async throws(ClusterAccessFault) -> IssuedKubeconfig {
        IssuedKubeconfig(yaml: Array("kind: Config # all\n".utf8), expiresAt: nil)
    }
}
