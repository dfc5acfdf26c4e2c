import Domain
import HTTP
import JSON
import Secrets
import Storage

/// A new environment of a tenant.
struct CreateEnvironment: Operation {
    static let endpoint = Endpoint(
        "createEnvironment",
        .post,
        "/v1/tenants/{tenant}/environments",
        for: .permitted(.createEnvironment),
        parameters: [RollOutRequest.overrideParameter],
        body: .json,
        [.changes, .creates, .waits, .plans]
    )

    private let creation: EnvironmentCreation
    private let isDryRun: Bool

    init(reading inputs: Inputs) throws(Problem) {
        let tenant: TenantName = try inputs.name("tenant")
        isDryRun = try inputs.isDryRun()
        creation = try inputs.read { reader in
            let name: EnvironmentName? = reader.required("name", Reading.name)
            let wish = EnvironmentInput(&reader, needsSpec: false)
            guard let name, let wish else { return nil }
            return EnvironmentCreation(tenant: tenant, name: name, wish: wish)
        }
    }

    func answer(_ call: Invocation) async throws -> Answer {
        try await creation.answer(call, isDryRun: isDryRun)
    }
}

/// What POST and a PUT on a new name have in common.
struct EnvironmentCreation {
    let tenant: TenantName
    let name: EnvironmentName
    let wish: EnvironmentInput

    func answer(_ call: Invocation, isDryRun: Bool) async throws -> Answer {
        let storage = call.services.storage
        guard let stored = try await storage.tenants.find(tenant, as: call.access) else {
            throw Problem.notFound
        }
        let owner = try stored.tenant()
        guard owner.status.phase != .deleting else { throw EnvironmentRefusal.tenantIsDeleting }
        let scene = try await EnvironmentScene(for: owner, call)
        var random = SecureRandom()
        var decision = try Environment.creation(
            id: EnvironmentID(at: call.now, using: &random),
            name: name,
            of: owner.id,
            named: owner.name,
            labels: wish.labels,
            order: try scene.complete(wish.order),
            request: try RollOutRequest(of: call, for: owner),
            in: scene.surroundings,
            on: call.occasion
        )
        let environment = decision.environment
        try call.checkGovernment(of: environment)
        try await checkHome(of: environment, owner, call)
        try await decision.order(call)
        if isDryRun { return try await plan(decision, owner, call) }
        let change = Change(
            effect: .created(at: "/v1/tenants/\(tenant)/environments/\(name)"),
            resource: EnvironmentView.bytes(environment),
            revision: environment.revision,
            job: decision.job
        )
        do {
            return try await change.perform(
                call,
                store: { [decision] circumstances throws(StorageFault) in
                    try await storage.environments.create(
                        decision,
                        in: call.services.environments.zones,
                        for: circumstances
                    )
                },
                current: { try await EnvironmentView.current(environment.id, call) }
            )
        } catch StorageFault.nameTaken {
            throw try await holder(of: name, call)
        }
    }

    /// Why the name cannot be had: it may be free again soon.
    private func holder(of name: EnvironmentName, _ call: Invocation) async throws -> any Error {
        let found = try await call.services.storage.environments.find(
            name,
            of: tenant,
            as: call.access
        )
        guard let environment = try found?.environment(), environment.status.phase == .deleting
        else { return StorageFault.nameTaken }
        let job = environment.status.job.map { " by job \($0)" } ?? ""
        let detail =
            "The environment of this name is being deleted\(job); ask again once it is gone."
        return Problem(.nameTaken, detail)
    }

    /// What would happen, which may be a refusal, with the limits that it touches.
    private func plan(
        _ decision: Environment.Decision,
        _ owner: Tenant,
        _ call: Invocation
    ) async throws -> Answer {
        let storage = call.services.storage
        let taken = try await storage.environments.find(name, of: tenant, as: call.access)
        guard taken == nil else { throw try await holder(of: name, call) }
        try await storage.environments.hold(decision, to: call.circumstances)
        return Plan(
            action: .create,
            resource: EnvironmentView.bytes(decision.environment),
            before: .null,
            after: try decision.environment.wish(),
            job: decision.job,
            quota: try await decision.standings(for: owner, storage),
            orders: try await OrderOutlook.list(of: decision, call)
        ).answer(call)
    }
}
