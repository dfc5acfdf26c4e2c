import CCurl

/// Which addresses a request may go to, whatever name they were found under.
package enum AddressLimits: Sendable, Hashable {
    /// All.
    case all
    /// All but those of the link, where clouds answer for a machine's own secrets.
    case beyondLink
    /// Those of other machines: neither this one nor the link.
    case otherMachines

    /// Whether a request may go there.
    package func allow(_ reach: NetworkAddress.Reach) -> Bool {
        switch (self, reach) {
        case (.all, _), (_, .network): true
        case (.beyondLink, .machine): true
        case (.beyondLink, _), (.otherMachines, _): false
        }
    }
}

/// Looks at each address once more when libcurl is about to connect to it: after DNS has spoken.
struct AddressGate {
    var limits = AddressLimits.all
    private(set) var refused: NetworkAddress?

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
        if limits.allow(place.reach) { return true }
        refused = place
        return false
    }
}

/// `CURL_SOCKET_BAD`, whose cast Swift does not import.
private let noSocket: curl_socket_t = -1
