import API
import Domain
import HTTP
import JSON
import Sandbox
import Secrets
import Storage

/// Serves the sandbox's clusters under `/sandbox/CLUSTER/`, and everything else by the API.
///
/// What is asked there is the API of Kubernetes, with its own tokens, its own limits and its own
/// way to refuse; the conventions of Slipway's API do not hold.
struct SandboxMount: RequestHandler {
    /// What the addresses of the sandbox start with.
    static let prefix = "/sandbox/"
    /// The most bytes of a request's body: 3 MiB, as in Kubernetes.
    private static let bodyBytesMax = 3_145_728

    let api: APIHandler
    let server: SandboxServer
    let storage: Storage
    let requests: SandboxRequests
    let uses: SandboxUses

    func respond(to request: Request) async -> Response {
        guard let (cluster, path) = Self.place(of: request) else {
            return await api.respond(to: request)
        }
        await uses.note(path)
        let answer: SandboxAnswer
        do throws(BodyFault) {
            answer = await server.respond(
                to: SandboxRequest(
                    cluster: String(cluster),
                    method: request.method.name,
                    path: path,
                    query: request.query,
                    headers: request.headers.all,
                    body: try await request.body.collect(upTo: Self.bodyBytesMax),
                    caller: await caller(of: request, in: String(cluster))
                )
            )
        } catch {
            answer = SandboxAnswer(refusingBody: error)
        }
        return Response(answer)
    }

    func answer(to fault: RequestFault, from peer: String) -> Response {
        api.answer(to: fault, from: peer)
    }

    func ended(_ exchange: Exchange) {
        guard let request = exchange.request, let (cluster, path) = Self.place(of: request) else {
            return api.ended(exchange)
        }
        requests.ended(exchange, with: request, to: cluster, at: path)
    }

    /// The cluster that is asked, and the path below its root; nil for Slipway's own API.
    private static func place(of request: Request) -> (cluster: Substring, path: String)? {
        guard request.path.hasPrefix(prefix) else { return nil }
        let rest = request.path.dropFirst(prefix.count)
        let cluster = rest.prefix { $0 != "/" }
        let path = rest.dropFirst(cluster.count)
        return (cluster, path.isEmpty ? "/" : String(path))
    }

    /// A platform admin's Slipway token opens the sandbox's management cluster.
    private func caller(of request: Request, in cluster: String) async -> SandboxRequest.Caller {
        guard cluster == SandboxServer.management,
            let text = SandboxServer.token(in: request.headers[.authorization]),
            // What is no token of Slipway is one of the sandbox, or nobody's.
            let token = try? Token(parsing: text),
            // Without an answer nobody is let in.
            let principal = try? await storage.tokens.principal(ofTokenHash: token.hash),
            principal.role == .platformAdmin
        else { return .header }
        return .administrator(principal.name)
    }
}

extension SandboxAnswer {
    fileprivate init(refusingBody fault: BodyFault) {
        self.init(SandboxStatus(.tooLarge, "the body of the request was not read: \(fault)"))
    }
}

extension Response {
    fileprivate init(_ answer: SandboxAnswer) {
        let body: ResponseBody =
            switch answer.body {
            case .bytes(let bytes): .bytes(bytes)
            case .stream(let run):
                .stream(length: nil) { writer in
                    try await run { bytes in
                        try await writer.write(bytes)
                        try await writer.flush()
                    }
                }
            }
        self.init(status: Status(code: answer.status), body: body)
        for field in answer.headers { headers.add(HeaderName(field.name), field.value) }
    }
}
