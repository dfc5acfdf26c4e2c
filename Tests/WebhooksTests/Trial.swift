import Domain
import EventLoop
import HTTP
import JSON
import Logging
import Outbound
import Postgres
import Secrets
import Storage
import Synchronization
import TestSupport
import Testing

@testable import Webhooks
@testable import slipway

/// A database, a receiver over real HTTP, and a dispatcher between them on a clock of the test's.
struct Trial: Sendable {
    let storage: Storage
    let database: TestDatabase
    let group: EventLoopGroup
    let receiver: Receiver
    let address: String
    let clock: ManualClock
    let dispatcher: WebhookDispatcher
    let sealer: Sealer
    let secret = WebhookSecret.generate()

    static func run(
        within addresses: WebhookAddresses = .any,
        _ body: @escaping @Sendable (Trial) async throws -> Void
    ) async throws {
        let test = try TestDatabase(migrations: embeddedMigrations)
        let group = try EventLoopGroup(count: 1)
        group.start()
        let loop = group.loops[0]
        let log = Logger(label: "test")
        let database = Database(group: group, connection: test.connection, logger: log)
        try await database.start()
        let receiver = Receiver()
        let server = Server(group: group, handler: receiver, limits: ServerLimits(), tls: nil)
        let address = try server.listen(on: .host("127.0.0.1", port: 0))
        let clock = ManualClock()
        let sealer = Sealer(key: Array(1...32))
        let post = WebhookPost(
            on: loop,
            within: addresses.limits,
            sealer: sealer,
            clock: { clock.now }
        )
        let trial = Trial(
            storage: Storage(database),
            database: test,
            group: group,
            receiver: receiver,
            address: "http://\(address)/hook",
            clock: clock,
            dispatcher: dispatcher(Storage(database), post, clock),
            sealer: sealer
        )
        let result = await Task(executorPreference: loop) { try await body(trial) }.result
        receiver.release()
        await post.close()
        await server.drain(within: .seconds(1))
        await database.stop()
        group.stop()
        try result.get()
    }

    private static func dispatcher(
        _ storage: Storage,
        _ post: WebhookPost,
        _ clock: ManualClock
    ) -> WebhookDispatcher {
        WebhookDispatcher(
            records: StoredWebhooks(store: storage.webhooks),
            post: post,
            clock: { clock.now },
            log: Logger(label: "test"),
            report: { _ in }
        )
    }

    var occasion: Occasion {
        var random = SystemRandomNumberGenerator()
        return Occasion(at: clock.now, using: &random)
    }

    var call: Call { .system("test", requestID: "r-1", at: clock.now) }

    /// Stores a webhook for all events, or those of the patterns.
    func webhook(
        _ events: [EventPattern] = [EventPattern(stored: "dev.slipway.tenant.*")],
        to url: String? = nil
    ) async throws -> Webhook {
        var random = SystemRandomNumberGenerator()
        let decision = Webhook.creation(
            id: WebhookID(at: clock.now, using: &random),
            name: "test",
            labels: Labels(),
            tenant: nil,
            spec: WebhookSpec(url: url ?? address, events: events),
            on: occasion
        )
        let webhook = decision.webhook
        let sealed = sealer.seal(
            Array(secret.revealedText().utf8),
            context: webhook.id.secretContext
        )
        _ = try await storage.webhooks.create(decision, secret: sealed.text, for: call)
        return webhook
    }

    /// Tells an event and gives it its place.
    @discardableResult
    func tell(_ type: EventType = .tenantReady, _ name: String = "acme") async throws -> EventID {
        let id = occasion.event
        let event = Event(
            id: id,
            type: type,
            subject: ObjectReference(kind: .tenant, id: nil, name: name),
            tenant: nil,
            at: clock.now
        )
        _ = try await storage.database.write(EventStore.insertion(of: event))
        try await place()
        return id
    }

    func place() async throws {
        try await EventSequencer(storage.database).place(at: clock.now)
    }

    func found(_ webhook: Webhook) async throws -> Webhook {
        try #require(try await storage.webhooks.find(webhook.id, as: .system))
    }

    func delivery(_ event: EventID, of webhook: Webhook) async throws -> WebhookDelivery {
        try #require(
            try await storage.webhooks.delivery(of: event, to: webhook.id, as: .system)
        )
    }
}

/// A clock that stands until it is set.
final class ManualClock: Sendable {
    private let moment = Mutex(Domain.Instant(microseconds: 1_795_222_800_000_000))

    var now: Domain.Instant { moment.withLock { $0 } }

    func advance(by duration: Duration) {
        moment.withLock { $0 = $0.advanced(by: duration) }
    }
}

/// What receives: answers as it is told to, and remembers everything.
final class Receiver: RequestHandler {
    struct Received: Sendable {
        let id: String
        let timestamp: String
        let signatures: [String]
        let contentType: String
        let body: [UInt8]
        var json: JSON { (try? JSON.parse(body)) ?? .null }  // Compared by the test.
    }

    private struct State {
        var received: [Received] = []
        var status: [Int] = []
        var retryAfter: String?
        var hangs = false
        var waiting: [Wakeup<Void, Never>] = []
    }

    private let state = Mutex(State())

    var received: [Received] { state.withLock { $0.received } }

    /// Answers the next requests with these statuses; the last one stays.
    func answer(_ status: Int..., retryAfter: String? = nil) {
        state.withLock {
            $0.status = status
            $0.retryAfter = retryAfter
        }
    }

    /// Answers nothing until it is released.
    func hang() { state.withLock { $0.hangs = true } }

    func release() {
        let waiting = state.withLock { state in
            state.hangs = false
            defer { state.waiting = [] }
            return state.waiting
        }
        for waiter in waiting { waiter.resume() }
    }

    func respond(to request: Request) async -> Response {
        let body = (try? await request.body.collect(upTo: 1 << 20)) ?? []  // Missed then.
        let entry = Received(
            id: request.headers[HeaderName("webhook-id")] ?? "",
            timestamp: request.headers[HeaderName("webhook-timestamp")] ?? "",
            signatures: (request.headers[HeaderName("webhook-signature")] ?? "")
                .split(separator: " ").map(String.init),
            contentType: request.headers[.contentType] ?? "",
            body: body
        )
        let (status, retryAfter, hangs) = state.withLock { state in
            state.received.append(entry)
            let status = state.status.first ?? 204
            if state.status.count > 1 { state.status.removeFirst() }
            return (status, state.retryAfter, state.hangs)
        }
        if hangs {
            await Wakeup<Void, Never>.wait { wakeup in
                state.withLock { $0.waiting.append(wakeup) }
            }
        }
        var headers = ResponseHeaders()
        if let retryAfter { headers.add(HeaderName("retry-after"), retryAfter) }
        if status == 301 { headers.add(.location, "/elsewhere") }
        let text = status == 204 ? "" : "this is \(status)"
        return Response(
            status: Status(code: status),
            headers: headers,
            body: text.isEmpty ? .empty : .bytes(Array(text.utf8))
        )
    }

    func answer(to fault: RequestFault, from peer: String) -> Response {
        Response(status: .badRequest)
    }

    func ended(_ exchange: Exchange) {}
}
