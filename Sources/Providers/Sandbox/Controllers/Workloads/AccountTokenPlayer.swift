import JSON
import Secrets

/// Plays Kubernetes' controller for tokens of service accounts that are kept in a Secret.
struct AccountTokenPlayer: Player {
    private static let type: JSON = "kubernetes.io/service-account-token"
    private static let account = "kubernetes.io/service-account.name"

    let name = "tokens-controller"
    let kind = SandboxKind.secret
    func keys(for change: SandboxChange) -> [SandboxKey] { [] }

    func play(_ secret: SandboxObject, in scene: Scene) async throws(SandboxStatus) {
        guard secret.json["type"] == Self.type, !secret.isDeleting,
            secret.json["data"]?["token"] == nil, let name = secret.annotations[Self.account]
        else { return }
        let key = SandboxKey(.serviceAccount, secret.namespace, name)
        guard let account = try await scene.cluster.get(key) else { return scene.lookSoon() }
        let token = scene.cluster.tokens.account(
            account,
            audiences: [SandboxTokens.audience],
            from: scene.now,
            for: SandboxTokens.secondsMax
        ).token
        let texts = [
            "ca.crt": OperatorSecret.Word.certificate.text(of: account),
            "namespace": secret.namespace ?? "", "token": token,
        ]
        try await scene.cluster.update(secret.key, as: self.name) { secret in
            secret.setAnnotation("kubernetes.io/service-account.uid", account.uid)
            var data = secret.json["data"]?.object ?? JSONObject()
            for (key, text) in texts { data[key] = .string(Base64.encode(Array(text.utf8))) }
            secret.json["data"] = .object(data)
        }
    }
}
