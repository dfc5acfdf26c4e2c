import Domain
import EventLoop
import JSON
import Outbound
import Postgres
import Secrets
import Storage
import TestSupport
import Testing

@testable import Webhooks
@testable import slipway

/// Everything about webhooks with a real database and a real receiver, one after the other.
@Suite(.serialized) struct DeliveryTests {
    @Test func `events come signed, as CloudEvents and in their order`() async throws {
        try await Trial.run { trial in
            let webhook = try await trial.webhook()
            let events = try await [
                trial.tell(.tenantRequested), trial.tell(.clusterReady), trial.tell(.tenantReady),
            ]
            #expect(await trial.dispatcher.turn() == 1)
            let received = trial.receiver.received
            #expect(received.map(\.id) == [events[0].description, events[2].description])
            let first = try #require(received.first)
            #expect(first.contentType.hasPrefix("application/cloudevents+json"))
            #expect(first.json["type"]?.string == "dev.slipway.tenant.requested")
            #expect(first.json["id"]?.string == first.id && first.json["sequence"] != nil)
            let timestamp = try #require(Int64(first.timestamp))
            #expect(timestamp == trial.clock.now.microseconds / 1_000_000)
            let expected = trial.secret.signature(
                id: first.id,
                timestamp: timestamp,
                body: first.body
            )
            #expect(first.signatures == [expected])
            let delivery = try await trial.delivery(events[2], of: webhook)
            #expect(delivery.state == .delivered && delivery.log.map(\.status) == [204])
            #expect(await trial.dispatcher.turn() == 0)
            #expect(try await trial.found(webhook).phase == .active)
        }
    }

    @Test func `a failed delivery steps aside and comes again with the same id`() async throws {
        try await Trial.run { trial in
            let webhook = try await trial.webhook()
            trial.receiver.answer(500, 204)
            let first = try await trial.tell(.tenantRequested)
            let second = try await trial.tell(.tenantReady)
            _ = await trial.dispatcher.turn()
            #expect(trial.receiver.received.map(\.id) == [first, second].map(\.description))
            let failed = try await trial.delivery(first, of: webhook)
            #expect(failed.state == .waiting && failed.attempts == 1)
            #expect(failed.log.first?.excerpt == "this is 500")
            #expect(await trial.dispatcher.turn() == 0)
            trial.clock.advance(by: .seconds(12))
            #expect(await trial.dispatcher.turn() == 1)
            #expect(trial.receiver.received.last?.id == first.description)
            #expect(try await trial.delivery(first, of: webhook).state == .delivered)
        }
    }

