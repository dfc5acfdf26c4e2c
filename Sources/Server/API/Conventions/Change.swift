import Domain
import HTTP
import JSON
import Secrets
import Storage

/// A decided change on its way into storage and out to the caller.
///
/// Holds for every changing operation: the first answer is written with the change under the
/// caller's idempotency key, a repeated call gets it again, and `Prefer: wait` holds the answer
/// until the work that follows has ended.
struct Change: Sendable {
    /// What becomes of the resource.
    enum Effect: Sendable {
        /// It is new; this is its path.
        case created(at: String)
        case changed
        case deleted
    }

    let effect: Effect
    /// The resource as it is from now on.
    let resource: [UInt8]
    let revision: Int64
    /// The work that follows.
    let job: NewJob?

    /// Stores the change and answers it.
    ///
    /// `store` writes it in one transaction with the given circumstances; `current` is the resource
    /// as it is once the work has ended.
    func perform(
        _ call: Invocation,
        store: (Call) async throws(StorageFault) -> WriteOutcome,
        current: () async throws -> Answer?
    ) async throws -> Answer {
        let first = StoredAnswer(first)
        switch try await store(call.circumstances(answer: first)) {
        case .written:
            if job != nil { call.services.jobStored() }
            let hold = Hold(call)
            guard let job, hold.isWanted else { return hold.noting(Answer(first)) }
            guard let end = try await hold.end(of: job.id) else {
                return hold.noting(Answer(first))
            }
            let now = try await current()
            guard end.state == .completed else {
                return hold.noting(now?.unfinished(job.id) ?? Answer(first))
            }
            return hold.noting(settled(now))
        case .replayed(let answer):
            return try await Replay(call).answer(answer)
        }
    }

    /// The answer before any work is done.
    private var first: Answer {
        if let job {
            return .resource(resource, revision: revision, status: .accepted)
                .with(.location, "/v1/jobs/\(job.id)")
        }
        switch effect {
        case .created(let path):
            return .resource(resource, revision: revision, status: .created)
                .with(.location, path)
        case .changed: return .resource(resource, revision: revision)
        case .deleted: return .gone
        }
    }

    /// The answer once all work is done.
    private func settled(_ current: Answer?) -> Answer {
        guard var answer = current else { return .gone }
        if case .created(let path) = effect {
            answer.status = .created
            answer.headers.add(.location, path)
        }
        return answer
    }
}

extension StoredAnswer {
    /// The answer without its body's secrets; operations that show one leave it out here.
    init(_ answer: Answer) {
        var headers = answer.headers.all.map { Header(name: $0.name, value: $0.value) }
        if let tag = answer.tag { headers.append(Header(name: "etag", value: tag)) }
        var body: [UInt8] = []
        if case .bytes(let bytes) = answer.body { body = bytes }
        self.init(status: answer.status.code, headers: headers, body: body)
    }
}

extension Answer {
    /// The resource as it is while the job about it has not come to a good end: the wait is over,
    /// or a person must act, and the resource says why.
    func unfinished(_ job: JobID) -> Answer {
        var answer = self
        answer.status = .accepted
        return answer.with(.location, "/v1/jobs/\(job)")
    }

    /// The answer as it was first given.
    init(_ stored: StoredAnswer) {
        self.init(
            Status(code: stored.status),
            body: stored.body.isEmpty ? .empty : .bytes(stored.body)
        )
        for header in stored.headers {
            if header.name == "etag" {
                tag = header.value
            } else {
                headers.add(HeaderName(header.name), header.value)
            }
        }
    }
}

extension Invocation {
    /// What Storage notes about a changing call, with what it is going to be answered.
    func circumstances(answer: StoredAnswer) -> Call {
        guard let caller else { preconditionFailure("changes need a caller") }
        let receipt = idempotencyKey.map { key in
            Receipt(key: key.text, fingerprint: fingerprint, answer: answer)
        }
        return Call(
            access: caller.access,
            token: caller.token,
            actor: caller.name,
            operation: endpoint.operation,
            peer: request.peer,
            requestID: identity.id,
            at: now,
            traceparent: identity.traceparent,
            receipt: receipt
        )
    }

    /// What Storage is told of a call that changes nothing.
    var circumstances: Call {
        circumstances(answer: StoredAnswer(status: 0, headers: [], body: []))
    }

    /// When something is decided now, and the ids that follow from it.
    var occasion: Occasion {
        var random = SecureRandom()
        return Occasion(at: now, using: &random)
    }

    /// - Throws: `precondition-failed` where the resource is not as the caller wants it to be.
    func checkConditions(revision: Int64?) throws(Problem) {
        let holds: Bool
        switch (conditions.match, revision) {
        case (nil, _): holds = true
        case (.some, nil): holds = false
        case (let match?, let revision?): holds = match.holdsStrongly(for: String(revision))
        }
        guard holds else {
            let now = revision.map { "It is at \(EntityTag.strong(String($0)))." }
            throw Problem(
                .preconditionFailed,
                "The resource is not in the version that `If-Match` names. "
                    + (now ?? "It does not exist.")
            )
        }
        if let revision, conditions.noneMatch?.holdsWeakly(for: String(revision)) == true {
            throw Problem(
                .preconditionFailed,
                "The resource exists, in a version that `If-None-Match` names."
            )
        }
    }

    /// Decides and stores again while others change the same resource in between; a caller who
    /// named a version is told instead.
    func retrying<Value>(_ body: () async throws -> Value) async throws -> Value {
        for _ in 0..<Self.attemptsMax {
            do {
                return try await body()
            } catch StorageFault.stale where conditions.match == nil {
                continue
            }
        }
        throw Problem(
            .stateConflict,
            "Others are changing the resource right now. Send the request again.",
            retryAfter: 1
        )
    }

    /// As many callers as may change one resource at once: each time, one of them comes through.
    private static var attemptsMax: Int { 16 }
}
