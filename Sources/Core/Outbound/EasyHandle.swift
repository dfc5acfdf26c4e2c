import CCurl

/// One transfer's settings as libcurl wants them; owns the handle and its list of header lines.
struct EasyHandle: ~Copyable {
    let raw: OpaquePointer
    private var lines: UnsafeMutablePointer<curl_slist>?
    private var detours: UnsafeMutablePointer<curl_slist>?
    private let message: UnsafeMutablePointer<CChar>
    private let gate: UnsafeMutablePointer<AddressGate>

    /// - Throws: `.malformed` where the request cannot be sent as it is.
    static func make(
        _ request: OutboundRequest,
        within addresses: AddressLimits
    ) throws(OutboundFault) -> EasyHandle {
        guard Library.isReady, let raw = curl_easy_init() else {
            throw .unreachable("libcurl could not be started")
        }
        var handle = EasyHandle(owning: OpaquePointer(raw), AddressGate(addresses))
        try handle.set(CURLOPT_ERRORBUFFER, pointer: handle.message)
        try handle.apply(request)
        try handle.apply(request.limits)
        try handle.check(slipway_curl_set_opener(raw, AddressGate.opener, handle.gate))
        try handle.apply(request.trust)
        if let name = request.trust.serverName { try handle.expect(name, at: request.url) }
        try handle.apply(request.headers, hasBody: request.body != nil)
        return handle
    }

    private init(owning raw: OpaquePointer, _ gate: AddressGate) {
        self.raw = raw
        message = .allocate(capacity: Int(CURL_ERROR_SIZE))
        message.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
        self.gate = .allocate(capacity: 1)
        self.gate.initialize(to: gate)
        lines = nil
        detours = nil
    }

    deinit {
        curl_easy_cleanup(UnsafeMutableRawPointer(raw))
        curl_slist_free_all(lines)
        curl_slist_free_all(detours)
        message.deallocate()
        gate.deinitialize(count: 1)
        gate.deallocate()
    }

    /// The address to which no connection was made because the client's limits forbid it.
    var refusedAddress: NetworkAddress? { gate.pointee.refused }

    /// What libcurl says about how the transfer ended.
    func reason(_ code: CURLcode) -> String {
        let said = String(cString: message)
        guard !said.isEmpty else { return String(cString: curl_easy_strerror(code)) }
        // The same fault reads the same, however long it took.
        return said.replacing(/\ after\ [0-9]+\ ms/, with: "")
    }

    /// Bytes and header lines go to these, with this context.
    func deliver(
        bytes: @escaping slipway_curl_sink,
        lines: @escaping slipway_curl_sink,
        to context: UnsafeMutableRawPointer
    ) throws(OutboundFault) {
        let raw = UnsafeMutableRawPointer(raw)
        try check(slipway_curl_set_sink(raw, CURLOPT_WRITEFUNCTION, bytes))
        try check(slipway_curl_set_sink(raw, CURLOPT_HEADERFUNCTION, lines))
        try set(CURLOPT_WRITEDATA, pointer: context)
        try set(CURLOPT_HEADERDATA, pointer: context)
    }

    private func apply(_ request: OutboundRequest) throws(OutboundFault) {
        guard Self.isToken(request.method) else {
            throw .malformed("`\(request.method)` is no method")
        }
        // libcurl would guess at a scheme that is left out.
        let address = try Address(request.url)
        guard address.isWeb else {
            throw .malformed("only http:// and https:// addresses are taken")
        }
        try set(CURLOPT_URL, text: request.url)
        // Never a file, an FTP server or whatever else libcurl speaks.
        try set(CURLOPT_PROTOCOLS_STR, text: "http,https")
        try set(CURLOPT_FOLLOWLOCATION, 0)
        try set(CURLOPT_PROXY, text: "")
        try set(CURLOPT_NOSIGNAL, 1)
        try set(CURLOPT_USERAGENT, text: "slipway")
        try set(CURLOPT_HTTP_VERSION, Int(CURL_HTTP_VERSION_2TLS))
        // Wait for the connection that is being made rather than make another one. HTTP/2, where
        // several requests share it, is only spoken over TLS; elsewhere each needs its own.
        try set(CURLOPT_PIPEWAIT, address.scheme == "https" ? 1 : 0)
        if let body = request.body {
            try set(CURLOPT_POST, 1)
            try check(
                slipway_curl_set_size(
                    UnsafeMutableRawPointer(raw),
                    CURLOPT_POSTFIELDSIZE_LARGE,
                    curl_off_t(body.count)
                )
            )
            let code = body.withUnsafeBytes { bytes in
                // An empty array may have no address, and none would mean another kind of body.
                slipway_curl_set_pointer(
                    UnsafeMutableRawPointer(raw),
                    CURLOPT_COPYPOSTFIELDS,
                    UnsafeMutableRawPointer(
                        mutating: bytes.baseAddress ?? UnsafeRawPointer(message)
                    )
                )
            }
            try check(code)
        }
        if request.method == "HEAD" {
            try set(CURLOPT_NOBODY, 1)
        } else {
            try set(CURLOPT_CUSTOMREQUEST, text: request.method)
        }
    }

