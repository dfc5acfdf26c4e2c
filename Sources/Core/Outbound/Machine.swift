import CLinux

/// The machine whose own addresses are told from those of others.
package enum Machine: Sendable, Hashable {
    /// The one that this process runs on, as its kernel says at that moment.
    case this
    /// One that has these addresses.
    case having(Set<NetworkAddress>)

    /// Whether what is sent to the address stays on the machine; an IPv4 address inside of an IPv6
    /// one counts too.
    package func has(_ address: NetworkAddress) -> Bool {
        ([address] + address.embedded).contains { place in
            switch self {
            case .having(let addresses): addresses.contains(place)
            case .this: slipway_is_own_address(place.bytes, place.bytes.count) != 0
            }
        }
    }
}
