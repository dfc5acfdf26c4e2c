import Catalog
import Domain
import HTTP
import JSON
import Storage

/// Backstage's `POST /locations/by-query`: locations that a predicate lets through, by page.
struct QueryPortalLocations: Operation {
    /// The most locations of one page.
    private static let limitMax = 1_000

    static let endpoint = Endpoint(
        "queryPortalLocations",
        .post,
        "/api/catalog/locations/by-query",
        for: .permitted(.readCatalog),
        body: .json,
        [.portal]
    )

    private let predicate: JSON?
    private let query: LocationQuery
    private let seal: CursorSeal
    private let identity: ListIdentity

    init(reading inputs: Inputs) throws(Problem) {
        seal = CursorSeal(key: inputs.call.services.key)
        identity = ListIdentity(
            operation: inputs.call.endpoint.operation,
            path: [],
            filters: []
        )
        let read = try inputs.read { reader in
            (
                cursor: reader.optional("cursor", Reading.text(1...ObjectReader.portalCursorMax)),
                limit: reader.optional("limit", Reading.number(1...Int(Int32.max))),
                predicate: reader.portalQuery()
            )
        }
        var limit = read.limit ?? Self.limitMax
        var predicate = read.predicate
        var after: LocationID?
        if let text = read.cursor {
            // As in Backstage, what is said beside a cursor is passed over.
            let bytes = try seal.open(text, of: identity)
            // What was signed here can be read; anything else is no cursor.
            guard let value = try? JSON.parse(bytes), let last = value["after"]?.string else {
                throw .invalidQuery([.query("cursor", "invalid-cursor", "Malformed cursor")])
            }
            // A text that is no id was not written here.
            after = try? LocationID(parsing: last)
            limit = value["limit"]?.int ?? limit
            predicate = value["query"]
        }
        self.predicate = predicate
        let checked = try EntityPredicate(ofPortal: predicate)
        do throws(LocationQueryFault) {
            query = try LocationQuery(checked, after: after, limit: min(limit, Self.limitMax))
        } catch {
            throw error.problem
        }
    }

    func answer(_ call: Invocation) async throws -> Answer {
        let store = call.services.storage.locations
        let page = try await store.list(query, as: call.access)
        let total = try await store.count(query, as: call.access)
        var writer = JSONWriter(reserving: 256 + page.items.count * 160)
        writer.object { writer in
            writer.key("items")
            writer.array(page.items) { LocationView.writePlain(&$0, $1) }
            writer.member("totalItems", total)
            writer.key("pageInfo")
            writer.object { writer in
                guard page.hasMore, let last = page.items.last else { return }
                writer.member("nextCursor", cursor(behind: last.id))
            }
        }
        return .json(.ok, writer.finish())
    }

    private func cursor(behind last: LocationID) -> String {
        var writer = JSONWriter(reserving: 256)
        writer.object { writer in
            writer.member("after", last.description)
            writer.member("limit", query.limit)
            if let predicate {
                writer.key("query")
                writer.value(predicate)
            }
        }
        return seal.seal(writer.finish(), of: identity)
    }
}

extension LocationQueryFault {
    fileprivate var problem: Problem {
        switch self {
        case .unknownKey(let key, let known):
            let all = known.joined(separator: ", ")
            return .invalidQuery([
                .query(
                    "query",
                    "invalid-predicate",
                    "Invalid query: locations have no `\(key.prefix(60))`. Known are: \(all)."
                )
            ])
        }
    }
}
