import Domain
import HTTP
import JSON
import TestSupport
import Testing

@testable import API

extension APIOrdering {
    /// In a cluster that is a namespace everything is served, and these are not allowed.
    private static let fenced = [
        "rabbitmq.com/v1beta1/RabbitmqCluster", "external-secrets.io/v1/ExternalSecret",
        "external-secrets.io/v1/SecretStore", "networking.k8s.io/v1/NetworkPolicy",
    ].compactMap { ManifestKind($0) }

    /// Clusters that serve what the offerings of the tests need, but for queues.
    static let played = APIOrdering(
        domain: "example.com",
        kinds: { cluster, _ throws(ClusterAccessFault) in
            guard cluster.name.text != "away" else { throw .unreachable(reason: "away") }
            let served = ["v1/ConfigMap", "apps/v1/Deployment"].compactMap { ManifestKind($0) }
            let refused = cluster.spec.kind == .namespace ? APIOrdering.fenced : []
            return APIOrdering.Kinds(served: Set(served + refused), refused: Set(refused))
        },
        happenings: { _ throws(ClusterAccessFault) in throw .notReady(reason: "no place yet") },
        credentials: { binding throws(ClusterAccessFault) in
            [(key: "host", value: "\(binding.serviceName).example.com")]
        }
    )
}

extension Platform {
    private static let cache = """
        apiVersion: slipway.dev/v1
        kind: Offering
        metadata: {name: cache, title: Cache, description: Keeps values., version: 1.0.0, \
        tags: [data]}
        plans:
          - {name: small, description: Little., parameters: {memory: 128}}
          - {name: large, description: Much., parameters: {memory: 2048}}
        parameters:
          type: object
          additionalProperties: false
          required: [memory]
          properties:
            memory: {type: integer}
            eviction: {type: string, enum: [allkeys-lru, noeviction], default: allkeys-lru}
            slots: {type: integer, default: 1}
        variables: {EVICTION: /eviction, MEMORY: /memory, SLOTS: /slots}
        upgrades: {growing: [/slots]}
        binding:
          parameters:
            type: object
            additionalProperties: false
            properties: {access: {type: string, enum: [read, write], default: write}}
          credentials: {host: "${SERVICE}.${NAMESPACE}.svc"}
          rotation: {every: 720h, overlap: 1h}
        """
    private static let queue = """
        apiVersion: slipway.dev/v1
        kind: Offering
        metadata: {name: queue, description: Passes messages on., version: 1.0.0}
        requires: [rabbitmq.com/v1beta1/RabbitmqCluster]
        plans: [{name: one, description: One node.}]
        parameters: {type: object}
        """
    private static let values = """
        apiVersion: v1
        kind: ConfigMap
        metadata: {name: "${SERVICE}", namespace: "${NAMESPACE}"}
        data: {memory: "${MEMORY}", eviction: "${EVICTION}", slots: "${SLOTS}"}
        """
    private static let broker = """
        apiVersion: rabbitmq.com/v1beta1
        kind: RabbitmqCluster
        metadata: {name: "${SERVICE}", namespace: "${NAMESPACE}"}
        """

    /// Writes the folders of two offerings.
    static let offerings = """
        mkdir -p offerings/cache/service offerings/queue/service \
        && echo '\(cache)' >offerings/cache/offering.yaml \
        && echo '# Cache' >offerings/cache/README.md \
        && echo '\(values)' >offerings/cache/service/values.yaml \
        && echo '\(queue)' >offerings/queue/offering.yaml \
        && echo '# Queue' >offerings/queue/README.md \
        && echo '\(broker)' >offerings/queue/service/queue.yaml
        """

    /// What a small cache of version 1.0.0 comes to.
    static func delivered(_ service: String) -> String {
        """
        {apiVersion: v1, kind: ConfigMap, metadata: {name: \(service), namespace: s-\(service)}, \
        data: {memory: "128", eviction: allkeys-lru, slots: "1"}}
        """
    }

    /// A proposed version of the blueprint whose cache is of version 1.1.0.
    func plantNewerOfferings(in mirror: String, with shell: Shell) throws {
        try #require(
            shell.run(
                """
                cd start && sed -i 's/version: 1.0.0/version: 1.1.0/' \
                offerings/cache/offering.yaml \
                && sed -i 's/^data: {/data: {kind: better, /' \
                offerings/cache/service/values.yaml \
                && git commit -q -a -m Newer && git push -q '\(mirror)' main
                """
            )
        )
        let commit = shell.output(of: "git -C '\(mirror)' rev-parse main")
        try database.run(
            """
            INSERT INTO blueprint_version (
                id, blueprint_id, version, sort_key, tag, commit, state, parameters, summary,
                created_at, updated_at)
            SELECT gen_random_uuid(), id, '1.2.0', '1.2.0', 'v1.2.0', '\(commit)', 'proposed',
                   '{"type":"object"}', 'A version', now(), now()
              FROM blueprint
            """
        )
    }

    /// A cache of a tenant's, bound to its review environment.
    func plantService(of tenant: String) async throws {
        let made = try await send(
            .put,
            "/v1/tenants/\(tenant)/services/orders",
            json: #"{"spec":{"offering":{"name":"cache"}}}"#
        )
        #expect(made.status == 202, "\(made.text)")
        let bound = try await send(
            .put,
            "/v1/tenants/\(tenant)/services/orders/bindings/shop",
            json: #"{"spec":{"consumer":{"environment":"pr-7"}}}"#
        )
        #expect(bound.status == 202, "\(bound.text)")
    }

    /// What the jobs of bindings would have found; jobs do not run here.
    func settleBindings() throws {
        try database.run(
            """
            UPDATE service_binding
               SET status = (status::jsonb
                       || jsonb_build_object('current', status -> 'coming', 'coming', NULL,
                                             'phase', 'ready'))::json,
                   phase = 'ready'
             WHERE status ->> 'coming' IS NOT NULL
            """
        )
    }

    /// What the job of a tenant's delivery would have found; jobs do not run here.
    func settleServices() throws {
        try database.run(
            """
            UPDATE service_instance
               SET status = (status::jsonb
                       || jsonb_build_object('live', status -> 'coming', 'coming', NULL,
                                             'phase', 'ready'))::json,
                   phase = 'ready'
            """
        )
    }
}