    @Test func `after eight attempts it is given up and can be replayed`() async throws {
        try await Trial.run { trial in
            let webhook = try await trial.webhook()
            trial.receiver.answer(500, 500, 500, 500, 500, 500, 500, 500, 204)
            let event = try await trial.tell()
            for _ in 1...7 {
                #expect(await trial.dispatcher.turn() == 1)
                let due = try await trial.delivery(event, of: webhook).dueAt
                trial.clock.advance(by: try #require(due) - trial.clock.now)
            }
            // As if something else had come through meanwhile.
            try trial.database.run("UPDATE webhook SET failing_since = NULL, paused_until = NULL")
            _ = await trial.dispatcher.turn()
            let given = try await trial.delivery(event, of: webhook)
            #expect(given.state == .failed && given.attempts == 8 && given.log.count == 8)
            let current = try await trial.found(webhook)
            _ = try await trial.storage.webhooks.replay(
                current.replay(on: trial.occasion),
                delivery: event,
                for: trial.call
            )
            _ = await trial.dispatcher.turn()
            #expect(try await trial.delivery(event, of: webhook).state == .delivered)
            #expect(Set(trial.receiver.received.map(\.id)) == [event.description])
            #expect(trial.receiver.received.count == 9)
        }
    }

    @Test func `three days of nothing but failures disable it, and enabling begins anew`()
        async throws
    {
        try await Trial.run { trial in
            let webhook = try await trial.webhook()
            trial.receiver.answer(503)
            let lost = try await trial.tell()
            _ = await trial.dispatcher.turn()
            #expect(try await trial.found(webhook).phase == .failing)
            trial.clock.advance(by: .seconds(3 * 86_400))
            _ = await trial.dispatcher.turn()
            let disabled = try await trial.found(webhook)
            #expect(disabled.phase == .disabled && disabled.condition.reason == "OnlyFailures")
            #expect(try await trial.delivery(lost, of: webhook).state == .failed)
            let told = try trial.database.run("SELECT type FROM event ORDER BY seq DESC LIMIT 1")
            #expect(told[0][0] == "dev.slipway.webhook.disabled")
            let missed = try await trial.tell()
            #expect(await trial.dispatcher.turn() == 0)
            trial.receiver.answer(204)
            var spec = disabled.spec
            spec.isEnabled = true
            let enabling = try #require(
                disabled.change(labels: disabled.labels, spec: spec, on: trial.occasion)
            )
            _ = try await trial.storage.webhooks.store(
                enabling,
                replacing: disabled.revision,
                for: trial.call
            )
            let fresh = try await trial.tell()
            _ = await trial.dispatcher.turn()
            #expect(trial.receiver.received.last?.id == fresh.description)
            let count = trial.receiver.received.count
            _ = try await trial.storage.webhooks.replay(
                try await trial.found(webhook).replay(on: trial.occasion),
                since: trial.clock.now.advanced(by: .seconds(-7 * 86_400)),
                all: false,
                for: trial.call
            )
            _ = await trial.dispatcher.turn()
            let replayed = trial.receiver.received.dropFirst(count).map(\.id)
            #expect(replayed == [lost, missed].map(\.description))
        }
    }

    @Test func `what this server cannot send does not count against the receiver`() async throws {
        try await Trial.run { trial in
            let webhook = try await trial.webhook()
            let secret = try trial.database.run("SELECT secret FROM webhook")[0][0] ?? ""
            try trial.database.run("UPDATE webhook SET secret = 'sealed by another key'")
            let event = try await trial.tell()
            _ = await trial.dispatcher.turn()
            #expect(trial.receiver.received.isEmpty)
            let held = try await trial.delivery(event, of: webhook)
            #expect(held.state == .waiting && held.attempts == 0)
            #expect(held.log.last?.fault?.contains("rotate it") == true)
            #expect(held.dueAt == trial.clock.now.advanced(by: WebhookSchedule.heldFor))
            let found = try await trial.found(webhook)
            #expect(found.status.failures == 0 && found.phase == .active)
            try trial.database.run("UPDATE webhook SET secret = '\(secret)'")
            trial.clock.advance(by: WebhookSchedule.heldFor)
            _ = await trial.dispatcher.turn()
            #expect(try await trial.delivery(event, of: webhook).state == .delivered)
        }
    }

    @Test func `a thousand events that a receiver does not want hold up no other`() async throws {
        try await Trial.run { trial in
            let webhook = try await trial.webhook()
            try trial.database.run(
                """
                INSERT INTO webhook_delivery (
                    webhook_id, position, event_id, type, state, attempts, due_at, created_at)
                SELECT '\(webhook.id)', -n, gen_random_uuid(), 'refused', 'waiting', 1,
                       'infinity', now()
                  FROM generate_series(1, 1000) AS n
                """
            )
            let event = try await trial.tell()
            #expect(await trial.dispatcher.turn() == 1)
            #expect(trial.receiver.received.map(\.id) == [event.description])
        }
    }

    @Test func `410 disables at once`() async throws {
        try await Trial.run { trial in
            let webhook = try await trial.webhook()
            trial.receiver.answer(410)
            try await trial.tell()
            try await trial.tell()
            _ = await trial.dispatcher.turn()
            #expect(trial.receiver.received.count == 1)
            let found = try await trial.found(webhook)
            #expect(found.phase == .disabled && found.condition.reason == "ReceiverGone")
            #expect(found.status.waiting == 0)
        }
    }

