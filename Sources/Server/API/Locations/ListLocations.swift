import Catalog
import Domain
import Storage

/// The locations that entities of the catalog come from.
struct ListLocations: Operation {
    static let endpoint = Endpoint.listing(
        "listLocations",
        "/v1/catalog/locations",
        .readCatalog,
        filters: []
    )

    private let list: ListRequest

    init(reading inputs: Inputs) throws(Problem) {
        list = try ListRequest(reading: inputs)
    }

    func answer(_ call: Invocation) async throws -> Answer {
        let page = try await call.services.storage.locations.list(
            after: list.position.flatMap { ListPosition(cursor: $0) },
            limit: list.limit,
            as: call.access
        )
        return list.answer(
            page,
            call,
            position: { ListPosition(value: .moment($0.createdAt), id: $0.id.cast()).cursor },
            LocationView.write
        )
    }
}
