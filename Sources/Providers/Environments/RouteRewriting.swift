import Contract
import Domain
import JSON
import Kubernetes

/// The kinds of routes through which traffic is split, the one that is preferred first.
enum RouteKind: String, Sendable, CaseIterable {
    /// Gateway API.
    case httpRoute = "HTTPRoute"
    /// Istio.
    case virtualService = "VirtualService"

    var kind: GroupKind {
        switch self {
        case .httpRoute: GroupKind(group: "gateway.networking.k8s.io", kind: rawValue)
        case .virtualService: GroupKind(group: "networking.istio.io", kind: rawValue)
        }
    }
}

/// A template's route, which leads to what is new as well.
///
/// Whoever is known by the header, or by what the share asks for, gets a rule of their own before
/// the rule that they would take; the weights stand in that one.
struct RouteRewriting: Sendable {
    /// Limits of HTTPRoute in `gateway.networking.k8s.io/v1`.
    private static let rulesMax = 16
    private static let matchesMax = 64

    /// The largest weight that a reference of an HTTPRoute may have.
    private static let weightMax = 1_000_000

    /// The Service of what runs.
    let service: String
    /// The Service of what is new.
    let canary: String
    /// What the checks send.
    let header: (name: String, value: String)

    /// The route with that share.
    func rewritten(
        _ route: JSON,
        of kind: RouteKind,
        _ share: TrafficSplit.Share
    ) throws(ProviderFault) -> JSON {
        let member = kind == .httpRoute ? "rules" : "http"
        var rules: [JSON] = []
        var isFound = false
        for rule in route["spec"]?[member]?.array ?? [] {
            let references = kind == .httpRoute ? rule["backendRefs"] : rule["route"]
            guard (references?.array ?? []).contains(where: { leads($0, kind) }) else {
                rules.append(rule)
                continue
            }
            isFound = true
            rules.append(try chosen(rule, kind, share))
            rules.append(weighted(rule, kind, share))
        }
        guard isFound else {
            let name = route["metadata"]?["name"]?.string ?? ""
            throw .refused(
                reason: "\(kind.rawValue)/\(name) has no rule that leads to Service/\(service)"
            )
        }
        guard kind != .httpRoute || rules.count <= Self.rulesMax else {
            throw .refused(
                reason: "the HTTPRoute would have \(rules.count) rules, and \(Self.rulesMax) are "
                    + "allowed"
            )
        }
        return route.changing(["spec", member]) { _ in .array(rules) }
    }

    /// The rule for those who are known.
    private func chosen(
        _ rule: JSON,
        _ kind: RouteKind,
        _ share: TrafficSplit.Share
    ) throws(ProviderFault) -> JSON {
        var wanted = [RolloutMatch(kind: .header, name: header.name, value: header.value)]
        if case .match(let match) = share { wanted += match }
        let member = kind == .httpRoute ? "matches" : "match"
        let given = rule[member]?.array ?? []
        var matches: [JSON] = []
        for match in given.isEmpty ? [.object(JSONObject())] : given {
            for one in wanted { matches.append(try match.adding(one, kind)) }
        }
        guard kind != .httpRoute || matches.count <= Self.matchesMax else {
            throw .refused(
                reason: "a rule of the HTTPRoute would have \(matches.count) matches, and "
                    + "\(Self.matchesMax) are allowed"
            )
        }
        var next = rule.object ?? JSONObject()
        // Names of rules are unique within a route.
        next["name"] = nil
        next[member] = .array(matches)
        return changing(references: .object(next), kind) { reference in
            [pointing(reference, kind)]
        }
    }

