import Domain
import HTTP
import JSON
import Storage

/// A kubeconfig for a cluster: made for the caller, shown once, kept nowhere.
struct CreateClusterKubeconfig: Operation {
    /// How long a kubeconfig works at least: ten minutes, the least that Kubernetes gives.
    static let secondsMin = 600
    /// How long a kubeconfig works at most: a day.
    static let secondsMax = 86_400
    /// How long a kubeconfig works where nothing else is asked for: an hour.
    static let secondsDefault = 3_600

    static let endpoint = Endpoint(
        "createClusterKubeconfig",
        .post,
        "/v1/tenants/{tenant}/clusters/{cluster}/kubeconfig",
        for: .permitted(.useCluster),
        body: .json,
        [.audited]
    )

    /// What a kubeconfig allows.
    enum Wanted: String, CaseIterable {
        case viewer, developer, admin
        /// Everything: the kubeconfig that the cluster was made with.
        case clusterAdmin = "cluster-admin"
    }

    private let tenant: TenantName
    private let name: ClusterName
    /// nil for the one that the cluster was made with.
    private let role: ClusterRole?
    private let seconds: Int

    init(reading inputs: Inputs) throws(Problem) {
        tenant = try inputs.name("tenant")
        name = try inputs.name("cluster")
        let caller = inputs.call.caller
        (role, seconds) = try inputs.read { reader in
            let wanted = reader.optional("role", Reading.choice(Wanted.self)) ?? .viewer
            let seconds = reader.optional(
                "ttlSeconds",
                Reading.number(Self.secondsMin...Self.secondsMax)
            )
            Self.check(wanted, caller, &reader)
            return (ClusterRole(rawValue: wanted.rawValue), seconds ?? Self.secondsDefault)
        }
    }

    /// Nobody gets more inside than the caller's own role stands for.
    private static func check(
        _ wanted: Wanted,
        _ caller: Principal?,
        _ reader: inout ObjectReader
    ) {
        guard let caller else { return }
        let isAllowed: Bool
        if let role = ClusterRole(rawValue: wanted.rawValue) {
            isAllowed = caller.role.clusterRole.map { role.isAtMost($0) } ?? false
        } else {
            isAllowed = caller.access.allows(.administerCluster)
        }
        guard !isAllowed else { return }
        let most = caller.role.clusterRole?.rawValue ?? "nothing"
        reader.refuse(
            "role",
            "not-allowed",
            "A `\(caller.role.rawValue)` may ask for \(most) at most."
        )
    }

    func answer(_ call: Invocation) async throws -> Answer {
        let found = try await call.services.storage.clusters.find(
            name,
            of: tenant,
            as: call.access
        )
        guard let cluster = try found?.cluster() else { throw Problem.notFound }
        guard cluster.status.phase != .deleting else { throw ClusterRefusal.isDeleting }
        guard !cluster.spec.asleep else {
            throw Problem(
                .clusterAsleep,
                "The cluster is asleep, and its API server does not run. Wake it with POST "
                    + "/v1/tenants/\(tenant)/clusters/\(name):wake, then ask again."
            )
        }
        let access = call.services.clusters.access
        let requester = call.caller?.name ?? "system"
        let issued =
            if let role {
                try await access.kubeconfig(
                    for: cluster,
                    role: role,
                    ttl: .seconds(seconds),
                    requestedBy: requester
                )
            } else {
                try await access.adminKubeconfig(for: cluster, requestedBy: requester)
            }
        // Nothing is handed out that is not written down.
        try await note(issued, cluster, call)
        var answer = view(issued, call)
        answer.isSecret = true
        return answer.with(.cacheControl, "no-store")
    }

    private func view(_ issued: IssuedKubeconfig, _ call: Invocation) -> Answer {
        if MediaType.yaml.isAskedFor(by: call.request.headers) {
            return .document(issued.yaml, contentType: MediaType.yaml.essence)
        }
        var writer = JSONWriter(reserving: 4_096)
        writer.object { writer in
            writer.member("role", word)
            writer.member("expiresAt", orNull: issued.expiresAt)
            writer.member("kubeconfig", String(decoding: issued.yaml, as: UTF8.self))
        }
        return .json(.ok, writer.finish())
    }

    private var word: String { role?.rawValue ?? Wanted.clusterAdmin.rawValue }

    private func note(
        _ issued: IssuedKubeconfig,
        _ cluster: Cluster,
        _ call: Invocation
    ) async throws {
        guard let caller = call.caller else { return }
        let entry = AuditEntry(
            id: 0,
            at: call.now,
            token: caller.token,
            actor: caller.name,
            operation: call.endpoint.operation,
            object: cluster.reference,
            tenant: cluster.tenant,
            result: .allowed,
            code: nil,
            peer: call.request.peer,
            requestID: call.identity.id
        )
        let event = cluster.event(.kubeconfigIssued, id: call.occasion.event, at: call.now) {
            writer in
            writer.member("role", word)
            writer.member("requestedBy", caller.name)
            writer.member("expiresAt", orNull: issued.expiresAt)
        }
        try await call.services.storage.audit.record(entry, telling: [event])
    }
}

extension ClusterRole {
    /// Whether it allows no more than the other.
    func isAtMost(_ other: ClusterRole) -> Bool {
        let order = Self.allCases
        guard let own = order.firstIndex(of: self), let most = order.firstIndex(of: other) else {
            return false
        }
        return own <= most
    }
}
