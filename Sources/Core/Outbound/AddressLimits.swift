import CCurl

/// Which addresses requests may go to, whatever name they are found under.
///
/// Asked when somebody sends an address, and by `OutboundClient` once more before each connection.
package struct AddressLimits: Sendable, Hashable {
    /// Where no request goes.
    package var refused: NetworkAddress.Reach
    /// The machine whose own addresses are meant.
    package var machine = Machine.this

    /// Everywhere.
    package static let all = AddressLimits(refusing: [])
    /// Where servers are: not to the link, where clouds answer for a machine's own secrets.
    package static let beyondLink = AddressLimits(refusing: [.link, .nobody])
    /// Where other machines would get to as well.
    package static let beyondLoopback = AddressLimits(refusing: [.loopback, .link, .nobody])
    /// To other machines: neither to this one, by whatever address, nor to the link.
    package static let otherMachines = AddressLimits(refusing: [.loopback, .own, .link, .nobody])
    /// Into the internet alone.
    package static let internet = AddressLimits(
        refusing: [.loopback, .own, .link, .nobody, .private]
    )

    /// Limits that refuse these places.
    package init(refusing refused: NetworkAddress.Reach) { self.refused = refused }

    /// Which of the refused places an address leads to; none where requests may go there.
    package func refusal(of address: NetworkAddress) -> NetworkAddress.Reach {
        let found = address.reach.intersection(refused)
        guard found.isEmpty, refused.contains(.own), machine.has(address) else { return found }
        return .own
    }

    /// The same for a host, as far as can be told without a look at DNS: names that are not known
    /// are refused nothing.
    package func refusal(ofHost host: String) -> NetworkAddress.Reach {
        if let address = NetworkAddress(parsing: host) { return refusal(of: address) }
        return Self.reach(ofHost: host).intersection(refused)
    }

    /// Where a host leads as far as its address or its name says.
    package static func reach(ofHost host: String) -> NetworkAddress.Reach {
        if let address = NetworkAddress(parsing: host) { return address.reach }
        var name = host.lowercased()
        while name.hasSuffix(".") { name.removeLast() }
        if ownNames.contains(name) || name.hasSuffix(".localhost") { return .loopback }
        return cloudNames.contains(name) ? .link : []
    }

    /// Names that lead to this machine or to its cloud's secrets.
    private static let ownNames = ["localhost", "ip6-localhost", "ip6-loopback"]
    private static let cloudNames = [
        "metadata", "metadata.google.internal", "metadata.goog", "instance-data",
        "instance-data.ec2.internal",
    ]
}

/// Looks at each address once more when libcurl is about to connect to it: after DNS has spoken.
struct AddressGate {
    let limits: AddressLimits
    private(set) var refused: NetworkAddress?

    init(_ limits: AddressLimits) { self.limits = limits }

    static let opener: curl_opensocket_callback = { context, _, address in
        guard let gate = context?.assumingMemoryBound(to: AddressGate.self), let address else {
            preconditionFailure("libcurl hands back the context it was given")
        }
        guard gate.pointee.lets(address) else { return noSocket }
        return slipway_curl_socket(address)
    }

    private mutating func lets(_ address: UnsafePointer<curl_sockaddr>) -> Bool {
        var bytes = [UInt8](repeating: 0, count: 16)
        bytes.removeLast(16 - slipway_curl_address(address, &bytes))
        // Neither IPv4 nor IPv6: nothing that an `http` address leads to.
        guard let place = NetworkAddress(bytes: bytes) else { return false }
        if limits.refusal(of: place).isEmpty { return true }
        refused = place
        return false
    }
}

/// `CURL_SOCKET_BAD`, whose cast Swift does not import.
private let noSocket: curl_socket_t = -1
