import Domain
import JSON
import Secrets
import Storage

/// The trust that a path names, and whether only the plan is wanted.
struct TrustTarget {
    let tenant: TenantName
    let name: TrustName
    let isDryRun: Bool

    init(reading inputs: Inputs) throws(Problem) {
        tenant = try inputs.name("tenant")
        name = try inputs.name("trust")
        isDryRun = try inputs.isDryRun()
    }

    /// The trust, if the caller may see it.
    func find(_ call: Invocation) async throws -> Trust? {
        try await call.services.storage.trusts.find(name, of: tenant, as: call.access)
    }

    /// Brings a trust that exists to another wish.
    func change(_ trust: Trust, to wish: TrustWish, _ call: Invocation) async throws -> Answer {
        let decision = trust.change(labels: wish.labels, spec: wish.spec, on: call.occasion)
        guard let decision else {
            return try Unchanged(
                resource: TrustView.bytes(trust),
                revision: trust.revision,
                job: nil
            ).answer(call, .changed, isDryRun: isDryRun, wish: trust.wish)
        }
        let change = SettledChange(
            effect: .changed,
            resource: TrustView.bytes(decision.trust),
            revision: decision.trust.revision,
            before: try trust.wish(),
            after: try decision.trust.wish()
        )
        return try await change.answer(call, isDryRun: isDryRun) {
            circumstances throws(StorageFault) in
            try await call.services.storage.trusts.store(
                decision,
                replacing: trust.revision,
                for: circumstances
            )
        }
    }
}

/// What POST and a PUT on a new name have in common.
struct TrustCreation {
    let tenant: TenantName
    let name: TrustName
    let wish: TrustWish

    func answer(_ call: Invocation, isDryRun: Bool) async throws -> Answer {
        let storage = call.services.storage
        guard let owner = try await storage.tenants.find(tenant, as: call.access) else {
            throw Problem.notFound
        }
        var random = SecureRandom()
        let trust = Trust(
            id: TrustID(at: call.now, using: &random),
            tenant: owner.id,
            tenantName: tenant,
            name: name,
            labels: wish.labels,
            spec: wish.spec,
            createdAt: call.now,
            updatedAt: call.now
        )
        // A plan says what would happen, and that would be a refusal.
        if isDryRun, try await storage.trusts.find(name, of: tenant, as: call.access) != nil {
            throw StorageFault.nameTaken
        }
        let change = SettledChange(
            effect: .created(at: trust.reference.path),
            resource: TrustView.bytes(trust),
            revision: trust.revision,
            before: .null,
            after: try trust.wish()
        )
        let decision = trust.creation(on: call.occasion)
        return try await change.answer(call, isDryRun: isDryRun) {
            circumstances throws(StorageFault) in
            try await storage.trusts.create(decision, for: circumstances)
        }
    }
}
