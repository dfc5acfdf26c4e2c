import Domain
import Git
import HTTP

/// The pack of a push.
struct ReceiveGitPack: Operation {
    static let endpoint = Endpoint(
        "receiveGitPack",
        .post,
        "/git/{owner}/{repository}/git-receive-pack",
        for: .permitted(.pushRepository),
        body: .stream(contentType: "application/x-git-receive-pack-request"),
        [.passwords, .audited]
    )

    private let negotiation: GitNegotiation

    init(reading inputs: Inputs) throws(Problem) {
        negotiation = try GitNegotiation(reading: inputs, service: .receivePack)
    }

    func answer(_ call: Invocation) async throws -> Answer {
        try await negotiation.answer(call)
    }
}
