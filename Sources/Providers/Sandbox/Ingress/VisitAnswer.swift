import JSON

/// Plays the ingress controller, or the gateway, and the pod behind it.
struct VisitAnswer {
    /// What says which revision a pod runs, the first that is there.
    private static let revisions = ["slipway.dev/revision", "app.kubernetes.io/version"]
    /// The most pods among which one is chosen: 1,000.
    private static let podsMax = 1_000

    let cluster: SandboxCluster
    let visit: Visit

    /// What a browser is told.
    func answer() async -> SandboxAnswer {
        do throws(SandboxStatus) {
            return try await answered()
        } catch {
            return problem(.unavailable, "The sandbox cannot look at what is published.")
        }
    }

    private func answered() async throws(SandboxStatus) -> SandboxAnswer {
        guard visit.method == "GET" || visit.method == "HEAD" else {
            return problem(.methodNotAllowed, "The sandbox answers GET and HEAD alone.")
        }
        let table = try await asking { () async throws(SandboxOutage) in
            try await cluster.server.routes.table(of: cluster.name, in: cluster.server.records)
        }
        let fitting = table?.rules(for: visit.host).compactMap { rule in
            rule.fit(visit).map { (rule: rule, rank: $0) }
        }
        let best = fitting?.max { $0.rank.lexicographicallyPrecedes($1.rank) }
        guard let rule = best?.rule else { return problem(.notFound, Self.nowhere) }
        return try await answer(by: rule)
    }

    /// The same whatever is missing: who visits does not learn what else is there.
    private static let nowhere = "Nothing is published under this host and path."

    private func answer(by rule: RouteRule) async throws(SandboxStatus) -> SandboxAnswer {
        let turns = cluster.server.routes
        let choice = "\(cluster.name) \(rule.route) \(rule.number)"
        guard let place = turns.next(of: rule.backends.map(\.weight), for: choice) else {
            return problem(.unavailable, "The route names no Service that takes visits.")
        }
        let backend = rule.backends[place]
        let key = backend.service
        let words = "the Service \(key.name) in the namespace \(key.namespace ?? "")"
        guard let service = try await cluster.get(key) else {
            return problem(.unavailable, "There is no such thing as \(words).")
        }
        guard service.hasPort(backend.port) else {
            return problem(.unavailable, "The route's port is none of \(words).")
        }
        let pods = try await readyPods(of: service)
        let shares = pods.map { _ in 1 }
        guard let turn = turns.next(of: shares, for: "\(cluster.name) \(key)") else {
            return problem(.unavailable, "No pod of \(words) is ready.")
        }
        return SandboxAnswer(200, text(of: pods[turn], service, rule))
    }

    /// Those who take what is sent to a Service, by name.
    private func readyPods(of service: SandboxObject) async throws(SandboxStatus) -> [SandboxObject]
    {
        let selector = service.spec["selector"]?.object ?? JSONObject()
        guard !selector.isEmpty else { return [] }
        let query = SandboxQuery(.pod, namespace: service.namespace, limit: Self.podsMax)
        let page = try await asking { () async throws(SandboxOutage) in
            try await cluster.server.records.list(query, in: cluster.name)
        }
        return try (page?.records ?? []).map(SandboxObject.init).filter { pod in
            pod.isReadyPod && !pod.isDeleting
                && selector.allSatisfy { pod.labels[$0.key] == $0.value.string }
        }
    }

    private func text(
        of pod: SandboxObject,
        _ service: SandboxObject,
        _ rule: RouteRule
    ) -> JSON {
        var images = JSONObject()
        for container in pod.spec["containers"]?.array ?? [] {
            images[container["name"]?.string ?? ""] = container["image"]
        }
        var text: JSONObject = [
            "sandbox": true,
            "message": "Slipway's sandbox answers for this pod: nothing runs in it.",
            "host": .string(visit.host), "path": .string(visit.path),
            "route": [
                "kind": .string(rule.route.kind.name), "name": .string(rule.route.name),
            ],
            "namespace": .string(pod.namespace ?? ""), "service": .string(service.name),
            "pod": .string(pod.name), "images": .object(images),
        ]
        let revision = Self.revisions.lazy.compactMap { name in
            pod.labels[name] ?? pod.annotations[name]
        }.first { !$0.isEmpty }
        text["revision"] = revision.map { .string($0) }
        return .object(text)
    }

    private func problem(_ reason: SandboxStatus.Reason, _ detail: String) -> SandboxAnswer {
        var answer = SandboxAnswer(
            reason.code,
            [
                "type": "about:blank", "title": .string(Self.title(of: reason)),
                "status": .integer(reason.code), "detail": .string(detail), "sandbox": true,
            ],
            type: "application/problem+json"
        )
        if reason == .methodNotAllowed { answer.headers.append(("allow", "GET, HEAD")) }
        if reason == .unavailable { answer.headers.append(("retry-after", "1")) }
        return answer
    }

    private static func title(of reason: SandboxStatus.Reason) -> String {
        switch reason {
        case .notFound: "Not Found"
        case .methodNotAllowed: "Method Not Allowed"
        default: "Service Unavailable"
        }
    }
}

extension SandboxObject {
    /// Whether a Service has a port of that number or name; any where none is said.
    func hasPort(_ port: JSON?) -> Bool {
        guard let port else { return true }
        return (spec["ports"]?.array ?? []).contains { $0["port"] == port || $0["name"] == port }
    }
}
