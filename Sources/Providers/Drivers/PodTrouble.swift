package import Domain

/// Why pods of a StatefulSet do not run, from what Kubernetes last reported about them.
package struct PodTrouble: Sendable, Hashable {
    /// Older reports say nothing about now; those of what goes on are repeated sooner.
    private static let ageMax = Duration.seconds(15 * 60)

    /// Why, as one CamelCase word.
    package let reason: String
    /// Why, in words of who reported it.
    package let message: String
    /// Who can release it; nil for whoever runs the management cluster.
    package let releasedBy: String?

    /// The trouble that was reported last about the set of that name, its pods or its volumes; nil
    /// where there is none, or where it is over.
    package init?(of name: String, in events: [SeenEvent], at now: Instant) {
        let reports = events.filter { event in
            now - event.at <= Self.ageMax && Self.isAbout(event, name)
        }
        var newest: [Cause: SeenEvent] = [:]
        for event in reports {
            guard let cause = Cause(event), newest[cause].map({ $0.at < event.at }) ?? true else {
                continue
            }
            newest[cause] = event
        }
        let lasting = newest.filter { !Cause.ends.contains($0.value.reason) }
        guard let (cause, last) = lasting.max(by: { $0.value.at < $1.value.at }) else { return nil }
        // Of several reports of one kind the longest says most.
        let alike = reports.filter { Cause($0) == cause && !Cause.ends.contains($0.reason) }
        let message = alike.map(\.message).max { $0.utf8.count < $1.utf8.count } ?? ""
        let isQuota = cause == .refusal && message.contains("exceeded quota")
        reason = isQuota ? "QuotaExhausted" : cause.rawValue
        self.message = VendorMessage.text("\(last.object): \(message)")
        releasedBy = isQuota ? "the tenant: raise spec.quota or remove something" : nil
    }

    /// The kinds of trouble.
    private enum Cause: String {
        case image = "ImagePullFailed"
        case crash = "CrashLoop"
        case node = "Unschedulable"
        case refusal = "PodsRefused"
        case volume = "VolumeFailed"

        /// Reasons of events that tell of the end of a trouble.
        static let ends: Set<String> = [
            "Pulled", "Scheduled", "SuccessfulCreate", "SuccessfulAttachVolume",
            "ProvisioningSucceeded",
        ]

        /// What an event tells of, be it that it is over; nil where of no trouble.
        init?(_ event: SeenEvent) {
            switch event.reason {
            case "Failed", "BackOff":
                self = event.message.lowercased().contains("image") ? .image : .crash
            case "InspectFailed", "ErrImageNeverPull", "Pulled": self = .image
            case "FailedScheduling", "Scheduled": self = .node
            case "FailedCreate", "SuccessfulCreate": self = .refusal
            case "FailedMount", "FailedAttachVolume", "SuccessfulAttachVolume",
                "ProvisioningFailed", "ProvisioningSucceeded":
                self = .volume
            default: return nil
            }
        }
    }

    /// The set itself, its numbered pods, and their claims; not what tenants run beside it.
    private static func isAbout(_ event: SeenEvent, _ name: String) -> Bool {
        if event.object == "StatefulSet/\(name)" { return true }
        return ["Pod/\(name)-", "PersistentVolumeClaim/data-\(name)-"].contains { prefix in
            let number = event.object.dropFirst(prefix.count)
            return event.object.hasPrefix(prefix) && !number.isEmpty
                && number.allSatisfy { $0.isASCII && $0.isNumber }
        }
    }
}
