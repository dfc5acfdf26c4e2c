import Domain
import Storage

/// One blueprint.
struct GetBlueprint: Operation {
    static let endpoint = Endpoint.reading(
        "getBlueprint",
        "/v1/blueprints/{blueprint}",
        .readBlueprints
    )

    private let name: BlueprintName

    init(reading inputs: Inputs) throws(Problem) {
        name = try inputs.name("blueprint")
    }

    func answer(_ call: Invocation) async throws -> Answer {
        let found = try await call.services.storage.blueprints.find(name, as: call.access)
        guard let found else { throw Problem.notFound }
        return .resource(BlueprintView.bytes(found), revision: found.revision)
    }
}
