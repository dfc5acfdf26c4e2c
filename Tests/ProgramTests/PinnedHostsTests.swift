import Contract
import Outbound
import Synchronization
import Testing

@testable import slipway

@Suite struct PinnedHostsTests {
    private func pins(_ addresses: String...) -> PinnedHosts {
        let found = addresses.compactMap { NetworkAddress(parsing: $0) }
        return PinnedHosts { _ throws(ProviderFault) in found }
    }

    @Test(arguments: [
        ["10.1.2.3"], ["127.0.0.1"], ["169.254.169.254"], ["fd00::1"], ["::ffff:192.168.0.1"],
        ["10.0.0.1", "172.16.0.1"],
    ])
    func `a name that leads inside is not read from`(addresses: [String]) async {
        let found = addresses.compactMap { NetworkAddress(parsing: $0) }
        let pins = PinnedHosts { _ throws(ProviderFault) in found }
        let fault = await #expect(throws: ProviderFault.self) {
            try await pins.addresses(of: "https://git.example/a/b.git", within: .internet)
        }
        guard case .refused(let reason)? = fault else {
            Issue.record("\(String(describing: fault))")
            return
        }
        #expect(reason.contains("--webhook-addresses"))
    }

    @Test func `a name is read at the addresses that were looked at`() async throws {
        let found = try await pins("192.0.2.7", "10.0.0.1", "2001:db8::1").addresses(
            of: "https://git.example/a/b.git",
            within: .internet
        )
        #expect(found == ["192.0.2.7", "2001:db8:0:0:0:0:0:1"])
    }

    @Test(arguments: [
        "https://127.0.0.1/a.git", "https://[::1]/a.git", "https://2130706433/a.git",
        "https://0x7f.1/a.git", "https://localhost/a.git", "https://metadata.google.internal/a",
    ])
    func `an address that leads inside needs no look`(url: String) async {
        await #expect(throws: ProviderFault.self) {
            try await pins("192.0.2.7").addresses(of: url, within: .internet)
        }
    }

    @Test func `the look for a host counts against the time that the reading has`() async throws {
        let now = Mutex(ContinuousClock.now)
        let pins = PinnedHosts(
            resolve: { _ throws(ProviderFault) in
                now.withLock { $0 += .seconds(20) }
                return [NetworkAddress(parsing: "192.0.2.7")].compactMap(\.self)
            },
            clock: { now.withLock { $0 } }
        )
        let url = "https://git.example/a.git"
        let found = try await pins.addresses(of: url, within: .internet, in: .seconds(50))
        #expect(found.addresses == ["192.0.2.7"])
        #expect(found.left == .seconds(30))
        let late = ProviderFault.transient(reason: "the name server took too long to answer")
        await #expect(throws: late) {
            try await pins.addresses(of: url, within: .internet, in: .seconds(20))
        }
    }

    @Test func `what nobody knows is told, and what could not be asked passes`() async {
        await #expect(throws: ProviderFault.refused(reason: "there is no host git.example")) {
            try await pins().addresses(of: "https://git.example/a.git", within: .internet)
        }
        let outage = ProviderFault.transient(reason: "no name server answers")
        let away = PinnedHosts { _ throws(ProviderFault) in throw outage }
        await #expect(throws: outage) {
            try await away.addresses(of: "https://git.example/a.git", within: .internet)
        }
    }
}
