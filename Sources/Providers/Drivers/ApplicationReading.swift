package import Domain
import JSON

/// How an `Application` of Argo CD does; it has no observed generation.
package struct ApplicationReading {
    /// Where it stands.
    package enum State: Sendable, Hashable {
        /// What the source says runs and is healthy.
        case deployed
        /// It is on the way.
        case progressing(String)
        /// It does not get there without somebody.
        case failed(String)

        /// Whether somebody has to do something.
        package var isFailed: Bool {
            if case .failed = self { true } else { false }
        }
    }

    private let object: SeenObject

    /// That application.
    package init(_ object: SeenObject) {
        self.object = object
    }

    /// What was synced last: a commit, or a chart's version.
    package var revision: String {
        VendorMessage.text(object.status("sync")?["revision"]?.string ?? "")
    }

    /// When the last sync ended.
    package var finishedAt: Instant? {
        object.status("operationState")?["finishedAt"].flatMap(SeenObject.moment)
    }

    /// Where it stands.
    package var state: State {
        let operation = object.status("operationState")
        let phase = operation?["phase"]?.string
        let message = VendorMessage.text(operation?["message"]?.string ?? "")
        if let fault { return .failed(fault) }
        if phase == "Failed" || phase == "Error" { return .failed(message) }
        let health = object.status("health")?["status"]?.string ?? "Unknown"
        if health == "Degraded" {
            let why = object.status("health")?["message"]?.string ?? "It is degraded."
            return .failed(VendorMessage.text(why))
        }
        let isSynced = object.status("sync")?["status"]?.string == "Synced"
        guard isSynced, health == "Healthy", phase == nil || phase == "Succeeded", isCurrent else {
            let sync = object.status("sync")?["status"]?.string ?? "Unknown"
            return .progressing(
                message.isEmpty ? "Sync is \(sync), health is \(health)." : message
            )
        }
        return .deployed
    }

    /// Its conditions have no status: they are there or they are not.
    private var fault: String? {
        let types = ["ComparisonError", "InvalidSpecError", "SyncError", "DeletionError"]
        let found = object.status("conditions")?.array?.first { condition in
            condition["type"]?.string.map(types.contains) ?? false
        }
        return found.map { VendorMessage.text($0["message"]?.string ?? "") }
    }

    /// Whether the status speaks of the source that is wanted now.
    private var isCurrent: Bool {
        guard let compared = object.status("sync")?.at("comparedTo", "source"),
            let wanted = object.spec("source")
        else { return true }
        return compared["targetRevision"] == wanted["targetRevision"]
            && compared["repoURL"] == wanted["repoURL"]
            && compared["helm"] == wanted["helm"]
    }
}
