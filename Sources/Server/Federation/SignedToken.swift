import Domain
import JSON
import Secrets

/// A JSON Web Token in its compact form (RFC 7519, RFC 7515 §3.1), read but not believed.
struct SignedToken: Sendable {
    /// The most bytes of a token.
    static let bytesMax = 16 << 10
    /// The signatures that are taken: asymmetric ones alone, so that nobody can sign with what
    /// everybody can read (RFC 8725 §3.1).
    static let algorithms = [
        "RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA",
    ]

    /// The signature that it says it has, one of `algorithms`.
    let algorithm: String
    /// The key that it says it is signed with.
    let keyID: String
    let claims: JSONObject
    let issuer: String
    /// The bytes that are signed.
    let signed: [UInt8]
    let signature: [UInt8]

    init(_ text: String) throws(VerificationFault) {
        guard text.utf8.count <= Self.bytesMax else {
            throw .refused("The subject token has more than \(Self.bytesMax) bytes.")
        }
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 3, let header = Self.object(parts[0]),
            let claims = Self.object(parts[1]), let signature = Base64URL.decode(String(parts[2]))
        else {
            throw .refused("The subject token is no signed JWT: three parts of base64url.")
        }
        let algorithm = header["alg"]?.string ?? "none"
        guard Self.algorithms.contains(algorithm) else {
            throw .refused(
                "The subject token is signed by `\(algorithm.prefix(20))`; send one "
                    + "signed by \(Self.algorithms.joined(separator: ", "))."
            )
        }
        // RFC 7515 §4.1.11: what must be understood, and is not, is refused.
        guard header["crit"] == nil, let keyID = header["kid"]?.string else {
            throw .refused("The subject token does not name its key in `kid`.")
        }
        guard let issuer = claims["iss"]?.string else {
            throw .refused("The subject token does not name its issuer in `iss`.")
        }
        self.algorithm = algorithm
        self.keyID = keyID
        self.claims = claims
        self.issuer = issuer
        self.signature = signature
        signed = Array("\(parts[0]).\(parts[1])".utf8)
    }

    private static func object(_ part: Substring) -> JSONObject? {
        // What is no JSON is no token.
        Base64URL.decode(String(part)).flatMap { try? JSON.parse($0) }?.object
    }
}

extension SignedToken {
    /// How far the clocks of issuer and server may differ: a minute.
    static let skew = Duration.seconds(60)
    /// How old a token may be: as long as most jobs of a pipeline take, an hour.
    static let ageMax = Duration.seconds(3_600)
    /// The most bytes of `jti`.
    private static let identityMax = 512

    /// What the token says, once its signature is known to be good.
    func verified(at now: Instant) throws(VerificationFault) -> VerifiedToken {
        guard let end = moment("exp"), let issued = moment("iat") else {
            throw .refused("The subject token says neither when it ends nor since when it is good.")
        }
        guard end.advanced(by: Self.skew) > now else {
            throw .refused("The subject token ended at \(end). Request a new one in this job.")
        }
        let start = moment("nbf") ?? issued
        guard max(start, issued) <= now.advanced(by: Self.skew) else {
            throw .refused("The subject token is good from \(start) on; check the issuer's clock.")
        }
        guard issued.advanced(by: Self.ageMax) > now else {
            throw .refused(
                "The subject token is from \(issued), more than an hour ago. Request "
                    + "a new one in this job."
            )
        }
        guard let identity = claims["jti"]?.string,
            (1...Self.identityMax).contains(identity.utf8.count)
        else { throw .refused("The subject token has no identity, `jti`: it could be used twice.") }
        return VerifiedToken(
            claims: PipelineClaims(issuer: issuer, audiences: audiences, all: claims),
            identity: identity,
            // Nobody takes it when it is older, however late its own end.
            endsAt: min(end, issued.advanced(by: Self.ageMax)).advanced(by: Self.skew)
        )
    }

    /// One text, or several (RFC 7519 §4.1.3).
    private var audiences: [String] {
        guard let audience = claims["aud"] else { return [] }
        return audience.string.map { [$0] } ?? (audience.array ?? []).compactMap(\.string)
    }

    /// Seconds since 1970 (RFC 7519 §2); nil where there are none.
    private func moment(_ name: String) -> Instant? {
        guard let seconds = claims[name]?.int, (0...Self.lastSecond).contains(seconds) else {
            return nil
        }
        return Instant(microseconds: Int64(seconds) * 1_000_000)
    }

    /// The end of the year 9999, the last that moments are written with.
    private static let lastSecond = 253_402_300_799
}
