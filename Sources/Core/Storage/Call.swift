package import Domain

/// The circumstances of a changing call: who, by what, from where, and how it may be repeated.
package struct Call: Sendable {
    /// What the caller may change.
    package var access: Access
    /// The token that was shown; nil for Slipway itself.
    package var token: TokenID?
    /// The name of the principal, or `system`.
    package var actor: String
    /// The operation id of the API, or the command.
    package var operation: String
    /// The address of the caller.
    package var peer: String
    /// The id of the request, also in the logs.
    package var requestID: String
    /// When the call is decided on; what it stores bears this time.
    package var at: Domain.Instant
    /// The W3C trace context that jobs carry on.
    package var traceparent: String?
    /// How the call may be repeated; nil where it came without an idempotency key.
    package var receipt: Receipt?

    /// Puts together what is known of the call.
    package init(
        access: Access,
        token: TokenID?,
        actor: String,
        operation: String,
        peer: String,
        requestID: String,
        at moment: Domain.Instant,
        traceparent: String? = nil,
        receipt: Receipt? = nil
    ) {
        self.access = access
        self.token = token
        self.actor = actor
        self.operation = operation
        self.peer = peer
        self.requestID = requestID
        at = moment
        self.traceparent = traceparent
        self.receipt = receipt
    }

    /// A call of Slipway's own, such as a command on the server.
    package static func system(
        _ operation: String,
        requestID: String,
        at moment: Domain.Instant
    ) -> Call {
        Call(
            access: .system,
            token: nil,
            actor: "system",
            operation: operation,
            peer: "local",
            requestID: requestID,
            at: moment
        )
    }
}

/// What is kept of a call with an idempotency key, in the transaction of its effect.
package struct Receipt: Sendable, Equatable {
    /// The most bytes of a key.
    package static let keyLengthMax = 255
    /// How long a receipt is kept: 24 hours.
    package static let lifetime = Duration.seconds(86_400)

    /// The key, unique for its token.
    package var key: String
    /// SHA-256 of method, path and body: what makes a repeated call the same one.
    package var fingerprint: [UInt8]
    /// What the caller is answered, now and when it repeats the call.
    package var answer: StoredAnswer

    /// Puts together what is known of the call.
    package init(key: String, fingerprint: [UInt8], answer: StoredAnswer) {
        self.key = key
        self.fingerprint = fingerprint
        self.answer = answer
    }
}

/// An answer as it was first given; without secrets, for they are shown once.
package struct StoredAnswer: Sendable, Equatable {
    /// One header that belongs to the answer, such as `Location`.
    package struct Header: Sendable, Equatable {
        /// The name of the header.
        package var name: String
        /// What the header says.
        package var value: String

        /// Puts together what is known of the call.
        package init(name: String, value: String) {
            self.name = name
            self.value = value
        }
    }

    /// The status code as the API gave it; Storage does not know what it means.
    package var status: Int
    /// The headers that belong to the answer, in order.
    package var headers: [Header]
    /// The body as it was sent.
    package var body: [UInt8]

    /// Puts together what is known of the call.
    package init(status: Int, headers: [Header], body: [UInt8]) {
        self.status = status
        self.headers = headers
        self.body = body
    }
}

/// What came of a changing call.
package enum WriteOutcome: Sendable, Equatable {
    /// It was done and is committed.
    case written
    /// It had been done before under this idempotency key; this was the answer.
    case replayed(StoredAnswer)
}
