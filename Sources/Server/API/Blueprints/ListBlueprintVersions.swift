import Domain
import Storage

/// The versions of a blueprint, the newest first.
struct ListBlueprintVersions: Operation {
    static let endpoint = Endpoint.listing(
        "listBlueprintVersions",
        "/v1/blueprints/{blueprint}/versions",
        .readBlueprints,
        filters: []
    )

    private let blueprint: BlueprintName
    private let request: ListRequest

    init(reading inputs: Inputs) throws(Problem) {
        blueprint = try inputs.name("blueprint")
        request = try ListRequest(reading: inputs)
    }

    func answer(_ call: Invocation) async throws -> Answer {
        let storage = call.services.storage
        guard try await storage.blueprints.find(blueprint, as: call.access) != nil else {
            throw Problem.notFound
        }
        var last: BlueprintVersion?
        if let position = request.position {
            let name = String(decoding: position, as: UTF8.self)
            last = try await storage.versions.find(name, of: blueprint, as: call.access)
        }
        let page = try await storage.versions.list(
            of: blueprint,
            after: last,
            limit: request.limit,
            as: call.access
        )
        return request.answer(page, call, position: { Array($0.version.utf8) }) {
            VersionView.write(&$0, $1, of: blueprint)
        }
    }
}
