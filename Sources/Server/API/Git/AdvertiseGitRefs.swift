import Domain
import Git
import HTTP
import JSON
import Synchronization

/// The beginning of a clone, fetch or push: which references there are.
struct AdvertiseGitRefs: Operation {
    static let endpoint = Endpoint(
        "advertiseGitRefs",
        .get,
        "/git/{owner}/{repository}/info/refs",
        for: .permitted(.pullRepository),
        parameters: ["service"],
        [.passwords]
    )

    private let access: GitAccess
    private let service: GitExchange.Service

    init(reading inputs: Inputs) throws(Problem) {
        access = try GitAccess(reading: inputs)
        guard let text = inputs.call.query["service"],
            let service = GitExchange.Service(rawValue: text)
        else {
            throw .invalidQuery([
                .query(
                    "service",
                    "unknown-value",
                    "Expected git-upload-pack or git-receive-pack; the dumb protocol is not "
                        + "offered. Use a current git."
                )
            ])
        }
        self.service = service
    }

    /// Collected first, for the backend bounds the number of references: so a missing repository
    /// or a busy backend still gets a status of its own.
    func answer(_ call: Invocation) async throws -> Answer {
        let site = try await access.site(for: service)
        let collected = Collected()
        let exchange = try access.exchange(service, .advertisement, at: site) { bytes in
            collected.bytes.withLock { $0 += bytes }
        }
        let backend = call.services.git.backend
        try await backend.serve(try await backend.admit(exchange))
        let bytes = collected.bytes.withLock { $0 }
        return .document(bytes, contentType: exchange.contentType)
    }

    private final class Collected: Sendable {
        let bytes = Mutex<[UInt8]>([])
    }
}
