import Domain
import HTTP
import JSON
import Secrets
import Storage

/// Lets one revision of a pull request from a fork make its environment; the next one asks again.
struct ApprovePullRequest: Operation {
    static let endpoint = Endpoint(
        "approvePullRequest",
        .post,
        "/v1/tenants/{tenant}/sources/{source}/pull-requests/{number}:approve",
        for: .permitted(.approveSources),
        body: .json,
        [.changes]
    )

    private let target: SourceTarget
    private let number: Int
    private let revision: String

    init(reading inputs: Inputs) throws(Problem) {
        target = try SourceTarget(reading: inputs)
        guard let number = Int(digits: inputs.path("number")) else { throw .notFound }
        self.number = number
        revision = try inputs.read { $0.required("revision", Reading.text(40...64)) }
    }

    func answer(_ call: Invocation) async throws -> Answer {
        let source = try await target.found(call)
        let hooks = call.services.storage.hooks
        let found = try await hooks.thread("pull/\(number)", of: source.id)
        guard let (thread, news) = found else { throw Problem.notFound }
        guard thread.isOpen, thread.revision == revision else { throw Self.moved(thread) }
        var random = SecureRandom()
        let occasion = call.occasion
        let delivery = HookDelivery(
            id: HookDeliveryID(at: call.now, using: &random),
            cause: .approval,
            key: nil,
            event: news,
            state: .accepted,
            job: occasion.job,
            receivedAt: call.now
        )
        do {
            return try await call.answering(delivery) { circumstances throws(StorageFault) in
                try await hooks.approve(
                    delivery,
                    revision,
                    of: source,
                    event: source.approval(of: number, revision, by: call.callerName, on: occasion),
                    for: circumstances
                )
            }
        } catch StorageFault.stale {
            throw Self.moved(thread)
        }
    }

    private static func moved(_ thread: SourceThread) -> Problem {
        Problem(
            .stateConflict,
            thread.isOpen
                ? "The pull request is at revision \(thread.revision ?? "none") now; look at that."
                : "The pull request is closed."
        )
    }
}

extension Source {
    fileprivate func approval(
        of number: Int,
        _ revision: String,
        by who: String,
        on occasion: Occasion
    ) -> Event {
        var data = JSONWriter(reserving: 192)
        data.object { data in
            data.member("id", id.description)
            data.member("name", name.text)
            data.member("pullRequest", number)
            data.member("revision", revision)
            data.member("by", who)
        }
        return Event(
            id: occasion.event,
            type: .pullRequestApproved,
            subject: reference,
            tenant: tenant.id,
            at: occasion.at,
            data: data.finish()
        )
    }
}
