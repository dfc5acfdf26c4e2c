package import JSON

extension Freeze {
    /// Writes the times as the API shows them.
    package func write(to writer: inout JSONWriter) {
        writer.object { writeMembers(to: &$0) }
    }

    func writeMembers(to writer: inout JSONWriter) {
        writer.member("onFreeze", reaction.rawValue)
        writer.key("windows")
        writer.array(windows) { writer, window in
            writer.object { writer in
                writer.member("from", window.from.description)
                writer.member("until", window.until.description)
                writer.member("reason", window.reason)
            }
        }
        writer.key("weekly")
        writer.array(weekly) { writer, entry in
            writer.object { writer in
                entry.hours.writeMembers(to: &writer)
                writer.member("reason", entry.reason)
            }
        }
    }

    /// Reads what `write` wrote; nil where there is none.
    package init?(reading document: JSON?) {
        guard let document, document.object != nil else { return nil }
        self.init(
            reaction: (document["onFreeze"]?.string).flatMap(Reaction.init(rawValue:)) ?? .hold,
            windows: (document["windows"]?.array ?? []).compactMap { entry in
                guard let from = Instant(stored: entry["from"]),
                    let until = Instant(stored: entry["until"])
                else { return nil }
                return Window(from: from, until: until, reason: entry["reason"]?.string ?? "")
            },
            weekly: (document["weekly"]?.array ?? []).compactMap { entry in
                ActiveHours(reading: entry).map {
                    Weekly(hours: $0, reason: entry["reason"]?.string ?? "")
                }
            }
        )
    }
}

extension TenantFreeze {
    /// Writes the times as the API shows them.
    package func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.key("types")
            writer.array(EnvironmentType.allCases.filter(types.contains)) {
                $0.string($1.rawValue)
            }
            freeze.writeMembers(to: &writer)
        }
    }

    /// Reads what `write` wrote; nil where there is none.
    package init?(reading document: JSON?) {
        guard let freeze = Freeze(reading: document) else { return nil }
        let types = (document?["types"]?.array ?? []).compactMap { type in
            (type.string).flatMap(EnvironmentType.init(rawValue:))
        }
        self.init(types: Set(types), freeze: freeze)
    }
}

extension ApprovalRules {
    /// Writes the rules as the API shows them.
    package func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("required", required)
            writer.key("roles")
            writer.array(Role.allCases.filter(roles.contains)) { $0.string($1.rawValue) }
            writer.key("groups")
            writer.array(groups) { $0.string($1.text) }
            writer.member("fourEyes", fourEyes)
            writer.member("expiresAfter", lapse.lengthText)
        }
    }

    /// Reads what `write` wrote; nil where there are none.
    init?(reading document: JSON?) {
        guard let required = document?["required"]?.int else { return nil }
        self.init(
            required: required,
            roles: Set(
                (document?["roles"]?.array ?? []).compactMap { role in
                    (role.string).flatMap(Role.init(rawValue:))
                }
            ),
            groups: (document?["groups"]?.array ?? []).compactMap(GroupName.init(stored:)),
            fourEyes: document?["fourEyes"]?.bool ?? true,
            lapse: Duration(stored: document?["expiresAfter"]) ?? Self.lapseUsual
        )
    }
}

extension EnvironmentLock {
    /// Writes the lock as the API shows it.
    package func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("by", by)
            writer.member("reason", reason)
            writer.member("since", since.description)
            writer.member("until", until.description)
        }
    }

    /// Reads what `write` wrote; nil where there is none.
    init?(reading document: JSON?) {
        guard let by = document?["by"]?.string, let since = Instant(stored: document?["since"]),
            let until = Instant(stored: document?["until"])
        else { return nil }
        self.init(
            by: by,
            reason: document?["reason"]?.string ?? "",
            since: since,
            until: until
        )
    }
}