    private func apply(_ limits: OutboundLimits) throws(OutboundFault) {
        try set(CURLOPT_CONNECTTIMEOUT_MS, limits.connectTimeout.milliseconds)
        try set(CURLOPT_TIMEOUT_MS, limits.totalTimeout?.milliseconds ?? 0)
        if let silence = limits.silenceMax {
            try set(CURLOPT_LOW_SPEED_LIMIT, 1)
            try set(CURLOPT_LOW_SPEED_TIME, max(1, silence.milliseconds / 1_000))
        }
    }

    private func apply(_ trust: OutboundTrust) throws(OutboundFault) {
        try set(CURLOPT_SSL_VERIFYPEER, trust.isUnchecked ? 0 : 1)
        try set(CURLOPT_SSL_VERIFYHOST, trust.isUnchecked ? 0 : 2)
        try set(CURLOPT_SSLVERSION, Int(CURL_SSLVERSION_TLSv1_2))
        if let authorities = trust.authorities {
            // The system's authorities would otherwise be believed as well.
            try set(CURLOPT_CAPATH, text: nil)
            try set(CURLOPT_CAINFO_BLOB, copy: authorities)
        }
        if let certificate = trust.certificate {
            try set(CURLOPT_SSLCERT_BLOB, copy: certificate)
        }
        if let key = trust.key { try set(CURLOPT_SSLKEY_BLOB, copy: key) }
    }

    /// The certificate must hold another name than the address does.
    ///
    /// libcurl checks the name of the address: that becomes the one that is expected, and
    /// connections to it are sent to where the address pointed.
    private mutating func expect(_ name: String, at url: String) throws(OutboundFault) {
        let address = try Address(url)
        let detour = "\(name):\(address.port):\(address.host):\(address.port)"
        guard let list = curl_slist_append(nil, detour) else {
            throw .malformed("the server's name does not fit into memory")
        }
        detours = list
        try set(CURLOPT_URL, text: address.with(host: name))
        try check(slipway_curl_set_list(UnsafeMutableRawPointer(raw), CURLOPT_CONNECT_TO, list))
        try add("Host: \(address.authority)")
    }

    private mutating func apply(
        _ headers: [OutboundHeader],
        hasBody: Bool
    ) throws(OutboundFault) {
        // Not asked for: libcurl's wait for "100 Continue", and its guess at the content's type.
        try add("Expect:")
        if hasBody, !headers.contains(where: { $0.name.lowercased() == "content-type" }) {
            try add("Content-Type:")
        }
        for header in headers {
            guard Self.isToken(header.name), !header.value.utf8.contains(where: Self.isControl)
            else { throw .malformed("the header field `\(header.name)` cannot be sent") }
            // libcurl's way to say a field without a value.
            try add(header.value.isEmpty ? "\(header.name);" : "\(header.name): \(header.value)")
        }
        try check(
            slipway_curl_set_list(UnsafeMutableRawPointer(raw), CURLOPT_HTTPHEADER, lines)
        )
    }

    private mutating func add(_ line: String) throws(OutboundFault) {
        guard let longer = curl_slist_append(lines, line) else {
            throw .malformed("the header fields do not fit into memory")
        }
        lines = longer
    }

    private func set(_ option: CURLoption, _ number: Int) throws(OutboundFault) {
        try check(slipway_curl_set_number(UnsafeMutableRawPointer(raw), option, number))
    }

    private func set(_ option: CURLoption, text: String?) throws(OutboundFault) {
        try check(slipway_curl_set_text(UnsafeMutableRawPointer(raw), option, text))
    }

    private func set(
        _ option: CURLoption,
        pointer: UnsafeMutableRawPointer
    ) throws(OutboundFault) {
        try check(slipway_curl_set_pointer(UnsafeMutableRawPointer(raw), option, pointer))
    }

    private func set(_ option: CURLoption, copy bytes: [UInt8]) throws(OutboundFault) {
        try check(
            slipway_curl_set_copy(UnsafeMutableRawPointer(raw), option, bytes, bytes.count)
        )
    }

    private func check(_ code: CURLcode) throws(OutboundFault) {
        guard code == CURLE_OK else {
            throw .malformed("libcurl refuses the request: \(reason(code))")
        }
    }

    /// RFC 9110 §5.6.2.
    private static func isToken(_ text: String) -> Bool {
        !text.isEmpty
            && text.utf8.allSatisfy { byte in
                switch byte {
                case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
                default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
                }
            }
    }

    private static func isControl(_ byte: UInt8) -> Bool {
        byte < 0x20 && byte != 0x09 || byte == 0x7F
    }
}

/// libcurl itself.
enum Library {
    /// Starts the library on first use.
    static let isReady = curl_global_init(Int(CURL_GLOBAL_DEFAULT)) == CURLE_OK
}

extension Duration {
    /// Whole milliseconds, at least one.
    fileprivate var milliseconds: Int {
        let (seconds, attoseconds) = components
        return max(1, Int(seconds) * 1_000 + Int(attoseconds / 1_000_000_000_000_000))
    }
}
