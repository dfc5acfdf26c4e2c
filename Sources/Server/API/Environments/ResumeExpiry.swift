import Domain
import HTTP

/// Lets environments end by themselves again.
struct ResumeExpiry: Operation {
    static let endpoint = Endpoint(
        "resumeExpiry",
        .post,
        "/v1/environments:resume-expiry",
        for: .permitted(.changePlatform),
        [.changes]
    )

    init(reading inputs: Inputs) throws(Problem) {}

    func answer(_ call: Invocation) async throws -> Answer {
        try await ExpiryChange(pause: nil).answer(call)
    }
}
