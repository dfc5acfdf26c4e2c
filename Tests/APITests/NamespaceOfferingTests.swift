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
                try await platform.plantEnvironments()
                try platform.database.run(
                    """
                    UPDATE cluster
                       SET kind = 'namespace',
                           spec = jsonb_set(spec::jsonb, '{kind}', '"namespace"')::json
                     WHERE tenant_name = 'acme' AND name = 'main'
                    """
                )
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
    }
}
