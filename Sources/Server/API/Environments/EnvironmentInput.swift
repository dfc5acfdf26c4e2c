import Domain
import JSON

/// What a caller wants of an environment, read from a body.
struct EnvironmentInput: Sendable {
    let labels: Labels
    let order: EnvironmentOrder

    /// Reads `labels` and `spec`.
    init?(_ reader: inout ObjectReader, needsSpec: Bool = true) {
        let labels = reader.labels()
        let isSaid = reader.has("spec")
        let order = reader.object("spec", isRequired: needsSpec) { EnvironmentOrder(reading: &$0) }
        guard order != nil || !isSaid else { return nil }
        self.labels = labels ?? Labels()
        self.order = order ?? EnvironmentOrder()
    }
}

extension EnvironmentOrder {
    /// Reads the member `spec` of an environment.
    init(reading reader: inout ObjectReader) {
        var rest = Self.blank
        let type = reader.optional("type", Reading.choice(EnvironmentType.self))
        rest.service = reader.optional("service", orNull: true, Reading.name)
        rest.source = reader.object("source", orNull: true, EnvironmentSource.init(reading:))
        rest.images = Self.images(&reader)
        let template: EnvironmentTemplateName? =
            reader.object("template", orNull: true) { reader in
                reader.optional("name", Reading.name)
            }
        rest.parameters = reader.optional("parameters", Reading.object) ?? JSONObject()
        let placement = reader.object("placement", orNull: true, Self.placement)
        rest.dependencies =
            reader.objects(
                "dependencies",
                countMax: EnvironmentSpec.dependenciesMax,
                EnvironmentDependency.init(reading:)
            ) ?? []
        rest.lifetime =
            reader.object("lifetime", orNull: true, EnvironmentLifetime.init(reading:))
            ?? EnvironmentLifetime()
        let concurrency =
            reader.optional("concurrency", Reading.choice(EnvironmentSpec.Concurrency.self))
        let readiness =
            reader.object("readiness", orNull: true, EnvironmentReadiness.init(reading:))
        let rollout = reader.object("rollout", orNull: true, RolloutStrategy.init(reading:))
        let approvals = reader.stated("approvals", ApprovalRules.init(reading:))
        let freeze = reader.stated("freeze", Freeze.init(reading:))
        rest.asleep = reader.optional("asleep", Reading.bool) ?? false
        self.init(
            type: type,
            template: template,
            placement: placement,
            concurrency: concurrency,
            readiness: readiness,
            rollout: rollout,
            approvals: approvals,
            freeze: freeze,
            paused: reader.optional("paused", Reading.bool),
            deleteProtection: reader.optional("deleteProtection", Reading.bool),
            rest: rest
        )
    }

    private static func images(_ reader: inout ObjectReader) -> EnvironmentImages {
        guard let object = reader.optional("images", Reading.object) else {
            return EnvironmentImages()
        }
        let place = reader.pointer.appending("images")
        guard object.count <= EnvironmentSpec.imagesMax else {
            reader.refuse("images", "too-many", "At most \(EnvironmentSpec.imagesMax) images.")
            return EnvironmentImages()
        }
        var images: [EnvironmentImages.Image] = []
        for member in object {
            do throws(ReadingFault) {
                let text = try Reading.text(1...EnvironmentSpec.imageLengthMax)(member.value)
                images.append(EnvironmentImages.Image(name: member.key, reference: text))
            } catch {
                reader.refuse(at: place.appending(member.key), error.code, error.detail)
            }
        }
        return EnvironmentImages(images)
    }

    /// `cluster`, or `kind` and `class`.
    private static func placement(_ reader: inout ObjectReader) -> EnvironmentPlacement? {
        let cluster: ClusterName? = reader.optional("cluster", Reading.name)
        let kind = reader.optional("kind", Reading.choice(ClusterKind.self))
        let className: ClusterClassName? = reader.optional("class", orNull: true, Reading.name)
        switch (cluster, kind) {
        case (let cluster?, nil):
            if className != nil {
                reader.refuse("class", "not-allowed", "A cluster that is there has its class.")
            }
            return .cluster(cluster)
        case (nil, let kind?): return .own(kind, className: className)
        default:
            reader.refuse("cluster", "ambiguous", "Send either `cluster` or `kind`.")
            return nil
        }
    }
}

extension EnvironmentSource {
    fileprivate init(reading reader: inout ObjectReader) {
        let text = Reading.text(1...Self.lengthMax)
        self.init(
            repository: reader.optional("repository", orNull: true, text),
            ref: reader.optional("ref", orNull: true, text),
            revision: reader.optional("revision", orNull: true, text),
            pullRequest: reader.optional("pullRequest", orNull: true, Reading.number(1...Int.max))
        )
    }
}

extension EnvironmentLifetime {
    fileprivate init(reading reader: inout ObjectReader) {
        self.init(
            ttl: reader.optional("ttl", orNull: true, Reading.length),
            max: reader.optional("max", orNull: true, Reading.length),
            idle: reader.object("idle", orNull: true) { reader in
                let action = reader.optional("action", Reading.choice(Idle.Action.self))
                let after = reader.required("after", Reading.length)
                return after.map { Idle(after: $0, action: action ?? .sleep) }
            },
            keep: reader.object("keep", orNull: true, Keep.init(reading:)),
            activeHours: reader.object("activeHours", orNull: true, ActiveHours.init(reading:))
        )
    }
}

extension EnvironmentLifetime.Keep {
    /// Reads `until` and `reason`.
    init?(reading reader: inout ObjectReader) {
        let until = reader.required("until", Reading.instant)
        let reason = reader.required("reason", Reading.text(1...Self.reasonLengthMax))
        guard let until, let reason else { return nil }
        self.init(until: until, reason: reason)
    }
}

extension ActiveHours {
    init?(reading reader: inout ObjectReader) {
        let zone = reader.required("timeZone", Reading.text(1...100))
        let week = Weekday.allCases.count
        let days = reader.array("days", countMax: week, Reading.choice(Weekday.self))
        let from = reader.required("from", Reading.minuteOfDay)
        let to = reader.required("to", Reading.minuteOfDay)
        guard let zone, let from, let to else { return nil }
        self.init(timeZone: zone, days: Set(days ?? Weekday.allCases), from: from, to: to)
    }
}

extension EnvironmentReadiness {
    fileprivate init(reading reader: inout ObjectReader) {
        let deadline = reader.optional("deadline", Reading.length)
        let check = reader.object("url", orNull: true, Check.init(reading:))
        self.init(deadline: deadline ?? Self.deadlineUsual, check: check)
    }
}

extension EnvironmentReadiness.Check {
    init(reading reader: inout ObjectReader) {
        let usual = Self()
        self.init(
            path: reader.optional("path", Reading.text(1...500)) ?? usual.path,
            status: reader.optional("status", Reading.number(200...599)) ?? usual.status
        )
    }
}

extension Reading {
    /// A length of time such as `90s`, `1h30m` or `14d`.
    static func length(_ value: JSON) throws(ReadingFault) -> Duration {
        let text = try string(value)
        do {
            return try Duration(lengthParsing: text)
        } catch {
            throw ReadingFault(
                "invalid-length",
                "Expected a length of time such as 90s, 15m, 1h30m or 14d."
            )
        }
    }

    /// A time of day such as `08:30`, as its minute.
    static func minuteOfDay(_ value: JSON) throws(ReadingFault) -> Int {
        guard let minute = ActiveHours.minute(of: try string(value)) else {
            throw ReadingFault("invalid-time", "Expected a time of day such as 08:30.")
        }
        return minute
    }
}
