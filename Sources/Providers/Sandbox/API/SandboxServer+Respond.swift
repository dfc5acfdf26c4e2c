import Domain
import JSON
import Secrets

extension SandboxServer {
    /// What every answer carries, so that nobody takes the sandbox for a Kubernetes.
    private static let mark = (name: "x-slipway-sandbox", value: "true")

    /// What the API server of a cluster answers.
    package func respond(to request: SandboxRequest) async -> SandboxAnswer {
        var answer: SandboxAnswer
        if let visit = Visit(request) {
            // Who visits a public address has no token of the cluster.
            answer = await VisitAnswer(cluster: cluster(request.cluster), visit: visit).answer()
            answer.headers.append(Self.mark)
            return answer
        }
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
        let cluster = cluster(request.cluster)
        // Before anything else: who is not known here does not learn what is here.
        guard let identity = try await identity(of: request, in: cluster) else {
            throw SandboxStatus(.unauthorized, "Unauthorized")
        }
        _ = try await cluster.facts()
        guard let path = APIPath(request.path) else { throw .noSuchResource }
        try await PlayedFaults(cluster).play(on: path, request)
        switch path {
        case .version: return SandboxAnswer(200, try await cluster.versionText())
        case .health: return SandboxAnswer(200, text: "ok")
        default: break
        }
        let call = APICall(
            request: request,
            cluster: cluster,
            identity: try Self.impersonated(request, by: identity),
            query: APIQuery(request.query)
        )
        guard case .objects(let place) = path else {
            return try await DiscoveryAnswer(call).answer(path)
        }
        return try await objects(place, call)
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
        guard resource.isNamespaced || place.namespace == nil else { throw .noSuchResource }
        let target = APITarget(resource: resource, place: place, call: call)
        try await Permissions(call.cluster, call.identity).demand(target.question, resource)
        switch call.request.method {
        case "GET": return try await ReadAnswer(target).answer()
        case "POST": return try await WriteAnswer(target).post()
        case "PUT": return try await WriteAnswer(target).put()
        case "PATCH": return try await PatchAnswer(target).answer()
        case "DELETE": return try await DeleteAnswer(target).answer()
        default: throw .noSuchMethod
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
        let parts = header?.split(separator: " ", maxSplits: 1) ?? []
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
