import HTTP

/// Routes as a tree whose nodes are segments, laid out in flat arrays once it is complete.
struct RouteTree: Sendable {
    struct Node: Sendable {
        var literals: [(text: [UInt8], node: Int)] = []
        var parameter: Int?
        var verbs: [(text: [UInt8], leaf: Leaf)] = []
        var rest: Leaf?
        var leaf = Leaf()
        /// What the routes call the parameter at this place.
        var parameterName: String?
    }

    /// Where a path ends: a route for each method.
    struct Leaf: Sendable {
        var routes: [(method: Method, index: Int)] = []
    }

    private(set) var nodes = [Node()]

    /// Adds the route at `index`.
    ///
    /// - Throws: `RouteConflict` when another route has the same paths and method, or another
    ///   name for one of the parameters.
    mutating func add(
        _ pattern: RoutePattern,
        _ method: Method,
        index: Int
    ) throws(RouteConflict) {
        var node = 0
        for segment in pattern.segments {
            switch segment {
            case .literal(let text):
                node = literal(Array(text.utf8), under: node)
            case .parameter(let name):
                try nameParameter(name, under: node)
                node = parameter(under: node)
            case .verb(let name, let verb):
                try nameParameter(name, under: node)
                try addVerb(Array(verb.utf8), method, index, under: node)
                return
            case .rest:
                var leaf = nodes[node].rest ?? Leaf()
                try leaf.add(method, index)
                nodes[node].rest = leaf
                return
            }
        }
        try nodes[node].leaf.add(method, index)
    }

    private mutating func literal(_ text: [UInt8], under node: Int) -> Int {
        if let found = nodes[node].literals.first(where: { $0.text == text }) { return found.node }
        nodes.append(Node())
        nodes[node].literals.append((text, nodes.count - 1))
        return nodes.count - 1
    }

    private mutating func parameter(under node: Int) -> Int {
        if let found = nodes[node].parameter { return found }
        nodes.append(Node())
        nodes[node].parameter = nodes.count - 1
        return nodes.count - 1
    }

    private mutating func addVerb(
        _ verb: [UInt8],
        _ method: Method,
        _ index: Int,
        under node: Int
    ) throws(RouteConflict) {
        if let found = nodes[node].verbs.firstIndex(where: { $0.text == verb }) {
            try nodes[node].verbs[found].leaf.add(method, index)
        } else {
            nodes[node].verbs.append((verb, Leaf(routes: [(method, index)])))
        }
    }

    private mutating func nameParameter(
        _ name: String,
        under node: Int
    ) throws(RouteConflict) {
        if let other = nodes[node].parameterName, other != name {
            throw .parameterNamed(other)
        }
        nodes[node].parameterName = name
    }
}

/// Why a route cannot stand beside those before it.
enum RouteConflict: Error {
    case sameAs(index: Int)
    case parameterNamed(String)
}

extension RouteTree.Leaf {
    mutating func add(_ method: Method, _ index: Int) throws(RouteConflict) {
        if let other = routes.first(where: { $0.method == method }) {
            throw .sameAs(index: other.index)
        }
        routes.append((method, index))
    }
}
