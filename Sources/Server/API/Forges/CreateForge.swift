import Domain
import HTTP

/// A new connection to a forge.
struct CreateForge: Operation {
    static let endpoint = Endpoint(
        "createForge",
        .post,
        "/v1/forges",
        for: .permitted(.manageForges),
        body: .json,
        [.changes, .creates, .plans]
    )

    private let creation: ForgeCreation
    private let isDryRun: Bool

    init(reading inputs: Inputs) throws(Problem) {
        isDryRun = try inputs.isDryRun()
        let services = inputs.call.services
        creation = try inputs.read { reader in
            let name: ForgeName? = reader.required("name", Reading.name)
            let wish = ForgeWish(&reader, services)
            guard let name, let wish else { return nil }
            return ForgeCreation(name: name, wish: wish)
        }
    }

    func answer(_ call: Invocation) async throws -> Answer {
        try await creation.answer(call, isDryRun: isDryRun)
    }
}
