import JSON
import Secrets
import YAML

extension Scene {
    /// The cluster where an object's `spec.kubeConfig` leads, one of the sandbox's own, always; its
    /// own cluster where it has none.
    ///
    /// - Throws: `.badRequest` with what is wrong with the Secret.
    func target(of object: SandboxObject) async throws(SandboxStatus) -> SandboxCluster {
        guard let reference = object.spec["kubeConfig"]?["secretRef"] else { return cluster }
        let name = reference["name"]?.string ?? ""
        let place = "KubeConfig secret '\(object.namespace ?? "")/\(name)'"
        let key = SandboxKey(.secret, object.namespace, name)
        guard let secret = try await cluster.get(key) else {
            let why = "error: Secret \"\(name)\" not found"
            throw SandboxStatus(.badRequest, "unable to read \(place) \(why)")
        }
        let keys = reference["key"]?.string.map { [$0] } ?? ["value", "value.yaml"]
        let text = keys.lazy.compactMap { secret.json["data"]?[$0]?.string }.first
        guard let bytes = text.flatMap(Base64.decode) else {
            let why = "does not contain a '\(keys[0])' key with data"
            throw SandboxStatus(.badRequest, "\(place) \(why)")
        }
        // What is no YAML has no server.
        let kubeconfig = try? YAML.parse(bytes)
        let server = kubeconfig?["clusters"]?[0]?["cluster"]?["server"]?.string ?? ""
        let found = try await cluster(at: server)
        // Whoever may write Secrets could name any cluster: only its own token opens one.
        let token = kubeconfig?["users"]?[0]?["user"]?["token"]?.string ?? ""
        let identity = found.tokens.identity(of: token, at: now)
        guard let identity, identity.groups.contains("system:masters") else {
            let why = "the server has asked for the client to provide credentials"
            throw SandboxStatus(
                .badRequest,
                "\(server): \(why): \(place) holds no token of an admin"
            )
        }
        return found
    }

    /// The sandbox cluster of a server's URL.
    func cluster(at server: String) async throws(SandboxStatus) -> SandboxCluster {
        let parts = server.split(separator: "/")
        guard parts.count >= 2, parts[parts.count - 2] == "sandbox", let name = parts.last else {
            let why = "is no cluster of the sandbox, which reaches no others"
            throw SandboxStatus(.badRequest, "\(server) \(why)")
        }
        let found = other(String(name))
        guard try await found.get(SandboxKey(.namespace, "default")) != nil else {
            throw SandboxStatus(.badRequest, "dial tcp \(server): connect: connection refused")
        }
        guard try await found.get(VirtualClusterChart.asleep) == nil else {
            let message = "\(server): the server is currently unable to handle the request"
            throw SandboxStatus(.badRequest, message)
        }
        return found
    }
}

extension SandboxObject {
    /// What a Secret holds; nil where it holds nothing of that name.
    func secretText(_ entry: String) -> String? {
        let bytes = json["data"]?[entry]?.string.flatMap(Base64.decode)
        return bytes.map { String(decoding: $0, as: UTF8.self) }
    }
}
