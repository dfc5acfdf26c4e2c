import Contract
import EventLoop
import Glibc
import Outbound

extension BlockingPool {
    /// The addresses that a host has at this moment, as DNS and the machine's own tables say; none
    /// where nobody knows the name.
    ///
    /// - Throws: `.transient` where nobody could be asked.
    func addresses(of host: String) async throws(ProviderFault) -> [NetworkAddress] {
        let answer: LookUp
        do {
            answer = try await run { LookUp(of: host) }
        } catch {
            throw .transient(reason: "too much is looked up at once")
        }
        switch answer {
        case .found(let addresses): return addresses
        case .failed(let reason): throw .transient(reason: "\(host): \(reason)")
        }
    }
}

/// What a look at the names of hosts came to.
private enum LookUp: Sendable {
    case found([NetworkAddress])
    case failed(String)

    /// `EAI_NODATA` of glibc, which Swift does not import: the name is known and has no address.
    private static let noData: Int32 = -5

    /// Blocks.
    init(of host: String) {
        var hints = addrinfo()
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var first: UnsafeMutablePointer<addrinfo>?
        let status = getaddrinfo(host, nil, &hints, &first)
        guard status == 0 else {
            let isUnknown = [EAI_NONAME, Self.noData].contains(status)
            self = isUnknown ? .found([]) : .failed(String(cString: gai_strerror(status)))
            return
        }
        defer { freeaddrinfo(first) }
        var addresses: [NetworkAddress] = []
        var next = first
        while let entry = next?.pointee {
            if let address = Self.address(entry), !addresses.contains(address) {
                addresses.append(address)
            }
            next = entry.ai_next
        }
        self = .found(addresses)
    }

    private static func address(_ entry: addrinfo) -> NetworkAddress? {
        guard let raw = UnsafeRawPointer(entry.ai_addr) else { return nil }
        switch entry.ai_family {
        case AF_INET:
            var address = raw.loadUnaligned(as: sockaddr_in.self).sin_addr
            return NetworkAddress(bytes: withUnsafeBytes(of: &address) { Array($0) })
        case AF_INET6:
            var address = raw.loadUnaligned(as: sockaddr_in6.self).sin6_addr
            return NetworkAddress(bytes: withUnsafeBytes(of: &address) { Array($0) })
        default: return nil
        }
    }
}
