import Domain
import HTTP
import JSON
import Storage

/// A tenant as the body says, whether it exists or not.
struct ReplaceTenant: Operation {
    static let endpoint = Endpoint(
        "replaceTenant",
        .put,
        "/v1/tenants/{tenant}",
        for: .permitted(.updateTenant),
        body: .json,
        [.changes, .conditional, .waits, .plans]
    )

    private let name: TenantName
    private let wish: TenantWish
    private let isDryRun: Bool

    init(reading inputs: Inputs) throws(Problem) {
        let name: TenantName = try inputs.name("tenant")
        self.name = name
        isDryRun = try inputs.isDryRun()
        wish = try inputs.read { reader in
            reader.sameName(as: name.text)
            return TenantWish(&reader, name: name)
        }
    }

    func answer(_ call: Invocation) async throws -> Answer {
        try await call.retrying {
            let stored = try await call.services.storage.tenants.find(name, as: call.access)
            guard let stored else { return try await create(call) }
            let change = TenantChange(
                call: call,
                permission: .updateTenant,
                isDryRun: isDryRun
            )
            return try await change.perform(on: stored, effect: .changed) { tenant in
                try await tenant.wanting(wish, call)
            }
        }
    }

    private func create(_ call: Invocation) async throws -> Answer {
        guard call.access.allows(.createTenant) else { throw Problem.notFound }
        try call.checkConditions(revision: nil)
        do {
            return try await TenantCreation(name: name, wish: wish)
                .answer(call, isDryRun: isDryRun)
        } catch StorageFault.nameTaken where call.conditions.noneMatch == nil {
            // Somebody else was faster; now it is a change.
            throw StorageFault.stale(current: 1)
        } catch StorageFault.nameTaken {
            throw Problem(.preconditionFailed, "The tenant exists.")
        }
    }
}

extension Tenant {
    /// The decision to make the tenant as the wish says; nil where it is so already.
    func wanting(_ wish: TenantWish, _ call: Invocation) async throws -> Decision? {
        guard status.phase != .deleting else { throw TenantRefusal.isDeleting }
        let wanted = wish.spec(of: wish.blueprint ?? spec.blueprint.name, keeping: spec)
        guard wanted.blueprint.name == spec.blueprint.name else {
            throw TenantRefusal.blueprintIsFixed
        }
        guard wanted.suspended == spec.suspended || call.access.allows(.suspendTenant) else {
            throw Problem.notForCaller("suspended")
        }
        guard wanted.quotas == spec.quotas || call.access.allows(.setQuotas) else {
            throw Problem.notForCaller("quotas")
        }
        let check = ParameterCheck(call: call)
        let (complete, _) = try await check.complete(wanted, current: spec.blueprint)
        return try change(labels: wish.labels, spec: complete, on: call.occasion)
    }
}

extension Problem {
    /// A member of the spec that this caller may not change.
    static func notForCaller(_ member: String) -> Problem {
        Problem(
            .invalidInput,
            "Leave out what `errors` lists; your role does not change it.",
            faults: [
                Fault(
                    .body(JSONPointer(["spec", member])),
                    code: "not-allowed",
                    detail: "Only a platform-admin changes this member."
                )
            ]
        )
    }
}

extension ObjectReader {
    /// A name in the body of a PUT must be the one in the path.
    mutating func sameName(as name: String) {
        let sent = optional("name", Reading.string)
        if let sent, sent != name {
            refuse("name", "different", "The path names `\(name)`; leave the member out.")
        }
    }
}
