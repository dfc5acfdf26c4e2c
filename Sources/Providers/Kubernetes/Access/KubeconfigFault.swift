package import JSON
package import Outbound

/// One thing about a kubeconfig that somebody should know.
package struct KubeconfigFinding: Sendable, Hashable, CustomStringConvertible {
    /// The place, such as `/users/0/user/exec`.
    package let pointer: JSONPointer
    /// What is wrong, and what to do; never with a secret.
    package let message: String

    init(_ pointer: JSONPointer, _ message: String) {
        self.pointer = pointer
        self.message = message
    }

    package var description: String {
        pointer == .root ? message : "\(pointer): \(message)"
    }
}

/// Everything that keeps a kubeconfig from being used, at once.
package struct KubeconfigFault: Error, Sendable, Equatable, CustomStringConvertible {
    /// What is wrong; never empty.
    package let findings: [KubeconfigFinding]

    package var description: String {
        findings.map(\.description).joined(separator: "\n")
    }
}

/// Where a kubeconfig comes from, which decides what it may ask of us.
package enum KubeconfigOrigin: Sendable {
    /// From somebody else: nothing in it makes us run programs, read files, go through a proxy, or
    /// connect to what is ours alone.
    case uploaded(AddressLimits)
    /// From whoever runs Slipway: files are read with the closure, relative to the kubeconfig.
    case trusted(readFile: @Sendable (String) throws -> [UInt8])

    var isTrusted: Bool {
        if case .trusted = self { true } else { false }
    }
}
