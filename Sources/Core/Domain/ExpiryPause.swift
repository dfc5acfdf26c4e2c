package import JSON

/// That no environment of the platform ends by itself for a while: people look into something, or
/// the time zone database was wrong.
///
/// Warnings, sleep and waking go on.
package struct ExpiryPause: Sendable, Hashable {
    /// The most characters of a reason.
    package static let reasonLengthMax = 200
    /// The longest pause: what nobody remembers must not keep everything for ever.
    package static let longest: Duration = .seconds(14 * 86_400)

    /// Who asked for it.
    package var by: String
    /// Why, in the words of who asked for it.
    package var reason: String
    /// Since when.
    package var since: Instant
    /// Until when; nil until somebody takes it back.
    package var until: Instant?

    /// Since then, for that reason.
    package init(by: String, reason: String, since: Instant, until: Instant?) {
        self.by = by
        self.reason = reason
        self.since = since
        self.until = until
    }

    /// Stands for one that cannot be read: it holds until somebody takes it back or sets another.
    package static let unreadable = ExpiryPause(
        by: "slipway",
        reason: "The stored pause cannot be read; resume, or pause anew.",
        since: Instant(microseconds: 0),
        until: nil
    )

    /// Whether it still holds then.
    package func holds(at moment: Instant) -> Bool { until.map { moment < $0 } ?? true }

    /// Writes the pause as the API shows it.
    package func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("by", by)
            writer.member("reason", reason)
            writer.member("since", since.description)
            writer.member("until", orNull: until?.description)
        }
    }

    /// Reads what `write` wrote; nil where that is none.
    package init?(reading document: JSON) {
        guard let by = document["by"]?.string, let since = Instant(stored: document["since"])
        else { return nil }
        self.init(
            by: by,
            reason: document["reason"]?.string ?? "",
            since: since,
            until: Instant(stored: document["until"])
        )
    }
}
