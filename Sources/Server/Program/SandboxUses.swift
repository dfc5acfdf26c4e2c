import Domain
import Storage
import Synchronization

/// Notes that environments are used whose hosts the sandbox answers for.
final class SandboxUses: Sendable {
    /// Hosts that are remembered; beyond that, all are forgotten, and noted once more.
    private static let hostsMax = 10_000

    private let environments: EnvironmentStore
    /// What host names of environments end in, with the dot before it.
    private let suffix: String
    private let noted = Mutex<[String: Instant]>([:])

    init(_ environments: EnvironmentStore, domain: String) {
        self.environments = environments
        suffix = ".\(domain.lowercased())"
    }

    /// Somebody has visited something in a cluster: `/ingress/<environment>.<tenant>.<domain>/…`.
    ///
    /// Written down at most once in a while for each host, whoever visits it.
    func note(_ path: String) async {
        let parts = path.split(separator: "/", maxSplits: 2)
        guard parts.count >= 2, parts[0] == "ingress" else { return }
        let host = parts[1].prefix { $0 != ":" }.lowercased()
        guard host.hasSuffix(suffix), isDue(host) else { return }
        let names = host.dropLast(suffix.count).split(separator: ".")
        guard names.count == 2,
            // No such name, no such environment.
            let environment = try? EnvironmentName(parsing: String(names[0])),
            // The same.
            let tenant = try? TenantName(parsing: String(names[1]))
        else { return }
        // What is not written down now is with the next visit.
        try? await environments.use(environment, of: tenant)
    }

    private func isDue(_ host: String) -> Bool {
        let now = Moment.now()
        return noted.withLock { noted in
            if let last = noted[host], now - last < EnvironmentStore.useEvery { return false }
            if noted.count >= Self.hostsMax { noted.removeAll() }
            noted[host] = now
            return true
        }
    }
}
