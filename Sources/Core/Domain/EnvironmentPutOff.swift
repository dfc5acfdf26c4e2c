import JSON

/// That what time asks for is put off, because environments that are awake depend on one.
///
/// `lifetime.max` ends it all the same.
package struct EnvironmentPutOff: Sendable, Hashable {
    /// How long it takes at most until somebody looks whether it is still so; usually the last of
    /// those that need it says that they do no longer.
    package static let lookEvery: Duration = .seconds(300)

    /// The environments that need it, by name.
    package var by: [EnvironmentName]
    /// Since when it is put off.
    package var since: Instant

    /// Put off by those, since then.
    package init(by names: [EnvironmentName], since: Instant) {
        by = names
        self.since = since
    }

    func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.key("by")
            writer.array(by) { $0.string($1.text) }
            writer.member("since", since.description)
        }
    }

    init?(reading document: JSON?) {
        guard let since = Instant(stored: document?["since"]) else { return nil }
        let names = (document?["by"]?.array ?? []).compactMap(EnvironmentName.init(stored:))
        self.init(by: names, since: since)
    }
}

extension Environment {
    /// The environment with what is due now put off, because those that are awake need it; nil
    /// where nothing is due that can be, or all that is said already.
    package func puttingOff(
        for others: [EnvironmentName],
        in zones: any TimeZoneSource,
        at moment: Instant
    ) -> Environment? {
        guard !others.isEmpty, status.putOff?.by != others else { return nil }
        guard status.putOff != nil || isDueForOthers(in: zones, at: moment) else { return nil }
        var next = touched(at: moment)
        next.status.putOff = EnvironmentPutOff(by: others, since: status.putOff?.since ?? moment)
        next.settleTimes()
        return next
    }

    /// The environment left to its time again, because nobody that is awake needs it any more; nil
    /// where nothing is put off.
    package func takingUp(at moment: Instant) -> Environment? {
        guard status.putOff != nil else { return nil }
        var next = touched(at: moment)
        next.status.putOff = nil
        next.settleTimes()
        return next
    }

    /// Whether something is due that would not be while others need it.
    private func isDueForOthers(in zones: any TimeZoneSource, at moment: Instant) -> Bool {
        func isDue(_ environment: Environment) -> Bool {
            environment.passageAt(in: zones, after: moment).map { $0 <= moment } ?? false
        }
        var needed = self
        needed.status.putOff = EnvironmentPutOff(by: [], since: moment)
        return isDue(self) && !isDue(needed)
    }
}
