import Domain
import JSON

/// How the object that applies a folder does.
package struct FolderReading: Sendable {
    /// An object that the engine has applied.
    package struct Applied: Sendable, Hashable {
        /// The API group; empty for the core.
        package let group: String
        /// The kind.
        package let kind: String
        /// The namespace; nil for objects that are in none.
        package let namespace: String?
        /// The name.
        package let name: String

        /// That object.
        package init(group: String, kind: String, namespace: String?, name: String) {
            self.group = group
            self.kind = kind
            self.namespace = namespace
            self.name = name
        }

        /// The object as one text: where and what, parted by spaces.
        package var text: String { "\(namespace ?? "-") \(name) \(group) \(kind)" }

        /// Reads what `text` wrote; nil for something else.
        package init?(_ text: String) {
            let parts = text.split(separator: " ", omittingEmptySubsequences: false)
                .map(String.init)
            guard parts.count == 4 else { return nil }
            self.init(
                group: parts[2],
                kind: parts[3],
                namespace: parts[0] == "-" ? nil : parts[0],
                name: parts[1]
            )
        }

        /// Reads `<namespace>_<name>_<group>_<kind>`, as Flux keeps it; nil for something else.
        init?(flux text: String) {
            let parts = text.split(separator: "_", omittingEmptySubsequences: false)
            guard parts.count >= 4 else { return nil }
            namespace = parts[0].isEmpty ? nil : String(parts[0])
            group = String(parts[parts.count - 2])
            kind = String(parts[parts.count - 1])
            // A colon, which names of roles may have, is written as two underscores.
            name = parts[1..<(parts.count - 2)].joined(separator: "_")
                .split(separator: "__", omittingEmptySubsequences: false).joined(separator: ":")
        }
    }

    /// Why the engine does not get on.
    package struct Fault: Sendable, Hashable {
        /// Why, in words for people.
        package let message: String
        /// Who can release it.
        package let releasedBy: String
        /// Whether looking again would not help: what is in Git cannot be applied as it is.
        package let isFinal: Bool
    }

    /// The engine's name and its object, for people.
    package let name: String
    /// What was applied last; nil where nothing was, or not as the object is now.
    package let revision: String?
    /// What it tried to apply last; nil where that is not told.
    package let attempted: String?
    /// What it has applied, in the order of the engine.
    package let inventory: [Applied]
    /// Why it does not get on; nil where it does, or says nothing.
    package let fault: Fault?

    /// What the object says; nil where there is none.
    ///
    /// `repository` is where it reads from, for engines that tell of that apart.
    package init(
        _ object: SeenObject?,
        reading repository: SeenObject?,
        of folder: DeliveredFolder
    ) {
        guard let object else {
            self.init(name: "the engine")
            return
        }
        if object.kind == "Application" {
            self.init(argo: object, folder)
        } else {
            self.init(flux: object, repository, folder)
        }
    }

    /// What Slipway has applied by itself.
    package init(applied: [Applied]) {
        self.init(name: "Slipway", inventory: applied)
    }

    private init(
        name: String,
        revision: String? = nil,
        attempted: String? = nil,
        inventory: [Applied] = [],
        fault: Fault? = nil
    ) {
        self.name = name
        self.revision = revision
        self.attempted = attempted
        self.inventory = inventory
        self.fault = fault
    }

    private init(
        flux object: SeenObject,
        _ repository: SeenObject?,
        _ folder: DeliveredFolder
    ) {
        name = "Flux (\(object.title))"
        revision = object.isObserved ? object.status("lastAppliedRevision")?.string : nil
        attempted = object.status("lastAttemptedRevision")?.string
        inventory = (object.status("inventory")?["entries"]?.array ?? []).compactMap { entry in
            entry["id"]?.string.flatMap(Applied.init(flux:))
        }
        if let told = repository?.condition("Ready"), told.isFalse,
            repository?.isObserved == true
        {
            fault = Fault(
                message: "the repository cannot be read: \(told.message)",
                releasedBy: "whoever runs the management cluster: it must reach the repository",
                isFinal: false
            )
        } else if let told = object.condition("Ready"), told.isFalse, object.isObserved {
            fault = Fault(
                message: told.message,
                releasedBy: folder.mender,
                isFinal: told.reason == "BuildFailed"
            )
        } else {
            fault = nil
        }
    }

    private init(argo object: SeenObject, _ folder: DeliveredFolder) {
        let reading = ApplicationReading(object)
        name = "Argo CD (\(object.title))"
        let isSynced = object.status("sync")?["status"]?.string == "Synced"
        revision = isSynced ? reading.revision : nil
        attempted = nil
        inventory = (object.status("resources")?.array ?? []).compactMap { entry in
            guard let kind = entry["kind"]?.string, let name = entry["name"]?.string else {
                return nil
            }
            return Applied(
                group: entry["group"]?.string ?? "",
                kind: kind,
                namespace: entry["namespace"]?.string,
                name: name
            )
        }
        // What runs is looked at by Slipway; only what keeps it from being applied counts here.
        if case .failed(let message) = reading.state, !isSynced {
            fault = Fault(
                message: message,
                releasedBy: folder.mender,
                isFinal: false
            )
        } else {
            fault = nil
        }
    }
}
