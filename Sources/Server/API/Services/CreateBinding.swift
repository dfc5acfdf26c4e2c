import Domain
import HTTP
import JSON
import Secrets
import Storage

/// Access to a service for another consumer.
struct CreateBinding: Operation {
    static let endpoint = Endpoint(
        "createBinding",
        .post,
        "/v1/tenants/{tenant}/services/{service}/bindings",
        for: .permitted(.bindService),
        body: .json,
        [.changes, .creates, .waits, .plans]
    )

    private let creation: BindingCreation

    init(reading inputs: Inputs) throws(Problem) {
        let service = try ServiceTarget(reading: inputs)
        creation = try inputs.read { reader in
            let name: BindingName? = reader.required("name", Reading.name)
            let wish = BindingInput(&reader)
            guard let name, let wish else { return nil }
            return BindingCreation(target: BindingTarget(service: service, name: name), wish: wish)
        }
    }

    func answer(_ call: Invocation) async throws -> Answer {
        try await creation.answer(call)
    }
}

extension ServiceBinding {
    /// Refuses a Secret that the consumer has through another binding, before anything is stored.
    func checkSecret(_ storage: Storage) async throws {
        guard let holder = try await storage.bindings.holder(of: self) else { return }
        throw ServiceRefusal.secretTaken(holder)
    }
}

/// What POST and a PUT on a new name have in common.
struct BindingCreation {
    let target: BindingTarget
    let wish: BindingInput

    /// The decision to make it, where nothing is in the way.
    func decided(_ call: Invocation) async throws -> ServiceBinding.Decision {
        let scene = try await BindingScene(of: target.service, call)
        try scene.check(wish.spec)
        try await scene.checkCarrier(wish.spec, call)
        var random = SecureRandom()
        return try ServiceBinding.creation(
            id: BindingID(at: call.now, using: &random),
            name: target.name,
            labels: wish.labels,
            spec: wish.spec,
            in: scene.surroundings,
            on: call.occasion
        )
    }

    func answer(_ call: Invocation) async throws -> Answer {
        let storage = call.services.storage
        let decision = try await decided(call)
        let binding = decision.binding
        if target.isDryRun {
            guard try await target.find(call) == nil else { throw StorageFault.nameTaken }
            try await binding.checkSecret(storage)
            return Plan(
                action: .create,
                resource: BindingView.bytes(binding),
                before: .null,
                after: try binding.wish(),
                job: decision.job
            ).answer(call)
        }
        let service = target.service
        let path = "/v1/tenants/\(service.tenant)/services/\(service.name)/bindings/\(target.name)"
        let change = Change(
            effect: .created(at: path),
            resource: BindingView.bytes(binding),
            revision: binding.revision,
            job: decision.job
        )
        return try await change.perform(
            call,
            store: { circumstances throws(StorageFault) in
                try await storage.bindings.create(decision, for: circumstances)
            },
            current: { try await BindingView.current(binding.id, call) }
        )
    }
}
