import Domain
import HTTP
import JSON
import Secrets
import Storage

/// Takes what a forge delivers: proven, written down with its job, and answered at once.
///
/// A repository that no source is about and a signature that fits no secret are answered with the
/// same bytes.
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
    private let payload: HookPayload

    init(reading inputs: Inputs) throws(Problem) {
        guard let forge = ForgeKind(rawValue: inputs.path("forge")) else { throw .notFound }
        let fields = inputs.call.request.headers
        request = try HookRequest(to: forge, fields, inputs.bytes)
        payload = HookPayload(try BodyReader.parse(HookContent.json(in: inputs.bytes, fields)))
    }

    func answer(_ call: Invocation) async throws -> Answer {
        guard let repository = payload.repository(on: request.forge),
            let candidate = try await candidate(for: repository, call),
            let event = payload.event(named: request.event, from: request.forge)
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
        let earlier = try await call.services.storage.hooks.take(
            delivery,
            digest: request.digest,
            for: candidate,
            traceparent: call.identity.traceparent
        )
        if let earlier { return Self.answer(earlier, isDuplicate: true) }
        if delivery.job != nil { call.services.jobStored() }
        return Self.answer(delivery, isDuplicate: false)
    }

    /// The source whose secret the sender knew.
    private func candidate(
        for repository: String,
        _ call: Invocation
    ) async throws -> HookStore.Candidate? {
        let found = try await call.services.storage.hooks.candidates(
            for: repository,
            on: request.forge
        )
        for candidate in found {
            let secret: SecretBytes
            do throws(SealFault) {
                secret = try call.services.sealer.open(
                    SealedSecret(parsing: candidate.secret),
                    context: candidate.id.secretContext
                )
            } catch {
                // Sealed with a key that this server does not have: nothing can be proven by it.
                continue
            }
            if request.isProven(by: secret) { return candidate }
        }
        return nil
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
