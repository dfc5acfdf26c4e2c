import Domain
import EventLoop
import HTTP
import Routing
import Storage
import Synchronization

/// Writes refused tries to change something into the audit log: batched, so that a flood of them
/// costs one statement at a time, and bounded, so that it costs no more memory than that.
final class RefusalLog: Sendable {
    /// Refusals that wait to be written; more are dropped and counted.
    static let waitingMax = 1_000
    /// The most characters of an object's name, which here comes unchecked from the path.
    private static let nameLengthMax = 255

    /// What was tried by whom.
    struct Subject {
        let request: Request
        let endpoint: Endpoint
        let path: PathValues
        let identity: RequestIdentity
        let caller: Principal?

        init(
            _ request: Request,
            _ endpoint: Endpoint,
            _ path: PathValues,
            _ identity: RequestIdentity,
            _ caller: Principal?
        ) {
            self.request = request
            self.endpoint = endpoint
            self.path = path
            self.identity = identity
            self.caller = caller
        }
    }

    private struct State {
        var waiting: [AuditEntry] = []
        var isWriting = false
        var dropped = 0
    }

    private let storage: Storage
    private let clock: @Sendable () -> Domain.Instant
    private let state = Mutex(State())

    init(_ storage: Storage, clock: @escaping @Sendable () -> Domain.Instant) {
        self.storage = storage
        self.clock = clock
    }

    /// How many refusals were not written because too many came at once.
    var droppedCount: Int { state.withLock { $0.dropped } }

    /// Notes a refusal of an operation that changes something.
    ///
    /// Faults of the server and rates are no decisions about the caller and are left to the request
    /// log.
    func note(_ problem: Problem, _ subject: Subject) {
        guard subject.endpoint.isAudited,
            let result = Self.result(of: problem.kind)
        else { return }
        let entry = entry(problem, result, subject)
        let begins = state.withLock { state in
            guard state.waiting.count < Self.waitingMax else {
                state.dropped += 1
                return false
            }
            state.waiting.append(entry)
            defer { state.isWriting = true }
            return !state.isWriting
        }
        guard begins else { return }
        // Ends by itself when nothing waits any more; `flush` waits for that at shutdown.
        Task(executorPreference: EventLoop.current) { await self.write() }
    }

    /// Writes everything that waits.
    func flush() async {
        await write()
    }

    private func write() async {
        while let batch = take() {
            do {
                try await storage.audit.record(batch)
            } catch {
                // The database is away: the entries are lost, and counted as such.
                state.withLock { $0.dropped += batch.count }
            }
        }
    }

    private func take() -> [AuditEntry]? {
        state.withLock { state in
            guard !state.waiting.isEmpty else {
                state.isWriting = false
                return nil
            }
            defer { state.waiting = [] }
            return state.waiting
        }
    }

    private static func result(of kind: ProblemKind) -> AuditEntry.Result? {
        switch kind {
        case .unauthenticated, .notFound: .denied
        case .rateLimited: nil
        default: kind.isCallers ? .refused : nil
        }
    }

    private func entry(
        _ problem: Problem,
        _ result: AuditEntry.Result,
        _ subject: Subject
    ) -> AuditEntry {
        AuditEntry(
            id: 0,
            at: clock(),
            token: subject.caller?.token,
            actor: subject.caller?.name ?? "anonymous",
            operation: subject.endpoint.operation,
            object: Self.object(subject),
            tenant: subject.caller?.tenant,
            result: result,
            code: problem.kind.code,
            peer: subject.request.peer,
            requestID: subject.identity.id
        )
    }

    private static func object(_ subject: Subject) -> ObjectReference {
        let name = subject.path.count > 0 ? subject.path[0] : ""
        return ObjectReference(
            kind: subject.endpoint.subject,
            id: nil,
            name: String(name.prefix(nameLengthMax))
        )
    }
}

extension Endpoint {
    /// What kind of thing the operation is about.
    fileprivate var subject: ObjectReference.Kind {
        let collection = path.split(separator: "/").dropFirst().first ?? ""
        return switch collection.split(separator: "{").first ?? "" {
        case "tenants": .tenant
        case "blueprints": .blueprint
        case "tokens": .token
        case "jobs": .job
        case "catalog": .entity
        default: path.hasPrefix("/git/") ? .repository : .platform
        }
    }
}
