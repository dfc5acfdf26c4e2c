import Drivers
import JSON

extension ReadinessRules {
    static func deployment(_ object: SeenObject, _ scene: ReadinessScene) -> ObjectReadiness {
        let progress = object.condition("Progressing")
        if progress?.reason == "ProgressDeadlineExceeded" {
            let trouble = scene.trouble(of: object)
            return ObjectReadiness(
                .failed,
                trouble?.reason ?? "ProgressDeadlineExceeded",
                trouble?.message ?? progress?.message ?? "",
                releasedBy: trouble?.releasedBy ?? "whoever mends the pods",
                container: trouble?.container
            )
        }
        let wanted = object.wantedReplicas
        let counts = Counts(
            wanted: wanted,
            all: object.count("replicas"),
            updated: object.count("updatedReplicas"),
            ready: object.count("readyReplicas"),
            available: object.count("availableReplicas")
        )
        if let shortage = counts.shortage {
            if object.spec("paused")?.bool == true {
                return ObjectReadiness(
                    .waiting,
                    "Paused",
                    "Its roll-out is paused: spec.paused is true.",
                    releasedBy: "whoever resumes the Deployment"
                )
            }
            return scene.trouble(of: object) ?? .waiting("RollingOut", shortage)
        }
        if let available = object.condition("Available"), available.isFalse {
            return scene.trouble(of: object) ?? .waiting("Unavailable", available.message)
        }
        return .ready("\(wanted) of \(wanted) pods are available.")
    }

    static func replicaSet(_ object: SeenObject, _ scene: ReadinessScene) -> ObjectReadiness {
        let wanted = object.wantedReplicas
        let counts = Counts(
            wanted: wanted,
            all: object.count("replicas"),
            updated: object.count("fullyLabeledReplicas"),
            ready: object.count("readyReplicas"),
            available: object.count("availableReplicas")
        )
        guard let shortage = counts.shortage else {
            return .ready("\(wanted) of \(wanted) pods are available.")
        }
        return scene.trouble(of: object) ?? .waiting("RollingOut", shortage)
    }

    static func statefulSet(_ object: SeenObject, _ scene: ReadinessScene) -> ObjectReadiness {
        let wanted = object.wantedReplicas
        let strategy = object.spec("updateStrategy")
        let isByHand = strategy?["type"]?.string == "OnDelete"
        // Pods below the partition stay as they are on purpose.
        let partition = strategy?.at("rollingUpdate", "partition")?.int ?? 0
        let due = isByHand ? 0 : max(0, wanted - max(0, partition))
        let counts = Counts(
            wanted: wanted,
            due: due,
            all: object.count("replicas"),
            updated: object.count("updatedReplicas"),
            ready: object.count("readyReplicas"),
            available: object.status("availableReplicas")?.int ?? object.count("readyReplicas")
        )
        if let shortage = counts.shortage {
            return scene.trouble(of: object) ?? .waiting("RollingOut", shortage)
        }
        let isMixed =
            object.status("currentRevision")?.string != object.status("updateRevision")?.string
        if due == wanted, wanted > 0, isMixed {
            return .waiting("RollingOut", "The last pods of the earlier revision are replaced.")
        }
        return .ready("\(wanted) of \(wanted) pods are ready.")
    }

    static func daemonSet(_ object: SeenObject, _ scene: ReadinessScene) -> ObjectReadiness {
        guard object.status("desiredNumberScheduled")?.int != nil else {
            return .waiting("NotObserved", "Its controller has not counted the nodes yet.")
        }
        let wanted = object.count("desiredNumberScheduled")
        let isByHand = object.spec("updateStrategy")?["type"]?.string == "OnDelete"
        let counts = Counts(
            wanted: wanted,
            due: isByHand ? 0 : wanted,
            all: object.count("currentNumberScheduled"),
            updated: object.count("updatedNumberScheduled"),
            ready: object.count("numberReady"),
            available: object.count("numberAvailable")
        )
        guard let shortage = counts.shortage else {
            return .ready("It is available on \(wanted) of \(wanted) nodes.")
        }
        return scene.trouble(of: object) ?? .waiting("RollingOut", shortage)
    }
}

/// The pods of a workload, counted.
private struct Counts {
    /// Pods that are wanted.
    let wanted: Int
    /// Pods that must be of the newest template.
    let due: Int
    let all: Int
    let updated: Int
    let ready: Int
    let available: Int

    init(wanted: Int, due: Int? = nil, all: Int, updated: Int, ready: Int, available: Int) {
        self.wanted = wanted
        self.due = due ?? wanted
        self.all = all
        self.updated = updated
        self.ready = ready
        self.available = available
    }

    /// What is not yet as it is wanted, in the order in which a roll-out gets there.
    var shortage: String? {
        if updated < due { return "\(updated) of \(due) pods are of the newest template." }
        if all > wanted { return "\(all - wanted) pods too many are being ended." }
        if ready < wanted { return "\(ready) of \(wanted) pods are ready." }
        if available < wanted { return "\(available) of \(wanted) pods are available." }
        return nil
    }
}

extension SeenObject {
    /// Pods that are wanted: one where nothing is said.
    fileprivate var wantedReplicas: Int { max(0, spec("replicas")?.int ?? 1) }

    fileprivate func count(_ field: String) -> Int { max(0, status(field)?.int ?? 0) }
}
