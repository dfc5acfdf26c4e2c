import Domain
import HTTP
import JSON
import Secrets
import Storage

/// Takes what a forge delivers: proven, written down with its job, and answered at once.
///
/// A repository that no source is about and a signature that fits no secret are answered with the
/// same bytes. What strangers send is looked through for the name of the repository and hashed;
/// it is parsed once it is proven.
struct ReceiveHook: Operation {
    /// Bytes of a delivery: 2 MiB.
    ///
    /// Read before anybody is known to have sent it, so that it bounds what strangers can have this
    /// server do. GitHub sends up to 25 MiB; what is read here, pull requests and pushes, is some
    /// 30 KiB, and a push of a thousand commits about 1 MiB.
    static let bytesMax = 2 << 20

    static let endpoint = Endpoint(
        "receiveHook",
        .post,
        "/v1/hooks/{forge}",
        for: .everybody,
        body: .raw(
            contentTypes: ["application/json", "application/x-www-form-urlencoded"],
            bytesMax: bytesMax
        ),
        [.delivers]
    )

    private let request: HookRequest
    /// The content, out of the form that it may come in.
    private let content: [UInt8]

    init(reading inputs: Inputs) throws(Problem) {
        guard let forge = ForgeKind(rawValue: inputs.path("forge")) else { throw .notFound }
        let fields = inputs.call.request.headers
        request = try HookRequest(to: forge, fields, inputs.bytes)
        content = HookContent.json(in: inputs.bytes, fields)
    }

    func answer(_ call: Invocation) async throws -> Answer {
        guard let repository = HookPayload.repository(in: content, from: request.forge),
            let candidate = try await candidate(for: repository, call),
            let event = try event(of: repository)
        else { throw Self.unknown }
        let now = call.now
        var random = SecureRandom()
        let delivery = HookDelivery(
            id: HookDeliveryID(at: now, using: &random),
            key: request.key,
            event: event,
            job: JobID(at: now, using: &random),
            at: now
        )
        let reception = try await call.services.storage.hooks.take(
            delivery,
            digest: request.digest,
            for: candidate,
            traceparent: call.identity.traceparent
        )
        switch reception {
        case .unknown: throw Self.unknown
        case .earlier(let earlier): return Self.answer(earlier, isDuplicate: true)
        case .taken:
            if delivery.job != nil { call.services.jobStored() }
            return Self.answer(delivery, isDuplicate: false)
        }
    }

    /// What the content says; nil where it is about another repository than it seemed to be.
    ///
    /// Parsed and let go without a wait in between, so that there is one tree of values a loop.
    private func event(of repository: String) throws(Problem) -> HookEvent? {
        let payload = HookPayload(try BodyReader.parse(content))
        let event = payload.event(named: request.event, from: request.forge)
        return event?.repository == repository ? event : nil
    }

    /// The source whose secret the sender knew.
    private func candidate(
        for repository: String,
        _ call: Invocation
    ) async throws -> HookStore.Candidate? {
        var last: SourceID?
        while true {
            let page = try await call.services.storage.hooks.candidates(
                for: repository,
                on: request.forge,
                after: last,
                at: call.now
            )
            for candidate in page {
                if isProven(by: candidate, call.services.sealer) { return candidate }
                // Others have their turn: a large body takes milliseconds for each.
                await Task.yield()
            }
            guard page.count == HookStore.candidatesPerPage else { return nil }
            last = page.last?.id
        }
    }

    private func isProven(by candidate: HookStore.Candidate, _ sealer: Sealer) -> Bool {
        candidate.secrets.contains { sealed in
            do throws(SealFault) {
                let context = candidate.id.secretContext
                let secret = try sealer.open(SealedSecret(parsing: sealed), context: context)
                return request.isProven(by: secret)
            } catch {
                // Sealed with a key that this server does not have: nothing can be proven by it.
                return false
            }
        }
    }

    private static let unknown = Problem(
        .notFound,
        "No source of this repository has the secret that the delivery was signed with."
    )

    private static func answer(_ delivery: HookDelivery, isDuplicate: Bool) -> Answer {
        var writer = JSONWriter(reserving: 256)
        writer.object { writer in
            writer.member("delivery", delivery.id.description)
            writer.member("state", delivery.state.rawValue)
            writer.member("outcome", orNull: delivery.outcome)
            writer.member("job", orNull: delivery.job?.description)
            writer.member("duplicate", isDuplicate)
        }
        let isWork = delivery.state == .accepted && !isDuplicate
        return .json(isWork ? .accepted : .ok, writer.finish())
    }
}
