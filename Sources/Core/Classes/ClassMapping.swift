package import JSON

/// Where in a template Slipway's words go.
///
/// What is not said is found by well-known names.
package struct ClassMapping: Sendable, Equatable {
    /// One place that takes a value.
    package enum Target: Sendable, Hashable {
        /// A variable of the template.
        case variable(String)
        /// A member of every object of a kind.
        case path(kind: String, JSONPointer)
    }

    /// The cluster's name.
    package var name: [Target] = []
    /// The cluster's namespace.
    package var namespace: [Target] = []
    /// The version of the control plane and, as a variable, of the nodes.
    package var kubernetesVersion: [Target] = []
    /// Where the cluster is.
    package var region: [Target] = []
    /// Machines of the control plane.
    package var controlPlaneReplicas: [Target] = []
    /// The number of nodes of the template's own pools.
    package var nodeCount: [Target] = []
    /// The instance type of a pool's nodes: a path in one of the pool's objects, or, in a
    /// topology, a variable of its class.
    package var nodeSize: [Target] = []
    /// The pool of the template that others are made after; nil for the first.
    package var nodePool: String?

    /// Everything by well-known names.
    package init() {}
}

extension ClassMapping.Target {
    /// Reads `VARIABLE` or `Kind:/json/pointer`.
    init?(parsing text: String) {
        if let colon = text.utf8.firstIndex(of: UInt8(ascii: ":")) {
            let kind = String(text[..<colon])
            guard !kind.isEmpty,
                let pointer = JSONPointer(parsing: String(text[text.index(after: colon)...])),
                !pointer.tokens.isEmpty
            else { return nil }
            self = .path(kind: kind, pointer)
        } else {
            let isName = text.utf8.allSatisfy { byte in
                (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
                    || (0x30...0x39).contains(byte) || byte == 0x5F
            }
            guard isName, !text.isEmpty else { return nil }
            self = .variable(text)
        }
    }
}
