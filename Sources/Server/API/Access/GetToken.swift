import Domain
import Storage

/// One token, without its secret.
struct GetToken: Operation {
    static let endpoint = Endpoint.reading("getToken", "/v1/tokens/{token}", .readTokens)

    private let id: TokenID

    init(reading inputs: Inputs) throws(Problem) {
        id = try inputs.id("token")
    }

    func answer(_ call: Invocation) async throws -> Answer {
        let found = try await call.services.storage.tokens.find(id, as: call.access)
        guard let found else { throw Problem.notFound }
        var answer = Answer.resource(
            TokenView.bytes(found, at: call.now),
            revision: found.token.revision
        )
        answer.isSecret = true
        return answer
    }
}
