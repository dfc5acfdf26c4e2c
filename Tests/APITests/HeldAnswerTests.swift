import Contract
import Domain
import HTTP
import JSON
import Testing

@testable import API

extension PlatformTests {
    /// `Prefer: wait`, with an engine that does the work.
    @Suite struct HeldAnswerTests {
        private static let body = #"{"name":"initech","spec":{"blueprint":"platform"}}"#
        private static let ready: [Workflow] = [
            .done(.tenantProvision, [.tenantPhase(.ready)]), .done(.tenantUpdate),
            .done(.tenantDelete, [.tenantRemoved]), .done(.blueprintRefresh),
        ]
        private static let wait = (HeaderName.prefer, "wait=30")

        private func isSame(_ one: Reply, as other: Reply) -> Bool {
            one.status == other.status && one.body == other.body
                && [HeaderName.location, .etag, .preferenceApplied].allSatisfy {
                    one.headers[$0] == other.headers[$0]
                }
        }

        @Test func `a creation that is waited for answers the finished tenant, also when repeated`()
            async throws
        {
            try await Platform.run { platform in
                try await platform.working(Self.ready) {
                    let fields = [Self.wait, (.idempotencyKey, "k-1")]
                    let first = try await platform.send(
                        .post,
                        "/v1/tenants",
                        json: Self.body,
                        fields
                    )
                    #expect(first.status == 201)
                    #expect(first.json["status"]?["phase"]?.string == "ready")
                    #expect(first.headers[.location] == "/v1/tenants/initech")
                    #expect(first.headers[.preferenceApplied] == "wait=30")
                    let again = try await platform.send(
                        .post,
                        "/v1/tenants",
                        json: Self.body,
                        fields
                    )
                    #expect(isSame(again, as: first), "\(again.status) \(again.text)")
                    let stored = try await platform.send(
                        .post,
                        "/v1/tenants",
                        json: Self.body,
                        [(.idempotencyKey, "k-1")]
                    )
                    #expect(stored.status == 202)
                    #expect(stored.json["status"]?["phase"]?.string == "pending")
                    #expect(stored.headers[.preferenceApplied] == nil)
                }
            }
        }

        @Test func `a change that stalls is answered with the tenant as it is then`()
            async throws
        {
            try await Platform.run { platform in
                let stuck = Workflow(
                    .tenantProvision,
                    steps: [NamedStep("first") { _ in .stalled(reason: "no such path") }],
                    whenInterrupted: { interruption in
                        guard case .stalled(let reason) = interruption.kind else { return [] }
                        return StepFact.stall(
                            of: interruption.subject,
                            job: Platform.id(),
                            reason: reason
                        )
                    }
                )
                try await platform.working([stuck]) {
                    let fields = [Self.wait, (.idempotencyKey, "s")]
                    for _ in 1...2 {
                        let reply = try await platform.send(
                            .post,
                            "/v1/tenants",
                            json: Self.body,
                            fields
                        )
                        #expect(reply.status == 202)
                        #expect(reply.json["status"]?["phase"]?.string == "degraded")
                        #expect(reply.text.contains("no such path"), "\(reply.text)")
                        #expect(reply.headers[.location]?.hasPrefix("/v1/jobs/") == true)
                        #expect(reply.headers[.etag] == "\"2\"")
                    }
                }
            }
        }

        @Test func `a repeated call waits for work that is not done yet`() async throws {
            try await Platform.run { platform in
                let key = (HeaderName.idempotencyKey, "k-2")
                let first = try await platform.send(.post, "/v1/tenants", json: Self.body, [key])
                let fields = [key, Self.wait]
                // Awaited below.
                let held = Task {
                    try await platform.send(.post, "/v1/tenants", json: Self.body, fields)
                }
                try await platform.working(Self.ready) {
                    let again = try await held.value
                    #expect(first.status == 202)
                    #expect(again.status == 201)
                    #expect(again.json["id"] == first.json["id"])
                    #expect(again.json["status"]?["phase"]?.string == "ready")
                }
            }
        }

        @Test func `a repeated change and a repeated deletion are waited for as the first was`()
            async throws
        {
            try await Platform.run { platform in
                try await platform.working(Self.ready) {
                    let path = "/v1/tenants/acme"
                    let patch = [
                        (HeaderName.contentType, "application/merge-patch+json"), Self.wait,
                        (.idempotencyKey, "p"),
                    ]
                    let json = #"{"spec":{"owners":["ops@acme.example"]}}"#
                    let first = try await platform.send(.patch, path, json: json, patch)
                    let again = try await platform.send(.patch, path, json: json, patch)
                    #expect(first.status == 200, "\(first.text)")
                    #expect(isSame(again, as: first), "\(again.status) \(again.text)")
                    let fields = [Self.wait, (.idempotencyKey, "d")]
                    let gone = try await platform.send(.delete, path, fields)
                    let still = try await platform.send(.delete, path, fields)
                    #expect(gone.status == 204, "\(gone.text)")
                    #expect(isSame(still, as: gone), "\(still.status) \(still.text)")
                }
            }
        }

        @Test func `a new blueprint by PUT is 201 again when repeated`() async throws {
            try await Platform.run { platform in
                try await platform.working(Self.ready) {
                    let fields = [Self.wait, (.idempotencyKey, "b")]
                    let path = "/v1/blueprints/other"
                    let json = #"{"spec":{"source":{"url":"/srv/other.git"}}}"#
                    let first = try await platform.send(.put, path, json: json, fields)
                    let again = try await platform.send(.put, path, json: json, fields)
                    #expect(first.status == 201, "\(first.text)")
                    #expect(first.headers[.location] == path)
                    #expect(isSame(again, as: first), "\(again.status) \(again.text)")
                }
            }
        }

        @Test func `a job is shown once it has ended`() async throws {
            try await Platform.run { platform in
                let made = try await platform.send(.post, "/v1/tenants", json: Self.body)
                let job = try #require(made.headers[.location])
                // Awaited below.
                let held = Task { try await platform.send(.get, job, [Self.wait]) }
                try await platform.working(Self.ready) {
                    let reply = try await held.value
                    #expect(reply.status == 200)
                    #expect(reply.json["status"]?["phase"]?.string == "completed")
                    #expect(reply.headers[.preferenceApplied] == "wait=30")
                }
            }
        }
    }
}
