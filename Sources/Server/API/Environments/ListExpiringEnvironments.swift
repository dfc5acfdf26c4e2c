import Domain
import Storage

/// The environments of all tenants that end soon, the soonest first.
struct ListExpiringEnvironments: Operation {
    static let endpoint = Endpoint.listing(
        "listExpiringEnvironments",
        "/v1/environments:expiring",
        .readEnvironments,
        filters: ["within"]
    )
    private static let usual = Duration.seconds(86_400)

    private let request: ListRequest
    private let within: Duration

    init(reading inputs: Inputs) throws(Problem) {
        request = try ListRequest(reading: inputs)
        within = try inputs.filter("within", Reading.length) ?? Self.usual
    }

    func answer(_ call: Invocation) async throws -> Answer {
        let query = ExpiringQuery(
            before: call.now.advanced(by: within),
            after: request.position.flatMap(ExpiringQuery.Position.init(cursor:)),
            limit: request.limit
        )
        let environments = call.services.storage.environments
        let page = try await environments.expiring(query, as: call.access)
        let pause = try await environments.expiryPause()
        return request.answer(
            page,
            call,
            more: { $0.pause(pause, at: call.now) },
            position: { item in
                // Only what ends is listed.
                let end = item.expiresAt ?? call.now
                return ListPosition(value: .moment(end), id: item.id.cast()).cursor
            },
            EnvironmentView.write
        )
    }
}

extension ExpiringQuery.Position {
    /// Where the last page ended; nil for another list's cursor.
    fileprivate init?(cursor: [UInt8]) {
        guard let position = ListPosition(cursor: cursor), case .moment(let end) = position.value
        else { return nil }
        self.init(expiresAt: end, id: position.id.cast())
    }
}
