import Domain
import JSON

extension ObjectReader {
    /// The object in member `name`; nil where it is left out, `.some(nil)` where it is `null`.
    mutating func stated<Value>(
        _ name: String,
        _ read: (inout ObjectReader) -> Value?
    ) -> Value?? {
        guard has(name) else { return .none }
        return .some(object(name, orNull: true, read))
    }
}

extension ApprovalRules {
    init?(reading reader: inout ObjectReader) {
        let required = reader.required("required", Reading.number(0...Self.requiredMax))
        let roles = reader.array(
            "roles",
            countMax: Role.allCases.count,
            Reading.choice(Role.self)
        )
        let groups = reader.groups(countMax: Self.groupsMax)
        let fourEyes = reader.optional("fourEyes", Reading.bool)
        let lapse = reader.optional("expiresAfter", Reading.length)
        guard let required else { return nil }
        self.init(
            required: required,
            roles: Set(roles ?? []),
            groups: groups,
            fourEyes: fourEyes ?? true,
            lapse: lapse ?? Self.lapseUsual
        )
    }
}

extension Freeze {
    init(reading reader: inout ObjectReader) {
        let reason = Reading.text(1...Self.reasonLengthMax)
        self.init(
            reaction: reader.optional("onFreeze", Reading.choice(Reaction.self)) ?? .hold,
            windows: reader.objects("windows", countMax: Self.windowsMax) { reader in
                let from = reader.required("from", Reading.instant)
                let until = reader.required("until", Reading.instant)
                let why = reader.required("reason", reason)
                guard let from, let until, let why else { return nil }
                return Window(from: from, until: until, reason: why)
            } ?? [],
            weekly: reader.objects("weekly", countMax: Self.windowsMax) { reader in
                let hours = ActiveHours(reading: &reader)
                let why = reader.required("reason", reason)
                guard let hours, let why else { return nil }
                return Weekly(hours: hours, reason: why)
            } ?? []
        )
    }
}

extension TenantFreeze {
    init(reading reader: inout ObjectReader) {
        let all = EnvironmentType.allCases.count
        let types = reader.array("types", countMax: all, Reading.choice(EnvironmentType.self))
        let freeze = Freeze(reading: &reader)
        self.init(types: types.map { Set($0) } ?? [.production], freeze: freeze)
    }
}

extension RolloutStrategy {
    init?(reading reader: inout ObjectReader) {
        let word = reader.required("strategy", Reading.choice(Word.self))
        let steps = reader.objects("steps", countMax: Self.stepsMax, Self.step)
        let match = reader.objects("match", countMax: Self.stepsMax) { RolloutMatch(reading: &$0) }
        let checks =
            reader.objects("checks", countMax: Self.stepsMax) { RolloutCheck(reading: &$0) } ?? []
        let patience = reader.optional("expiresAfter", Reading.length) ?? Self.patienceUsual
        if word != .canary, steps != nil {
            reader.refuse("steps", "not-allowed", "Only a canary has steps.")
        }
        if word != .focused, match != nil {
            reader.refuse("match", "not-allowed", "Only a focused roll-out has a match.")
        }
        switch word {
        case .rolling: self = .rolling
        case .canary:
            self = .canary(Canary(steps: steps ?? [], checks: checks, patience: patience))
        case .focused:
            self = .focused(Focus(match: match ?? [], checks: checks, patience: patience))
        case nil: return nil
        }
    }

    private static func step(_ reader: inout ObjectReader) -> Canary.Step? {
        let weight = reader.required("weight", Reading.number(1...100))
        let wait = reader.required("wait") { value throws(ReadingFault) -> Duration? in
            value.string == manual ? nil : try Reading.length(value)
        }
        guard let weight, let wait else { return nil }
        return Canary.Step(weight: weight, wait: wait)
    }
}

extension RolloutMatch {
    fileprivate init?(reading reader: inout ObjectReader) {
        let found = Kind.allCases.compactMap { kind in
            reader.object(kind.rawValue) { reader -> RolloutMatch? in
                let text = Reading.text(1...Self.lengthMax)
                let name = reader.required("name", text)
                let value = reader.required("value", text)
                guard let name, let value else { return nil }
                return RolloutMatch(kind: kind, name: name, value: value)
            }
        }
        guard found.count == 1 else {
            reader.refuse("header", "ambiguous", "Send either `header` or `cookie`.")
            return nil
        }
        self = found[0]
    }
}

extension RolloutCheck {
    fileprivate init?(reading reader: inout ObjectReader) {
        let check = reader.object("url", EnvironmentReadiness.Check.init(reading:))
        let asked = reader.object("prometheus") { PrometheusQuestion(reading: &$0) }
        let interval = reader.optional("interval", Reading.length)
        let failures = reader.optional("failuresMax", Reading.number(1...Self.failuresMax))
        let question: Question
        switch (check, asked) {
        case (let check?, nil): question = .url(check)
        case (nil, let asked?): question = .prometheus(asked)
        default:
            reader.refuse("url", "ambiguous", "Send either `url` or `prometheus`.")
            return nil
        }
        self.init(
            question,
            interval: interval ?? Self.intervalUsual,
            failures: failures ?? Self.failuresUsual
        )
    }
}

extension PrometheusQuestion {
    fileprivate init?(reading reader: inout ObjectReader) {
        let url = reader.required("url", Reading.text(1...500))
        let query = reader.required("query", Reading.text(1...Self.queryLengthMax))
        let min = reader.optional("min", Reading.decimal)
        let max = reader.optional("max", Reading.decimal)
        guard let url, let query else { return nil }
        self.init(url: url, query: query, min: min, max: max)
    }
}

extension Reading {
    /// Any number that a binary floating-point value comes near to.
    static func decimal(_ value: JSON) throws(ReadingFault) -> Double {
        guard let number = value.number?.double, number.isFinite else {
            throw ReadingFault("wrong-type", "Expected a number, not \(value.kindInWords).")
        }
        return number
    }
}
