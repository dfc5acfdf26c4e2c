import Domain
import Storage

/// One version of a blueprint.
struct GetBlueprintVersion: Operation {
    static let endpoint = Endpoint.reading(
        "getBlueprintVersion",
        "/v1/blueprints/{blueprint}/versions/{version}",
        .readBlueprints
    )

    private let blueprint: BlueprintName
    private let version: String

    init(reading inputs: Inputs) throws(Problem) {
        blueprint = try inputs.name("blueprint")
        version = inputs.path("version")
    }

    func answer(_ call: Invocation) async throws -> Answer {
        let found = try await call.services.storage.versions.find(
            version,
            of: blueprint,
            as: call.access
        )
        guard let found else { throw Problem.notFound }
        return .resource(VersionView.bytes(found, of: blueprint), revision: found.revision)
    }
}
