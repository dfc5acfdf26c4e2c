import Blueprints
import Contract
import Domain
import Git
import JSON

/// What a tenant's repository and entry are going to be: decided in the first step, kept as its
/// findings, so that every later attempt works towards the same.
struct TenantTarget: Sendable, Equatable {
    var tenant: TenantName
    var blueprint: BlueprintName
    var version: String
    var tag: String
    var commit: ObjectID
    var parameters: JSONObject
    var generation: Int64
    var isSuspended: Bool
    /// The clone URL of the tenant's repository: another process may know itself by another URL.
    var repositoryURL: String
    /// Seconds since 1970: the time of the fork's commit, the same in each attempt.
    var createdAt: Int64

    /// The target of a tenant at a version.
    init(
        tenant: Tenant,
        version: BlueprintVersion,
        at repositoryURL: String
    ) throws(ProviderFault) {
        guard let commit = ObjectID(version.commit) else {
            throw .refused(reason: "version \(version.version) names no commit; refresh it")
        }
        self.tenant = tenant.name
        blueprint = tenant.spec.blueprint.name
        self.version = version.version
        tag = version.tag
        self.commit = commit
        parameters = tenant.spec.parameters
        generation = tenant.generation
        isSuspended = tenant.spec.suspended
        self.repositoryURL = repositoryURL
        createdAt = tenant.createdAt.microseconds / 1_000_000
    }

    /// What the step keeps.
    var findings: JSONObject {
        var findings = JSONObject()
        findings["tenant"] = .string(tenant.text)
        findings["blueprint"] = .string(blueprint.text)
        findings["version"] = .string(version)
        findings["tag"] = .string(tag)
        findings["commit"] = .string(commit.hex)
        findings["parameters"] = .object(parameters)
        findings["generation"] = .integer(generation)
        findings["suspended"] = .bool(isSuspended)
        findings["repositoryUrl"] = .string(repositoryURL)
        findings["createdAt"] = .integer(createdAt)
        return findings
    }

    /// Reads what the first step kept.
    init(reading findings: JSON?) throws(ProviderFault) {
        guard let findings,
            let tenant = (findings["tenant"]?.string).flatMap(Self.tenantName),
            let blueprint = (findings["blueprint"]?.string)
                .flatMap(Self.blueprintName),
            let version = findings["version"]?.string, let tag = findings["tag"]?.string,
            let commit = (findings["commit"]?.string).flatMap({ ObjectID($0) }),
            let parameters = findings["parameters"]?.object,
            let generation = findings["generation"]?.int,
            let isSuspended = findings["suspended"]?.bool,
            let repositoryURL = findings["repositoryUrl"]?.string,
            let createdAt = findings["createdAt"]?.int
        else { throw .refused(reason: "the first step left no target; cancel and try anew") }
        self.tenant = tenant
        self.blueprint = blueprint
        self.version = version
        self.tag = tag
        self.commit = commit
        self.parameters = parameters
        self.generation = Int64(generation)
        self.isSuspended = isSuspended
        self.repositoryURL = repositoryURL
        self.createdAt = Int64(createdAt)
    }

    private static func tenantName(_ text: String) -> TenantName? {
        try? TenantName(parsing: text)  // The caller says what is wrong as a whole.
    }

    private static func blueprintName(_ text: String) -> BlueprintName? {
        try? BlueprintName(parsing: text)  // The caller says what is wrong as a whole.
    }

    /// What the blueprint's files may refer to.
    var builtIns: BuiltIns {
        BuiltIns(
            tenant: tenant.text,
            clusterName: tenant.text,
            repositoryURL: repositoryURL,
            branch: RepositoryLayout.branch,
            blueprint: blueprint.text,
            version: tag
        )
    }
}
