import Contract
import Domain
import JSON

/// What a job of a cluster goes by: decided in its first step and kept as its findings, so that
/// every later attempt, also in another process, works towards the same.
struct ResolvedCluster: Sendable, Equatable {
    /// The generation of the spec.
    var generation: Int64
    /// The clone URL of the tenant's repository: another process may know it by another one.
    var platformURL: String?
    /// The version that nodes keep while the control plane is upgraded; nil for no upgrade.
    var workersVersion: String?
    /// The generation of the class; nil where there is none.
    var classGeneration: Int64?

    /// Those decisions.
    init(
        generation: Int64,
        platformURL: String?,
        workersVersion: String?,
        classGeneration: Int64?
    ) {
        self.generation = generation
        self.platformURL = platformURL
        self.workersVersion = workersVersion
        self.classGeneration = classGeneration
    }

    /// What the step keeps.
    var findings: JSONObject {
        var findings = JSONObject()
        findings["generation"] = .integer(generation)
        if let platformURL { findings["platformUrl"] = .string(platformURL) }
        if let workersVersion { findings["workersVersion"] = .string(workersVersion) }
        if let classGeneration { findings["classGeneration"] = .integer(classGeneration) }
        return findings
    }

    /// Reads what the first step kept.
    init(reading findings: JSON?) throws(ProviderFault) {
        guard let findings, let generation = findings["generation"]?.int else {
            throw .refused(reason: "the first step left no target; cancel and try anew")
        }
        self.generation = Int64(generation)
        platformURL = findings["platformUrl"]?.string
        workersVersion = findings["workersVersion"]?.string
        classGeneration = (findings["classGeneration"]?.int).map(Int64.init)
    }
}
