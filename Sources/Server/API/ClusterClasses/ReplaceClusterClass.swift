import Domain
import HTTP
import Storage

/// A cluster class as the body says, whether it exists or not.
struct ReplaceClusterClass: Operation {
    static let endpoint = Endpoint(
        "replaceClusterClass",
        .put,
        "/v1/cluster-classes/{class}",
        for: .permitted(.manageClusterClasses),
        body: .json,
        [.changes, .conditional, .plans]
    )

    private let name: ClusterClassName
    private let wish: ClusterClassWish
    private let isDryRun: Bool

    init(reading inputs: Inputs) throws(Problem) {
        let name: ClusterClassName = try inputs.name("class")
        self.name = name
        isDryRun = try inputs.isDryRun()
        wish = try inputs.read { reader in
            reader.sameName(as: name.text)
            return ClusterClassWish(&reader)
        }
    }

    func answer(_ call: Invocation) async throws -> Answer {
        try await call.retrying {
            let stored = try await call.services.storage.clusterClasses.find(
                name,
                as: call.access
            )
            guard let stored else { return try await create(call) }
            return try await ClusterClassChange(call: call, isDryRun: isDryRun)
                .perform(on: stored, wish)
        }
    }

    private func create(_ call: Invocation) async throws -> Answer {
        try call.checkConditions(revision: nil)
        do {
            return try await ClusterClassCreation(name: name, wish: wish)
                .answer(call, isDryRun: isDryRun)
        } catch StorageFault.nameTaken where call.conditions.noneMatch == nil {
            // Somebody else was faster; now it is a change.
            throw StorageFault.stale(current: 1)
        } catch StorageFault.nameTaken {
            throw Problem(.preconditionFailed, "The cluster class exists.")
        }
    }
}
