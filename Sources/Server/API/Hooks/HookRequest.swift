import Domain
import HTTP
import JSON
import Secrets

/// What a forge sent, as far as its header fields say.
struct HookRequest {
    /// How a delivery shows that its sender knows the secret.
    enum Proof {
        /// An HMAC with SHA-256 over the content, as it came.
        case signature([UInt8])
        /// The secret itself.
        case token(String)
        /// Nothing that could be one.
        case none
    }

    let forge: ForgeKind
    /// The name of the event.
    let event: String
    /// The forge's id of the delivery; nil where it gave none.
    let key: String?
    private let proof: Proof
    private let bytes: [UInt8]

    /// Reads the header fields of a delivery.
    ///
    /// - Throws: a problem in words where the delivery is another forge's.
    init(
        to forge: ForgeKind,
        _ fields: HeaderFields,
        _ bytes: [UInt8]
    ) throws(Problem) {
        let sender = Self.sender(of: fields)
        guard sender == forge else { throw Self.misdirected(sender, to: forge) }
        self.forge = forge
        self.bytes = bytes
        switch forge {
        case .github:
            event = fields["X-GitHub-Event"] ?? ""
            key = fields["X-GitHub-Delivery"].flatMap(Self.key)
            proof = Self.signature(fields["X-Hub-Signature-256"], prefix: "sha256=")
        case .gitea:
            event = fields["X-Gitea-Event"] ?? fields["X-Forgejo-Event"] ?? ""
            let delivery = fields["X-Gitea-Delivery"] ?? fields["X-Forgejo-Delivery"]
            key = delivery.flatMap(Self.key)
            let signature = fields["X-Gitea-Signature"] ?? fields["X-Forgejo-Signature"]
            proof = Self.signature(signature, prefix: "")
        case .gitlab:
            event = fields["X-Gitlab-Event"] ?? ""
            key = (fields["X-Gitlab-Event-UUID"] ?? fields["Idempotency-Key"]).flatMap(Self.key)
            proof = fields["X-Gitlab-Token"].map { .token($0) } ?? .none
        }
    }

    /// Who sent it: Gitea and Forgejo send GitHub's fields too, and so come first.
    private static func sender(of fields: HeaderFields) -> ForgeKind? {
        if fields.contains("X-Gitea-Event") || fields.contains("X-Forgejo-Event") { return .gitea }
        if fields.contains("X-Gitlab-Event") { return .gitlab }
        return fields.contains("X-GitHub-Event") ? .github : nil
    }

    private static func misdirected(_ sender: ForgeKind?, to forge: ForgeKind) -> Problem {
        guard let sender else {
            return Problem(.invalidHeader, "The header fields of a \(forge) delivery are missing.")
        }
        let name = sender == .gitea ? "Gitea or Forgejo" : sender == .github ? "GitHub" : "GitLab"
        return Problem(
            .invalidHeader,
            "This delivery is from \(name). Send it to /v1/hooks/\(sender.rawValue)."
        )
    }

    private static func key(_ text: String) -> String? {
        (1...HookDelivery.keyLengthMax).contains(text.utf8.count) ? text : nil
    }

    /// An empty signature, which Gitea sends where it has no secret, is none.
    private static func signature(_ text: String?, prefix: String) -> Proof {
        guard let text, text.hasPrefix(prefix),
            let bytes = Hex.decode(String(text.dropFirst(prefix.count))),
            bytes.count == SHA256.byteCount
        else { return .none }
        return .signature(bytes)
    }

    /// Whether the sender knew the secret; takes as long whatever is wrong.
    func isProven(by secret: SecretBytes) -> Bool {
        switch proof {
        case .signature(let signature):
            HMACSHA256(key: secret.revealed()).verify(signature, for: bytes)
        case .token(let token):
            ConstantTime.areEqual(
                SHA256.hash(Array(token.utf8)),
                SHA256.hash(secret.revealed())
            )
        case .none: false
        }
    }

    /// What tells the content from that of other deliveries.
    ///
    /// A secret sent in clear is not bound to the content, and who knows it needs no replay: such
    /// deliveries are told apart by their id, as two pushes of one commit look the same.
    var digest: [UInt8] {
        switch proof {
        case .token: SHA256.hash(Array((key ?? "").utf8) + bytes)
        case .signature, .none: SHA256.hash(bytes)
        }
    }
}

/// The content of a delivery, out of the form that GitHub and Gitea may send it in.
enum HookContent {
    /// What a form's member with the content is called.
    private static let member = Array("payload=".utf8)

    /// The JSON in a body.
    static func json(in body: [UInt8], _ fields: HeaderFields) -> [UInt8] {
        let type = fields[.contentType].flatMap(MediaType.init(parsing:))
        guard type?.essence == "application/x-www-form-urlencoded" else { return body }
        for part in body.split(separator: UInt8(ascii: "&")) where part.starts(with: member) {
            return decoded(part.dropFirst(member.count))
        }
        return []
    }

    private static func decoded(_ part: ArraySlice<UInt8>) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(part.count)
        var place = part.startIndex
        while place < part.endIndex {
            let byte = part[place]
            place += 1
            guard byte == UInt8(ascii: "%") else {
                bytes.append(byte == UInt8(ascii: "+") ? UInt8(ascii: " ") : byte)
                continue
            }
            let digits = String(decoding: part[place...].prefix(2), as: UTF8.self)
            guard let value = Hex.decode(digits)?.first else { return [] }
            bytes.append(value)
            place += 2
        }
        return bytes
    }
}
