import Domain
import Git
import HTTP

/// The pack of a clone or fetch.
struct UploadGitPack: Operation {
    static let endpoint = Endpoint(
        "uploadGitPack",
        .post,
        "/git/{owner}/{repository}/git-upload-pack",
        for: .permitted(.pullRepository),
        body: .stream(contentType: "application/x-git-upload-pack-request"),
        [.passwords]
    )

    private let negotiation: GitNegotiation

    init(reading inputs: Inputs) throws(Problem) {
        negotiation = try GitNegotiation(reading: inputs, service: .uploadPack)
    }

    func answer(_ call: Invocation) async throws -> Answer {
        try await negotiation.answer(call)
    }
}
