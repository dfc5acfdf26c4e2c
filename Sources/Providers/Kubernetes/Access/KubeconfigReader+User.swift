import JSON
import Outbound
import Secrets

/// What `users[].user` says.
extension KubeconfigReader {
    /// Our certificate and its key, and what is refused.
    mutating func readIdentity(_ user: Entry, _ trust: inout OutboundTrust) {
        for (member, what) in [("exec", "programs are not run"), ("auth-provider", "unsupported")]
        where has(user, member) {
            note(
                user.pointer.appending(member),
                "\(what): give a token of a service account or a client certificate"
            )
        }
        let certificate = content(user, "client-certificate")
        let key = content(user, "client-key")
        let names = ["client-certificate", "client-key"].map {
            has(user, $0) || has(user, "\($0)-data")
        }
        if names[0] != names[1] {
            let missing = names[0] ? "client-key-data" : "client-certificate-data"
            note(user.pointer.appending(missing), "certificate and key belong together")
        }
        if let certificate, !PEM.holds("CERTIFICATE", certificate) {
            note(
                user.pointer.appending("client-certificate-data"),
                "there is no PEM certificate in it"
            )
        }
        if let key { check(key: key, user.pointer.appending("client-key-data")) }
        trust.certificate = certificate
        trust.key = key
    }

    /// PKCS#1 (`RSA PRIVATE KEY`), SEC1 (`EC PRIVATE KEY`) and PKCS#8 (`PRIVATE KEY`) are keys.
    private mutating func check(key: [UInt8], _ pointer: JSONPointer) {
        let text = String(decoding: key, as: UTF8.self)
        if !PEM.holds("PRIVATE KEY", key) {
            note(pointer, "there is no PEM private key in it")
        } else if text.contains("ENCRYPTED") {
            note(pointer, "the key is locked with a password, which Slipway does not have")
        }
    }

    /// What stands in the `Authorization` field: a file's token before one in the text, as
    /// Kubernetes' own clients do it.
    mutating func authorization(_ user: Entry) -> SecretBytes? {
        if has(user, "tokenFile"), let path = text(user, "tokenFile") {
            let pointer = user.pointer.appending("tokenFile")
            guard let bytes = file(path, at: pointer, instead: "token") else { return nil }
            return bearer(String(decoding: bytes, as: UTF8.self), pointer)
        }
        if has(user, "token"), let token = text(user, "token") {
            return bearer(token, user.pointer.appending("token"))
        }
        guard has(user, "username"), let name = text(user, "username") else { return nil }
        let pair = "\(name):\(text(user, "password") ?? "")"
        return SecretBytes("Basic " + Base64.encode(Array(pair.utf8)))
    }

    private mutating func bearer(_ token: String, _ pointer: JSONPointer) -> SecretBytes? {
        let token = token.trimmingSpace
        guard !token.isEmpty, token.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
            note(pointer, "this is no token")
            return nil
        }
        return SecretBytes("Bearer " + token)
    }

    /// For whom we act.
    mutating func impersonation(_ user: Entry) -> Impersonation {
        var whom = Impersonation()
        if has(user, "as") { whom.user = text(user, "as") }
        if has(user, "as-uid") { whom.uid = text(user, "as-uid") }
        whom.groups = names(user, "as-groups")
        whom.extra = user.json["as-user-extra"]?.object ?? JSONObject()
        let isPlain = whom.headers.allSatisfy { header in
            header.value.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F }
        }
        if !isPlain { note(user.pointer.appending("as"), "a name has control characters") }
        return whom
    }
}

extension String {
    /// Without white space at both ends; files of tokens end with a newline.
    var trimmingSpace: String {
        var scalars = unicodeScalars[...]
        while let first = scalars.first, first.properties.isWhitespace { scalars.removeFirst() }
        while let last = scalars.last, last.properties.isWhitespace { scalars.removeLast() }
        return String(scalars)
    }
}
