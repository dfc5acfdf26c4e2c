import JSON
import Secrets
import YAML

/// The cluster that a kubeconfig of a Secret leads to: one of the sandbox's own, always.
enum RemoteCluster {
    /// Where an object's `spec.kubeConfig` leads; its own cluster where it has none.
    ///
    /// - Throws: `.badRequest` with what is wrong with the Secret.
    static func of(
        _ object: SandboxObject,
        in scene: Scene
    ) async throws(SandboxStatus) -> SandboxCluster {
        guard let reference = object.spec["kubeConfig"]?["secretRef"] else {
            return scene.cluster
        }
        let name = reference["name"]?.string ?? ""
        let place = "\(object.namespace ?? "")/\(name)"
        let key = SandboxKey(.secret, object.namespace, name)
        guard let secret = try await scene.cluster.get(key) else {
            throw SandboxStatus(
                .badRequest,
                "unable to read KubeConfig secret '\(place)' error: Secret \"\(name)\" not found"
            )
        }
        let keys = reference["key"]?.string.map { [$0] } ?? ["value", "value.yaml"]
        let text = keys.lazy.compactMap { secret.json["data"]?[$0]?.string }.first
        guard let bytes = text.flatMap(Base64.decode) else {
            throw SandboxStatus(
                .badRequest,
                "KubeConfig secret '\(place)' does not contain a '\(keys[0])' key with data"
            )
        }
        // What is no YAML has no server.
        let kubeconfig = try? YAML.parse(bytes)
        let server = kubeconfig?["clusters"]?[0]?["cluster"]?["server"]?.string ?? ""
        let cluster = try await cluster(at: server, scene)
        // Whoever may write Secrets could name any cluster: only its own token opens one.
        let token = kubeconfig?["users"]?[0]?["user"]?["token"]?.string ?? ""
        let identity = cluster.tokens.identity(of: token, at: scene.now)
        guard let identity, identity.groups.contains("system:masters") else {
            throw SandboxStatus(
                .badRequest,
                "\(server): the server has asked for the client to "
                    + "provide credentials: KubeConfig secret '\(place)' holds no token of an admin"
            )
        }
        return cluster
    }

    /// The sandbox cluster of a server's URL.
    static func cluster(
        at server: String,
        _ scene: Scene
    ) async throws(SandboxStatus) -> SandboxCluster {
        let parts = server.split(separator: "/")
        guard parts.count >= 2, parts[parts.count - 2] == "sandbox", let name = parts.last else {
            throw SandboxStatus(
                .badRequest,
                "\(server) is no cluster of the sandbox, which reaches no others"
            )
        }
        let cluster = scene.other(String(name))
        guard try await cluster.get(SandboxKey(.namespace, "default")) != nil else {
            throw SandboxStatus(.badRequest, "dial tcp \(server): connect: connection refused")
        }
        if try await cluster.get(VirtualClusterChart.asleep) != nil {
            let message = "\(server): the server is currently unable to handle the request"
            throw SandboxStatus(.badRequest, message)
        }
        return cluster
    }
}
