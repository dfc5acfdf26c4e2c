extension EnvironmentLifetime {
    /// Everything that is wrong with it, for an environment of that type of a template.
    func faults(
        of type: EnvironmentType,
        by limits: EnvironmentLimits,
        zones: any TimeZoneSource,
        at moment: Instant
    ) -> [EnvironmentFault] {
        lengthFaults(of: type, by: limits)
            + (keep?.faults(by: limits, at: moment) ?? [])
            + (activeHours?.faults(at: ["lifetime", "activeHours"], zones: zones) ?? [])
    }

    private func lengthFaults(
        of type: EnvironmentType,
        by limits: EnvironmentLimits
    ) -> [EnvironmentFault] {
        var faults: [EnvironmentFault] = []
        func check(_ path: [String], _ length: Duration?, most: Duration?) {
            guard let length else { return }
            let isTooLong = most.map { length > $0 } ?? false
            guard isTooLong || length < EnvironmentLimits.shortest else { return }
            let least = EnvironmentLimits.shortest.lengthText
            let detail =
                most.map { "Expected between \(least) and \($0.lengthText)." }
                ?? "Expected \(least) or more."
            faults.append(EnvironmentFault(.spec(["lifetime"] + path), "out-of-range", detail))
        }
        let longest = type == .ephemeral ? EnvironmentLimits.ephemeralMax : nil
        let most = [limits.max, longest].compactMap { $0 }.min()
        check(["ttl"], ttl, most: [limits.ttlMax, most].compactMap { $0 }.min())
        check(["max"], max, most: most)
        check(["idle", "after"], idle?.after, most: nil)
        if let ttl, let max, ttl > max {
            let detail = "`ttl` is at most `max`, which is \(max.lengthText)."
            faults.append(EnvironmentFault(.spec(["lifetime", "ttl"]), "beyond-max", detail))
        }
        return faults
    }
}

extension EnvironmentLifetime.Keep {
    /// What is wrong with keeping an environment so long, for that reason.
    func faults(by limits: EnvironmentLimits, at moment: Instant) -> [EnvironmentFault] {
        var faults: [EnvironmentFault] = []
        if until > moment.advanced(by: limits.keepMax) {
            faults.append(
                EnvironmentFault(
                    .spec(["lifetime", "keep", "until"]),
                    "out-of-range",
                    "An environment is kept for at most \(limits.keepMax.lengthText) from now."
                )
            )
        }
        let count = reason.unicodeScalars.count
        if !(1...Self.reasonLengthMax).contains(count) {
            faults.append(
                EnvironmentFault(
                    .spec(["lifetime", "keep", "reason"]),
                    count == 0 ? "missing" : "too-long",
                    "Say why it is kept, in at most \(Self.reasonLengthMax) characters."
                )
            )
        }
        return faults
    }
}

extension ActiveHours {
    /// What is wrong with hours that stand there.
    func faults(at place: [String], zones: any TimeZoneSource) -> [EnvironmentFault] {
        var faults: [EnvironmentFault] = []
        func fault(_ member: String, _ code: String, _ detail: String) {
            faults.append(EnvironmentFault(.spec(place + [member]), code, detail))
        }
        do throws(TimeZoneAbsence) {
            _ = try zones.rules(of: timeZone)
        } catch {
            fault("timeZone", "unknown-time-zone", error.detail)
        }
        if days.isEmpty {
            fault("days", "missing", "Name at least one day, or put it to sleep for good.")
        }
        if !(0..<Self.minutesADay).contains(from) {
            fault("from", "out-of-range", "Expected a time from 00:00 to 23:59.")
        }
        if !(0...Self.minutesADay).contains(to) {
            fault("to", "out-of-range", "Expected a time from 00:00 to 24:00.")
        }
        return faults
    }
}
