import Domain
import HTTP
import JSON
import Testing

@testable import API

extension PlatformTests {
    /// Operations that take nothing but what their path says.
    @Suite struct VerbTests {
        private static let main = "/v1/tenants/acme/clusters/main"
        private static var bare: [Endpoint] {
            Operations.all.map(\.endpoint).filter {
                $0.body == .none && $0.method != .get && $0.method != .head
            }
        }

        @Test func `what is sent to an operation that reads nothing is refused`() async throws {
            #expect(Self.bare.count > 10)
            try await Platform.run { platform in
                try await platform.plantEnvironments()
                for endpoint in Self.bare {
                    let (target, _, _) = AccessMatrixTests.request(
                        endpoint,
                        tenant: "acme",
                        ids: AccessMatrixTests.absent
                    )
                    for body in [#"{"force":true}"#, "[]", "null", "a=b", "{"] {
                        let reply = try await platform.send(endpoint.method, target, json: body)
                        let label = "\(endpoint.operation) \(body): \(reply.text)"
                        // Backstage has one status for every wrong input, and no pointers.
                        let isRefused =
                            endpoint.conventions.contains(.portal)
                                || endpoint.conventions.contains(.broker)
                            ? reply.status == 400 : reply.status == 422 && reply.pointers == [""]
                        #expect(isRefused, "\(label)")
                        #expect(reply.text.contains("send no body, or `{}`"), "\(label)")
                    }
                }
                let long = String(repeating: " ", count: (1 << 20) + 1)
                let reply = try await platform.send(.post, "\(Self.main):reconcile", json: long)
                #expect(reply.code == "body-too-large", "\(reply.text)")
            }
        }

        @Test(arguments: ["", "{}", " { }\r\n"])
        func `an empty body says nothing`(body: String) async throws {
            try await Platform.run { platform in
                try await platform.plantClusters()
                let form: [(HeaderName, String)] = [
                    (.contentType, "application/x-www-form-urlencoded")
                ]
                for verb in ["reconcile", "sleep", "wake", "pause"] {
                    let path = "\(Self.main):\(verb)"
                    let reply = try await platform.send(.post, path, json: body, form)
                    #expect(reply.status == 202 || verb == "pause", "\(verb) \(reply.text)")
                    #expect(!reply.text.contains("unexpected-body"))
                }
            }
        }

        @Test func `a verb that is said by many at once is done for each of them`() async throws {
            try await Platform.run { platform in
                try await platform.plantClusters()
                let replies = try await withThrowingTaskGroup(of: Reply.self) { group in
                    for _ in 0..<12 {
                        group.addTask {
                            try await platform.send(.post, "\(Self.main):reconcile")
                        }
                    }
                    return try await group.reduce(into: []) { $0.append($1) }
                }
                for reply in replies { #expect(reply.status == 202, "\(reply.text)") }
                #expect(Set(replies.compactMap { $0.headers[.location] }).count == 12)
            }
        }
    }
}
