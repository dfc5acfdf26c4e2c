package import Domain
package import EventLoop
import JSON
package import Outbound
package import Secrets

/// Sends one event to one receiver, signed as Standard Webhooks 1.0.0 says.
package struct WebhookPost: Sendable {
    /// The time until there is a connection, TLS included.
    package static let connectTimeout = Duration.seconds(5)
    /// The time until the receiver has answered: 15 seconds.
    package static let totalTimeout = Duration.seconds(15)
    /// The most bytes of an answer that are read: 4 KiB.
    static let answerBytesMax = 4_096
    /// Connections to one receiver: each webhook uses one at a time.
    private static let connectionsPerHostMax = 8

    private let client: OutboundClient
    private let sealer: Sealer
    private let clock: @Sendable () -> Instant

    /// A sender that goes nowhere but where it may, on that loop.
    package init(
        on loop: EventLoop,
        within addresses: AddressLimits,
        sealer: Sealer,
        clock: @escaping @Sendable () -> Instant
    ) {
        var limits = LaneLimits()
        limits.addresses = addresses
        limits.connectionsPerHostMax = Self.connectionsPerHostMax
        client = OutboundClient(on: loop, limits: limits)
        self.sealer = sealer
        self.clock = clock
    }

    /// Closes the connections.
    package func close() async { await client.close() }

    /// Sends the message once; nil where the sending itself was given up.
    func send(_ message: WebhookMessage, of webhook: WebhookID) async -> WebhookAttempt? {
        let began = MonotonicTime.now()
        let moment = clock()
        var attempt = WebhookAttempt(at: moment, milliseconds: 0, status: nil)
        do throws(OutboundFault) {
            guard let secrets = secrets(message.secrets, of: webhook) else {
                attempt.fault = "the secret does not open with this server's key; rotate it"
                attempt.isUnsent = true
                return attempt
            }
            let request = request(message, signedWith: secrets, at: moment)
            let answer = try await client.open(request)
            attempt.status = answer.head.status
            attempt.retryAfter = answer.head["retry-after"].flatMap {
                RetryAfter.parse($0, at: moment)
            }
            attempt.excerpt = await Self.excerpt(of: answer)
        } catch {
            if error == .cancelled { return nil }
            attempt.fault = "\(error)"
            attempt.isUnsent = error == .busy
        }
        let took = (MonotonicTime.now() - began) / .milliseconds(1)
        attempt.milliseconds = Int(took)
        return attempt
    }

    private func request(
        _ message: WebhookMessage,
        signedWith secrets: [WebhookSecret],
        at moment: Instant
    ) -> OutboundRequest {
        var writer = JSONWriter(reserving: 1_024)
        message.event.write(to: &writer, position: message.position)
        let body = writer.finish()
        let id = message.event.id.description
        let timestamp = moment.microseconds / 1_000_000
        let signatures = secrets.map {
            $0.signature(id: id, timestamp: timestamp, body: body)
        }
        var limits = OutboundLimits()
        limits.connectTimeout = Self.connectTimeout
        limits.totalTimeout = Self.totalTimeout
        limits.answerBytesMax = Self.answerBytesMax
        return OutboundRequest(
            "POST",
            message.url,
            headers: [
                OutboundHeader("Content-Type", "application/cloudevents+json; charset=utf-8"),
                OutboundHeader("User-Agent", "Slipway-Webhooks"),
                OutboundHeader("webhook-id", id),
                OutboundHeader("webhook-timestamp", String(timestamp)),
                OutboundHeader("webhook-signature", signatures.joined(separator: " ")),
            ],
            body: body,
            limits: limits
        )
    }

    /// The secrets, opened; nil where one does not open with this server's key.
    private func secrets(_ sealed: [String], of webhook: WebhookID) -> [WebhookSecret]? {
        var secrets: [WebhookSecret] = []
        for text in sealed {
            do throws(SealFault) {
                let opened = try sealer.open(
                    SealedSecret(parsing: text),
                    context: webhook.secretContext
                )
                if let secret = WebhookSecret(parsing: opened.revealedText()) {
                    secrets.append(secret)
                }
            } catch {
                return nil
            }
        }
        return secrets
    }

    /// How the answer begins, as text without control characters; what breaks off is left out.
    private static func excerpt(of answer: OutboundAnswer) async -> String {
        var bytes: [UInt8] = []
        // The status is the answer; its content is only shown.
        while bytes.count < answerBytesMax, let more = try? await answer.next() { bytes += more }
        let text = String(decoding: bytes.prefix(WebhookAttempt.excerptBytesMax), as: UTF8.self)
        let shown = text.unicodeScalars.map { scalar in
            scalar.value < 0x20 || scalar.value == 0x7F ? " " : Character(scalar)
        }
        return String(shown)
    }
}

/// How long a receiver wants to be left alone (RFC 9110 §10.2.3).
enum RetryAfter {
    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    /// Seconds, or the time until a date in the form of RFC 1123; nil for anything else.
    static func parse(_ text: String, at moment: Instant) -> Duration? {
        if (1...9).contains(text.utf8.count), text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) {
            return Int64(text).map { .seconds($0) }
        }
        let parts = text.split(separator: " ")
        guard parts.count == 6, parts[5] == "GMT",
            let month = months.firstIndex(of: String(parts[2]))
        else { return nil }
        let number = month < 9 ? "0\(month + 1)" : "\(month + 1)"
        let written = "\(parts[3])-\(number)-\(parts[1])T\(parts[4])Z"
        // What is no date says nothing.
        guard let date = try? Instant(parsing: written), date > moment else { return nil }
        return date - moment
    }
}
