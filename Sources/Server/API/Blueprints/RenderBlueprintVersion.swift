import Blueprints
import Domain
import Git
import HTTP
import JSON
import Rendering
import Storage

/// What a fork with given parameters would hold.
///
/// Writes nothing.
struct RenderBlueprintVersion: Operation {
    static let endpoint = Endpoint(
        "renderBlueprintVersion",
        .post,
        "/v1/blueprints/{blueprint}/versions/{version}/render",
        for: .permitted(.readBlueprints),
        body: .json
    )

    private let blueprint: BlueprintName
    private let version: String
    private let tenant: TenantName?
    private let parameters: JSONObject

    init(reading inputs: Inputs) throws(Problem) {
        blueprint = try inputs.name("blueprint")
        version = inputs.path("version")
        (tenant, parameters) = try inputs.read { reader in
            let tenant: TenantName? = reader.optional("tenant", Reading.name)
            let parameters = reader.optional("parameters", Reading.object)
            return (tenant, parameters ?? JSONObject())
        }
    }

    /// Everything that takes long, the differences included, is done on a thread of the Git pool,
    /// a few at a time for each caller.
    func answer(_ call: Invocation) async throws -> Answer {
        let found = try await call.services.storage.versions.find(
            version,
            of: blueprint,
            as: call.access
        )
        guard let found, let commit = ObjectID(found.commit),
            let folder = call.services.git.folder(.blueprints, blueprint.text)
        else { throw Problem.notFound }
        let place = try call.services.renderings.enter(for: call.tokenID)
        defer { withExtendedLifetime(place) {} }
        let builtIns = try builtIns(found, call)
        let parameters = JSON.object(parameters)
        let blueprint = blueprint
        let result = try await call.services.git.service.open(folder) {
            (repository) throws(GitFault) in
            try BlueprintRendering.make(
                in: repository,
                at: commit,
                parameters: parameters,
                builtIns: builtIns,
                carriesContent: false
            ).map { RenderingView(found, of: blueprint, $0).bytes }
        }
        switch result {
        case .success(let bytes): return .json(.ok, bytes)
        case .failure(let fault): throw Problem(rendering: fault)
        }
    }

    /// The same as the fork of a tenant of that name gets.
    private func builtIns(
        _ version: BlueprintVersion,
        _ call: Invocation
    ) throws(Problem) -> BuiltIns {
        let tenant = if let named = self.tenant { named } else { try Self.example() }
        return BuiltIns(
            tenant: tenant.text,
            clusterName: tenant.text,
            repositoryURL: call.services.git.platformURL(tenant),
            blueprint: blueprint.text,
            version: version.tag
        )
    }

    /// Who it is rendered for when nobody is named.
    private static func example() throws(Problem) -> TenantName {
        do { return try TenantName(parsing: "example") } catch { throw .internalError }
    }
}

extension Problem {
    /// Every finding of a rendering, at its parameter or its file.
    fileprivate init(rendering fault: RenderFault) {
        let faults = fault.findings.map { finding in
            let tokens = finding.pointer.flatMap { JSONPointer(parsing: $0) }?.tokens ?? []
            return Fault(
                .body(JSONPointer(["parameters"] + tokens)),
                code: finding.rule ?? finding.code.rawValue,
                detail: finding.description
            )
        }
        self.init(
            .invalidInput,
            "The version cannot be rendered so; see `errors`.",
            faults: faults
        )
    }
}
