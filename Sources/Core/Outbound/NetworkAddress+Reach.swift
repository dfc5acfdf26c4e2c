extension NetworkAddress {
    /// Where an address leads besides the internet; nothing of all this for most.
    package struct Reach: OptionSet, Sendable, Hashable {
        package let rawValue: UInt8

        package init(rawValue: UInt8) { self.rawValue = rawValue }

        /// To the machine that asks, whichever that is.
        package static let loopback = Reach(rawValue: 1)
        /// To this machine, by an address that others reach it by.
        package static let own = Reach(rawValue: 2)
        /// To this link alone; clouds answer here for the machine's own secrets.
        package static let link = Reach(rawValue: 4)
        /// To nobody in particular: multicast, broadcast, reserved.
        package static let nobody = Reach(rawValue: 8)
        /// Into a network that is not the internet.
        package static let `private` = Reach(rawValue: 16)
    }

    /// Where the address leads, as far as the address says; an IPv4 address inside of an IPv6 one
    /// counts too, because something on the way takes it out.
    package var reach: Reach {
        embedded.reduce(bytes.count == 4 ? shortReach : longReach) { $0.union($1.reach) }
    }

    /// RFC 6890 for what matters here; 0.0.0.0 leads to this machine on Linux.
    private var shortReach: Reach {
        switch (bytes[0], bytes[1], bytes[2], bytes[3]) {
        case (0, _, _, _), (127, _, _, _): .loopback
        // The addresses after the first are where Azure, Oracle and Alibaba answer for a machine.
        case (169, 254, _, _), (168, 63, 129, 16), (192, 0, 0, _), (100, 100, 100, 200): .link
        case (224...255, _, _, _): .nobody
        // RFC 1918, RFC 6598 and RFC 2544.
        case (10, _, _, _), (172, 16...31, _, _), (192, 168, _, _): .private
        case (100, 64...127, _, _), (198, 18...19, _, _): .private
        default: []
        }
    }

    /// RFC 4291, RFC 4193 and RFC 6666; RFC 3879 took `fec0::/10` back, some networks have it.
    private var longReach: Reach {
        if bytes.dropLast().allSatisfy({ $0 == 0 }) { return .loopback }
        if Self.clouds.contains(where: bytes.starts) { return .link }
        switch (bytes[0], bytes[1]) {
        case (0xFE, 0x80...0xBF): return .link
        case (0xFE, 0xC0...0xFF), (0xFC...0xFD, _): return .private
        case (0xFF, _): return .nobody
        default: return bytes.starts(with: [1, 0, 0, 0, 0, 0, 0, 0]) ? .nobody : []
        }
    }

    /// Where clouds answer for a machine over IPv6: fd00:ec2::254, fd20:ce::254 and
    /// fd00:c1::a9fe:a9fe.
    private static let clouds: [[UInt8]] = [
        [0xFD, 0x00, 0x0E, 0xC2], [0xFD, 0x20, 0x00, 0xCE], [0xFD, 0x00, 0x00, 0xC1],
    ]

    /// The IPv4 addresses inside of an IPv6 one.
    ///
    /// `::a.b.c.d` (RFC 4291), `::ffff:a.b.c.d`, `::ffff:0:a.b.c.d` (RFC 2765), NAT64 (RFC 6052,
    /// RFC 8215), 6to4 (RFC 3056), ISATAP (RFC 5214), and Teredo (RFC 4380): both its server's
    /// and the one behind it.
    var embedded: [NetworkAddress] {
        guard bytes.count == 16 else { return [] }
        func inner(_ places: Int..., flippedBy mask: UInt8 = 0) -> NetworkAddress? {
            NetworkAddress(bytes: places.map { bytes[$0] ^ mask })
        }
        let last = inner(12, 13, 14, 15)
        let zeros = [UInt8](repeating: 0, count: 8)
        switch (Array(bytes[..<8]), Array(bytes[8..<12])) {
        case (zeros, [0, 0, 0, 0]):
            return bytes[12...].starts(with: [0, 0, 0]) ? [] : [last].compactMap(\.self)
        case (zeros, [0, 0, 0xFF, 0xFF]), (zeros, [0xFF, 0xFF, 0, 0]),
            (_, [0, 0, 0x5E, 0xFE]), (_, [2, 0, 0x5E, 0xFE]),
            ([0, 0x64, 0xFF, 0x9B, 0, 0, 0, 0], [0, 0, 0, 0]):
            return [last].compactMap(\.self)
        default: break
        }
        if bytes.starts(with: [0, 0x64, 0xFF, 0x9B, 0, 1]) {
            // Each network chooses the length of its prefix; where zeros stand is no address.
            return [last, inner(6, 7, 9, 10), inner(7, 9, 10, 11), inner(9, 10, 11, 12)]
                .compactMap(\.self).filter { $0.bytes[0] != 0 }
        }
        if bytes.starts(with: [0x20, 0x02]) { return [inner(2, 3, 4, 5)].compactMap(\.self) }
        guard bytes.starts(with: [0x20, 0x01, 0, 0]) else { return [] }
        return [inner(4, 5, 6, 7), inner(12, 13, 14, 15, flippedBy: 0xFF)].compactMap(\.self)
    }
}
