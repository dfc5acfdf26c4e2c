import Catalog
import Domain
import HTTP
import JSON
import Storage

/// Backstage's `GET /locations`: all of them, each wrapped in `data`.
struct ListPortalLocations: Operation {
    /// The most locations of one answer: clients know no pages of them.
    private static let countMax = 5_000

    static let endpoint = Endpoint(
        "listPortalLocations",
        .get,
        "/api/catalog/locations",
        for: .permitted(.readCatalog),
        [.portal]
    )

    init(reading inputs: Inputs) throws(Problem) {}

    func answer(_ call: Invocation) async throws -> Answer {
        var found: [CatalogLocation] = []
        var position: ListPosition?
        repeat {
            let page = try await call.services.storage.locations.list(
                after: position,
                limit: ListQuery.limitMax,
                as: call.access
            )
            found += page.items
            position =
                page.hasMore
                ? page.items.last.map {
                    ListPosition(value: .moment($0.createdAt), id: $0.id.cast())
                } : nil
        } while position != nil && found.count < Self.countMax
        var writer = JSONWriter(reserving: 256 + found.count * 160)
        writer.array(found) { writer, location in
            writer.object { writer in
                writer.key("data")
                LocationView.writePlain(&writer, location)
            }
        }
        return .json(.ok, writer.finish())
    }
}
