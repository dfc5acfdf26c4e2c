import Domain
import HTTP
import JSON
import Storage

/// What is delivered for a service, as it stands in the tenant's repository.
struct GetServiceManifests: Operation {
    static let endpoint = Endpoint.reading(
        "getServiceManifests",
        "/v1/tenants/{tenant}/services/{service}/manifests",
        .readServices
    )
    private let target: ServiceTarget

    init(reading inputs: Inputs) throws(Problem) {
        target = try ServiceTarget(reading: inputs)
    }

    func answer(_ call: Invocation) async throws -> Answer {
        let service = try await target.service(call)
        guard let delivered = try await DeliveredFiles.read(of: service, call) else {
            throw Problem(
                .stateConflict,
                "The tenant's repository holds nothing of the service: nothing is delivered yet, "
                    + "as its job says, or its files are the platform's."
            )
        }
        return delivered.answer(call)
    }
}

extension DeliveredFiles {
    /// The objects as JSON where that is asked for, else as YAML.
    func answer(_ call: Invocation) -> Answer {
        let manifests = Manifests(files)
        guard MediaType.json.isAskedFor(by: call.request.headers) else {
            return .document(
                manifests.yaml(of: commit),
                contentType: MediaType.yaml.essence
            )
        }
        return .json(.ok, manifests.json(of: commit))
    }
}
