import EventLoop
import Outbound
import Testing

@Suite(.timeLimit(.minutes(1))) struct NetworkAddressTests {
    @Test(
        arguments: [
            ("1.2.3.4", [1, 2, 3, 4]), ("0.0.0.0", [0, 0, 0, 0]),
            ("255.255.255.255", [255, 255, 255, 255]),
            ("::", Array(repeating: 0, count: 16)),
            ("1:2:3:4:5:6:7:8", [0, 1, 0, 2, 0, 3, 0, 4, 0, 5, 0, 6, 0, 7, 0, 8]),
            ("2001:DB8::f", [0x20, 1, 0x0D, 0xB8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 15]),
            ("::ffff:1.2.3.4", [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 255, 255, 1, 2, 3, 4]),
            ("1::", [0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]),
            ("1:2:3:4:5:6:7::", [0, 1, 0, 2, 0, 3, 0, 4, 0, 5, 0, 6, 0, 7, 0, 0]),
        ] as [(String, [UInt8])]
    )
    func `an address is read as it is written`(text: String, bytes: [UInt8]) {
        #expect(NetworkAddress(parsing: text)?.bytes == bytes)
    }

    @Test(arguments: [
        "", "1.2.3", "1.2.3.4.5", "1.2.3.256", "01.2.3.4", "1.2.3.4 ", "0x1.2.3.4", "1..2.3",
        "+1.2.3.4",
        "a", ":", ":::", "1::2::3", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "12345::", "g::",
        "::1%eth0",
        "::1.2.3", "1.2.3.4::", "1:2:3:4:5:6:7:8::", "::1:2:3:4:5:6:7:8", "fe80::1%25x", "[::1]",
    ])
    func `what only some programs read is no address`(text: String) {
        #expect(NetworkAddress(parsing: text) == nil)
    }

    @Test(
        arguments: [
            ("127.0.0.1", .machine), ("0.0.0.0", .machine), ("::1", .machine), ("::", .machine),
            ("::ffff:127.9.9.9", .machine), ("::127.0.0.1", .machine), ("169.254.169.254", .link),
            ("fe80::1", .link), ("febf::1", .link), ("fd00:ec2::254", .link),
            ("::ffff:169.254.1.1", .link), ("::ffff:0:127.0.0.1", .machine),
            ("64:ff9b:1::169.254.169.254", .link), ("fd20:ce::254", .link),
            ("fd00:c1::a9fe:a9fe", .link), ("::ffff:10.0.0.1", .network),
            ("64:ff9b::a9fe:a9fe", .link), ("2002:7f00:1::", .machine), ("192.0.0.192", .link),
            ("224.0.0.1", .nobody), ("255.255.255.255", .nobody), ("ff02::1", .nobody),
            ("10.0.0.1", .network), ("192.168.1.1", .network), ("8.8.8.8", .network),
            ("fd12::1", .network), ("2001:db8::1", .network), ("169.253.1.1", .network),
        ] as [(String, NetworkAddress.Reach)]
    )
    func `an address reaches as far as it does`(text: String, reach: NetworkAddress.Reach) {
        #expect(NetworkAddress(parsing: text)?.reach == reach)
    }

    @Test func `a name that leads to this machine is found out when it is connected to`()
        async throws
    {
        try await Peer.run { peer in
            let port = peer.base.split(separator: ":").last ?? ""
            for (limits, isReached) in [
                (AddressLimits.otherMachines, false), (.beyondLink, true), (.all, true),
            ] {
                var request = OutboundRequest("GET", "http://localhost:\(port)/a")
                request.limits.addresses = limits
                do throws(OutboundFault) {
                    _ = try await peer.client.send(request)
                    #expect(isReached)
                } catch {
                    #expect(!isReached)
                    guard case .malformed(let reason) = error else { throw error }
                    #expect(reason.contains("127.0.0.1") || reason.contains("0:0:0:0:0:0:0:1"))
                }
                // The connection that was allowed must not serve who is not.
                if isReached { break }
            }
        }
    }
}
