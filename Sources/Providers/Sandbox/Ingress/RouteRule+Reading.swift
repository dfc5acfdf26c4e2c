import JSON

extension RouteRule {
    /// What an Ingress or HTTPRoute says, as far as a controller has taken it.
    static func rules(of object: SandboxObject) -> [RouteRule] {
        object.kind == .ingress ? rules(ofIngress: object) : rules(ofRoute: object)
    }

    // MARK: Ingress

    private static func rules(ofIngress object: SandboxObject) -> [RouteRule] {
        guard object.status["loadBalancer"]?["ingress"]?[0] != nil else { return [] }
        var rules: [RouteRule] = []
        for rule in object.spec["rules"]?.array ?? [] {
            for path in rule["http"]?["paths"]?.array ?? [] {
                rules.append(
                    RouteRule(
                        route: object.key,
                        number: rules.count,
                        hosts: rule["host"]?.string.map { [$0.lowercased()] } ?? [],
                        path: path["pathType"] == "Exact"
                            ? .exact(path["path"]?.string ?? "/")
                            : .prefix(path["path"]?.string ?? "/"),
                        backends: backend(path["backend"], of: object)
                    )
                )
            }
        }
        let rest = backend(object.spec["defaultBackend"], of: object)
        guard !rest.isEmpty else { return rules }
        return rules + [
            RouteRule(
                route: object.key,
                number: rules.count,
                hosts: [],
                path: .prefix("/"),
                backends: rest
            )
        ]
    }

    private static func backend(_ json: JSON?, of object: SandboxObject) -> [Backend] {
        guard let service = json?["service"], let name = service["name"]?.string else { return [] }
        let port = service["port"]
        return [
            Backend(
                service: SandboxKey(.service, object.namespace, name),
                port: port?["number"] ?? port?["name"],
                weight: 1
            )
        ]
    }

    // MARK: HTTPRoute

    private static func rules(ofRoute object: SandboxObject) -> [RouteRule] {
        let isTaken = (object.status["parents"]?.array ?? []).contains { parent in
            let conditions = parent["conditions"]?.array ?? []
            return conditions.contains { $0["type"] == "Accepted" && $0["status"] == "True" }
        }
        guard isTaken else { return [] }
        let hosts = (object.spec["hostnames"]?.array ?? []).compactMap(\.string)
        var rules: [RouteRule] = []
        for rule in object.spec["rules"]?.array ?? [] {
            let backends = HTTPBackends(of: object).backends(of: rule)
            for match in rule["matches"]?.array ?? [[:]] {
                rules.append(
                    RouteRule(
                        route: object.key,
                        number: rules.count,
                        hosts: hosts.map { $0.lowercased() },
                        path: path(match["path"]),
                        method: match["method"]?.string,
                        headers: fields(match["headers"]),
                        parameters: fields(match["queryParams"]),
                        backends: backends
                    )
                )
            }
        }
        return rules
    }

    private static func path(_ json: JSON?) -> Path {
        let value = json?["value"]?.string ?? "/"
        switch json?["type"]?.string {
        case "Exact": return .exact(value)
        case "RegularExpression":
            // Without a path that starts with `/` nothing is matched: the expression is wrong.
            return TextPattern.ofRoute(value).map { .pattern($0) } ?? .exact("")
        default: return .prefix(value)
        }
    }

    private static func fields(_ json: JSON?) -> [Field] {
        (json?.array ?? []).map { field in
            let text = field["value"]?.string ?? ""
            let isPattern = field["type"] == "RegularExpression"
            return Field(
                name: field["name"]?.string ?? "",
                value: isPattern
                    ? TextPattern.ofRoute(text).map { .pattern($0) } ?? .nothing : .exact(text)
            )
        }
    }
}

/// The Services to which an HTTPRoute sends visits.
struct HTTPBackends {
    let object: SandboxObject

    init(of object: SandboxObject) { self.object = object }

    /// The Services of one rule; those of other namespaces take no visits.
    func backends(of rule: JSON) -> [RouteRule.Backend] {
        (rule["backendRefs"]?.array ?? []).compactMap { reference in
            guard refusal(of: reference) == nil, let name = reference["name"]?.string else {
                return nil
            }
            return RouteRule.Backend(
                service: SandboxKey(.service, object.namespace, name),
                port: reference["port"],
                weight: max(0, min(reference["weight"]?.int ?? 1, 1_000_000))
            )
        }
    }

    /// Why a reference leads nowhere whatever stands there: the reason of the condition and words
    /// for it; nil where it may lead somewhere.
    func refusal(of reference: JSON) -> (reason: String, message: String)? {
        let kind = reference["kind"]?.string ?? "Service"
        guard kind == "Service", reference["group"]?.string ?? "" == "" else {
            return ("InvalidKind", "the backend \(kind) is no Service")
        }
        let namespace = reference["namespace"]?.string ?? object.namespace
        guard namespace == object.namespace else {
            let text = "the sandbox knows no ReferenceGrants: the Service must be in the namespace"
            return ("RefNotPermitted", text)
        }
        return nil
    }
}
