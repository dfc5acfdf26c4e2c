import Domain
import HTTP
import JSON

/// One offering of a blueprint, at one of its versions.
struct GetOffering: Operation {
    static let endpoint = Endpoint.reading(
        "getOffering",
        "/v1/offerings/{blueprint}/{offering}",
        .readOfferings,
        parameters: ["version"]
    )

    private let blueprint: BlueprintName
    private let name: OfferingName
    private let version: SemanticVersion?

    init(reading inputs: Inputs) throws(Problem) {
        blueprint = try inputs.name("blueprint")
        name = try inputs.name("offering")
        version = try inputs.filter("version", Reading.semanticVersion)
    }

    func answer(_ call: Invocation) async throws -> Answer {
        guard try await call.offeringBlueprints().contains(blueprint) else {
            throw Problem.notFound
        }
        let range = try await call.offerings(of: blueprint)
        guard let release = range.release(of: name, version) else { throw Problem.notFound }
        var writer = JSONWriter(reserving: 4_096)
        let all = range.releases(of: name)
        OfferingView.write(&writer, release, amongst: all, isWhole: true)
        return .json(.ok, writer.finish())
    }
}

extension Reading {
    /// A version such as `1.2.0`.
    static func semanticVersion(_ value: JSON) throws(ReadingFault) -> SemanticVersion {
        guard let version = SemanticVersion(try string(value)) else {
            throw ReadingFault("invalid-version", "Expected a version such as 1.2.0.")
        }
        return version
    }
}
