package import JSON

extension EnvironmentLifetime {
    /// Writes the lifetime as the API shows it.
    package func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("ttl", orNull: ttl?.lengthText)
            writer.member("max", orNull: max?.lengthText)
            writer.key("idle")
            if let idle {
                writer.object { writer in
                    writer.member("after", idle.after.lengthText)
                    writer.member("action", idle.action.rawValue)
                }
            } else {
                writer.null()
            }
            writer.key("keep")
            if let keep {
                writer.object { writer in
                    writer.member("until", keep.until.description)
                    writer.member("reason", keep.reason)
                }
            } else {
                writer.null()
            }
            writer.key("activeHours")
            if let activeHours {
                writer.object { activeHours.writeMembers(to: &$0) }
            } else {
                writer.null()
            }
        }
    }

    /// Reads what `write` wrote; what is missing or makes no sense sets no limit.
    package init(reading document: JSON?) {
        self.init(
            ttl: Duration(stored: document?["ttl"]),
            max: Duration(stored: document?["max"]),
            idle: Idle(reading: document?["idle"]),
            keep: Keep(reading: document?["keep"]),
            activeHours: ActiveHours(reading: document?["activeHours"])
        )
    }
}

extension EnvironmentLifetime.Idle {
    fileprivate init?(reading document: JSON?) {
        guard let after = Duration(stored: document?["after"]) else { return nil }
        let action = (document?["action"]?.string).flatMap(Action.init(rawValue:))
        self.init(after: after, action: action ?? .sleep)
    }
}

extension EnvironmentLifetime.Keep {
    fileprivate init?(reading document: JSON?) {
        guard let until = Instant(stored: document?["until"]) else { return nil }
        self.init(until: until, reason: document?["reason"]?.string ?? "")
    }
}

extension ActiveHours {
    func writeMembers(to writer: inout JSONWriter) {
        writer.member("timeZone", timeZone)
        writer.key("days")
        writer.array(Weekday.allCases.filter(days.contains)) { $0.string($1.rawValue) }
        writer.member("from", Self.text(ofMinute: from))
        writer.member("to", Self.text(ofMinute: to))
    }

    init?(reading document: JSON?) {
        guard let zone = document?["timeZone"]?.string,
            let from = (document?["from"]?.string).flatMap(Self.minute(of:)),
            let to = (document?["to"]?.string).flatMap(Self.minute(of:))
        else { return nil }
        let days = (document?["days"]?.array ?? []).compactMap { day in
            (day.string).flatMap(Weekday.init(rawValue:))
        }
        self.init(timeZone: zone, days: Set(days), from: from, to: to)
    }
}

extension Duration {
    /// A length of time in a stored document; nil where there is none.
    init?(stored document: JSON?) {
        // What is no length was not written by us, and says nothing.
        guard let text = document?.string, let length = try? Duration(lengthParsing: text) else {
            return nil
        }
        self = length
    }
}
