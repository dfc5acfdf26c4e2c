import Domain
import Storage

/// One binding of a service.
struct GetBinding: Operation {
    static let endpoint = Endpoint.reading(
        "getBinding",
        "/v1/tenants/{tenant}/services/{service}/bindings/{binding}",
        .readServices
    )

    private let target: BindingTarget

    init(reading inputs: Inputs) throws(Problem) {
        target = try BindingTarget(reading: inputs)
    }

    func answer(_ call: Invocation) async throws -> Answer {
        guard let found = try await target.find(call) else { throw Problem.notFound }
        return .resource(BindingView.bytes(found), revision: found.revision)
    }
}
