import Catalog
import Domain
import HTTP
import JSON
import Secrets
import Storage

/// An entity as the body says, whether it exists or not: a descriptor in Backstage's format.
struct ReplaceEntity: Operation {
    static let endpoint = Endpoint(
        "replaceEntity",
        .put,
        "/v1/catalog/entities/{kind}/{namespace}/{name}",
        for: .permitted(.writeCatalog),
        body: .json,
        [.changes, .conditional, .plans]
    )

    private let target: EntityTarget
    private let entity: Entity
    private let isDryRun: Bool

    init(reading inputs: Inputs) throws(Problem) {
        target = try EntityTarget(reading: inputs)
        isDryRun = try inputs.isDryRun()
        do throws(EntityFaults) {
            entity = try Entity(parsing: inputs.body)
        } catch {
            throw Problem(error)
        }
        let faults = Self.differences(of: entity, from: target.reference)
        guard faults.isEmpty else { throw Problem(invalid: faults) }
    }

    /// The members that say another name than the path.
    private static func differences(
        of entity: Entity,
        from reference: EntityReference
    ) -> [Fault] {
        let members = [
            (["kind"], entity.reference.kind, reference.kind),
            (["metadata", "namespace"], entity.reference.namespace, reference.namespace),
            (["metadata", "name"], entity.reference.name, reference.name),
        ]
        return members.filter { $0.1 != $0.2 }.map { path, own, expected in
            Fault(
                .body(JSONPointer(path)),
                code: "differs",
                detail: "The path says `\(expected)`, the body `\(own)`. Write the same in both."
            )
        }
    }

    func answer(_ call: Invocation) async throws -> Answer {
        try await call.retrying {
            let owner = try await owner(call)
            guard let before = try await target.find(call)?.entity() else {
                return try await create(for: owner, call)
            }
            try call.checkConditions(revision: before.revision)
            let changed = try before.changed(to: entity, of: owner, by: call.access, at: call.now)
            guard let changed else {
                let current = try await target.found(call)
                return try Unchanged(
                    resource: EntityView.bytes(current),
                    revision: before.revision,
                    job: nil
                ).answer(call, .changed, isDryRun: isDryRun) { .object(entity.document) }
            }
            return try await keep(changed, from: before, call) {
                circumstances throws(StorageFault) in
                try await call.services.storage.catalog.store(
                    changed,
                    replacing: before.revision,
                    for: circumstances
                )
            }
        }
    }

    /// The tenant called like the namespace, or nobody.
    private func owner(_ call: Invocation) async throws -> TenantReference? {
        let storage = call.services.storage
        var tenant: TenantReference?
        // A namespace that cannot be a tenant's name belongs to none.
        if let name = try? TenantName(parsing: entity.namespace),
            let found = try await storage.tenants.find(name, as: call.access)
        {
            guard try found.tenant().status.phase != .deleting else {
                let detail = "The tenant is being deleted, and its entities with it."
                throw Problem(.stateConflict, detail)
            }
            tenant = TenantReference(id: found.id, name: found.name)
        }
        return try CatalogEntity.owner(ofNamespace: tenant, by: call.access)
    }

    private func create(for owner: TenantReference?, _ call: Invocation) async throws -> Answer {
        try call.checkConditions(revision: nil)
        let store = call.services.storage.catalog
        // A plan says what would happen, and that would be a refusal.
        if isDryRun, try await !store.usage(of: owner?.id).hasRoom {
            throw StorageFault.catalogExhausted
        }
        var random = SecureRandom()
        let new = CatalogEntity(
            id: EntityID(at: call.now, using: &random),
            entity: entity,
            tenant: owner,
            createdAt: call.now,
            updatedAt: call.now
        )
        do {
            return try await keep(new, from: nil, call) { circumstances throws(StorageFault) in
                try await store.create(new, for: circumstances)
            }
        } catch StorageFault.nameTaken where call.conditions.noneMatch == nil {
            // Somebody else was faster; now it is a change.
            throw StorageFault.stale(current: 1)
        }
    }

    private func keep(
        _ entity: CatalogEntity,
        from before: CatalogEntity?,
        _ call: Invocation,
        store: (Call) async throws(StorageFault) -> WriteOutcome
    ) async throws -> Answer {
        let resource = EntityView.bytes(entity)
        if isDryRun {
            return Plan(
                action: before == nil ? .create : .update,
                resource: resource,
                before: before.map { .object($0.entity.document) } ?? .null,
                after: .object(entity.entity.document),
                job: nil
            ).answer(call)
        }
        let change = Change(
            effect: before == nil ? .created(at: target.path) : .changed,
            resource: resource,
            revision: entity.revision,
            job: nil
        )
        return try await change.perform(call, store: store, current: { nil })
    }
}
