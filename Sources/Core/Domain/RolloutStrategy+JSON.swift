package import JSON

extension RolloutStrategy {
    /// Writes the strategy as the API shows it.
    package func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("strategy", word.rawValue)
            guard self != .rolling else { return }
            if case .canary(let canary) = self {
                writer.key("steps")
                writer.array(canary.steps) { writer, step in
                    writer.object { writer in
                        writer.member("weight", step.weight)
                        writer.member("wait", step.wait?.lengthText ?? Self.manual)
                    }
                }
            } else {
                writer.key("match")
                writer.array(match) { writer, match in
                    writer.object { writer in
                        writer.key(named: match.kind.rawValue)
                        writer.object { writer in
                            writer.member("name", match.name)
                            writer.member("value", match.value)
                        }
                    }
                }
            }
            writer.key("checks")
            writer.array(checks) { $1.write(to: &$0) }
            writer.member("expiresAfter", patience.lengthText)
        }
    }

    /// The word for a step that waits for somebody.
    package static let manual = "manual"

    /// Reads what `write` wrote; what is missing or makes no sense is rolling.
    package init(reading document: JSON?) {
        let checks = (document?["checks"]?.array ?? []).compactMap(RolloutCheck.init(reading:))
        let patience = Duration(stored: document?["expiresAfter"]) ?? Self.patienceUsual
        switch (document?["strategy"]?.string).flatMap(Word.init(rawValue:)) {
        case .canary:
            let steps = (document?["steps"]?.array ?? []).compactMap { step in
                (step["weight"]?.int).map {
                    Canary.Step(weight: $0, wait: Duration(stored: step["wait"]))
                }
            }
            self = .canary(Canary(steps: steps, checks: checks, patience: patience))
        case .focused:
            let match = (document?["match"]?.array ?? []).compactMap(RolloutMatch.init(reading:))
            self = .focused(Focus(match: match, checks: checks, patience: patience))
        case .rolling, nil: self = .rolling
        }
    }
}

extension RolloutMatch {
    fileprivate init?(reading document: JSON) {
        for kind in Kind.allCases {
            guard let name = document[kind.rawValue]?["name"]?.string,
                let value = document[kind.rawValue]?["value"]?.string
            else { continue }
            self.init(kind: kind, name: name, value: value)
            return
        }
        return nil
    }
}

extension RolloutCheck {
    fileprivate func write(to writer: inout JSONWriter) {
        writer.object { writer in
            switch question {
            case .url(let check):
                writer.key("url")
                writer.object { writer in
                    writer.member("path", check.path)
                    writer.member("status", check.status)
                }
            case .prometheus(let asked):
                writer.key("prometheus")
                writer.object { writer in
                    writer.member("url", asked.url)
                    writer.member("query", asked.query)
                    writer.member("min", .number(orNull: asked.min))
                    writer.member("max", .number(orNull: asked.max))
                }
            }
            writer.member("interval", interval.lengthText)
            writer.member("failuresMax", failures)
        }
    }

    fileprivate init?(reading document: JSON) {
        let usual = EnvironmentReadiness.Check()
        if let url = document["url"]?.object {
            question = .url(
                EnvironmentReadiness.Check(
                    path: url["path"]?.string ?? usual.path,
                    status: url["status"]?.int ?? usual.status
                )
            )
        } else if let asked = document["prometheus"], let url = asked["url"]?.string,
            let query = asked["query"]?.string
        {
            question = .prometheus(
                PrometheusQuestion(
                    url: url,
                    query: query,
                    min: asked["min"]?.number?.double,
                    max: asked["max"]?.number?.double
                )
            )
        } else {
            return nil
        }
        interval = Duration(stored: document["interval"]) ?? Self.intervalUsual
        failures = document["failuresMax"]?.int ?? Self.failuresUsual
    }
}

extension JSON {
    /// The number; `null` where there is none, or none that JSON can write.
    fileprivate static func number(orNull value: Double?) -> JSON {
        value.flatMap { JSONNumber($0) }.map { .number($0) } ?? .null
    }
}
