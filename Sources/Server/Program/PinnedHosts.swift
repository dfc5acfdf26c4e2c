import Contract
import Outbound

/// Looks hosts up before anything is read from them, so that what was judged is what is read.
struct PinnedHosts: Sendable {
    /// The addresses that a host has at this moment; none where its name is not known.
    let resolve: @Sendable (String) async throws(ProviderFault) -> [NetworkAddress]
    /// The time that a look takes is measured by.
    let clock: @Sendable () -> ContinuousClock.Instant

    init(
        resolve: @escaping @Sendable (String) async throws(ProviderFault) -> [NetworkAddress],
        clock: @escaping @Sendable () -> ContinuousClock.Instant = { .now }
    ) {
        self.resolve = resolve
        self.clock = clock
    }

    /// The same as `addresses(of:within:)`, and how much of `duration` is left then.
    ///
    /// - Throws: `.transient` where nothing is left.
    func addresses(
        of url: String,
        within limits: AddressLimits,
        in duration: Duration
    ) async throws(ProviderFault) -> (addresses: [String], left: Duration) {
        let start = clock()
        let found = try await addresses(of: url, within: limits)
        let left = duration - start.duration(to: clock())
        guard left > .zero else {
            throw .transient(reason: "the name server took too long to answer")
        }
        return (found, left)
    }

    /// The addresses that a repository is read at and no others: those that its host has now and
    /// that may be read from.
    ///
    /// None where the address itself says it.
    ///
    /// - Throws: `.refused` where none of them may be.
    func addresses(
        of url: String,
        within limits: AddressLimits
    ) async throws(ProviderFault) -> [String] {
        let address: Address
        do throws(OutboundFault) {
            address = try Address(url)
        } catch {
            throw .refused(reason: "the repository has no address: \(error)")
        }
        // Hosts of SSH are known by their keys, which an admin wrote down.
        guard address.isWeb else { return [] }
        let host = address.host[...]
        let bare = String(host.hasPrefix("[") ? host.dropFirst().dropLast() : host)
        let refusal =
            "nothing is read from \(bare), which leads into a network that is not the internet; "
            + "the operators may allow it (--webhook-addresses)"
        if let place = NetworkAddress(parsing: bare) {
            guard limits.refusal(of: place).isEmpty else { throw .refused(reason: refusal) }
            return []
        }
        guard limits.refusal(ofHost: bare).isEmpty else { throw .refused(reason: refusal) }
        let found = try await resolve(bare)
        guard !found.isEmpty else { throw .refused(reason: "there is no host \(bare)") }
        let allowed = found.filter { limits.refusal(of: $0).isEmpty }
        guard !allowed.isEmpty else { throw .refused(reason: refusal) }
        return allowed.map(\.description)
    }
}
