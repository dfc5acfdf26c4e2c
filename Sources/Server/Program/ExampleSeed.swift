import Domain
import EventLoop
import Git
import GitOps
import Secrets
import Storage

/// Registers the example blueprint on an installation that has none, so that the first tenant
/// needs no preparation.
struct ExampleSeed {
    private let services: Services

    init(_ services: Services) {
        self.services = services
    }

    /// Makes the repository and stores the blueprint; a database with any blueprint stays as it
    /// is, and so does one where another process was faster.
    func plant() async throws {
        let known = try await services.storage.blueprints.list(
            ListQuery(limit: 1),
            as: .system
        )
        guard known.items.isEmpty else { return }
        let source = services.layout.path(owner: "_examples", name: "platform")
        try await services.pool.run {
            try ExampleBlueprint.build(
                files: EmbeddedFiles.below("examples/platform-blueprint"),
                into: source
            )
        }
        let now = Moment.now()
        var random = SecureRandom()
        let decision = Blueprint.creation(
            id: BlueprintID(at: now, using: &random),
            name: try BlueprintName(parsing: "platform"),
            labels: Labels(),
            spec: BlueprintSpec(displayName: "Example platform", url: source),
            on: Occasion(at: now, using: &random)
        )
        do {
            _ = try await services.storage.blueprints.create(
                decision,
                credentials: .remove,
                for: .system("seed", requestID: "start", at: now)
            )
        } catch StorageFault.nameTaken {
            return  // Another process of this installation was faster.
        }
    }
}
