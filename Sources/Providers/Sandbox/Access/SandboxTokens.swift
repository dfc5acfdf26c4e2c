import Domain
import JSON
import Secrets

/// Who asks, as a token says.
struct SandboxIdentity: Sendable, Equatable {
    /// The user's name, such as `system:serviceaccount:shop:deployer`.
    var user: String
    /// The groups.
    var groups: [String]
    /// The ServiceAccount behind it, with the incarnation for which the token was made.
    var account: (key: SandboxKey, uid: String)?

    static func == (left: SandboxIdentity, right: SandboxIdentity) -> Bool {
        left.user == right.user && left.groups == right.groups
    }

    /// Whoever may do everything.
    static func administrator(_ name: String) -> SandboxIdentity {
        SandboxIdentity(user: name, groups: ["system:masters", "system:authenticated"])
    }
}

/// Makes and reads the bearer tokens of sandbox clusters.
///
/// JSON Web Tokens (RFC 7519) under a key that all processes share. None is kept, and none is ever
/// logged.
struct SandboxTokens: Sendable {
    /// The shortest time that a token is asked for: 600 s, as in Kubernetes.
    static let secondsMin = 600
    /// The longest time that is given: a year; who asks for more gets that.
    static let secondsMax = 31_536_000
    /// Which API server is meant where nobody says.
    static let audience = "https://kubernetes.default.svc"

    private static let header = Base64URL.encode(Array(#"{"alg":"HS256","typ":"JWT"}"#.utf8))
    private static let clusterClaim = "slipway.dev/cluster"
    /// The most bytes of a token that is looked at: 8 KiB.
    private static let bytesMax = 8_192

    let signer: HMACSHA256
    let cluster: String

    /// A token of somebody with everything.
    func administrator(_ name: String, from now: Instant, for duration: Duration) -> String {
        sign(
            [
                "sub": .string(name), "groups": ["system:masters", "system:authenticated"],
                "aud": [.string(Self.audience)],
            ],
            from: now,
            for: duration.components.seconds
        )
    }

    /// A token of a ServiceAccount, and when it ends.
    func account(
        _ account: SandboxObject,
        audiences: [String],
        from now: Instant,
        for seconds: Int
    ) -> (token: String, end: Instant) {
        let seconds = min(max(seconds, Self.secondsMin), Self.secondsMax)
        let namespace = account.namespace ?? ""
        let token = sign(
            [
                "sub": .string("system:serviceaccount:\(namespace):\(account.name)"),
                "aud": .array(audiences.map { .string($0) }),
                "kubernetes.io": [
                    "namespace": .string(namespace),
                    "serviceaccount": [
                        "name": .string(account.name), "uid": .string(account.uid),
                    ],
                ],
            ],
            from: now,
            for: Int64(seconds)
        )
        return (token, now.advanced(by: .seconds(seconds)))
    }

    private func sign(_ claims: JSON, from now: Instant, for seconds: Int64) -> String {
        var claims = claims.object ?? JSONObject()
        let start = now.microseconds / 1_000_000
        claims["iss"] = .string(Self.audience)
        claims["iat"] = .integer(start)
        claims["nbf"] = .integer(start)
        claims["exp"] = .integer(start + seconds)
        claims["jti"] = .string(Hex.encode(SecureRandom.bytes(16)))
        claims[Self.clusterClaim] = .string(cluster)
        let body = "\(Self.header).\(Base64URL.encode(JSON.object(claims).serialized()))"
        return "\(body).\(Base64URL.encode(signer.sign(body)))"
    }

    /// Whose token it is; nil where it is not ours, not for this cluster, or over.
    func identity(of token: String, at now: Instant) -> SandboxIdentity? {
        let parts = token.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        guard token.utf8.count <= Self.bytesMax, parts.count == 3, parts[0] == Self.header,
            let signature = Base64URL.decode(parts[2]),
            signer.verify(signature, for: Array("\(parts[0]).\(parts[1])".utf8)),
            let payload = Base64URL.decode(parts[1]),
            // Signed by us, so it is JSON; what is not is nobody's.
            let claims = try? JSON.parse(payload)
        else { return nil }
        let second = Int(now.microseconds / 1_000_000)
        let audiences = claims["aud"]?.array?.compactMap(\.string) ?? []
        guard claims[Self.clusterClaim]?.string == cluster,
            let end = claims["exp"]?.int, second < end, audiences.contains(Self.audience),
            let user = claims["sub"]?.string
        else { return nil }
        if let groups = claims["groups"]?.array?.compactMap(\.string) {
            return SandboxIdentity(user: user, groups: groups)
        }
        let place = claims["kubernetes.io"]
        guard let namespace = place?["namespace"]?.string,
            let name = place?["serviceaccount"]?["name"]?.string,
            let uid = place?["serviceaccount"]?["uid"]?.string
        else { return nil }
        return SandboxIdentity(
            user: user,
            groups: [
                "system:serviceaccounts", "system:serviceaccounts:\(namespace)",
                "system:authenticated",
            ],
            account: (SandboxKey(.serviceAccount, namespace, name), uid)
        )
    }
}
