import Domain
import JSON
import Secrets
import Storage

/// The forge that a path names, and whether only the plan is wanted.
struct ForgeTarget {
    let name: ForgeName
    let isDryRun: Bool

    init(reading inputs: Inputs) throws(Problem) {
        name = try inputs.name("forge")
        isDryRun = try inputs.isDryRun()
    }

    /// The forge, if the caller may see it.
    func find(_ call: Invocation) async throws -> Forge? {
        try await call.services.storage.forges.find(name, as: call.access)
    }

    /// Brings a forge that is connected to another wish.
    func change(_ forge: Forge, to wish: ForgeWish, _ call: Invocation) async throws -> Answer {
        try wish.check(against: forge)
        let spec = wish.spec(keeping: forge.spec)
        let isElsewhere = spec.kind != forge.spec.kind || spec.url != forge.spec.url
        let leavesTenants =
            forge.spec.repositories != nil && (spec.repositories == nil || isElsewhere)
        if leavesTenants, try await call.services.storage.forges.tenants(on: forge.id) > 0 {
            throw Self.keepsTenants
        }
        let decision = forge.change(
            labels: wish.labels,
            spec: spec,
            renewsSecrets: wish.renewsSecrets,
            on: call.occasion
        )
        guard let decision else {
            return try Unchanged(
                resource: ForgeView.bytes(forge, to: call),
                revision: forge.revision,
                job: nil
            ).answer(call, .changed, isDryRun: isDryRun, wish: forge.wish)
        }
        let change = SettledChange(
            effect: .changed,
            resource: ForgeView.bytes(decision.forge, to: call),
            revision: decision.forge.revision,
            before: try forge.wish(),
            after: try decision.forge.wish()
        )
        let secrets = wish.change(of: forge.id, call.services.sealer)
        let answer: Answer
        do {
            answer = try await change.answer(call, isDryRun: isDryRun) {
                circumstances throws(StorageFault) in
                try await call.services.storage.forges.store(
                    decision,
                    secrets: secrets,
                    leavesTenants: leavesTenants,
                    replacing: forge.revision,
                    for: circumstances
                )
            }
        } catch StorageFault.inUse {
            throw Self.keepsTenants
        }
        if !isDryRun { call.services.forges.changed() }
        return answer
    }

    private static let keepsTenants = Problem(
        .inUse,
        "Tenants have their repository there. Keep `repositories`, `kind` and `url`; connect "
            + "another forge beside this one."
    )
}

/// What POST and a PUT on a new name have in common.
struct ForgeCreation {
    let name: ForgeName
    let wish: ForgeWish

    func answer(_ call: Invocation, isDryRun: Bool) async throws -> Answer {
        try wish.check(against: nil)
        let store = call.services.storage.forges
        var random = SecureRandom()
        let decision = Forge.creation(
            id: ForgeID(at: call.now, using: &random),
            name: name,
            labels: wish.labels,
            spec: wish.spec(keeping: nil),
            on: call.occasion
        )
        // A plan says what would happen, and that would be a refusal.
        if isDryRun, try await store.find(name, as: call.access) != nil {
            throw StorageFault.nameTaken
        }
        let change = SettledChange(
            effect: .created(at: "/v1/forges/\(name)"),
            resource: ForgeView.bytes(decision.forge, to: call),
            revision: decision.forge.revision,
            before: .null,
            after: try decision.forge.wish()
        )
        let secrets = wish.change(of: decision.forge.id, call.services.sealer)
        let answer = try await change.answer(call, isDryRun: isDryRun) {
            circumstances throws(StorageFault) in
            try await store.create(decision, secrets: secrets, for: circumstances)
        }
        if !isDryRun { call.services.forges.changed() }
        return answer
    }
}
