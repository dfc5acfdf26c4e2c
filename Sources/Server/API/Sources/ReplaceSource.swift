import Domain
import HTTP
import JSON
import Secrets
import Storage

/// A source as the body says, whether it exists or not.
///
/// A secret that Slipway made is shown in the first answer and never again.
struct ReplaceSource: Operation {
    /// Bytes of a secret that Slipway makes.
    private static let secretByteCount = 32

    static let endpoint = Endpoint(
        "replaceSource",
        .put,
        "/v1/tenants/{tenant}/sources/{source}",
        for: .permitted(.manageSources),
        body: .json,
        [.changes, .conditional, .plans]
    )

    private let target: SourceTarget
    private let wish: SourceWish
    private let isDryRun: Bool

    init(reading inputs: Inputs) throws(Problem) {
        let target = try SourceTarget(reading: inputs)
        self.target = target
        isDryRun = try inputs.isDryRun()
        wish = try inputs.read { reader in
            reader.sameName(as: target.name.text)
            return SourceWish(&reader)
        }
    }

    func answer(_ call: Invocation) async throws -> Answer {
        try await call.retrying {
            let source = try await target.find(call)
            let storage = call.services.storage
            let owner = try await storage.tenants.find(target.tenant, as: call.access)
            guard let owner else { throw Problem.notFound }
            guard let forge = try await storage.forges.find(wish.spec.forge, as: .system) else {
                throw Self.fault("forge", "unknown", "There is no such forge.")
            }
            if let source { return try await change(source, on: forge.spec.kind, call) }
            let tenant = TenantReference(id: owner.id, name: owner.name)
            return try await create(for: tenant, on: forge.spec.kind, call)
        }
    }

    private func create(
        for tenant: TenantReference,
        on forge: ForgeKind,
        _ call: Invocation
    ) async throws -> Answer {
        try call.checkConditions(revision: nil)
        let store = call.services.storage.sources
        guard try await store.count(of: tenant.id) < Source.countMax else {
            throw Problem(
                .quotaExceeded,
                "The tenant has \(Source.countMax) sources already. Delete one."
            )
        }
        var random = SecureRandom()
        let decision = Source.creation(
            id: SourceID(at: call.now, using: &random),
            name: target.name,
            of: tenant,
            labels: wish.labels,
            spec: wish.spec,
            on: forge,
            at: call.occasion
        )
        let made = Hex.encode(SecureRandom.bytes(Self.secretByteCount))
        let secret = wish.secret ?? SecretBytes(made)
        let sealed = decision.source.id.sealed(secret, by: call.services.sealer)
        let shown = wish.secret == nil ? made : nil
        do {
            return try await keep(decision, from: nil, showing: shown, call) {
                circumstances throws(StorageFault) in
                try await store.create(decision, secret: sealed, for: circumstances)
            }
        } catch StorageFault.nameTaken where call.conditions.noneMatch == nil {
            // Somebody else was faster; now it is a change.
            throw StorageFault.stale(current: 1)
        }
    }

    private func change(
        _ source: Source,
        on forge: ForgeKind,
        _ call: Invocation
    ) async throws -> Answer {
        try call.checkConditions(revision: source.revision)
        let decision = source.change(
            labels: wish.labels,
            spec: wish.spec,
            on: forge,
            renewsSecret: wish.secret != nil,
            at: call.occasion
        )
        guard let decision else {
            return try Unchanged(
                resource: SourceView.bytes(source, secret: nil),
                revision: source.revision,
                job: nil
            ).answer(call, .changed, isDryRun: isDryRun, wish: source.wish)
        }
        let sealed = wish.secret.map { source.id.sealed($0, by: call.services.sealer) }
        return try await keep(decision, from: source, showing: nil, call) {
            circumstances throws(StorageFault) in
            try await call.services.storage.sources.store(
                decision,
                secret: sealed,
                replacing: source.revision,
                for: circumstances
            )
        }
    }

    /// What is kept for a repeated call has no secret in it.
    private func keep(
        _ decision: Source.Decision,
        from before: Source?,
        showing secret: String?,
        _ call: Invocation,
        store: (Call) async throws(StorageFault) -> WriteOutcome
    ) async throws -> Answer {
        let source = decision.source
        let resource = SourceView.bytes(source, secret: nil)
        if isDryRun {
            return Plan(
                action: before == nil ? .create : .update,
                resource: resource,
                before: try before?.wish() ?? .null,
                after: try source.wish(),
                job: nil
            ).answer(call)
        }
        let path = "/v1/tenants/\(target.tenant)/sources/\(target.name)"
        let change = Change(
            effect: before == nil ? .created(at: path) : .changed,
            resource: resource,
            revision: source.revision,
            job: nil
        )
        var isNew = false
        var answer = try await change.perform(
            call,
            store: { circumstances throws(StorageFault) in
                let outcome = try await store(circumstances)
                isNew = outcome == .written
                return outcome
            },
            current: { nil }
        )
        if isNew, let secret { answer.body = .bytes(SourceView.bytes(source, secret: secret)) }
        answer.isSecret = true
        return answer
    }

    private static func fault(_ member: String, _ code: String, _ detail: String) -> Problem {
        Problem(
            .invalidInput,
            "Correct what `errors` lists and send the request again.",
            faults: [Fault(.body(JSONPointer(["spec", member])), code: code, detail: detail)]
        )
    }
}
