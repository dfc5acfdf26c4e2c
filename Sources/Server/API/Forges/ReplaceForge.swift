import Domain
import HTTP

/// A forge as the body says, whether it is connected or not.
struct ReplaceForge: Operation {
    static let endpoint = Endpoint(
        "replaceForge",
        .put,
        "/v1/forges/{forge}",
        for: .permitted(.manageForges),
        body: .json,
        [.changes, .conditional, .plans]
    )

    private let target: ForgeTarget
    private let wish: ForgeWish

    init(reading inputs: Inputs) throws(Problem) {
        let target = try ForgeTarget(reading: inputs)
        self.target = target
        let services = inputs.call.services
        wish = try inputs.read { reader in
            reader.sameName(as: target.name.text)
            return ForgeWish(&reader, services)
        }
    }

    func answer(_ call: Invocation) async throws -> Answer {
        try await call.retrying {
            guard let forge = try await target.find(call) else {
                return try await call.creating {
                    try await ForgeCreation(name: target.name, wish: wish)
                        .answer(call, isDryRun: target.isDryRun)
                }
            }
            try call.checkConditions(revision: forge.revision)
            return try await target.change(forge, to: wish, call)
        }
    }
}
