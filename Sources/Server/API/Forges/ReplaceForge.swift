import Domain
import HTTP
import JSON
import Secrets
import Storage

/// A forge as the body says, whether it is connected or not.
struct ReplaceForge: Operation {
    static let endpoint = Endpoint(
        "replaceForge",
        .put,
        "/v1/forges/{forge}",
        for: .permitted(.manageForges),
        body: .json,
        [.changes, .conditional, .plans]
    )

    private let name: ForgeName
    private let wish: ForgeWish
    private let isDryRun: Bool

    init(reading inputs: Inputs) throws(Problem) {
        let name: ForgeName = try inputs.name("forge")
        self.name = name
        isDryRun = try inputs.isDryRun()
        let services = inputs.call.services
        wish = try inputs.read { reader in
            reader.sameName(as: name.text)
            return ForgeWish(&reader, services)
        }
    }

    func answer(_ call: Invocation) async throws -> Answer {
        try await call.retrying {
            guard let forge = try await call.services.storage.forges.find(name, as: call.access)
            else { return try await create(call) }
            return try await change(forge, call)
        }
    }

    private func create(_ call: Invocation) async throws -> Answer {
        try call.checkConditions(revision: nil)
        try wish.check(against: nil)
        let store = call.services.storage.forges
        guard try await store.count() < Forge.countMax else {
            throw Problem(.quotaExceeded, "There are \(Forge.countMax) forges already. Delete one.")
        }
        var random = SecureRandom()
        let decision = Forge.creation(
            id: ForgeID(at: call.now, using: &random),
            name: name,
            labels: wish.labels,
            spec: wish.spec(keeping: nil),
            on: call.occasion
        )
        let secrets = wish.change(of: decision.forge.id, call.services.sealer)
        do {
            return try await keep(decision, from: nil, call) {
                circumstances throws(StorageFault) in
                try await store.create(decision, secrets: secrets, for: circumstances)
            }
        } catch StorageFault.nameTaken where call.conditions.noneMatch == nil {
            // Somebody else was faster; now it is a change.
            throw StorageFault.stale(current: 1)
        }
    }

    private func change(_ forge: Forge, _ call: Invocation) async throws -> Answer {
        try call.checkConditions(revision: forge.revision)
        try wish.check(against: forge)
        if forge.spec.repositories != nil, wish.spec(keeping: forge.spec).repositories == nil,
            try await call.services.storage.forges.tenants(on: forge.id) > 0
        {
            throw Problem(.inUse, "Tenants have their repository there. Keep `repositories`.")
        }
        let decision = forge.change(
            labels: wish.labels,
            spec: wish.spec(keeping: forge.spec),
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
        let secrets = wish.change(of: forge.id, call.services.sealer)
        return try await keep(decision, from: forge, call) { circumstances throws(StorageFault) in
            try await call.services.storage.forges.store(
                decision,
                secrets: secrets,
                replacing: forge.revision,
                for: circumstances
            )
        }
    }

    private func keep(
        _ decision: Forge.Decision,
        from before: Forge?,
        _ call: Invocation,
        store: (Call) async throws(StorageFault) -> WriteOutcome
    ) async throws -> Answer {
        let forge = decision.forge
        let resource = ForgeView.bytes(forge, to: call)
        if isDryRun {
            return Plan(
                action: before == nil ? .create : .update,
                resource: resource,
                before: try before?.wish() ?? .null,
                after: try forge.wish(),
                job: nil
            ).answer(call)
        }
        let change = Change(
            effect: before == nil ? .created(at: "/v1/forges/\(name)") : .changed,
            resource: resource,
            revision: forge.revision,
            job: nil
        )
        let answer = try await change.perform(call, store: store, current: { nil })
        call.services.forges.changed()
        return answer
    }
}
