import Domain
import EventLoop
import Git
import HTTP
import JSON
import Secrets
import Synchronization
import TestSupport

extension FakeForge {
    /// A repository of the forge.
    struct Repository: Sendable {
        var path: String
        var description = ""
        var isArchived = false
        /// Looks until it is there.
        var looksLeft = 0
        /// Keys and tokens that may read, by their ids.
        var readers: [Int: Reader] = [:]
    }

    struct Reader: Sendable {
        var title: String
        var secret: String
    }

    var repositories: [Repository] {
        state.withLock { $0.repositories.sorted { $0.key < $1.key }.map(\.value) }
    }

    /// Makes repositories by and by.
    func setSlow(_ looks: Int) { state.withLock { $0.looksToMake = looks } }

    /// Changes every repository by hand.
    func change(_ body: @Sendable (inout Repository) -> Void) {
        state.withLock { state in
            for (id, var found) in state.repositories {
                body(&found)
                state.repositories[id] = found
            }
        }
    }

    /// Somebody makes a repository of their own.
    func plant(_ path: String, description: String = "Mine.") {
        state.withLock { state in
            state.next += 1
            state.repositories[state.next] = Repository(path: path, description: description)
            git?.make(state.next)
        }
    }

    /// The folder of the repository of that path.
    func folder(of path: String) -> String? {
        let id = state.withLock { $0.repositories.first { $0.value.path == path }?.key }
        return id.flatMap { git?.folder($0) }
    }
}

/// The repositories of a played forge: its API for them as the three programs document theirs, and
/// stock Git behind it.
final class ForgeGit: Sendable {
    private let shell = Shell()
    private let backend: GitBackend

    init() throws {
        let folder = Shell()
        backend = try GitBackend(home: "\(folder.path)/home")
        home = folder
    }

    /// Keeps the folder of the backend.
    private let home: Shell

    func folder(_ id: Int) -> String { "\(shell.path)/\(id).git" }

    func make(_ id: Int) { shell.run("git init -q --bare -b main '\(folder(id))'") }

    private func remove(_ id: Int) { shell.run("rm -rf '\(folder(id))'") }

    /// The answer of the API; nil for what is not about repositories themselves.
    func answer(
        _ method: String,
        _ path: String,
        _ body: JSON,
        _ kind: ForgeKind,
        _ state: inout FakeForge.State
    ) -> (Int, JSON)? {
        let plain = path.replacing("%2F", with: "/").replacing("%2f", with: "/")
        var parts = plain.split(separator: "/").map(String.init)
        if parts.starts(with: ["api"]) { parts.removeFirst(2) }
        switch (method, parts.first) {
        case ("POST", "orgs") where parts.last == "repos":
            return parts[1] == "ada" ? (404, .null) : made(in: parts[1], body, kind, &state)
        case ("GET", "user"): return (200, ["login": "ada"])
        case ("POST", "user"): return made(in: "ada", body, kind, &state)
        case ("GET", "namespaces"): return (200, ["id": .string(parts[1])])
        case ("POST", "projects") where parts.count == 1:
            return made(in: body["namespace_id"]?.string ?? "", body, kind, &state)
        case (_, "repositories"), (_, "projects"), (_, "repos"):
            return about(method, Array(parts.dropFirst()), body, kind, &state)
        default: return nil
        }
    }

    private func made(
        in owner: String,
        _ body: JSON,
        _ kind: ForgeKind,
        _ state: inout FakeForge.State
    ) -> (Int, JSON) {
        let path = "\(owner)/\(body["name"]?.string ?? "")"
        if state.repositories.values.contains(where: { $0.path == path }) {
            let status = kind == .github ? 422 : kind == .gitlab ? 400 : 409
            return (status, ["message": "name already exists"])
        }
        state.next += 1
        let repository = FakeForge.Repository(
            path: path,
            description: body["description"]?.string ?? "",
            looksLeft: state.looksToMake
        )
        state.repositories[state.next] = repository
        make(state.next)
        return (201, shown(state.next, repository, kind))
    }

    private func shown(
        _ id: Int,
        _ repository: FakeForge.Repository,
        _ kind: ForgeKind
    ) -> JSON {
        [
            "id": .integer(id), "description": .string(repository.description),
            "archived": .bool(repository.isArchived),
            kind == .gitlab ? "path_with_namespace" : "full_name": .string(repository.path),
        ]
    }

