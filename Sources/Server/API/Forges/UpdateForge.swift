import Domain
import HTTP

/// Parts of a forge, by JSON merge patch.
struct UpdateForge: Operation {
    static let endpoint = Endpoint(
        "updateForge",
        .patch,
        "/v1/forges/{forge}",
        for: .permitted(.manageForges),
        body: .mergePatch,
        [.changes, .conditional, .plans]
    )

    private let target: ForgeTarget
    private let patch: Patch

    init(reading inputs: Inputs) throws(Problem) {
        target = try ForgeTarget(reading: inputs)
        patch = Patch(inputs.body)
    }

    func answer(_ call: Invocation) async throws -> Answer {
        try await call.retrying {
            guard let forge = try await target.find(call) else { throw Problem.notFound }
            try call.checkConditions(revision: forge.revision)
            let document = patch.applied(to: try forge.wish(), open: ["labels"])
            let wish = try Inputs(call: call, body: document, bytes: [])
                .read(takingNull: true) { ForgeWish(&$0, call.services) }
            return try await target.change(forge, to: wish, call)
        }
    }
}