    @Test func `a receiver that wants rest is left alone, and no redirect is followed`()
        async throws
    {
        try await Trial.run { trial in
            let webhook = try await trial.webhook()
            trial.receiver.answer(301, 429, 204, retryAfter: "120")
            let first = try await trial.tell()
            _ = await trial.dispatcher.turn()
            #expect(trial.receiver.received.count == 1)
            let delivery = try await trial.delivery(first, of: webhook)
            #expect(delivery.log.map(\.status) == [301])
            #expect(delivery.dueAt == trial.clock.now.advanced(by: .seconds(120)))
            try await trial.tell()
            #expect(await trial.dispatcher.turn() == 0)
        }
    }

    @Test func `what is sent but not written down is sent again with the same id`() async throws {
        try await Trial.run { trial in
            let webhook = try await trial.webhook()
            let event = try await trial.tell()
            let store = trial.storage.webhooks
            // A process that sends, and dies before it writes that down.
            let dying = StoredWebhooks(store: store)
            let lane = try #require(try await dying.claim(10, at: trial.clock.now).first)
            #expect(try await dying.match(lane, at: trial.clock.now))
            let message = try #require(try await dying.next(lane, at: trial.clock.now))
            let post = WebhookPost(
                on: try #require(EventLoop.current),
                within: .all,
                sealer: trial.sealer,
                clock: { trial.clock.now }
            )
            let attempt = try #require(await post.send(message, of: webhook.id))
            await post.close()
            #expect(await trial.dispatcher.turn() == 0)
            trial.clock.advance(by: WebhookStore.leaseDuration)
            #expect(await trial.dispatcher.turn() == 1)
            let ids = trial.receiver.received.map(\.id)
            #expect(ids == [event.description, event.description])
            let counts = try await dying.record(
                attempt,
                of: message,
                .failed,
                lane,
                on: trial.occasion
            )
            #expect(!counts)
            #expect(try await trial.delivery(event, of: webhook).state == .delivered)
        }
    }

    @Test func `during a rotation both secrets sign and afterwards the new one alone`()
        async throws
    {
        try await Trial.run { trial in
            let webhook = try await trial.webhook()
            let secret = WebhookSecret.generate()
            let rotation = webhook.rotation(
                until: trial.clock.now.advanced(by: .seconds(3_600)),
                on: trial.occasion
            )
            _ = try await trial.storage.webhooks.rotate(
                rotation,
                secret: trial.sealer.seal(
                    Array(secret.revealedText().utf8),
                    context: webhook.id.secretContext
                ).text,
                replacing: webhook.revision,
                for: trial.call
            )
            try await trial.tell()
            _ = await trial.dispatcher.turn()
            trial.clock.advance(by: .seconds(3_600))
            try await trial.tell()
            _ = await trial.dispatcher.turn()
            let expected = try trial.receiver.received.map { received in
                let timestamp = try #require(Int64(received.timestamp))
                return [secret, trial.secret].map {
                    $0.signature(id: received.id, timestamp: timestamp, body: received.body)
                }
            }
            #expect(trial.receiver.received.map(\.signatures) == [expected[0], [expected[1][0]]])
        }
    }

    @Test func `this machine is refused when the connection is made`() async throws {
        try await Trial.run(within: .internet) { trial in
            let port = trial.address.split(separator: ":").last ?? ""
            let named = "http://localhost:\(port)"
            let webhook = try await trial.webhook(to: named)
            let event = try await trial.tell()
            _ = await trial.dispatcher.turn()
            #expect(trial.receiver.received.isEmpty)
            let delivery = try await trial.delivery(event, of: webhook)
            let fault = try #require(delivery.log.first?.fault)
            #expect(fault.contains("where no request may go"), "\(fault)")
        }
    }

