import CCurl

/// The parts of an `http` or `https` address, as libcurl reads it.
package struct Address {
    /// Host name or address; an IPv6 address in brackets.
    package let host: String
    /// The port, which the scheme gives where the address does not.
    let port: String
    /// `http`, `https`, or another that is not spoken.
    package let scheme: String
    /// Whether a name or a password stands before the host.
    package let hasUser: Bool
    private let rest: String

    /// Reads an address.
    ///
    /// - Throws: `.malformed` where libcurl would not take it either.
    package init(_ text: String) throws(OutboundFault) {
        guard let parts = curl_url() else {
            throw .malformed("the address does not fit into memory")
        }
        defer { curl_url_cleanup(parts) }
        let code = curl_url_set(parts, CURLUPART_URL, text, 0)
        guard code == CURLUE_OK else { throw .malformed(String(cString: curl_url_strerror(code))) }
        func part(_ part: CURLUPart, _ flags: Int32 = 0) -> String {
            var bytes: UnsafeMutablePointer<CChar>?
            guard curl_url_get(parts, part, &bytes, UInt32(flags)) == CURLUE_OK, let bytes else {
                return ""
            }
            defer { curl_free(bytes) }
            return String(cString: bytes)
        }
        host = part(CURLUPART_HOST)
        port = part(CURLUPART_PORT, CURLU_DEFAULT_PORT)
        scheme = part(CURLUPART_SCHEME)
        hasUser = !part(CURLUPART_USER).isEmpty || !part(CURLUPART_PASSWORD).isEmpty
        let query = part(CURLUPART_QUERY)
        rest = part(CURLUPART_PATH) + (query.isEmpty ? "" : "?\(query)")
    }

    /// Whether it is one of the two schemes that are spoken.
    package var isWeb: Bool { ["http", "https"].contains(scheme) }

    /// What stands in the `Host` field.
    var authority: String {
        (scheme == "https" ? "443" : "80") == port ? host : "\(host):\(port)"
    }

    /// The same address with another host.
    func with(host: String) -> String { "\(scheme)://\(host):\(port)\(rest)" }
}
