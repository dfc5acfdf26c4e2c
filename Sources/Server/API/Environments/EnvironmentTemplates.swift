import Blueprints
import Domain
import Git
import JSON
import Rendering
import Storage
import Synchronization

/// The environment templates of blueprint versions, read from their commits and kept: a commit
/// never changes.
final class EnvironmentTemplates: Sendable {
    /// Commits whose templates are kept; beyond that all are forgotten.
    private static let countMax = 200

    private let known = Mutex<[String: [EnvironmentBlueprint]]>([:])

    /// The templates that a tenant's environments can be made from.
    func templates(
        of tenant: Tenant,
        _ means: EnvironmentMeans
    ) async throws -> [EnvironmentBlueprint] {
        let blueprint = tenant.spec.blueprint.name
        let versions = means.storage.versions
        let named = tenant.status.version ?? tenant.spec.blueprint.version
        let version =
            if let named {
                try await versions.find(named, of: blueprint, as: .system)
            } else {
                try await versions.findDefault(of: blueprint, as: .system)
            }
        guard let version, let commit = ObjectID(version.commit),
            let folder = means.git.folder(.blueprints, blueprint.text)
        else { return [] }
        let key = "\(blueprint) \(version.commit)"
        if let found = known.withLock({ $0[key] }) { return found }
        let manifest = try await means.git.service.open(folder) {
            (repository) throws(GitFault) in
            try BlueprintRendering.manifest(in: repository, at: commit)
        }
        // What cannot be read is told by the refresh of the blueprint; it has no templates.
        let templates = (try? manifest.get())?.environments ?? []
        known.withLock { known in
            if known.count >= Self.countMax { known.removeAll() }
            known[key] = templates
        }
        return templates
    }
}

extension EnvironmentBlueprint {
    /// What the domain needs to know of the template; nil where its name is none.
    var policy: EnvironmentTemplatePolicy? {
        // Names are checked when the blueprint is read.
        guard let name = try? EnvironmentTemplateName(parsing: name) else { return nil }
        let types = Set(types.compactMap(EnvironmentType.init(rawValue:)))
        return EnvironmentTemplatePolicy(
            name: name,
            types: types.isEmpty ? Set(EnvironmentType.allCases) : types,
            images: images,
            limits: EnvironmentLimits(
                usual: EnvironmentLifetime(reading: defaults["lifetime"]),
                ttlMax: limit("ttl"),
                max: limit("max"),
                keepMax: limit("keep") ?? EnvironmentLimits.keepUsual
            ),
            readiness: defaults["readiness"].map(EnvironmentReadiness.init(reading:)),
            concurrency: (defaults["concurrency"]?.string)
                .flatMap(EnvironmentSpec.Concurrency.init(rawValue:)),
            rollout: defaults["rollout"].map(RolloutStrategy.init(reading:)),
            splitsTraffic: rollout != nil
        )
    }
}

extension EnvironmentBlueprint {
    /// The longest time of that kind; nil for any.
    fileprivate func limit(_ name: String) -> Duration? {
        // Lengths are checked when the blueprint is read.
        (limits[name]?.string).flatMap { try? Duration(lengthParsing: $0) }
    }
}

/// What it takes to judge an order for an environment.
struct EnvironmentMeans: Sendable {
    let storage: Storage
    let git: APIGit
    let environments: APIEnvironments

    init(storage: Storage, git: APIGit, environments: APIEnvironments) {
        self.storage = storage
        self.git = git
        self.environments = environments
    }

    init(_ services: APIServices) {
        self.init(
            storage: services.storage,
            git: services.git,
            environments: services.environments
        )
    }
}

/// Everything that an order for an environment is judged by.
struct EnvironmentScene {
    let tenant: Tenant
    let surroundings: EnvironmentSurroundings
    private let templates: [EnvironmentBlueprint]
    private let grant: PipelineGrant?

    /// What there is for environments of that tenant.
    init(for tenant: Tenant, _ call: Invocation) async throws {
        try await self.init(
            for: tenant,
            EnvironmentMeans(call.services),
            within: call.access.grant
        )
    }

    /// The same, for whoever is not called.
    init(
        for tenant: Tenant,
        _ means: EnvironmentMeans,
        within grant: PipelineGrant? = nil
    ) async throws {
        self.tenant = tenant
        self.grant = grant
        async let found = means.environments.templates.templates(of: tenant, means)
        async let usual = means.storage.environments.usage(of: tenant.id)
        templates = try await found
        let usage = try await usual
        surroundings = EnvironmentSurroundings(
            templates: templates.compactMap(\.policy),
            clusters: tenant.status.clusters,
            environments: Dictionary(
                uniqueKeysWithValues: usage.environments.map { ($0.name, $0.service) }
            ),
            graph: usage.graph,
            occupants: usage.occupants,
            zones: means.environments.zones
        )
    }

    /// The order with the template's parameters checked and filled in, and what a pipeline's trust
    /// knows.
    ///
    /// - Throws: a problem with every parameter that its schema refuses.
    func complete(
        _ order: EnvironmentOrder,
        of current: Environment? = nil
    ) throws(Problem) -> EnvironmentOrder {
        var order = grant?.filling(order, of: current) ?? order
        guard let template = template(of: order, current) else { return order }
        let parameters = JSON.object(order.rest.parameters)
        let complete = template.parameters.fillingDefaults(in: parameters)
        let faults = template.parameters.validate(complete).prefix(Problem.faultsMax).map { fault in
            Fault(
                .body(JSONPointer(["spec", "parameters"] + fault.pointer.tokens)),
                code: fault.code,
                detail: fault.message
            )
        }
        guard faults.isEmpty else {
            throw Problem(
                .invalidInput,
                "Correct the parameters that `errors` lists.",
                faults: faults
            )
        }
        order.rest.parameters = complete.object ?? JSONObject()
        return order
    }

    /// The template that the order is going to have; nil where the domain refuses it anyway.
    private func template(
        of order: EnvironmentOrder,
        _ current: Environment?
    ) -> EnvironmentBlueprint? {
        let name =
            order.template ?? current?.spec.template
            ?? surroundings.usualTemplate(for: order.type ?? .ephemeral)?.name
        return templates.first { $0.name == name?.text }
    }
}
