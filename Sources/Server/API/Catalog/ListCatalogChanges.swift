import Domain
import HTTP
import JSON
import Storage

/// The changes of the catalog in one order, each once: by page, by long poll, or live.
struct ListCatalogChanges: Operation {
    static let endpoint = Endpoint(
        "listCatalogChanges",
        .get,
        "/v1/catalog/changes",
        for: .permitted(.readCatalog),
        parameters: ["after", "limit", "wait"]
    )

    private let following: Following
    private let wait: Int

    init(reading inputs: Inputs) throws(Problem) {
        following = try Following(reading: inputs)
        wait = try Following.wait(inputs)
    }

    func answer(_ call: Invocation) async throws -> Answer {
        try await following.answer(call, wait: wait) { position in
            try await call.services.storage.events.changesOfCatalog(
                after: position,
                limit: following.limit,
                as: call.access
            )
        }
    }
}