    /// The rule for everybody else.
    private func weighted(_ rule: JSON, _ kind: RouteKind, _ share: TrafficSplit.Share) -> JSON {
        guard case .weight(let percent) = share else { return rule }
        let isRoute = kind == .httpRoute
        let references = rule[isRoute ? "backendRefs" : "route"]?.array ?? []
        let usual = isRoute ? 1 : references.count == 1 ? 100 : 0
        let weights = references.map { weight(of: $0, usual) }
        // Weights of a VirtualService are percent; those of an HTTPRoute only compare, and are made
        // larger so that a percent of each is a whole number, as far as they may go.
        let factor = isRoute ? min(100, Self.weightMax / max(1, weights.max() ?? 1)) : 1
        return changing(references: rule, kind) { reference in
            let whole = weight(of: reference, usual) * factor
            let part = whole * percent / 100
            return [reference.weighing(whole - part), pointing(reference, kind).weighing(part)]
        } others: { reference in
            isRoute ? reference.weighing(weight(of: reference, usual) * factor) : reference
        }
    }

    /// The weight of a reference, as far as an HTTPRoute may have one.
    private func weight(of reference: JSON, _ usual: Int) -> Int {
        max(0, min(reference["weight"]?.int ?? usual, Self.weightMax))
    }

    private func changing(
        references rule: JSON,
        _ kind: RouteKind,
        _ change: (JSON) -> [JSON],
        others: (JSON) -> JSON = { $0 }
    ) -> JSON {
        rule.changing([kind == .httpRoute ? "backendRefs" : "route"]) { references in
            .array(
                (references.array ?? []).flatMap { reference in
                    leads(reference, kind) ? change(reference) : [others(reference)]
                }
            )
        }
    }

    /// Whether a reference leads to what runs.
    private func leads(_ reference: JSON, _ kind: RouteKind) -> Bool {
        switch kind {
        case .httpRoute:
            let target = reference["kind"]?.string ?? "Service"
            return target == "Service" && reference["name"]?.string == service
        case .virtualService:
            let host = reference["destination"]?["host"]?.string ?? ""
            return host == service || host.hasPrefix(service + ".")
        }
    }

    /// The reference, to what is new.
    private func pointing(_ reference: JSON, _ kind: RouteKind) -> JSON {
        switch kind {
        case .httpRoute: return reference.changing(["name"]) { _ in .string(canary) }
        case .virtualService:
            return reference.changing(["destination", "host"]) { host in
                .string(canary + (host.string ?? "").dropFirst(service.utf8.count))
            }
        }
    }
}

extension JSON {
    fileprivate func weighing(_ weight: Int) -> JSON {
        var object = object ?? JSONObject()
        object["weight"] = .integer(weight)
        return .object(object)
    }

    /// A match of a rule that also asks for that.
    fileprivate func adding(
        _ match: RolloutMatch,
        _ kind: RouteKind
    ) throws(ProviderFault) -> JSON {
        let name = match.kind == .cookie ? "cookie" : match.name.lowercased()
        let pattern = match.kind == .cookie ? match.cookiePattern : nil
        var object = object ?? JSONObject()
        switch kind {
        case .httpRoute:
            var headers = object["headers"]?.array ?? []
            // Of two entries for one header only the first counts.
            guard !headers.contains(where: { $0["name"]?.string?.lowercased() == name }) else {
                throw Self.taken(name)
            }
            headers.append([
                "type": .string(pattern == nil ? "Exact" : "RegularExpression"),
                "name": .string(name), "value": .string(pattern ?? match.value),
            ])
            object["headers"] = .array(headers)
        case .virtualService:
            var headers = object["headers"]?.object ?? JSONObject()
            guard headers[name] == nil else { throw Self.taken(name) }
            headers[name] =
                pattern.map { ["regex": .string($0)] } ?? ["exact": .string(match.value)]
            object["headers"] = .object(headers)
        }
        return .object(object)
    }

    private static func taken(_ name: String) -> ProviderFault {
        .refused(reason: "a rule of the route already matches the header \(name)")
    }
}

extension RolloutMatch {
    /// The expression that the whole header `Cookie` matches where one of its cookies is this one.
    fileprivate var cookiePattern: String {
        func quoted(_ text: String) -> String {
            text.map { ".+*?^$()[]{}|/".contains($0) ? "\\\($0)" : "\($0)" }.joined()
        }
        return "^(.*; *)?\(quoted(name))=\(quoted(value))(;.*)?$"
    }
}
