import JSON
import Outbound

/// What `clusters[].cluster` says.
extension KubeconfigReader {
    /// Where the server is; nil, with a finding, where that is nowhere that may be gone to.
    mutating func server(_ cluster: Entry) -> ServerAddress? {
        let pointer = cluster.pointer.appending("server")
        if has(cluster, "proxy-url") {
            note(
                cluster.pointer.appending("proxy-url"),
                "proxies are not used: give an address that is reached without one"
            )
        }
        guard let text = text(cluster, "server"), !text.isEmpty else {
            note(pointer, "the server's address is missing")
            return nil
        }
        do throws(KubernetesFault) {
            let server = try ServerAddress(parsing: text)
            return check(server, at: pointer)
        } catch {
            note(pointer, error.description)
            return nil
        }
    }

    private mutating func check(
        _ server: ServerAddress,
        at pointer: JSONPointer
    ) -> ServerAddress? {
        guard case .uploaded(let limits) = origin else { return server }
        let refused = limits.refusal(ofHost: server.host)
        // What stays on this machine need not be encrypted.
        let isLoopback = AddressLimits.reach(ofHost: server.host).contains(.loopback)
        if !server.isEncrypted, !isLoopback || refused.contains(.loopback) {
            note(pointer, "credentials are sent over https alone")
        }
        if !refused.isDisjoint(with: [.loopback, .own]) {
            note(
                pointer,
                "this leads to the machine that Slipway runs on: give an address of another one"
            )
        } else if !refused.isEmpty {
            note(pointer, "this leads to no API server: give an address of the network")
        }
        return server
    }

    /// Whom to believe.
    mutating func readTrust(_ cluster: Entry, _ trust: inout OutboundTrust) {
        if let authorities = content(cluster, "certificate-authority") {
            if PEM.holds("CERTIFICATE", authorities) {
                trust.authorities = authorities
            } else {
                note(
                    cluster.pointer.appending("certificate-authority-data"),
                    "there is no PEM certificate in it"
                )
            }
        }
        let pointer = cluster.pointer.appending("insecure-skip-tls-verify")
        if isTrue(cluster, "insecure-skip-tls-verify") {
            if trust.authorities != nil {
                note(pointer, "either check the server's certificate or give no authority")
            }
            trust.isUnchecked = true
            warn(
                pointer,
                "the server's certificate is not checked: whoever stands between reads all; give "
                    + "`certificate-authority-data` instead"
            )
        }
        guard has(cluster, "tls-server-name"), let name = text(cluster, "tls-server-name") else {
            return
        }
        let isName = name.utf8.allSatisfy { byte in
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
            default: "-._".utf8.contains(byte)
            }
        }
        if isName, name.utf8.count <= 253 {
            trust.serverName = name
        } else {
            note(cluster.pointer.appending("tls-server-name"), "this is no host name")
        }
    }
}

/// RFC 7468 as far as it must be told what somebody put into a field.
enum PEM {
    /// Whether there is a block whose label ends so: `PRIVATE KEY` for every kind of key.
    static func holds(_ label: String, _ bytes: [UInt8]) -> Bool {
        String(decoding: bytes, as: UTF8.self)
            .split(whereSeparator: \.isNewline)
            .contains { $0.hasPrefix("-----BEGIN ") && $0.contains("\(label)-----") }
    }
}
