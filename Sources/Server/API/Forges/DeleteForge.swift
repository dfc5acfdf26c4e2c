import Domain
import HTTP
import Storage

/// The end of a connection to a forge that no source uses.
struct DeleteForge: Operation {
    static let endpoint = Endpoint(
        "deleteForge",
        .delete,
        "/v1/forges/{forge}",
        for: .permitted(.manageForges),
        [.changes, .conditional, .plans]
    )

    private let name: ForgeName
    private let isDryRun: Bool

    init(reading inputs: Inputs) throws(Problem) {
        name = try inputs.name("forge")
        isDryRun = try inputs.isDryRun()
    }

    func answer(_ call: Invocation) async throws -> Answer {
        try await call.retrying {
            let store = call.services.storage.forges
            guard let forge = try await store.find(name, as: call.access) else {
                throw Problem.notFound
            }
            try call.checkConditions(revision: forge.revision)
            let decision = forge.deletion(on: call.occasion)
            return try await Deletion(call: call, isDryRun: isDryRun).perform(
                at: forge.revision,
                of: try forge.wish()
            ) { circumstances throws(StorageFault) in
                try await store.remove(decision, replacing: forge.revision, for: circumstances)
            }
        }
    }
}
