/// One request to the API server of a sandbox cluster.
package struct SandboxRequest: Sendable {
    /// Who asks.
    package enum Caller: Sendable, Equatable {
        /// Whoever the `Authorization` header says.
        case header
        /// Somebody whom Slipway knows, who may do everything.
        case administrator(String)
    }

    /// The cluster's name.
    package var cluster: String
    /// The method, such as `GET`.
    package var method: String
    /// The path below the cluster's root, percent-encoded, from `/`.
    package var path: String
    /// The query without its `?`, as it was sent.
    package var query: String?
    /// Header fields.
    package var headers: [(name: String, value: String)]
    /// The content.
    package var body: [UInt8]
    /// Who asks.
    package var caller: Caller

    /// A request.
    package init(
        cluster: String,
        method: String,
        path: String,
        query: String? = nil,
        headers: [(name: String, value: String)] = [],
        body: [UInt8] = [],
        caller: Caller = .header
    ) {
        self.cluster = cluster
        self.method = method
        self.path = path
        self.query = query
        self.headers = headers
        self.body = body
        self.caller = caller
    }

    /// What a request does, in the words of roles, and to which kind of objects; the kind is nil
    /// where it is about none.
    package static func purpose(
        method: String,
        path: String,
        query: String?
    ) -> (verb: String, resource: String?) {
        if path.hasPrefix(Visit.prefix) { return ("visit", nil) }
        guard let path = APIPath(path), case .objects(let place) = path else { return ("get", nil) }
        let isWatch = APIQuery(query).isSet("watch")
        return (place.verb(of: method, isWatch: isWatch), path.resource)
    }

    /// The first value of a header, whatever the case of its name.
    package func header(_ name: String) -> String? {
        headers.first { $0.name.lowercased() == name }?.value
    }
}

/// What the API server answers.
package struct SandboxAnswer: Sendable {
    /// Hands the next piece of a stream to the reader; throws when nobody reads any more.
    package typealias Write = @Sendable ([UInt8]) async throws -> Void

    /// The content.
    package enum Body: Sendable {
        /// All of it.
        case bytes([UInt8])
        /// A watch: ends when the body returns.
        case stream(@Sendable (Write) async throws -> Void)
    }

    /// The HTTP status.
    package var status: Int
    /// Header fields, names in lower case.
    package var headers: [(name: String, value: String)]
    /// The content.
    package var body: Body
}
