import JSON

/// Speaks to one API server.
///
/// A cheap value: copies share what is known about the kinds that the server serves.
package struct KubernetesClient: Sendable {
    /// The field manager of everything that Slipway applies.
    package static let manager = "slipway"

    let transport: any KubernetesTransport
    let clock: any KubernetesClock
    let random: @Sendable () -> Double
    let limits: ClientLimits
    let discovery: Remembered<APIDirectory>
    let rights: Remembered<AccessRules>
    /// What people call the server; nil where there is only one.
    let server: String?

    /// A client of the server that the transport leads to.
    ///
    /// `server`: what people call it, for messages. `random`: gives values in 0..<1, for waits
    /// that do not fall together.
    package init(
        transport: any KubernetesTransport,
        named server: String? = nil,
        clock: any KubernetesClock = SystemClock(),
        random: @escaping @Sendable () -> Double = { Double.random(in: 0..<1) },
        limits: ClientLimits = ClientLimits()
    ) {
        self.transport = transport
        self.server = server
        self.clock = clock
        self.random = random
        self.limits = limits
        discovery = Remembered()
        rights = Remembered()
    }

    /// The server's version, such as `v1.36.2`, or `v1.36` where it knows no more.
    package func version() async throws(KubernetesFault) -> String {
        let call = Call(KubernetesRequest("GET", "/version"), "get", "/version")
        let reply = try await send(call)
        let info = try reply.object()
        guard let version = info["gitVersion"]?.string else {
            throw .malformed(reason: "the server does not say which version it is")
        }
        // Servers that somebody built from source know the numbers alone.
        let numbers = ["major", "minor"].compactMap { info[$0]?.string }
        let isNumbered = numbers.count == 2 && !numbers.contains("")
        let told =
            version.hasPrefix("v0.0.0") && isNumbered
            ? "v\(numbers.joined(separator: "."))" : version
        return PlainText(told).text
    }

    /// Whether the server gives a usable answer, asked only once; one that asks for patience is
    /// there.
    package func answers(within timeout: Duration) async -> Bool {
        var request = KubernetesRequest("GET", "/version")
        request.timeout = timeout
        do throws(KubernetesFault) {
            let answer = try await open(Call(request, "get", "/version"))
            _ = try await answer.body.collect(upTo: limits.answerBytesMax)
            return true
        } catch {
            switch error {
            case .throttled, .busy: return true
            default: return false
            }
        }
    }

    /// Whether the server says of itself that it is ready.
    package func isReady() async throws(KubernetesFault) -> Bool {
        let call = Call(KubernetesRequest("GET", "/readyz"), "get", "/readyz")
        do throws(KubernetesFault) {
            _ = try await send(call)
            return true
        } catch {
            guard case .unavailable = error else { throw error }
            return false
        }
    }
}

/// One call: what is sent, and what it is for.
struct Call: Sendable {
    var request: KubernetesRequest
    let purpose: Purpose
    /// Whether doing it twice is the same as doing it once.
    let isRepeatable: Bool
    /// The kind whose path it is; a path that is not there then says something about the kind.
    var kind: GroupKind?

    init(
        _ request: KubernetesRequest,
        _ verb: String,
        _ resource: String,
        isSecret: Bool = false
    ) {
        self.request = request
        purpose = Purpose(verb: verb, resource: resource, isSecret: isSecret)
        isRepeatable = request.method != "POST"
    }

    /// A call about objects of a kind.
    init(_ request: KubernetesRequest, _ verb: String, _ resource: APIResource, _ part: String?) {
        let name = resource.permissionName + (part.map { "/\($0)" } ?? "")
        // Whatever stands in a Secret, or in the answer to a wish for a token, is not for logs.
        let isSecret = resource.kind == GroupKind(kind: "Secret") || part == "token"
        self.init(request, verb, name, isSecret: isSecret)
        kind = resource.kind
    }
}

/// A whole answer that says yes.
struct Reply: Sendable {
    let status: Int
    let headers: [(name: String, value: String)]
    let body: [UInt8]

    /// The answer as an object.
    func object() throws(KubernetesFault) -> JSONObject {
        do throws(JSONFault) {
            if let object = try JSON.parse(body, limits: .kubernetes).object { return object }
        } catch {
            throw .malformed(reason: "the API server's answer is no JSON: \(error.reason)")
        }
        throw .malformed(reason: "the API server's answer is no object")
    }

    /// RFC 9111 §5.5 without code and agent: `299 - "unknown field …"`.
    var warnings: [String] {
        headers.filter { $0.name == "warning" }.prefix(Self.warningsMax).map { header in
            let pieces = header.value.split(separator: "\"", omittingEmptySubsequences: false)
            guard pieces.count >= 3 else { return PlainText(header.value).text }
            return PlainText(pieces[1..<(pieces.count - 1)].joined(separator: "\"")).text
        }
    }

    /// Warnings that are kept of one answer.
    static let warningsMax = 20
}
