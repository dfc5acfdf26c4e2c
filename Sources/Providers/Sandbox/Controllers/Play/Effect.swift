import Domain
import JSON

/// What goes wrong on demand.
enum Effect: String, Sendable, CaseIterable {
    /// It never becomes ready.
    case neverReady
    /// It fails for good.
    case fails
    /// The cluster does not know the kind: its operator is not installed.
    case notServed
    /// The control plane's first machine never comes up.
    case controlPlaneNeverUp
    /// The infrastructure cannot be made.
    case infrastructureFails
    /// The container's image cannot be pulled.
    case imagePull
    /// The container ends again and again.
    case crashLoop
    /// A quota is used up.
    case quota
    /// No node takes the pod.
    case unschedulable
    /// A finalizer is never removed.
    case deletionStuck
    /// The source cannot be fetched.
    case sourceFails
    /// What is fetched cannot be applied.
    case applyFails
    /// Everything takes ten times as long.
    case slow
}

/// The faults that somebody asked for in one cluster: objects of kind `Fault`, and annotations.
struct FaultBook: Sendable {
    /// On an object: the effect that the object itself suffers.
    static let annotation = "sandbox.slipway.dev/fault"

    /// A fault that is on.
    struct Entry: Sendable {
        var effect: Effect
        var kind: String
        var group: String?
        var namespace: String?
        var name: String?
        var message: String?
        var until: Instant?
    }

    /// The faults that are on.
    var entries: [Entry] = []

    init() {}

    /// What the objects say; those over by then, or without a target of a kind, are left out.
    init(_ faults: [SandboxObject], at now: Instant) {
        entries = faults.compactMap { fault in
            guard let entry = Entry(fault), entry.until.map({ now < $0 }) ?? true else {
                return nil
            }
            return entry
        }
    }

    /// The message of an effect that the object suffers; nil where it does not.
    ///
    /// An effect without words of its own says `usual`.
    func message(_ effect: Effect, of object: SandboxObject, usual: String) -> String? {
        if object.annotations[Self.annotation] == effect.rawValue { return usual }
        return entries.first { $0.effect == effect && $0.isMeant(object) }
            .map { $0.message ?? usual }
    }

    /// Whether the cluster does not serve the kind.
    func hides(_ kind: SandboxKind) -> Bool {
        entries.contains { $0.effect == .notServed && $0.isMeant(kind) }
    }

    /// Whether the object suffers anything, so that it must be looked at for healing.
    func touches(_ object: SandboxObject) -> Bool {
        object.annotations[Self.annotation] != nil || entries.contains { $0.isMeant(object) }
    }
}

extension FaultBook.Entry {
    /// What a `Fault` says; nil where it is about something else, such as the API.
    init?(_ fault: SandboxObject) {
        guard let target = fault.spec["target"]?.object, let kind = target["kind"]?.string,
            let effect = fault.spec["effect"]?.string.flatMap(Effect.init)
        else { return nil }
        self.effect = effect
        self.kind = kind
        group = target["group"]?.string
        namespace = target["namespace"]?.string
        name = target["name"]?.string
        message = fault.spec["message"]?.string
        // What is no time has no end.
        until = fault.spec["until"]?.string.flatMap { try? Instant(parsing: $0) }
    }

    func isMeant(_ kind: SandboxKind) -> Bool {
        self.kind == kind.name && group.map { $0 == kind.group } ?? true
    }

    func isMeant(_ object: SandboxObject) -> Bool {
        guard isMeant(object.kind) else { return false }
        if let namespace, namespace != object.namespace { return false }
        guard let name else { return true }
        guard name.hasSuffix("*") else { return name == object.name }
        return object.name.hasPrefix(name.dropLast())
    }
}
