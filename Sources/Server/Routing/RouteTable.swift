package import HTTP

/// All routes, checked and laid out for lookup by the bytes of a path.
///
/// A literal segment goes before a parameter and that before the rest; when a way leads nowhere,
/// the next one is tried.
package struct RouteTable: Sendable {
    /// What a path leads to.
    package enum Match: Sendable, Hashable {
        /// The route at `index` of `routes`.
        case found(index: Int, PathValues)
        /// The path exists for other methods.
        case methodNotAllowed(allow: [Method])
        /// No route has this path.
        case notFound
        /// The path cannot be decoded: a broken escape, a dot segment, a control character, or
        /// bytes that are no UTF-8.
        case malformed
    }

    /// The routes in the order in which they were given.
    package let routes: [Route]

    private let tree: RouteTree
    private let names: [[String]]

    /// Checks `routes` and lays them out.
    ///
    /// - Throws: `RouteFaults` with everything that is wrong.
    package init(_ routes: [Route]) throws(RouteFaults) {
        var tree = RouteTree()
        var faults: [String] = []
        var names: [[String]] = []
        var operations: Set<String> = []
        for (index, route) in routes.enumerated() {
            if !operations.insert(route.operation).inserted {
                faults.append("\(route.operation): two routes have this operation")
            }
            guard let pattern = RoutePattern(route.pattern, faults: &faults) else { continue }
            names.append(pattern.names)
            do throws(RouteConflict) {
                try tree.add(pattern, route.method, index: index)
            } catch {
                faults.append(RouteTable.sentence(error, about: route, among: routes))
            }
        }
        guard faults.isEmpty else { throw RouteFaults(faults: faults) }
        self.routes = routes
        self.tree = tree
        self.names = names
    }

    /// Finds the route for `request`.
    package func match(_ request: Request) -> Match {
        request.withPath { match(request.method, $0) }
    }

    /// Finds the route for `method` and `path` as it was sent; HEAD finds GET's route where there
    /// is none of its own.
    package func match(_ method: Method, path: String) -> Match {
        let bytes = Array(path.utf8)
        return match(method, bytes.span)
    }

    private func match(_ method: Method, _ bytes: Span<UInt8>) -> Match {
        guard let path = DecodedPath(bytes) else {
            return bytes.count == 1 ? .notFound : .malformed
        }
        var search = RouteSearch(tree: tree, path: path, method: method)
        if let index = search.find(from: 0, segment: 0) {
            return .found(
                index: index,
                PathValues(names: names[index], values: search.captured)
            )
        }
        return search.allowed.isEmpty
            ? .notFound : .methodNotAllowed(allow: search.allowedMethods)
    }

    private static func sentence(
        _ conflict: RouteConflict,
        about route: Route,
        among routes: [Route]
    ) -> String {
        switch conflict {
        case .sameAs(let index):
            """
            \(route.operation): \(route.method.name) \(route.pattern) is already \
            \(routes[index].operation)
            """
        case .parameterNamed(let name):
            "\(route.operation): another route calls a parameter of \(route.pattern) {\(name)}"
        }
    }
}

/// What is wrong with a set of routes.
package struct RouteFaults: Error, Sendable, Hashable, CustomStringConvertible {
    /// One sentence each.
    package let faults: [String]

    package var description: String { faults.joined(separator: "\n") }
}

/// One way through the tree after the other, until one has a route for the method.
private struct RouteSearch {
    let tree: RouteTree
    let path: DecodedPath
    let method: Method
    var captured: [String] = []
    /// Methods of the leaves that the path reached.
    var allowed: [Method] = []

    /// What `Allow` says: HEAD where there is GET, and OPTIONS always.
    var allowedMethods: [Method] {
        var methods: [Method] = []
        for method in allowed where !methods.contains(method) {
            methods.append(method)
            if method == .get, !allowed.contains(.head) { methods.append(.head) }
        }
        return methods.contains(.options) ? methods : methods + [.options]
    }

    mutating func find(from node: Int, segment: Int) -> Int? {
        guard segment < path.segments.count else { return route(in: tree.nodes[node].leaf) }
        for literal in tree.nodes[node].literals where path.segment(segment, equals: literal.text) {
            if let found = find(from: literal.node, segment: segment + 1) { return found }
        }
        guard !path.segments[segment].isEmpty else { return rest(node, segment) }
        if let verb = verb(node, segment) { return verb.route }
        if let parameter = tree.nodes[node].parameter {
            captured.append(path.text(segment))
            if let found = find(from: parameter, segment: segment + 1) { return found }
            captured.removeLast()
        }
        return rest(node, segment)
    }

    /// A known verb at the end of a path, and its route where it has one for the method.
    private struct VerbMatch {
        let route: Int?
    }

    /// The route of a verb that ends the path; its methods are those that the path has, also where
    /// the parameter alone has others.
    private mutating func verb(
        _ node: Int,
        _ segment: Int
    ) -> VerbMatch? {
        let verbs = tree.nodes[node].verbs
        guard !verbs.isEmpty, segment == path.segments.count - 1 else { return nil }
        let range = path.segments[segment]
        guard let colon = path.bytes[range].lastIndex(of: UInt8(ascii: ":")),
            colon > range.lowerBound
        else { return nil }
        let verb = path.bytes[(colon + 1)..<range.upperBound]
        guard let known = verbs.first(where: { verb.elementsEqual($0.text) }) else {
            return nil
        }
        guard let found = route(in: known.leaf) else { return VerbMatch(route: nil) }
        captured.append(path.text(range.lowerBound..<colon))
        return VerbMatch(route: found)
    }

    /// All segments from `segment` on as one value; one that holds a decoded slash is refused,
    /// because it could not be told from two.
    private mutating func rest(_ node: Int, _ segment: Int) -> Int? {
        guard let leaf = tree.nodes[node].rest else { return nil }
        let left = path.segments[segment...]
        guard left.allSatisfy({ !$0.isEmpty && !path.bytes[$0].contains(UInt8(ascii: "/")) })
        else { return nil }
        guard let found = route(in: leaf) else { return nil }
        captured.append(left.map { path.text($0) }.joined(separator: "/"))
        return found
    }

    private mutating func route(in leaf: RouteTree.Leaf) -> Int? {
        if let own = leaf.routes.first(where: { $0.method == method }) { return own.index }
        if method == .head, let get = leaf.routes.first(where: { $0.method == .get }) {
            return get.index
        }
        allowed.append(contentsOf: leaf.routes.map(\.method))
        return nil
    }
}
