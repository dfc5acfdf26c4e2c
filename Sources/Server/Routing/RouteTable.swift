package import HTTP

/// All routes, checked and laid out for lookup by the bytes of a path.
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

    /// Checks `routes` and lays them out.
    ///
    /// - Throws: `RouteFaults` with everything that is wrong.
    package init(_ routes: [Route]) throws(RouteFaults) {
        preconditionFailure("not built yet")
    }

    /// Finds the route for `method` and `path` as it was sent; HEAD finds GET's route where there
    /// is none of its own.
    package func match(_ method: Method, path: String) -> Match {
        preconditionFailure("not built yet")
    }

    /// Finds the route for `request`.
    package func match(_ request: Request) -> Match {
        preconditionFailure("not built yet")
    }
}

/// What is wrong with a set of routes.
package struct RouteFaults: Error, Sendable, Hashable, CustomStringConvertible {
    /// One sentence each.
    package let faults: [String]

    package var description: String { faults.joined(separator: "\n") }
}
