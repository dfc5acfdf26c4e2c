/// One request to another server.
package struct OutboundRequest: Sendable {
    /// The method, such as `GET`.
    package var method: String
    /// An absolute `http` or `https` address.
    package var url: String
    /// Header fields in the order in which they are sent.
    package var headers: [OutboundHeader]
    /// What is sent; nil where the method has no content.
    package var body: [UInt8]?
    /// Whom to believe, and who we are.
    package var trust: OutboundTrust
    /// How long it may take and how large the answer may be.
    package var limits: OutboundLimits

    /// A request; `GET` without content unless said otherwise.
    package init(
        _ method: String = "GET",
        _ url: String,
        headers: [OutboundHeader] = [],
        body: [UInt8]? = nil,
        trust: OutboundTrust = OutboundTrust(),
        limits: OutboundLimits = OutboundLimits()
    ) {
        self.method = method
        self.url = url
        self.headers = headers
        self.body = body
        self.trust = trust
        self.limits = limits
    }
}

/// One header field.
package struct OutboundHeader: Sendable, Equatable {
    /// The field's name; in an answer in lower case.
    package var name: String
    /// The field's value.
    package var value: String

    /// A field.
    package init(_ name: String, _ value: String) {
        self.name = name
        self.value = value
    }
}

/// How long a request may take and how large its answer may be.
package struct OutboundLimits: Sendable, Equatable {
    /// The time until there is a connection, TLS included.
    package var connectTimeout = Duration.seconds(5)
    /// The time until all of the answer is there; nil for answers that go on and on.
    package var totalTimeout: Duration? = .seconds(30)
    /// How long nothing may come, in whole seconds; nil for as long as the total allows.
    package var silenceMax: Duration?
    /// The bytes of an answer that `send` collects: 64 MiB.
    package var answerBytesMax = 64 << 20

    /// The defaults.
    package init() {}
}

/// Whom a request believes, and who it says it is.
///
/// Describes itself without its key.
package struct OutboundTrust: Sendable, Equatable, CustomStringConvertible {
    /// The authorities that may vouch for the server, as PEM; nil for those of the system.
    package var authorities: [UInt8]?
    /// Our certificate, as PEM; nil for none.
    package var certificate: [UInt8]?
    /// The certificate's private key, as PEM.
    package var key: [UInt8]?
    /// The name that the server's certificate must hold, where it is not that of the address.
    package var serverName: String?
    /// Whether nothing about the server's certificate is checked.
    package var isUnchecked = false

    /// The system's authorities and no certificate of our own.
    package init() {}

    package var description: String {
        "authorities: \(authorities == nil ? "system" : "own"), "
            + "certificate: \(certificate == nil ? "none" : "own"), "
            + "server name: \(serverName ?? "as addressed")\(isUnchecked ? ", unchecked" : "")"
    }
}
