import Glibc
import Outbound
import Testing

@Suite(.timeLimit(.minutes(1))) struct AddressLimitsTests {
    @Test(
        arguments: [
            ("8.8.8.8", []), ("169.253.1.1", []), ("172.15.0.1", []), ("172.32.0.1", []),
            ("100.63.0.1", []), ("100.128.0.1", []), ("192.167.0.1", []), ("203.0.113.1", []),
            ("127.0.0.1", .loopback), ("127.255.255.254", .loopback), ("0.0.0.0", .loopback),
            ("0.1.2.3", .loopback), ("169.254.169.254", .link), ("168.63.129.16", .link),
            ("192.0.0.192", .link), ("100.100.100.200", .link), ("224.0.0.1", .nobody),
            ("240.0.0.1", .nobody), ("255.255.255.255", .nobody), ("10.0.0.1", .private),
            ("172.16.0.1", .private), ("172.31.255.255", .private), ("192.168.1.1", .private),
            ("100.64.0.1", .private), ("100.127.0.1", .private), ("198.19.0.1", .private),
            ("2001:db8::1", []), ("2606:4700::1111", []), ("::1", .loopback), ("::", .loopback),
            ("::2", .loopback), ("fe80::1", .link), ("febf::1", .link), ("fd00:ec2::254", .link),
            ("fd20:ce::254", .link), ("fd00:c1::a9fe:a9fe", .link), ("ff02::1", .nobody),
            ("100::1", .nobody), ("fc00::1", .private), ("fd12::1", .private),
            ("fec0::1", .private),
        ] as [(String, NetworkAddress.Reach)]
    )
    func `an address leads where it does`(text: String, reach: NetworkAddress.Reach) {
        #expect(NetworkAddress(parsing: text)?.reach == reach)
    }

    /// The address `a.b.c.d` in every form in which IPv6 carries it.
    private static func forms(_ a: Int, _ b: Int, _ c: Int, _ d: Int) -> [String] {
        func hex(_ high: Int, _ low: Int) -> String { String(high << 8 | low, radix: 16) }
        let quads = "\(a).\(b).\(c).\(d)"
        let flipped = "\(hex(a ^ 255, b ^ 255)):\(hex(c ^ 255, d ^ 255))"
        return [
            "::\(quads)", "::ffff:\(quads)", "::ffff:0:\(quads)", "64:ff9b::\(quads)",
            "64:ff9b:1::\(quads)", "64:ff9b:1:\(hex(a, b)):\(hex(0, c)):\(hex(d, 0))::",
            "64:ff9b:1:\(hex(0, a)):\(hex(0, b)):\(hex(c, d))::",
            "64:ff9b:1:0:\(hex(0, a)):\(hex(b, c)):\(hex(d, 0)):0",
            "2002:\(hex(a, b)):\(hex(c, d))::1", "2001:db8::5efe:\(quads)",
            "2001:db8::200:5efe:\(quads)", "2001:0:\(hex(a, b)):\(hex(c, d))::f7f7:f7f7",
            "2001:0:808:808::\(flipped)",
        ]
    }

    @Test(
        arguments: [
            ([127, 0, 0, 1], .loopback), ([169, 254, 169, 254], .link), ([10, 1, 2, 3], .private),
            ([224, 0, 0, 1], .nobody), ([8, 8, 4, 4], []),
        ] as [([Int], NetworkAddress.Reach)]
    )
    func `an address inside of another leads where it does`(
        parts: [Int],
        reach: NetworkAddress.Reach
    ) throws {
        for text in Self.forms(parts[0], parts[1], parts[2], parts[3]) {
            let address = try #require(NetworkAddress(parsing: text), "\(text)")
            // Where the prefix's length is not known, other readings count too.
            #expect(address.reach.isSuperset(of: reach), "\(text)")
            #expect(address.reach.isEmpty == reach.isEmpty, "\(text)")
        }
    }

    @Test func `this machine's own addresses are told in every form`() throws {
        let own = try #require(NetworkAddress(parsing: "192.0.2.7"))
        var limits = AddressLimits.otherMachines
        limits.machine = .having([own])
        for text in ["192.0.2.7"] + Self.forms(192, 0, 2, 7) {
            #expect(limits.refusal(ofHost: text) == .own, "\(text)")
        }
        #expect(limits.refusal(ofHost: "192.0.2.8") == [])
        limits.refused.remove(.own)
        #expect(limits.refusal(ofHost: "192.0.2.7") == [])
    }

    @Test(
        arguments: [
            ("127.0.0.1", [.otherMachines, .beyondLoopback, .internet]),
            ("localhost", [.otherMachines, .beyondLoopback, .internet]),
            ("A.LOCALHOST.", [.otherMachines, .beyondLoopback, .internet]),
            ("169.254.169.254", [.otherMachines, .beyondLoopback, .internet, .beyondLink]),
            (
                "metadata.google.internal.",
                [.otherMachines, .beyondLoopback, .internet, .beyondLink]
            ),
            ("10.255.255.254", [.internet]), ("8.8.8.8", []), ("a.example", []),
        ] as [(String, [AddressLimits])]
    )
    func `limits refuse what they say`(host: String, refusing: [AddressLimits]) {
        for limits in [AddressLimits.all, .beyondLink, .beyondLoopback, .otherMachines, .internet] {
            #expect(limits.refusal(ofHost: host).isEmpty == !refusing.contains(limits))
        }
    }

    @Test func `the kernel knows this machine's addresses`() throws {
        #expect(Machine.this.has(try #require(NetworkAddress(parsing: "127.0.0.1"))))
        #expect(Machine.this.has(try #require(NetworkAddress(parsing: "::ffff:127.0.0.1"))))
        for address in Self.interfaces { #expect(Machine.this.has(address), "\(address)") }
        // Documentation, RFC 5737 and RFC 3849: nobody's.
        for text in ["203.0.113.254", "2001:db8:ffff::254"] {
            #expect(!Machine.this.has(try #require(NetworkAddress(parsing: text))))
        }
    }

    /// What `getifaddrs` lists, without the addresses of links, which only mean something there.
    private static var interfaces: [NetworkAddress] {
        var first: UnsafeMutablePointer<ifaddrs>?
        guard getifaddrs(&first) == 0 else { return [] }
        defer { freeifaddrs(first) }
        var found: [NetworkAddress] = []
        var next = first
        while let entry = next?.pointee {
            next = entry.ifa_next
            guard let raw = UnsafeRawPointer(entry.ifa_addr) else { continue }
            let bytes: UnsafeRawBufferPointer
            switch Int32(raw.loadUnaligned(as: sa_family_t.self)) {
            case AF_INET: bytes = UnsafeRawBufferPointer(start: raw + 4, count: 4)
            case AF_INET6: bytes = UnsafeRawBufferPointer(start: raw + 8, count: 16)
            default: continue
            }
            guard let address = NetworkAddress(bytes: Array(bytes)), address.reach != .link else {
                continue
            }
            found.append(address)
        }
        return found
    }

    @Test(arguments: [AddressLimits.otherMachines, .internet, .beyondLink])
    func `a name that leads to this machine is found out when it is connected to`(
        limits: AddressLimits
    ) async throws {
        var lane = LaneLimits()
        lane.addresses = limits
        try await Peer.run(limits: lane) { peer in
            let port = peer.base.split(separator: ":").last ?? ""
            do throws(OutboundFault) {
                _ = try await peer.client.send(
                    OutboundRequest("GET", "http://localhost:\(port)/a")
                )
                #expect(limits == .beyondLink)
            } catch {
                #expect(limits != .beyondLink)
                guard case .malformed(let reason) = error else { throw error }
                #expect(reason.contains("127.0.0.1") || reason.contains("0:0:0:0:0:0:0:1"))
            }
        }
    }

    @Test(arguments: AddressLimitsTests.interfaces.map(\.description))
    func `this machine is not reached by its other addresses`(address: String) async throws {
        var lane = LaneLimits()
        lane.addresses = .otherMachines
        try await Peer.run(limits: lane) { peer in
            let host = address.contains(":") ? "[\(address)]" : address
            let request = OutboundRequest("GET", "http://\(host):9/")
            await #expect {
                _ = try await peer.client.send(request)
            } throws: { error in
                guard case .malformed(let reason)? = error as? OutboundFault else { return false }
                return reason.contains(address)
            }
        }
    }
}
