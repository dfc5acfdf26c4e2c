import Catalog
import Domain
import HTTP
import JSON
import Secrets
import Storage

/// A new tenant.
struct CreateTenant: Operation {
    static let endpoint = Endpoint(
        "createTenant",
        .post,
        "/v1/tenants",
        for: .permitted(.createTenant),
        body: .json,
        [.changes, .creates, .waits, .plans]
    )

    private let name: TenantName
    private let wish: TenantWish
    private let isDryRun: Bool

    init(reading inputs: Inputs) throws(Problem) {
        isDryRun = try inputs.isDryRun()
        (name, wish) = try inputs.read { reader in
            let name: TenantName? = reader.required("name", Reading.name)
            let wish = TenantWish(&reader, name: name, needsSpec: false)
            guard let name, let wish else { return nil }
            return (name, wish)
        }
    }

    func answer(_ call: Invocation) async throws -> Answer {
        try await TenantCreation(name: name, wish: wish).answer(call, isDryRun: isDryRun)
    }
}

/// What POST and a PUT on a new name have in common.
struct TenantCreation {
    let name: TenantName
    let wish: TenantWish

    /// Names that no tenant gets: the catalog takes what names no tenant for the one of this name.
    private static let reserved = EntityReference.defaultNamespace

    func answer(_ call: Invocation, isDryRun: Bool) async throws -> Answer {
        guard name.text != Self.reserved else {
            let detail =
                "In the catalog `\(Self.reserved)` is the namespace of what belongs to no tenant. "
                + "Choose another name."
            throw Problem(invalid: JSONPointer(["name"]), "reserved", detail)
        }
        let check = ParameterCheck(call: call)
        let named = if let name = wish.blueprint { name } else { try await check.onlyBlueprint() }
        var wanted = wish.spec(of: named)
        wanted.repository = try await wanted.repository?.settled(call)
        let (spec, blueprint) = try await check.complete(wanted)
        var random = SecureRandom()
        let id = TenantID(at: call.now, using: &random)
        let first = try await firstCluster(of: id, spec, call)
        let decision = Tenant.creation(
            id: id,
            name: name,
            labels: wish.labels,
            spec: spec,
            blueprint: blueprint,
            first: first?.cluster,
            on: call.occasion
        )
        if let first {
            do {
                try await call.services.clusters.check(first.cluster, of: decision.tenant)
            } catch let refusal as ClusterRefusal {
                throw Problem(first: first.cluster.spec.kind, refusal)
            }
        }
        let resource = TenantView.bytes(decision.tenant)
        if isDryRun {
            // A plan says what would happen, and that would be a refusal.
            let taken = try await call.services.storage.tenants.find(name, as: call.access)
            guard taken == nil else { throw StorageFault.nameTaken }
            return Plan(
                action: .create,
                resource: resource,
                before: .null,
                after: try decision.tenant.wish(),
                job: decision.job
            ).answer(call)
        }
        let change = Change(
            effect: .created(at: "/v1/tenants/\(name)"),
            resource: resource,
            revision: decision.tenant.revision,
            job: decision.job
        )
        return try await change.perform(
            call,
            store: { circumstances throws(StorageFault) in
                let tenants = call.services.storage.tenants
                guard let first else {
                    return try await tenants.create(decision, for: circumstances)
                }
                return try await tenants.create(decision, with: first, for: circumstances)
            },
            current: { try await TenantView.current(decision.tenant.id, call) }
        )
    }

    /// The cluster that the tenant's isolation makes with it; nil for none.
    private func firstCluster(
        of tenant: TenantID,
        _ spec: TenantSpec,
        _ call: Invocation
    ) async throws -> Cluster.Decision? {
        guard let kind = spec.isolation else { return nil }
        let surroundings = try await ClusterSurroundings(
            for: wish.labels,
            call.services.storage
        )
        var random = SecureRandom()
        let made: Cluster.Decision
        do {
            made = try Cluster.first(
                of: kind,
                id: ClusterID(at: call.now, using: &random),
                for: tenant,
                named: name,
                quotas: spec.quotas,
                in: surroundings,
                on: call.occasion
            )
        } catch {
            throw Problem(first: kind, error)
        }
        if let refusal = surroundings.refusal(of: made.cluster) { throw refusal }
        return made
    }
}

extension Problem {
    /// Why no cluster of that kind can be made with a tenant: the caller wrote nothing of it but
    /// its kind.
    fileprivate init(first kind: ClusterKind, _ refusal: ClusterRefusal) {
        guard case .invalid(let faults) = refusal else {
            self.init(refusal)
            return
        }
        self.init(
            .invalidInput,
            "No cluster of kind `\(kind.rawValue)` can be made with the tenant; see `errors`.",
            faults: faults.map { fault in
                Fault(
                    .body(JSONPointer(["spec", "isolation"])),
                    code: fault.code,
                    detail: fault.detail
                )
            }
        )
    }
}
