/// Carries single exchanges to one API server: over the network, or within the process.
package protocol KubernetesTransport: Sendable {
    /// Sends a request and returns as soon as the head of the answer is there, whatever its
    /// status.
    ///
    /// - Throws: faults of the way alone, such as `.unreachable`, `.interrupted`, `.untrusted`.
    func send(_ request: KubernetesRequest) async throws(KubernetesFault) -> KubernetesAnswer
}

/// Which requests share connections, so that those of one kind do not stand behind another's.
package enum Lane: Sendable, Hashable, CaseIterable {
    /// Somebody waits for it.
    case interactive
    /// It stays open for minutes.
    case watch
    /// Large lists.
    case bulk
}

/// One request to an API server.
package struct KubernetesRequest: Sendable {
    /// The method, such as `GET`.
    package var method: String
    /// The absolute path, percent-encoded; the transport puts the server's own prefix before it.
    package var path: String
    /// Names and values of the query in their order, not yet encoded.
    package var query: [(name: String, value: String)]
    /// Header fields beside those that the transport adds (who we are, and for whom we act).
    package var headers: [(name: String, value: String)]
    /// What is sent; nil where the method has no content.
    package var body: [UInt8]?
    /// Whom it shares connections with.
    package var lane: Lane
    /// The time until all of the answer is there.
    package var timeout: Duration
    /// How long nothing may come before the answer counts as broken off; nil for any time.
    package var silenceMax: Duration?

    /// A request; `GET` without content unless said otherwise.
    package init(
        _ method: String = "GET",
        _ path: String,
        query: [(name: String, value: String)] = [],
        headers: [(name: String, value: String)] = [],
        body: [UInt8]? = nil,
        lane: Lane = .interactive,
        timeout: Duration = .seconds(30),
        silenceMax: Duration? = nil
    ) {
        self.method = method
        self.path = path
        self.query = query
        self.headers = headers
        self.body = body
        self.lane = lane
        self.timeout = timeout
        self.silenceMax = silenceMax
    }

    /// Path and query as they stand in a request line.
    package var target: String {
        query.isEmpty ? path : path + "?" + PercentEncoding.query(query)
    }
}

/// The head of an answer, and its content as it comes.
package struct KubernetesAnswer: Sendable {
    /// The HTTP status.
    package var status: Int
    /// Header fields, names in lower case.
    package var headers: [(name: String, value: String)]
    /// The content.
    package var body: any KubernetesBody

    /// An answer.
    package init(
        status: Int,
        headers: [(name: String, value: String)] = [],
        body: any KubernetesBody
    ) {
        self.status = status
        self.headers = headers
        self.body = body
    }

    /// An answer whose content is all there.
    package init(
        status: Int,
        headers: [(name: String, value: String)] = [("content-type", "application/json")],
        bytes: [UInt8]
    ) {
        self.init(status: status, headers: headers, body: WholeBody(bytes))
    }

    /// The value of the first field of a name, given in lower case.
    package subscript(name: String) -> String? {
        headers.first { $0.name == name }?.value
    }
}