    @Test func `a receiver that hangs holds nobody else up`() async throws {
        try await Trial.run { trial in
            trial.receiver.hang()
            let hanging = try await trial.webhook([EventPattern(stored: "dev.slipway.tenant.*")])
            try await trial.tell(.tenantReady)
            async let held = trial.dispatcher.turn()
            while trial.receiver.received.isEmpty { await Task.yield() }
            let other = try await trial.webhook([EventPattern(stored: "dev.slipway.job.*")])
            let event = try await trial.tell(.jobCompleted)
            async let served = trial.dispatcher.turn()
            while trial.receiver.received.count < 2 { await Task.yield() }
            #expect(trial.receiver.received.last?.id == event.description)
            trial.receiver.release()
            #expect(await held + served == 2)
            #expect(try await trial.found(hanging).phase == .active)
            #expect(try await trial.found(other).phase == .active)
        }
    }

    @Test func `a ping goes to its webhook alone, whatever it is for`() async throws {
        try await Trial.run { trial in
            let everything = try await trial.webhook([.everything])
            let webhook = try await trial.webhook()
            let ping = webhook.ping(on: trial.occasion)
            _ = try await trial.storage.webhooks.ping(ping, for: trial.call)
            try await trial.place()
            _ = await trial.dispatcher.turn()
            let delivery = try await trial.delivery(ping.event.id, of: webhook)
            #expect(delivery.state == .delivered)
            let other = try await trial.storage.webhooks.delivery(
                of: ping.event.id,
                to: everything.id,
                as: .system
            )
            #expect(other == nil)
        }
    }

    @Test func `an event whose transaction is rolled back is told to nobody`() async throws {
        try await Trial.run { trial in
            let webhook = try await trial.webhook()
            try? await trial.storage.database.transaction { transaction in  // Its fault is meant.
                try await transaction.execute(
                    EventStore.insertion(
                        of: Event(
                            id: trial.occasion.event,
                            type: .tenantReady,
                            subject: ObjectReference(kind: .tenant, id: nil, name: "never"),
                            tenant: nil,
                            at: trial.clock.now
                        )
                    )
                )
                throw CancellationError()
            }
            let event = try await trial.tell()
            _ = await trial.dispatcher.turn()
            #expect(trial.receiver.received.map(\.id) == [event.description])
            #expect(try await trial.delivery(event, of: webhook).state == .delivered)
        }
    }
}

@Suite struct ReceiverAddressTests {
    @Test(arguments: [
        ("https://hooks.example.com/a?b=c", true), ("http://hooks.example.com/", false),
        ("https://127.0.0.1/", false), ("https://[::1]/", false), ("https://localhost/", false),
        ("https://10.0.0.1/", false), ("https://169.254.169.254/", false),
        ("https://user:word@hooks.example.com/", false), ("ftp://hooks.example.com/", false),
        ("hooks", false), ("", false),
    ])
    func `only the internet and only https is taken unasked`(url: String, isTaken: Bool) {
        #expect((WebhookAddresses.internet.refusal(of: url) == nil) == isTaken)
    }

    @Test func `the operator can allow more, but never the link`() {
        #expect(WebhookAddresses.private.refusal(of: "http://10.0.0.1/") == nil)
        #expect(WebhookAddresses.private.refusal(of: "http://127.0.0.1/") != nil)
        #expect(WebhookAddresses.any.refusal(of: "http://127.0.0.1/") == nil)
        #expect(WebhookAddresses.any.refusal(of: "http://169.254.169.254/") != nil)
    }

    @Test func `Retry-After is seconds or a date`() {
        let now = Domain.Instant(microseconds: 1_795_222_800_000_000)
        #expect(RetryAfter.parse("120", at: now) == .seconds(120))
        #expect(RetryAfter.parse("-1", at: now) == nil)
        #expect(RetryAfter.parse("soon", at: now) == nil)
        #expect(RetryAfter.parse("Sun, 06 Nov 1994 08:49:37 GMT", at: now) == nil)
        let later = Domain.Instant(microseconds: 784_111_777_000_000).advanced(by: .seconds(-10))
        #expect(RetryAfter.parse("Sun, 06 Nov 1994 08:49:37 GMT", at: later) == .seconds(10))
    }
}
