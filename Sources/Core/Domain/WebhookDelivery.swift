package import JSON

/// One event on its way to the receiver of a webhook.
package struct WebhookDelivery: Sendable, Equatable {
    /// Where it stands.
    package enum State: String, Sendable, CaseIterable {
        /// It is going to be sent, for the first time or again.
        case waiting
        /// The receiver took it.
        case delivered
        /// It was given up; it can be replayed.
        case failed
    }

    /// The event that is told, which also names the delivery.
    package var event: EventID
    /// What happened.
    package var type: EventType
    /// The event's place in the log.
    package var position: Int64
    /// Where it stands.
    package var state: State
    /// How often it was sent since it was asked for, or replayed.
    package var attempts: Int
    /// When it is sent next; nil where it is not.
    package var dueAt: Instant?
    /// What became of the last attempts, oldest first.
    package var log: [WebhookAttempt]
    /// When the event was matched to the webhook.
    package var createdAt: Instant
    /// When it came through or was given up; nil before that.
    package var endedAt: Instant?

    /// Puts together what is known.
    package init(
        event: EventID,
        type: EventType,
        position: Int64,
        state: State,
        attempts: Int,
        dueAt: Instant?,
        log: [WebhookAttempt],
        createdAt: Instant,
        endedAt: Instant?
    ) {
        self.event = event
        self.type = type
        self.position = position
        self.state = state
        self.attempts = attempts
        self.dueAt = dueAt
        self.log = log
        self.createdAt = createdAt
        self.endedAt = endedAt
    }
}

/// What became of one attempt to send an event.
package struct WebhookAttempt: Sendable, Equatable {
    /// The most attempts that are kept of one delivery.
    package static let keptMax = 10
    /// The most bytes of an answer that are kept: 512.
    package static let excerptBytesMax = 512

    /// When it began.
    package var at: Instant
    /// How long it took, in milliseconds.
    package var milliseconds: Int
    /// The status of the answer; nil where there was none.
    package var status: Int?
    /// How the answer began, as text; empty where there was none.
    package var excerpt: String
    /// Why there was no answer; nil where there was one.
    package var fault: String?
    /// How long the receiver wants to be left alone; nil where it does not say.
    package var retryAfter: Duration?
    /// Whether nothing was sent, because of this server and not of the receiver; not stored.
    package var isUnsent = false

    /// What became of it.
    package init(
        at moment: Instant,
        milliseconds: Int,
        status: Int?,
        excerpt: String = "",
        fault: String? = nil,
        retryAfter: Duration? = nil
    ) {
        at = moment
        self.milliseconds = milliseconds
        self.status = status
        self.excerpt = excerpt
        self.fault = fault
        self.retryAfter = retryAfter
    }

    /// Whether the receiver took the event: any status from 200 to 299.
    package var isSuccess: Bool { (200...299).contains(status ?? 0) }

    /// Writes the attempt as it is stored and shown.
    package func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("at", at.description)
            writer.member("durationMilliseconds", milliseconds)
            writer.key("status")
            if let status { writer.int(status) } else { writer.null() }
            writer.member("answer", excerpt)
            writer.member("error", orNull: fault)
        }
    }

    /// Reads what `write` wrote.
    package init(reading document: JSON) throws(DocumentFault) {
        guard let at = Instant(stored: document["at"]) else { throw DocumentFault(member: "at") }
        self.init(
            at: at,
            milliseconds: document["durationMilliseconds"]?.int ?? 0,
            status: document["status"]?.int,
            excerpt: document["answer"]?.string ?? "",
            fault: document["error"]?.string
        )
    }
}

/// The right to send for one webhook; who has it has it alone.
package struct WebhookLane: Sendable, Hashable {
    /// For whom.
    package let webhook: WebhookID
    /// What tells this right from earlier ones.
    package let lease: ID<WebhookLane>

    /// That right.
    package init(webhook: WebhookID, lease: ID<WebhookLane>) {
        self.webhook = webhook
        self.lease = lease
    }
}

/// What is to be sent next for a webhook.
package struct WebhookMessage: Sendable, Equatable {
    /// Where it goes.
    package let url: String
    /// The secrets that sign it, sealed; the present one first.
    package let secrets: [String]
    /// What is told.
    package let event: Event
    /// The event's place in the log.
    package let position: Int64
    /// How often it was sent already since it was asked for.
    package let attempts: Int
    /// What became of the attempts before.
    package let log: [WebhookAttempt]

    /// Puts together what is known.
    package init(
        url: String,
        secrets: [String],
        event: Event,
        position: Int64,
        attempts: Int,
        log: [WebhookAttempt]
    ) {
        self.url = url
        self.secrets = secrets
        self.event = event
        self.position = position
        self.attempts = attempts
        self.log = log
    }
}
