import Domain
import Storage

/// The roll-outs of an environment, the newest first; also of one that is gone.
struct ListDeployments: Operation {
    static let endpoint = Endpoint.listing(
        "listDeployments",
        "/v1/tenants/{tenant}/environments/{environment}/deployments",
        .readEnvironments,
        filters: ["state"]
    )

    private let tenant: TenantName
    private let name: EnvironmentName
    private let request: ListRequest
    private let state: Deployment.State?

    init(reading inputs: Inputs) throws(Problem) {
        tenant = try inputs.name("tenant")
        name = try inputs.name("environment")
        request = try ListRequest(reading: inputs)
        state = try inputs.filter("state", Reading.choice())
    }

    func answer(_ call: Invocation) async throws -> Answer {
        let storage = call.services.storage
        guard let owner = try await storage.tenants.find(tenant, as: call.access) else {
            throw Problem.notFound
        }
        let query = DeploymentQuery(
            of: .name(name),
            state: state,
            after: request.position.flatMap(DeploymentQuery.Position.init(cursor:)),
            limit: request.limit
        )
        let found = try await storage.deployments.list(query, of: owner.id, as: call.access)
        let page = Page(
            items: try found.items.map { try $0.deployment() },
            hasMore: found.hasMore
        )
        return request.answer(
            page,
            call,
            position: { ListPosition(value: .moment($0.createdAt), id: $0.id.cast()).cursor },
            { $1.write(to: &$0) }
        )
    }
}

extension DeploymentQuery.Position {
    /// Where the last page ended; nil for another list's cursor.
    fileprivate init?(cursor: [UInt8]) {
        guard let position = ListPosition(cursor: cursor), case .moment(let at) = position.value
        else { return nil }
        self.init(createdAt: at, id: position.id.cast())
    }
}
