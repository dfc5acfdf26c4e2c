import Domain
import JSON

/// Faults that somebody asked for, so that tests and demonstrations see how callers take them.
///
/// `sandbox.slipway.dev/v1 Fault`, cluster-scoped: `spec.target: api`, `spec.kind`, and, each if
/// wanted, `verbs`, `resources`, `until` (a time) and `count` (that many requests).
struct PlayedFaults {
    /// How long a slow answer takes: 3 s, below the patience of every client.
    private static let slowness = Duration.seconds(3)

    let call: APICall

    init(_ call: APICall) { self.call = call }

    /// Plays the first fault that is meant for the request, if there is one.
    func play(on path: APIPath) async throws(SandboxStatus) {
        guard case .objects(let place) = path, place.plural != "faults",
            let fault = try await fault(for: place)
        else { return }
        try await count(fault)
        switch fault.spec["kind"]?.string {
        case "unavailable":
            throw SandboxStatus(
                .unavailable,
                "played: the server is currently unable to handle the request"
            )
        case "throttle":
            var status = SandboxStatus(
                .tooManyRequests,
                "played: too many requests, please try again later"
            )
            status.retryAfterSeconds = 1
            throw status
        case "unauthorized": throw SandboxStatus(.unauthorized, "Unauthorized")
        case "expire":
            if call.query["continue"] != nil || call.query.isSet("watch") {
                throw SandboxStatus(.expired, "played: too old resource version")
            }
        case "slow":
            await call.cluster.server.pause(Self.slowness)
        default: break
        }
    }

    /// Whether watches are to be cut now.
    static func cuts(_ cluster: SandboxCluster, _ plural: String) async -> String? {
        // An outage is found by the watch's own next read.
        let faults = (try? await cluster.list(.fault)) ?? []
        let fault = faults.first { fault in
            ["watchCut", "watchExpire"].contains(fault.spec["kind"]?.string ?? "")
                && isMeant(fault, cluster, verb: "watch", plural)
        }
        return fault?.spec["kind"]?.string
    }

    /// Whether there ever was a fault.
    static func areThere(in cluster: SandboxCluster) async throws(SandboxStatus) -> Bool {
        try await asking { () async throws(SandboxOutage) in
            try await cluster.server.records.newest(of: .fault, in: cluster.name) > 0
        }
    }

    private func fault(for place: APIPath.Place) async throws(SandboxStatus) -> SandboxObject? {
        guard try await Self.areThere(in: call.cluster) else { return nil }
        let verb = APITarget.verb(call, place)
        return try await call.cluster.list(.fault).first { fault in
            Self.isMeant(fault, call.cluster, verb: verb, place.plural)
        }
    }

    private static func isMeant(
        _ fault: SandboxObject,
        _ cluster: SandboxCluster,
        verb: String,
        _ plural: String
    ) -> Bool {
        let spec = fault.spec
        guard spec["target"]?.string ?? "api" == "api", spec["kind"]?.string != nil else {
            return false
        }
        if let until = spec["until"]?.string {
            // What is no time is over at once.
            guard let end = try? Instant(parsing: until), cluster.now < end else { return false }
        }
        if let count = spec["count"]?.int, count <= fault.status["played"]?.int ?? 0 {
            return false
        }
        if let verbs = spec["verbs"]?.array, !verbs.contains(.string(verb)) { return false }
        if let plurals = spec["resources"]?.array, !plurals.contains(.string(plural)) {
            return false
        }
        return true
    }

    private func count(_ fault: SandboxObject) async throws(SandboxStatus) {
        guard fault.spec["count"] != nil else { return }
        try await call.cluster.updateStatus(fault.key) { fault in
            fault.status["played"] = .integer((fault.status["played"]?.int ?? 0) + 1)
        }
    }
}
