import Domain
import Storage

/// One forge, without its token.
struct GetForge: Operation {
    static let endpoint = Endpoint.reading("getForge", "/v1/forges/{forge}", .readForges)

    private let name: ForgeName

    init(reading inputs: Inputs) throws(Problem) {
        name = try inputs.name("forge")
    }

    func answer(_ call: Invocation) async throws -> Answer {
        let found = try await call.services.storage.forges.find(name, as: call.access)
        guard let found else { throw Problem.notFound }
        return .resource(ForgeView.bytes(found, to: call), revision: found.revision)
    }
}
