import CCurl

/// The parts of an `http` or `https` address, as libcurl reads it.
struct Address {
    /// Host name or address; an IPv6 address in brackets.
    let host: String
    /// The port, which the scheme gives where the address does not.
    let port: String
    private let scheme: String
    private let rest: String

    /// - Throws: `.malformed` where libcurl would not take it either.
    init(_ text: String) throws(OutboundFault) {
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
        let query = part(CURLUPART_QUERY)
        rest = part(CURLUPART_PATH) + (query.isEmpty ? "" : "?\(query)")
    }

    /// Whether it is one of the two schemes that are spoken.
    var isWeb: Bool { ["http", "https"].contains(scheme) }

    /// What stands in the `Host` field.
    var authority: String {
        (scheme == "https" ? "443" : "80") == port ? host : "\(host):\(port)"
    }

    /// The same address with another host.
    func with(host: String) -> String { "\(scheme)://\(host):\(port)\(rest)" }
}
