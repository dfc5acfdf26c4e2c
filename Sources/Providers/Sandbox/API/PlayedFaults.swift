import Domain
import JSON

/// Faults that somebody asked for, so that tests and demonstrations see how callers take them.
///
/// `sandbox.slipway.dev/v1 Fault`, cluster-scoped: `spec.target: api`, `spec.kind`, and, each if
/// wanted, `verbs`, `resources`, `until` (a time) and `count` (that many requests).
struct PlayedFaults {
    /// How long a slow answer takes: 3 s, below the patience of every client.
    private static let slowness = Duration.seconds(3)

    let cluster: SandboxCluster

    init(_ cluster: SandboxCluster) { self.cluster = cluster }

    /// Plays the first fault that is meant for the request, if there is one.
    func play(on path: APIPath, _ request: SandboxRequest) async throws(SandboxStatus) {
        let query = APIQuery(request.query)
        let isWatch = query.isSet("watch")
        let fault: SandboxObject?
        switch path {
        case .objects(let place):
            guard place.plural != "faults" else { return }
            let verb = place.verb(of: request.method, isWatch: isWatch)
            fault = try await self.fault(verb, place.plural)
        case .health: fault = try await self.fault("get", "") { $0 == "unavailable" }
        default: return
        }
        guard let fault, let kind = fault.spec["kind"]?.string else { return }
        try await count(fault)
        switch kind {
        case "unavailable":
            let text = "played: the server is currently unable to handle the request"
            throw SandboxStatus(.unavailable, text)
        case "throttle":
            let text = "played: too many requests, please try again later"
            var status = SandboxStatus(.tooManyRequests, text)
            status.retryAfterSeconds = 1
            throw status
        case "unauthorized": throw SandboxStatus(.unauthorized, "Unauthorized")
        case "expire" where query["continue"] != nil || isWatch:
            throw SandboxStatus(.expired, "played: too old resource version")
        case "slow": await cluster.server.pause(Self.slowness)
        default: break
        }
    }

    /// Cuts a watch, where that is to be played now.
    func cut(_ plural: String) async throws(SandboxStatus) {
        let cuts: Set = ["watchCut", "watchExpire"]
        guard let fault = try await fault("watch", plural, { cuts.contains($0) }) else { return }
        guard fault.spec["kind"] == "watchCut" else { throw .expired(0, compacted: 0) }
        throw SandboxStatus(.internalError, "played: the watch is cut")
    }

    /// The first fault that is meant for such a request and of such a kind.
    private func fault(
        _ verb: String,
        _ plural: String,
        _ isOfKind: (String) -> Bool = { _ in true }
    ) async throws(SandboxStatus) -> SandboxObject? {
        // Where there never was one, nothing is read.
        guard try await cluster.hadFaults() else { return nil }
        return try await cluster.list(.fault).first { fault in
            let spec = fault.spec
            guard spec["target"]?.string ?? "api" == "api", let kind = spec["kind"]?.string,
                isOfKind(kind)
            else { return false }
            // What is no time is over at once.
            let end = spec["until"]?.string.map { try? Instant(parsing: $0) }
            if let end, end.map({ cluster.now >= $0 }) ?? true { return false }
            if let count = spec["count"]?.int, count <= fault.status["played"]?.int ?? 0 {
                return false
            }
            return (spec["verbs"]?.array?.contains(.string(verb)) ?? true)
                && (spec["resources"]?.array?.contains(.string(plural)) ?? true)
        }
    }

    private func count(_ fault: SandboxObject) async throws(SandboxStatus) {
        guard fault.spec["count"] != nil else { return }
        try await cluster.updateStatus(fault.key) { fault in
            fault.status["played"] = .integer((fault.status["played"]?.int ?? 0) + 1)
        }
    }
}
