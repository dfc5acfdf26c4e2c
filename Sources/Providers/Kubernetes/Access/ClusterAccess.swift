package import JSON
package import Outbound
package import Secrets
import Synchronization

/// Where an API server is, whom to believe there, and who we are.
///
/// Describes itself without its secrets.
package struct ClusterAccess: Sendable {
    /// Where the server is.
    package var server: ServerAddress
    /// The authorities that vouch for the server, and our certificate.
    package var trust: OutboundTrust
    /// What stands in the `Authorization` field; nil where a certificate says who we are.
    package var authorization: SecretBytes?
    /// For whom we act.
    package var impersonation = Impersonation()

    /// An access with a bearer token, or with what `trust` holds.
    package init(server: ServerAddress, trust: OutboundTrust, token: SecretBytes? = nil) {
        self.server = server
        self.trust = trust
        authorization = token.map { SecretBytes(Array("Bearer ".utf8) + $0.revealed()) }
    }
}

/// For whom somebody acts who may act for others; for oneself where all of it is empty.
package struct Impersonation: Sendable, Hashable {
    /// The name of the user.
    package var user: String?
    /// The UID of the user.
    package var uid: String?
    /// The groups of the user.
    package var groups: [String] = []
    /// Lists of texts by their names.
    package var extra = JSONObject()

    /// For oneself.
    package init() {}

    /// The fields of a request that say so.
    var headers: [OutboundHeader] {
        var headers: [OutboundHeader] = []
        if let user { headers.append(OutboundHeader("Impersonate-User", user)) }
        if let uid { headers.append(OutboundHeader("Impersonate-Uid", uid)) }
        headers += groups.map { OutboundHeader("Impersonate-Group", $0) }
        for member in extra {
            let name = "Impersonate-Extra-" + PercentEncoding.encode(member.key)
            for value in member.value.array ?? [] {
                headers.append(OutboundHeader(name, value.string ?? ""))
            }
        }
        return headers
    }
}

extension ClusterAccess: CustomStringConvertible, CustomDebugStringConvertible,
    CustomReflectable
{
    package var description: String {
        "\(server) (\(trust), \(authorization == nil ? "no token" : "token withheld"))"
    }
    package var debugDescription: String { description }
    package var customMirror: Mirror { Mirror(self, children: []) }
}

/// Gives the access to one cluster, anew where it has changed.
package protocol CredentialSource: Sendable {
    /// The access as far as it is known, and a number that changes with it.
    func access() async throws(KubernetesFault) -> NumberedAccess

    /// The server does not take the access of that number any more: the next one is got anew.
    func refused(_ number: UInt64)
}

/// An access, and which one of its source it is.
package struct NumberedAccess: Sendable {
    /// The access.
    package let access: ClusterAccess
    /// Another one for each access that a source gives.
    package let number: UInt64
}

/// Credentials that are read again: when they are old, and when the server refuses them.
package final class Credentials: CredentialSource {
    private let read: @Sendable () async throws(KubernetesFault) -> ClusterAccess
    private let ageMax: Duration
    private let clock: any KubernetesClock
    private let known = Remembered<NumberedAccess>()
    private let last = Atomic<UInt64>(0)

    /// Credentials that `read` gives.
    ///
    /// `ageMax`: after which they are read again; clouds' tokens in kubeconfig Secrets
    /// live 15 minutes and are renewed before.
    package init(
        ageMax: Duration = .seconds(300),
        clock: any KubernetesClock = SystemClock(),
        _ read: @escaping @Sendable () async throws(KubernetesFault) -> ClusterAccess
    ) {
        self.read = read
        self.ageMax = ageMax
        self.clock = clock
    }

    /// Credentials that never change.
    package convenience init(_ access: ClusterAccess) {
        self.init(ageMax: .seconds(1 << 32)) { () throws(KubernetesFault) in access }
    }

    /// What was read last; what cannot be read again in passing is used on.
    package func access() async throws(KubernetesFault) -> NumberedAccess {
        try await known.value(ageMax: ageMax, clock: clock, outlives: Self.passes) {
            () throws(KubernetesFault) in
            let access = try await read()
            let number = last.add(1, ordering: .relaxed).newValue
            return NumberedAccess(access: access, number: number)
        }
    }

    /// Lets what was refused be read again, unless that has been done meanwhile.
    package func refused(_ number: UInt64) {
        known.forget { $0.number == number }
    }

    private static func passes(_ fault: KubernetesFault) -> Bool {
        switch fault {
        case .unreachable, .interrupted, .throttled, .unavailable, .busy, .cancelled: true
        default: false
        }
    }
}
