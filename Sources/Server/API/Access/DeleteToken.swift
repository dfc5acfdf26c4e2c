import Domain
import HTTP
import JSON
import Storage

/// The end of a token: it stops working within a second everywhere.
struct DeleteToken: Operation {
    static let endpoint = Endpoint(
        "deleteToken",
        .delete,
        "/v1/tokens/{token}",
        for: .permitted(.manageTokens),
        [.changes, .conditional, .plans, .revokes]
    )

    private let id: TokenID
    private let isDryRun: Bool

    init(reading inputs: Inputs) throws(Problem) {
        id = try inputs.id("token")
        isDryRun = try inputs.isDryRun()
    }

    func answer(_ call: Invocation) async throws -> Answer {
        try await call.retrying {
            let storage = call.services.storage
            guard let found = try await storage.tokens.find(id, as: call.access) else {
                throw Problem.notFound
            }
            let token = found.token
            try call.checkConditions(revision: token.revision)
            if isDryRun {
                return Plan(
                    action: token.revokedAt == nil ? .delete : .none,
                    resource: nil,
                    before: try token.wish(),
                    after: .null,
                    job: nil
                ).answer(call)
            }
            guard token.revokedAt == nil else { return .gone }
            let change = Change(
                effect: .deleted,
                resource: [],
                revision: token.revision,
                job: nil
            )
            return try await change.perform(
                call,
                store: { circumstances throws(StorageFault) in
                    try await storage.tokens.revoke(
                        token,
                        replacing: token.revision,
                        event: call.occasion.event,
                        for: circumstances
                    )
                },
                current: { nil }
            )
        }
    }
}
