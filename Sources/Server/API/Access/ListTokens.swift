import Domain
import Storage

/// The tokens that the caller may see.
struct ListTokens: Operation {
    static let endpoint = Endpoint.listing(
        "listTokens",
        "/v1/tokens",
        .readTokens,
        filters: ["labelSelector", "sort", "role", "tenant"]
    )

    private let request: ResourceListRequest
    private let role: Role?
    private let tenant: TenantName?

    init(reading inputs: Inputs) throws(Problem) {
        request = try ResourceListRequest(reading: inputs)
        role = try inputs.filter("role", Reading.choice())
        tenant = try inputs.filter("tenant", Reading.name)
    }

    func answer(_ call: Invocation) async throws -> Answer {
        let page = try await call.services.storage.tokens.list(
            request.query,
            tenant: tenant,
            role: role,
            as: call.access
        )
        let key = request.query.order.key
        let now = call.now
        return request.list.answer(page, call, position: { $0.position(by: key).cursor }) {
            TokenView.write(&$0, $1, at: now)
        }
    }
}