    private func about(
        _ method: String,
        _ parts: [String],
        _ body: JSON,
        _ kind: ForgeKind,
        _ state: inout FakeForge.State
    ) -> (Int, JSON)? {
        let byID = parts.first.flatMap { Int($0) }
        let path = parts.prefix(2).joined(separator: "/")
        let rest = Array(parts.dropFirst(byID == nil ? 2 : 1))
        let id = byID ?? state.repositories.first { $0.value.path == path }?.key
        guard let id, var found = state.repositories[id] else {
            // Sources report about repositories that are not played.
            return rest.isEmpty || rest == ["branches"] ? (404, .null) : nil
        }
        defer { if state.repositories[id] != nil { state.repositories[id] = found } }
        switch (method, rest.last) {
        case ("GET", nil): return (200, shown(id, found, kind))
        case ("GET", "branches"):
            found.looksLeft -= 1
            return found.looksLeft < 0 ? (200, []) : (404, .null)
        case ("PATCH", nil), ("POST", "archive"):
            found.isArchived = true
            return (200, shown(id, found, kind))
        case ("DELETE", nil):
            state.repositories[id] = nil
            remove(id)
            return (204, .null)
        default: return readers(method, rest, body, kind, &found, &state.next)
        }
    }

    private func readers(
        _ method: String,
        _ rest: [String],
        _ body: JSON,
        _ kind: ForgeKind,
        _ found: inout FakeForge.Repository,
        _ next: inout Int
    ) -> (Int, JSON)? {
        let isGitLab = kind == .gitlab
        guard rest.first == (isGitLab ? "deploy_tokens" : "keys") else { return nil }
        switch method {
        case "GET":
            let entries = found.readers.sorted { $0.key < $1.key }.map { id, reader -> JSON in
                ["id": .integer(id), isGitLab ? "name" : "title": .string(reader.title)]
            }
            return (200, .array(entries))
        case "POST":
            next += 1
            let title = body[isGitLab ? "name" : "title"]?.string ?? ""
            let secret = body["key"]?.string ?? "gldt-\(next)"
            found.readers[next] = FakeForge.Reader(title: title, secret: secret)
            guard isGitLab else {
                return body["read_only"] == true ? (201, ["id": .integer(next)]) : (422, .null)
            }
            return (
                201,
                [
                    "id": .integer(next), "username": .string("gitlab+deploy-token-\(next)"),
                    "token": .string(secret),
                ]
            )
        default:
            found.readers[rest.last.flatMap { Int($0) } ?? 0] = nil
            return (204, .null)
        }
    }
}

// MARK: - Git over HTTP

extension ForgeGit {
    private enum Right { case none, read, write }

    /// Stock Git over HTTP with a password.
    func respond(to request: Request, of forge: FakeForge) async -> Response {
        let parts = request.path.split(separator: ".git/", maxSplits: 1).map(String.init)
        let path = String(parts[0].drop { $0 == "/" })
        let verb = parts.count > 1 ? parts[1] : ""
        let service =
            request.query?.contains("receive") ?? false || verb == "git-receive-pack"
            ? GitExchange.Service.receivePack : .uploadPack
        if forge.state.withLock(\.isDown) { return Response(status: .serviceUnavailable) }
        let right = right(of: request, to: path, forge)
        guard right != .none else {
            var headers = ResponseHeaders()
            headers.add(HeaderName("WWW-Authenticate"), "Basic realm=\"forge\"")
            return Response(status: .unauthorized, headers: headers)
        }
        guard let folder = forge.folder(of: path) else { return Response(status: .notFound) }
        let isArchived = forge.repositories.first { $0.path == path }?.isArchived ?? false
        if service == .receivePack, right == .read || isArchived {
            return Response(status: .forbidden)
        }
        let phase: GitExchange.Phase = verb == "info/refs" ? .advertisement : .negotiation
        do {
            return try await serve(request, service, phase, in: folder)
        } catch {
            return Response(status: .internalServerError)
        }
    }

    private func right(of request: Request, to path: String, _ forge: FakeForge) -> Right {
        guard let field = request.headers["authorization"], field.hasPrefix("Basic "),
            let bytes = Base64.decode(String(field.dropFirst(6)))
        else { return .none }
        let text = String(decoding: bytes, as: UTF8.self)
        let password = String(text.drop { $0 != ":" }.dropFirst())
        return forge.state.withLock { state in
            if password == state.token { return .write }
            let found = state.repositories.values.first { $0.path == path }
            let isReader = found?.readers.values.contains { $0.secret == password } ?? false
            return isReader ? .read : .none
        }
    }

    private func serve(
        _ request: Request,
        _ service: GitExchange.Service,
        _ phase: GitExchange.Phase,
        in folder: String
    ) async throws -> Response {
        let body = request.body
        let backend = backend
        let exchange = GitExchange(
            service: service,
            phase: phase,
            repository: folder,
            protocolHeader: request.headers["git-protocol"],
            caller: "test",
            isCompressed: request.headers["content-encoding"] == "gzip",
            read: { try await body.next() },
            write: { _ in }
        )
        let admitted = try await backend.admit(exchange)
        var headers = ResponseHeaders()
        headers.add(.contentType, exchange.contentType)
        return Response(
            status: .ok,
            headers: headers,
            body: .stream(length: nil) { writer in
                var wired = admitted
                wired.exchange.write = { try await writer.write($0) }
                try await backend.serve(wired)
            }
        )
    }
}
