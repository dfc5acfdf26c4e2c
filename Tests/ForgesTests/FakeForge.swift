import Domain
import EventLoop
import HTTP
import JSON
import Synchronization

/// A forge over real HTTP: keeps comments, statuses and deployments as the three programs document
/// their APIs, and fails as it is told to.
final class FakeForge: RequestHandler {
    struct Call: Sendable, Equatable {
        let method: String
        let path: String
        let body: JSON
    }

    /// An answer instead of the right one.
    struct Fault: Sendable {
        var status: Int
        var fields: [(String, String)] = []
    }

    struct State {
        var calls: [Call] = []
        var comments: [Int: String] = [:]
        var deployments: [Int: String] = [:]
        var environments: Set<String> = []
        var next = 100
        var faults: [Fault] = []
        var isDown = false
        var meanwhile: (@Sendable () -> Void)?
        var token: String
        /// Repositories by their ids.
        var repositories: [Int: Repository] = [:]
        /// Looks at a new repository before it is there.
        var looksToMake = 0
    }

    let kind: ForgeKind
    let state: Mutex<State>
    /// Where its Git repositories are; nil where it has none.
    let git: ForgeGit?

    init(_ kind: ForgeKind, token: String, git: ForgeGit? = nil) {
        self.kind = kind
        self.git = git
        state = Mutex(State(token: token))
    }

    /// Takes another token from now on, and no longer the one before.
    func setToken(_ token: String) { state.withLock { $0.token = token } }

    var calls: [Call] { state.withLock { $0.calls } }
    var comments: [String] {
        state.withLock { $0.comments.sorted { $0.key < $1.key }.map(\.value) }
    }
    var writes: [Call] { calls.filter { $0.method != "GET" } }

    /// Forgets what was asked, not what stands.
    func forgetCalls() { state.withLock { $0.calls = [] } }

    /// Answers everything with 503, or no longer.
    func setDown(_ isDown: Bool) { state.withLock { $0.isDown = isDown } }

    /// Answers the next calls so.
    func fail(_ faults: Fault...) { state.withLock { $0.faults = faults } }

    /// Has something happen while the next call is under way.
    func during(_ body: @escaping @Sendable () -> Void) {
        state.withLock { $0.meanwhile = body }
    }

    /// Somebody deletes every comment by hand.
    func deleteComments() { state.withLock { $0.comments = [:] } }

    func respond(to request: Request) async -> Response {
        if let git, request.path.contains(".git/") {
            return await git.respond(to: request, of: self)
        }
        let bytes = (try? await request.body.collect(upTo: 1 << 20)) ?? []  // Missed then.
        let body = (try? JSON.parse(bytes)) ?? .null  // Compared by the test.
        let meanwhile = state.withLock { state in
            defer { state.meanwhile = nil }
            return state.meanwhile
        }
        meanwhile?()
        let shown = request.headers["authorization"] ?? request.headers["private-token"] ?? ""
        guard shown.hasSuffix(state.withLock(\.token)) else {
            return Self.answer(401, ["message": "Bad credentials"])
        }
        let (status, fields, document): (Int, [(String, String)], JSON) = state.withLock { state in
            state.calls.append(Call(method: request.method.name, path: request.path, body: body))
            if state.isDown { return (503, [], .null) }
            if !state.faults.isEmpty {
                let fault = state.faults.removeFirst()
                return (fault.status, fault.fields, ["message": "as told"])
            }
            let path = request.path
            let made = git?.answer(request.method.name, path, body, kind, &state)
            let answer = made ?? self.answer(request.method.name, path, body, &state)
            return (answer.0, [], answer.1)
        }
        return Self.answer(status, document, fields)
    }

    private func answer(
        _ method: String,
        _ path: String,
        _ body: JSON,
        _ state: inout State
    ) -> (Int, JSON) {
        let last = path.split(separator: "/").last.map(String.init) ?? ""
        switch last {
        case "rate_limit": return kind == .github ? (200, ["resources": [:]]) : (404, .null)
        case "version":
            return kind == .gitlab
                ? (200, ["version": "18.1.0", "revision": "abc"]) : (200, ["version": "1.24.0"])
        case "user": return (200, ["login": "slipway"])
        case "comments", "notes":
            if method == "GET" {
                let all = state.comments.sorted { $0.key < $1.key }
                return (
                    200, .array(all.map { ["id": .integer($0.key), "body": .string($0.value)] })
                )
            }
            state.next += 1
            state.comments[state.next] = body["body"]?.string
            return (201, ["id": .integer(state.next)])
        case "deployments":
            if method == "GET" { return (200, []) }
            state.next += 1
            state.deployments[state.next] = ""
            return (201, ["id": .integer(state.next)])
        case "environments":
            if method == "GET" {
                return (200, .array(state.environments.isEmpty ? [] : [["id": 3]]))
            }
            state.environments.insert(body["name"]?.string ?? "")
            return (201, ["id": 3])
        default: return changed(last, path, body, &state)
        }
    }

    private func changed(
        _ last: String,
        _ path: String,
        _ body: JSON,
        _ state: inout State
    ) -> (Int, JSON) {
        guard path.contains("/comments/") || path.contains("/notes/") else { return (201, [:]) }
        guard let id = Int(last), state.comments[id] != nil else { return (404, .null) }
        state.comments[id] = body["body"]?.string
        return (200, ["id": .integer(id)])
    }

    private static func answer(
        _ status: Int,
        _ document: JSON,
        _ fields: [(String, String)] = []
    ) -> Response {
        var headers = ResponseHeaders()
        for (name, value) in fields { headers.add(HeaderName(name), value) }
        return Response(
            status: Status(code: status),
            headers: headers,
            body: .bytes(document.serialized())
        )
    }

    func answer(to fault: RequestFault, from peer: String) -> Response {
        Response(status: .badRequest)
    }

    func ended(_ exchange: Exchange) {}
}
