import Domain
import GitOps
import HTTP
import JSON
import TestSupport
import Testing

@testable import API

extension PlatformTests {
    /// What can be ordered where the cluster is a namespace of a management cluster.
    @Suite struct NamespaceOfferingTests {
        @Test func `what the namespace's accounts may not apply is neither offered nor taken`()
            async throws
        {
            try await Platform.run { platform in
                try await Self.plant(in: platform)
                let here = try await platform.send(.get, "/v1/tenants/acme/available-services")
                #expect(here.json["items"]?.array?.map { $0["name"]?.string } == ["cache"])
                let queue = try #require(here.json["unavailable"]?[0], "\(here.text)")
                let reasons = (queue["reasons"]?.array ?? []).compactMap(\.string)
                #expect(reasons.count == 1, "It is served there: \(reasons)")
                let named = "may not apply rabbitmq.com/v1beta1/RabbitmqCluster"
                #expect(reasons.first?.contains(named) == true, "\(reasons)")
                let services = "/v1/tenants/acme/services"
                let refused = try await platform.send(
                    .post,
                    services,
                    json: #"{"name":"mq","spec":{"offering":{"name":"queue"}}}"#
                )
                #expect(refused.pointers == ["/spec/offering/name"], "\(refused.text)")
                #expect(refused.json["errors"]?[0]?["code"] == "not-allowed", "\(refused.text)")
                let taken = try await platform.send(
                    .post,
                    services,
                    json: #"{"name":"fine","spec":{"offering":{"name":"cache"}}}"#
                )
                #expect(taken.status == 202, "\(taken.text)")
            }
        }

        @Test func `who needs a network policy is sent to another kind of cluster`() async throws {
            try await Platform.run { platform in
                try await Self.plant(in: platform)
                try Self.plantPolicy(in: platform)
                let here = try await platform.send(.get, "/v1/tenants/acme/available-services")
                let queue = try #require(here.json["unavailable"]?[0], "\(here.text)")
                let reason = queue["reasons"]?[0]?.string ?? ""
                #expect(reason.contains("networking.k8s.io/v1/NetworkPolicy"), "\(here.text)")
                #expect(reason.contains("order it in a cluster of another kind"), "\(here.text)")
                #expect(!reason.contains(ClusterRole.aggregateLabel), "\(here.text)")
            }
        }

        @Test func `External Secrets brings nothing where its kinds are not given`() async throws {
            try await Platform.run { platform in
                try await Self.plant(in: platform)
                for table in ["environment", "service_instance"] {
                    try platform.database.run(
                        """
                        UPDATE \(table)
                           SET status = (status::jsonb || jsonb_build_object(
                                   'cluster', 'main', 'namespace', 't-acme-main'))::json
                         WHERE tenant_name = 'acme'
                        """
                    )
                }
                let spec = #"{"delivery":"externalSecret","consumer":{"environment":"pr-7"}}"#
                let refused = try await platform.send(
                    .post,
                    "/v1/tenants/acme/services/orders/bindings",
                    json: #"{"name":"new","spec":\#(spec)}"#
                )
                #expect(refused.pointers == ["/spec/delivery"], "\(refused.text)")
                #expect(refused.json["errors"]?[0]?["code"] == "not-allowed", "\(refused.text)")
                #expect(refused.text.contains("external-secrets.io/v1/SecretStore"))
                #expect(refused.text.contains(ClusterRole.aggregateLabel))
            }
        }

        /// A tenant whose cluster is a namespace.
        private static func plant(in platform: Platform) async throws {
            try await platform.plantEnvironments()
            try platform.database.run(
                """
                UPDATE cluster
                   SET kind = 'namespace',
                       spec = jsonb_set(spec::jsonb, '{kind}', '"namespace"')::json
                 WHERE tenant_name = 'acme' AND name = 'main'
                """
            )
        }

        /// Gives the queue a network policy.
        private static func plantPolicy(in platform: Platform) throws {
            let mirror = platform.layout.mirror(of: try BlueprintName(parsing: "platform"))
            let shell = Shell()
            let policy = """
                apiVersion: networking.k8s.io/v1
                kind: NetworkPolicy
                metadata: {name: "${SERVICE}", namespace: "${NAMESPACE}"}
                spec: {podSelector: {}}
                """
            try #require(
                shell.run(
                    """
                    git clone -q '\(mirror)' copy && cd copy && git checkout -q main~1 \
                    && echo '\(policy)' >offerings/queue/service/policy.yaml \
                    && git add . && git commit -q -m Fence \
                    && git push -q origin HEAD:refs/heads/fenced
                    """
                )
            )
            let commit = shell.output(of: "git -C copy rev-parse HEAD")
            try platform.database.run(
                "UPDATE blueprint_version SET commit = '\(commit)' WHERE version <> '1.2.0'"
            )
        }
    }
}
