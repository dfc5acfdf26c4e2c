import Domain
import HTTP

/// A source as the body says, whether it exists or not.
struct ReplaceSource: Operation {
    static let endpoint = Endpoint(
        "replaceSource",
        .put,
        "/v1/tenants/{tenant}/sources/{source}",
        for: .permitted(.manageSources),
        body: .json,
        [.changes, .conditional, .plans]
    )

    private let target: SourceTarget
    private let wish: SourceWish
    private let isDryRun: Bool

    init(reading inputs: Inputs) throws(Problem) {
        let target = try SourceTarget(reading: inputs)
        self.target = target
        isDryRun = try inputs.isDryRun()
        wish = try inputs.read { reader in
            reader.sameName(as: target.name.text)
            return SourceWish(&reader)
        }
    }

    func answer(_ call: Invocation) async throws -> Answer {
        try await call.retrying {
            guard let source = try await target.find(call) else {
                return try await call.creating {
                    try await SourceCreation(tenant: target.tenant, name: target.name, wish: wish)
                        .answer(call, isDryRun: isDryRun)
                }
            }
            try call.checkConditions(revision: source.revision)
            return try await target.change(source, to: wish, call, isDryRun: isDryRun)
        }
    }
}
