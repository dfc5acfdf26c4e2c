extension RolloutStrategy {
    /// Everything that is wrong with it, for an environment of that type of a template.
    func faults(
        of type: EnvironmentType,
        by policy: EnvironmentTemplatePolicy?
    ) -> [EnvironmentFault] {
        guard self != .rolling else { return [] }
        var faults = Faults()
        faults.refuse(
            ["strategy"],
            unless: type == .staging || type == .production,
            "not-for-type",
            "Traffic is split in staging and production only; others roll out at once."
        )
        faults.refuse(
            ["strategy"],
            unless: policy?.splitsTraffic ?? true,
            "not-for-template",
            "The template does not say which objects take the traffic: its entry in "
                + "blueprint.yaml needs `rollout`."
        )
        faults.refuse(
            ["expiresAfter"],
            unless: patience >= EnvironmentLimits.shortest && patience <= Self.patienceMax,
            "out-of-range",
            "Expected between \(EnvironmentLimits.shortest.lengthText) and "
                + "\(Self.patienceMax.lengthText)."
        )
        switch self {
        case .rolling: break
        case .canary(let canary): canary.judge(&faults)
        case .focused(let focus):
            faults.refuse(["match"], unless: !focus.match.isEmpty, "missing", "Say who is sent.")
            for (index, match) in focus.match.enumerated() { match.judge(index, &faults) }
        }
        for (index, check) in checks.enumerated() { check.judge(index, &faults) }
        return faults.all
    }

    /// Collects what is wrong below `spec.rollout`.
    fileprivate struct Faults {
        var all: [EnvironmentFault] = []

        mutating func refuse(
            _ path: [String],
            unless isRight: Bool,
            _ code: String,
            _ detail: String
        ) {
            guard !isRight else { return }
            all.append(EnvironmentFault(.spec(["rollout"] + path), code, detail))
        }
    }
}

extension RolloutStrategy.Canary {
    fileprivate func judge(_ faults: inout RolloutStrategy.Faults) {
        faults.refuse(
            ["steps"],
            unless: (1...RolloutStrategy.stepsMax).contains(steps.count),
            "out-of-range",
            "Expected 1 to \(RolloutStrategy.stepsMax) steps."
        )
        var before = 0
        for (index, step) in steps.enumerated() {
            faults.refuse(
                ["steps", "\(index)", "weight"],
                unless: step.weight > before && step.weight <= 100,
                "out-of-range",
                "Expected percent up to 100, more than in the step before."
            )
            before = step.weight
            faults.refuse(
                ["steps", "\(index)", "wait"],
                unless: step.wait.map { $0 >= .zero && $0 <= patience } ?? true,
                "out-of-range",
                "Expected at most `expiresAfter`, which is \(patience.lengthText)."
            )
        }
    }
}

extension RolloutMatch {
    fileprivate func judge(_ index: Int, _ faults: inout RolloutStrategy.Faults) {
        let place = ["match", "\(index)", kind.rawValue]
        let token = name.utf8.allSatisfy { byte in
            Self.isAlphanumeric(byte) || "_-.".utf8.contains(byte)
        }
        faults.refuse(
            place + ["name"],
            unless: token && (1...Self.lengthMax).contains(name.utf8.count),
            "invalid",
            "Expected letters, digits, `_`, `-` and `.`."
        )
        // What stands between `;` in a cookie, without what needs quotes there.
        let isPlain = value.utf8.allSatisfy {
            $0 > 0x20 && $0 < 0x7F && !"\";,\\".utf8.contains($0)
        }
        faults.refuse(
            place + ["value"],
            unless: isPlain && (1...Self.lengthMax).contains(value.utf8.count),
            "invalid",
            "Expected up to \(Self.lengthMax) plain characters without spaces, `;` and quotes."
        )
    }

    private static func isAlphanumeric(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte)
            || (0x61...0x7A).contains(byte)
    }
}

extension RolloutCheck {
    fileprivate func judge(_ index: Int, _ faults: inout RolloutStrategy.Faults) {
        let place = ["checks", "\(index)"]
        faults.refuse(
            place + ["interval"],
            unless: interval >= .seconds(1) && interval <= Self.intervalMax,
            "out-of-range",
            "Expected between 1s and \(Self.intervalMax.lengthText)."
        )
        faults.refuse(
            place + ["failuresMax"],
            unless: (1...Self.failuresMax).contains(failures),
            "out-of-range",
            "Expected 1 to \(Self.failuresMax) failures in a row."
        )
        switch question {
        case .url(let check):
            faults.refuse(
                place + ["url", "path"],
                unless: check.isPath,
                "invalid",
                "Expected the path of a URL, such as `/healthz`."
            )
        case .prometheus(let asked):
            let host = asked.url.split(separator: "://", maxSplits: 1).dropFirst().first ?? ""
            faults.refuse(
                place + ["prometheus", "url"],
                unless: ["http://", "https://"].contains { asked.url.hasPrefix($0) }
                    && !host.isEmpty && !host.contains("@") && !host.contains("?")
                    && asked.url.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F },
                "invalid",
                "Expected an http or https URL without user and password."
            )
            faults.refuse(
                place + ["prometheus"],
                unless: asked.min != nil || asked.max != nil,
                "missing",
                "Say which values are right: `min`, `max` or both."
            )
        }
    }
}
