import Domain
import JSON
import Secrets

extension SandboxServer {
    /// What every answer carries, so that nobody takes the sandbox for a Kubernetes.
    private static let mark = (name: "x-slipway-sandbox", value: "true")

    /// What the API server of a cluster answers.
    package func respond(to request: SandboxRequest) async -> SandboxAnswer {
        var answer: SandboxAnswer
        do throws(SandboxStatus) {
            answer = try await answered(request)
        } catch {
            answer = SandboxAnswer(error)
        }
        answer.headers.append(Self.mark)
        return answer
    }

    private func answered(
        _ request: SandboxRequest
    ) async throws(SandboxStatus) -> SandboxAnswer {
        let head = try await asking { () async throws(SandboxOutage) in
            try await records.head(of: request.cluster)
        }
        guard head != nil else {
            throw SandboxStatus(.notFound, "there is no sandbox cluster \(request.cluster)")
        }
        let cluster = cluster(request.cluster)
        guard let path = APIPath(request.path) else { throw .noSuchResource }
        let query = APIQuery(request.query)
        let identity = try await identity(of: request, in: cluster)
        guard let identity else {
            if path == .health || path == .version { return openAnswer(path) }
            throw SandboxStatus(.unauthorized, "Unauthorized")
        }
        let call = APICall(
            request: request,
            cluster: cluster,
            identity: try Self.impersonated(request, by: identity),
            query: query
        )
        try await PlayedFaults(call).play(on: path)
        switch path {
        case .version, .health: return openAnswer(path)
        case .core, .groups, .group, .resources, .oldOpenAPI, .openAPI:
            return try await DiscoveryAnswer(call).answer(path)
        case .objects(let place):
            return try await objects(place, call)
        }
    }

    private func openAnswer(_ path: APIPath) -> SandboxAnswer {
        guard path == .version else { return SandboxAnswer(200, text: "ok") }
        return SandboxAnswer(
            200,
            [
                "major": "1", "minor": "34", "gitVersion": "v1.34.0+slipway-sandbox",
                "gitCommit": "slipway-sandbox", "gitTreeState": "clean",
                "buildDate": "1970-01-01T00:00:00Z", "goVersion": "none", "compiler": "swift",
                "platform": "slipway/sandbox",
            ]
        )
    }

    private func objects(
        _ place: APIPath.Place,
        _ call: APICall
    ) async throws(SandboxStatus) -> SandboxAnswer {
        if let answer = try await ReviewAnswer(call).answer(place) { return answer }
        let resource = try await call.cluster.resource(
            group: place.group,
            version: place.version,
            plural: place.plural
        )
        guard resource.isNamespaced || place.namespace == nil else {
            throw .noSuchResource
        }
        let target = APITarget(resource: resource, place: place, call: call)
        try await Permissions(call.cluster, call.identity).demand(target.question, resource)
        switch call.request.method {
        case "GET": return try await ReadAnswer(target).answer()
        case "POST": return try await WriteAnswer(target).post()
        case "PUT": return try await WriteAnswer(target).put()
        case "PATCH": return try await PatchAnswer(target).answer()
        case "DELETE": return try await DeleteAnswer(target).answer()
        default:
            throw .noSuchMethod
        }
    }

    /// Who asks; nil for nobody known.
    private func identity(
        of request: SandboxRequest,
        in cluster: SandboxCluster
    ) async throws(SandboxStatus) -> SandboxIdentity? {
        if case .administrator(let name) = request.caller { return .administrator(name) }
        guard let token = Self.token(in: request.header("authorization")),
            let identity = cluster.tokens.identity(of: token, at: cluster.now)
        else { return nil }
        guard let account = identity.account else { return identity }
        // A token ends with its ServiceAccount.
        guard try await cluster.get(account.key)?.uid == account.uid else { return nil }
        return identity
    }

    /// Whom the caller acts for, where it is somebody else.
    private static func impersonated(
        _ request: SandboxRequest,
        by identity: SandboxIdentity
    ) throws(SandboxStatus) -> SandboxIdentity {
        guard let user = request.header("impersonate-user") else { return identity }
        guard identity.groups.contains("system:masters") else {
            throw SandboxStatus(
                .forbidden,
                "users \"\(user)\" is forbidden: User \"\(identity.user)\" cannot impersonate "
                    + "resource \"users\" in API group \"\" at the cluster scope"
            )
        }
        let groups = request.headers.filter { $0.name.lowercased() == "impersonate-group" }
        return SandboxIdentity(user: user, groups: groups.map(\.value) + ["system:authenticated"])
    }

    /// The bearer token, or the password of a URL, as kubectl sends it without TLS.
    package static func token(in header: String?) -> String? {
        guard let header else { return nil }
        let parts = header.split(separator: " ", maxSplits: 1)
        guard parts.count == 2 else { return nil }
        switch parts[0].lowercased() {
        case "bearer": return String(parts[1])
        case "basic":
            guard let bytes = Base64.decode(String(parts[1])),
                let colon = bytes.firstIndex(of: UInt8(ascii: ":"))
            else { return nil }
            return String(decoding: bytes[(colon + 1)...], as: UTF8.self)
        default: return nil
        }
    }
}

/// What a request is about, once its kind is known.
struct APITarget: Sendable {
    let resource: SandboxResource
    let place: APIPath.Place
    let call: APICall

    /// The version in which objects come and go.
    var apiVersion: String { resource.apiVersion(place.version) }

    /// The object; nil where the request is about all of them.
    var key: SandboxKey? {
        place.name.map { SandboxKey(resource.kind, place.namespace, $0) }
    }

    /// Whether the answer is a watch.
    var isWatch: Bool { call.query.isSet("watch") }

    /// What the request does, in the words of roles.
    static func verb(_ call: APICall, _ place: APIPath.Place) -> String {
        switch call.request.method {
        case "POST": "create"
        case "PUT": "update"
        case "PATCH": "patch"
        case "DELETE": place.name == nil ? "deletecollection" : "delete"
        default:
            call.query.isSet("watch") ? "watch" : place.name == nil ? "list" : "get"
        }
    }

    /// What the caller must be allowed to do.
    var question: AccessQuestion {
        AccessQuestion(
            verb: Self.verb(call, place),
            group: place.group,
            resource: place.subresource.map { "\(place.plural)/\($0)" } ?? place.plural,
            namespace: place.namespace ?? (place.plural == "namespaces" ? place.name : nil),
            name: place.name
        )
    }
}
