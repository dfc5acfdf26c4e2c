import CLinux
import EventLoop
import Glibc

/// Makes listening sockets.
enum ListeningSocket {
    /// A socket that listens on `address`; with `isShared` others may listen on it too
    /// (SO_REUSEPORT), and the kernel spreads connections over them.
    static func make(
        _ address: SocketAddress,
        backlog: Int32,
        isShared: Bool
    ) throws(SystemFault) -> Descriptor {
        let descriptor = try bound(address, isShared: isShared)
        guard listen(descriptor.raw, backlog) == 0 else {
            throw SystemFault(call: "listen", errno: errno)
        }
        return descriptor
    }

    /// A socket that is bound but does not listen.
    static func bound(
        _ address: SocketAddress,
        isShared: Bool
    ) throws(SystemFault) -> Descriptor {
        let flags = Int32(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue)
        let raw = socket(Int32(address.family), flags, 0)
        guard raw >= 0 else { throw SystemFault(call: "socket", errno: errno) }
        let descriptor = Descriptor(owning: raw)
        if address.family != AF_UNIX {
            setOption(raw, SOL_SOCKET, SO_REUSEADDR, 1)
            if isShared { setOption(raw, SOL_SOCKET, SO_REUSEPORT, 1) }
        }
        if address.family == AF_INET6 {
            // "::" means every address, IPv4 included.
            setOption(raw, Int32(IPPROTO_IPV6), IPV6_V6ONLY, address.isAnyAddress ? 0 : 1)
        }
        guard address.withPointer({ bind(raw, $0, $1) }) == 0 else {
            throw SystemFault(call: "bind", errno: errno)
        }
        return descriptor
    }

    /// The port that a socket is bound to.
    static func port(of descriptor: borrowing Descriptor) -> UInt16 {
        var storage = sockaddr_storage()
        var size = socklen_t(MemoryLayout<sockaddr_storage>.size)
        let raw = descriptor.raw
        _ = withUnsafeMutablePointer(to: &storage) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                getsockname(raw, $0, &size)
            }
        }
        return SocketAddress(storage: storage, size: size).port
    }

    static func setOption(_ raw: Int32, _ level: Int32, _ name: Int32, _ value: Int32) {
        var value = value
        _ = setsockopt(raw, level, name, &value, socklen_t(MemoryLayout<Int32>.size))
    }
}

/// An address in the kernel's form.
struct SocketAddress {
    var storage: sockaddr_storage
    let size: socklen_t

    var family: Int32 { Int32(storage.ss_family) }

    init(storage: sockaddr_storage, size: socklen_t) {
        self.storage = storage
        self.size = size
    }

    /// The address of a unix socket.
    init(path: String) throws(SystemFault) {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let bytes = Array(path.utf8)
        guard bytes.count < MemoryLayout.size(ofValue: address.sun_path) else {
            throw SystemFault(call: "bind", errno: ENAMETOOLONG)
        }
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
        var storage = sockaddr_storage()
        withUnsafeMutableBytes(of: &storage) { target in
            withUnsafeBytes(of: address) { target.copyBytes(from: $0) }
        }
        self.init(storage: storage, size: socklen_t(MemoryLayout<sockaddr_un>.size))
    }

    /// The addresses of `host`; blocks while a name is looked up.
    static func resolve(_ host: String, port: UInt16) throws(SystemFault) -> [SocketAddress] {
        var hints = addrinfo()
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        hints.ai_flags = AI_PASSIVE
        var first: UnsafeMutablePointer<addrinfo>?
        guard getaddrinfo(host, "\(port)", &hints, &first) == 0 else {
            throw SystemFault(call: "getaddrinfo \(host)", errno: ENOENT)
        }
        defer { freeaddrinfo(first) }
        var addresses: [SocketAddress] = []
        var next = first
        while let entry = next?.pointee {
            var storage = sockaddr_storage()
            if let source = entry.ai_addr {
                withUnsafeMutableBytes(of: &storage) {
                    $0.copyBytes(
                        from: UnsafeRawBufferPointer(start: source, count: Int(entry.ai_addrlen))
                    )
                }
                addresses.append(SocketAddress(storage: storage, size: entry.ai_addrlen))
            }
            next = entry.ai_next
        }
        return addresses
    }

    /// The port in an internet address, 0 for others.
    var port: UInt16 {
        get {
            // sin_port and sin6_port lie at the same place.
            withUnsafeBytes(of: storage) {
                family == AF_UNIX
                    ? 0 : UInt16(bigEndian: $0.load(fromByteOffset: 2, as: UInt16.self))
            }
        }
        set {
            withUnsafeMutableBytes(of: &storage) {
                $0.storeBytes(of: newValue.bigEndian, toByteOffset: 2, as: UInt16.self)
            }
        }
    }

    /// Whether it is `::`.
    var isAnyAddress: Bool {
        family == AF_INET6
            && withUnsafeBytes(of: storage) { $0[8..<24].allSatisfy { byte in byte == 0 } }
    }

    func withPointer<Value>(_ body: (UnsafePointer<sockaddr>, socklen_t) -> Value) -> Value {
        withUnsafePointer(to: storage) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0, size) }
        }
    }
}

/// The other side of a connection, for logs.
enum PeerAddress {
    /// `127.0.0.1`, `::1`, or `unix`.
    static func text(_ storage: sockaddr_storage) -> String {
        let address = SocketAddress(storage: storage, size: 0)
        guard address.family != AF_UNIX else { return "unix" }
        // sin_addr follows the port, sin6_addr the port and the flow.
        let offset = address.family == AF_INET6 ? 8 : 4
        var text = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
        let isKnown = withUnsafeBytes(of: storage) { bytes in
            bytes.baseAddress.map {
                inet_ntop(address.family, $0 + offset, &text, socklen_t(text.count)) != nil
            } ?? false
        }
        guard isKnown else { return "unknown" }
        let end = text.firstIndex(of: 0) ?? text.count
        let plain = String(decoding: text[..<end].map(UInt8.init(bitPattern:)), as: UTF8.self)
        // An IPv4 client of a listener on "::".
        return plain.hasPrefix("::ffff:") ? String(plain.dropFirst(7)) : plain
    }
}
