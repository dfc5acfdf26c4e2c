import EventLoop
import Foundation
import Glibc
import HTTP

/// A server with the echo handler on a free port of the loopback interface.
final class TestServer: Sendable {
    let handler = EchoHandler()
    let server: Server
    let port: UInt16
    private let group: EventLoopGroup

    init(
        limits: ServerLimits = ServerLimits(),
        tls: TLSContext? = nil,
        host: String = "127.0.0.1",
        loops: Int = 2
    ) throws {
        group = try EventLoopGroup(count: loops)
        group.start()
        server = Server(group: group, handler: handler, limits: limits, tls: tls)
        guard case .host(_, let port) = try server.listen(on: .host(host, port: 0)) else {
            throw SystemFault(call: "listen", errno: EINVAL)
        }
        self.port = port
    }

    /// Ends the server as the product does.
    func stop() async {
        await server.drain(within: .seconds(5))
        group.stop()
    }

    func client(host: String = "127.0.0.1") throws -> TestClient {
        try TestClient(host: host, port: port)
    }
}

/// A socket that sends bytes as they are and reads what comes back. Blocks its thread.
// Safety: one task sends while another may receive; the kernel takes both at once.
final class TestClient: @unchecked Sendable {
    private let raw: Int32
    private var isOpen = true

    /// For OpenSSL; stays this client's.
    var descriptor: Int32 { raw }

    /// Takes over a socket that is not connected yet.
    init(adopting raw: Int32) {
        self.raw = raw
        limitWaits()
    }

    /// Connects to the loopback interface.
    func connect(port: UInt16) throws {
        guard connect4("127.0.0.1", port) == 0 else {
            throw SystemFault(call: "connect", errno: errno)
        }
    }

    init(host: String, port: UInt16) throws {
        let isIPv6 = host.contains(":")
        raw = socket(isIPv6 ? AF_INET6 : AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        guard raw >= 0 else { throw SystemFault(call: "socket", errno: errno) }
        limitWaits()
        let result = isIPv6 ? connect6(host, port) : connect4(host, port)
        guard result == 0 else { throw SystemFault(call: "connect", errno: errno) }
    }

    init(path: String) throws {
        raw = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        guard raw >= 0 else { throw SystemFault(call: "socket", errno: errno) }
        limitWaits()
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: Array(path.utf8)) }
        let size = socklen_t(MemoryLayout<sockaddr_un>.size)
        let result = withUnsafePointer(to: address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                Glibc.connect(raw, $0, size)
            }
        }
        guard result == 0 else { throw SystemFault(call: "connect", errno: errno) }
    }

    deinit {
        close()
    }

    /// Sends all of `bytes`, or as much as the server takes before it closes.
    func send(_ bytes: [UInt8]) {
        var sent = 0
        while sent < bytes.count {
            let count = bytes.withUnsafeBytes { buffer in
                Glibc.send(
                    raw,
                    buffer.baseAddress.map { $0 + sent },
                    bytes.count - sent,
                    Int32(MSG_NOSIGNAL)
                )
            }
            guard count > 0 else { return }
            sent += count
        }
    }

    func send(_ text: String) {
        send(Array(text.utf8))
    }

    /// Says that nothing more will be sent.
    func shutSending() {
        shutdown(raw, Int32(SHUT_WR))
    }

    /// Whatever comes until the server closes.
    func readToEnd() -> [UInt8] {
        var all: [UInt8] = []
        while let part = readSome() { all += part }
        return all
    }

    /// As `readToEnd`, but leaves the test's thread to the tasks that it waits for.
    func readToEndElsewhere() async -> [UInt8] {
        await withCheckedContinuation { continuation in
            Thread.detachNewThread { [self] in continuation.resume(returning: readToEnd()) }
        }
    }

    /// What comes until there are `count` responses or the server closes.
    func read(_ count: Int, methods: [String] = []) -> [ReceivedResponse] {
        var all: [UInt8] = []
        while true {
            let found = ReceivedResponse.all(in: all, methods: methods)
            if found.count >= count { return found }
            guard let part = readSome() else { return found }
            all += part
        }
    }

    /// Sends `bytes` and reads meanwhile, then reads on to the end.
    func read(while bytes: [UInt8], atLeast count: Int) -> [UInt8] {
        var received: [UInt8] = []
        received.reserveCapacity(count + 1_024)
        var sent = 0
        while sent < bytes.count {
            var wish = pollfd(fd: raw, events: Int16(POLLIN | POLLOUT), revents: 0)
            guard poll(&wish, 1, TestClient.waitSecondsMax * 1_000) > 0 else { return received }
            if wish.revents & Int16(POLLIN) != 0 {
                guard let part = readSome() else { return received }
                received += part
            }
            guard wish.revents & Int16(POLLOUT) != 0 else { continue }
            let count = bytes.withUnsafeBytes { buffer in
                Glibc.send(
                    raw,
                    buffer.baseAddress.map { $0 + sent },
                    bytes.count - sent,
                    Int32(MSG_NOSIGNAL | MSG_DONTWAIT)
                )
            }
            guard count > 0 || errno == EAGAIN else { return received }
            sent += max(0, count)
        }
        return received + readToEnd()
    }

    /// The next bytes; nil at the end.
    func readSome() -> [UInt8]? {
        var part = [UInt8](repeating: 0, count: 65_536)
        let count = recv(raw, &part, part.count, 0)
        return count > 0 ? Array(part[..<count]) : nil
    }

    func close() {
        guard isOpen else { return }
        isOpen = false
        Glibc.close(raw)
    }

    /// Closes so that the server gets a reset.
    func reset() {
        var linger = linger(l_onoff: 1, l_linger: 0)
        setsockopt(
            raw,
            SOL_SOCKET,
            SO_LINGER,
            &linger,
            socklen_t(MemoryLayout.size(ofValue: linger))
        )
        close()
    }

    /// Makes the kernel hold little for this side, so that a server soon has to wait.
    func holdLittle() {
        var size: Int32 = 4_096
        setsockopt(raw, SOL_SOCKET, SO_RCVBUF, &size, 4)
    }

    /// A test that would wait for ever fails after this many seconds instead.
    private static let waitSecondsMax: Int32 = 60

    private func limitWaits() {
        var limit = timeval(tv_sec: Int(TestClient.waitSecondsMax), tv_usec: 0)
        let size = socklen_t(MemoryLayout<timeval>.size)
        setsockopt(raw, SOL_SOCKET, SO_RCVTIMEO, &limit, size)
        setsockopt(raw, SOL_SOCKET, SO_SNDTIMEO, &limit, size)
        var yes: Int32 = 1
        setsockopt(raw, Int32(IPPROTO_TCP), TCP_NODELAY, &yes, 4)
    }

    private func connect4(_ host: String, _ port: UInt16) -> Int32 {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        inet_pton(AF_INET, host, &address.sin_addr)
        let size = socklen_t(MemoryLayout<sockaddr_in>.size)
        return withUnsafePointer(to: address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                Glibc.connect(raw, $0, size)
            }
        }
    }

    private func connect6(_ host: String, _ port: UInt16) -> Int32 {
        var address = sockaddr_in6()
        address.sin6_family = sa_family_t(AF_INET6)
        address.sin6_port = port.bigEndian
        inet_pton(AF_INET6, host, &address.sin6_addr)
        let size = socklen_t(MemoryLayout<sockaddr_in6>.size)
        return withUnsafePointer(to: address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                Glibc.connect(raw, $0, size)
            }
        }
    }
}
