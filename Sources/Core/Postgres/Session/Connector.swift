internal import CLinux
internal import EventLoop
internal import Glibc

/// The settings that every session is opened with, host names resolved.
final class Connector: Sendable {
    /// One server of the list that libpq tries in turn.
    struct Host: Equatable {
        var name: String
        /// Empty for a socket's folder or a numeric address.
        var address: String
        var port: String
    }

    private let settings: [ConnectionString.Setting]
    private let hosts: [Host]
    /// Only there when a name must be asked for.
    private let pool: BlockingPool?

    init(_ target: ConnectionString, _ options: DatabaseOptions) {
        hosts = target["hostaddr"] == nil ? Self.hosts(of: target) : []
        settings = Self.settings(for: target, options)
        let mustAsk = hosts.contains { Self.isName($0.name) }
        pool = mustAsk ? BlockingPool(threads: 1, queueLimit: 64, name: "resolver") : nil
    }

    func stop() {
        pool?.stop()
    }

    /// Hands the settings to `body` on `loop`: at once, or when the names have been looked up.
    func resolve(
        on loop: EventLoop,
        _ body: @escaping @Sendable (Result<[ConnectionString.Setting], ConnectFault>) -> Void
    ) {
        guard let pool else { return body(.success(settings)) }
        // Ends by itself when the resolver answers; the session ignores an answer that is late.
        Task { [self] in
            let result: Result<[ConnectionString.Setting], ConnectFault>
            do {
                result = .success(try await pool.run { try self.resolved() })
            } catch let fault as ConnectFault {
                result = .failure(fault)
            } catch {
                result = .failure(ConnectFault(reason: "names cannot be looked up: \(error)"))
            }
            loop.execute { body(result) }
        }
    }

    /// Ours where the user has not decided otherwise.
    private static func settings(
        for target: ConnectionString,
        _ options: DatabaseOptions
    ) -> [ConnectionString.Setting] {
        let session = [
            "statement_timeout=\(options.statementTimeout.milliseconds)",
            "lock_timeout=\(options.lockTimeout.milliseconds)",
            "idle_in_transaction_session_timeout=\(options.idleInTransactionTimeout.milliseconds)",
            "jit=off", "timezone=UTC",
        ].map { "-c \($0)" }.joined(separator: " ")
        let ours = [
            ("application_name", options.applicationName), ("client_encoding", "UTF8"),
            ("target_session_attrs", "read-write"), ("keepalives_idle", "30"),
            ("keepalives_interval", "5"), ("keepalives_count", "3"),
            ("tcp_user_timeout", "15000"),
        ]
        var settings = target
        for (keyword, value) in ours where target[keyword] == nil {
            settings = settings.setting(keyword, to: value)
        }
        // libpq asks for Kerberos tickets first otherwise, and blocks while it does.
        return
            settings
            .setting("gssencmode", to: "disable")
            .setting("options", to: "\(session) \(target["options"] ?? "")")
            .settings
    }

    private static func hosts(of target: ConnectionString) -> [Host] {
        let names = (target["host"] ?? "").split(
            separator: ",",
            omittingEmptySubsequences: false
        ).map(String.init)
        let ports = (target["port"] ?? "").split(
            separator: ",",
            omittingEmptySubsequences: false
        ).map(String.init)
        return names.enumerated().map { index, name in
            let port = ports.count == 1 ? ports.first : ports.dropFirst(index).first
            return Host(name: name, address: "", port: port ?? "")
        }
    }

    /// Neither a socket's folder (`/…`, `@…`), nor the default one, nor a numeric address.
    static func isName(_ host: String) -> Bool {
        guard let first = host.first, first != "/", first != "@" else { return false }
        var address = in6_addr()
        return inet_pton(AF_INET, host, &address) != 1
            && inet_pton(AF_INET6, host, &address) != 1
    }

    /// Every name replaced by its addresses, each a server of its own.
    ///
    /// Blocks.
    private func resolved() throws(ConnectFault) -> [ConnectionString.Setting] {
        var found: [Host] = []
        for host in hosts {
            guard Self.isName(host.name) else {
                found.append(host)
                continue
            }
            for address in try Self.addresses(of: host.name) {
                found.append(Host(name: host.name, address: address, port: host.port))
            }
        }
        return settings.filter { !["host", "hostaddr", "port"].contains($0.keyword) } + [
            .init(keyword: "host", value: found.map(\.name).joined(separator: ",")),
            .init(keyword: "hostaddr", value: found.map(\.address).joined(separator: ",")),
            .init(keyword: "port", value: found.map(\.port).joined(separator: ",")),
        ]
    }

    private static func addresses(of name: String) throws(ConnectFault) -> [String] {
        var hints = addrinfo()
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var list: UnsafeMutablePointer<addrinfo>?
        let status = getaddrinfo(name, nil, &hints, &list)
        guard status == 0 else {
            let reason = String(cString: gai_strerror(status))
            throw ConnectFault(reason: "host \(name): \(reason)")
        }
        defer { freeaddrinfo(list) }
        var addresses: [String] = []
        var next = list
        while let entry = next?.pointee {
            var buffer = [CChar](repeating: 0, count: 128)
            let size = socklen_t(buffer.count)
            if getnameinfo(
                entry.ai_addr,
                entry.ai_addrlen,
                &buffer,
                size,
                nil,
                0,
                NI_NUMERICHOST
            ) == 0 {
                let bytes = buffer.prefix { $0 != 0 }.map(UInt8.init(bitPattern:))
                addresses.append(String(decoding: bytes, as: UTF8.self))
            }
            next = entry.ai_next
        }
        return addresses
    }
}
