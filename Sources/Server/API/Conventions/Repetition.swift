import Domain
import Storage

/// A call that may have been made before under its idempotency key.
struct Repetition {
    private let call: Invocation

    init(_ call: Invocation) {
        self.call = call
    }

    /// The first answer where there is one, else what `first` answers.
    ///
    /// A change is looked up before it is judged: its own effect would refuse it. A creation is
    /// looked up by the statement that stores it, and here only where something else refused it.
    func answer(_ first: () async throws -> Answer) async throws -> Answer {
        guard let key = call.idempotencyKey, call.query["dryRun"] != "true" else {
            return try await first()
        }
        let isCreation = call.endpoint.conventions.contains(.creates)
        if !isCreation, let known = try await known(key) { return known }
        do {
            return try await first()
        } catch {
            let isCallers = Problem(explaining: error).kind.isCallers
            guard isCreation, isCallers, let known = try await known(key) else { throw error }
            return known
        }
    }

    private func known(_ key: IdempotencyKey) async throws -> Answer? {
        guard let caller = call.caller else { return nil }
        let stored = try await call.services.storage.receipts.answer(
            forKey: key.text,
            fingerprint: call.fingerprint,
            of: caller.token
        )
        guard let stored else { return nil }
        return try await Replay(call).answer(stored)
    }
}
