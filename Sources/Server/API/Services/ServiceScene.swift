import Blueprints
import Domain
import JSON
import Storage

/// Everything that an order of a tenant is judged by.
struct ServiceScene {
    let tenant: Tenant
    var surroundings: ServiceSurroundings

    /// What there is for services of that tenant, if the caller may see it.
    init(of name: TenantName, _ call: Invocation) async throws {
        let storage = call.services.storage
        guard let found = try await storage.tenants.find(name, as: call.access) else {
            throw Problem.notFound
        }
        let tenant = try found.tenant()
        let kinds = Dictionary(
            tenant.status.clusters.map { ($0.name, $0.kind) },
            uniquingKeysWith: { first, _ in first }
        )
        var environments: [EnvironmentName: ClusterKind?] = [:]
        let usage = try await storage.environments.usage(of: tenant.id)
        for environment in usage.environments where !environment.isDeleting {
            environments[environment.name] = .some(environment.cluster.flatMap { kinds[$0] })
        }
        self.tenant = tenant
        surroundings = ServiceSurroundings(
            clusters: tenant.status.clusters,
            environments: environments
        )
    }

    /// What the tenant's blueprint offers, the tenant's own version first.
    func range(_ call: Invocation) async throws -> OfferingRange {
        try await OfferingRange(
            of: tenant.spec.blueprint.name,
            startingAt: tenant.blueprintVersion,
            call.services
        )
    }

    /// The offering that an order names, at the version that it asks for.
    func release(for order: ServiceOrder, _ call: Invocation) async throws -> OfferingRelease {
        let range = try await range(call)
        guard let name = order.offering else { throw Problem.internalError }
        if let release = range.release(of: name, order.version) { return release }
        let versions = range.releases(of: name).map(\.offering.version.description)
        guard versions.isEmpty else {
            let detail =
                "There is no version \(order.version?.description ?? "") of \(name); there are "
                + "\(versions.joined(separator: ", "))."
            throw ServiceRefusal.invalid([
                ServiceFault(.spec(["offering", "version"]), "unknown", detail)
            ])
        }
        let names = range.names.map(\.text)
        let hint = nearest(to: name.text, in: names).map { " Did you mean `\($0)`?" } ?? ""
        let detail = "The tenant's blueprint offers nothing of this name.\(hint)"
        throw ServiceRefusal.invalid([ServiceFault(.spec(["offering", "name"]), "unknown", detail)])
    }
}

extension OfferingRelease {
    /// The offering as an order has it, with its parameters checked and completed.
    func ordered(_ order: ServiceOrder) throws -> OrderedOffering {
        guard let plan = offering.plan(order.plan) else {
            let names = offering.plans.map(\.name).joined(separator: ", ")
            let detail = "\(offering.name) has no plan of this name; there are \(names)."
            throw ServiceRefusal.invalid([ServiceFault(.spec("plan"), "unknown", detail)])
        }
        try refuseUnknown(order.parameters, in: plan)
        let complete: JSON
        do throws(RenderFault) {
            complete = try content.complete(.object(order.parameters), for: plan)
        } catch {
            throw Problem(parameters: error)
        }
        return OrderedOffering(
            offering,
            terms: ServiceTerms(
                blueprint: blueprint,
                blueprintVersion: blueprintVersion,
                commit: commit,
                offering: offering.name,
                version: offering.version,
                plan: plan.name,
                parameters: order.parameters
            ),
            complete: complete.object ?? JSONObject()
        )
    }

    /// Names that the plan leaves open are told, and no others.
    private func refuseUnknown(_ parameters: JSONObject, in plan: OfferingPlan) throws(Problem) {
        // What was read as an offering has a schema that can be read.
        guard let schema = try? JSONSchema(parsing: offering.parameters(leftBy: plan)) else {
            return
        }
        let set = Set(plan.parameters.map(\.key))
        let faults = schema.validate(.object(parameters)).filter { fault in
            fault.code == "additionalProperties"
                && !(fault.pointer.tokens.first.map(set.contains) ?? false)
        }
        guard !faults.isEmpty else { return }
        throw Problem(parameters: faults)
    }
}

extension Problem {
    /// Parameters that the schema of an offering, or of its bindings, refuses.
    init(parameters violations: [SchemaViolation]) {
        let faults = violations.prefix(Problem.faultsMax).map { violation in
            Fault(
                .body(JSONPointer(["spec", "parameters"] + violation.pointer.tokens)),
                code: violation.code,
                detail: violation.message
            )
        }
        self.init(.invalidInput, "Correct the parameters that `errors` lists.", faults: faults)
    }

    /// Parameters that the schema of an offering refuses.
    init(parameters fault: RenderFault) {
        let faults = fault.findings.prefix(Problem.faultsMax).map { finding in
            let pointer = finding.pointer.flatMap { JSONPointer(parsing: $0) } ?? .root
            return Fault(
                .body(JSONPointer(["spec", "parameters"] + pointer.tokens)),
                code: finding.rule ?? finding.code.rawValue,
                detail: finding.message
            )
        }
        self.init(.invalidInput, "Correct the parameters that `errors` lists.", faults: faults)
    }
}

extension ServiceScene {
    /// The place that is named, or the tenant's first cluster.
    func spot(
        cluster: ClusterName?,
        environment: EnvironmentName?,
        _ call: Invocation
    ) async throws -> ServiceSpot {
        var name = cluster
        if let environment {
            let found = try await call.services.storage.environments.find(
                environment,
                of: tenant.name,
                as: call.access
            )
            guard let found = try found?.environment() else {
                let detail = "The tenant has no environment of this name."
                throw Problem.invalidQuery([.query("environment", "unknown", detail)])
            }
            name = found.status.cluster ?? found.spec.placement.cluster(of: environment)
        }
        let usual = surroundings.clusters.first { $0.name == Cluster.nameFirst }
        let wanted = name ?? usual?.name ?? surroundings.clusters.first?.name
        guard let wanted else { return try await ServiceSpot(nil, for: environment, call) }
        let found = try await call.services.storage.clusters.find(
            wanted,
            of: tenant.name,
            as: .system
        )
        if found == nil, cluster != nil {
            let detail = "The tenant has no cluster of this name."
            throw Problem.invalidQuery([.query("cluster", "unknown", detail)])
        }
        return try await ServiceSpot(try found?.cluster(), for: environment, call)
    }
}
