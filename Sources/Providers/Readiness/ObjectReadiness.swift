package import Domain
package import Drivers

/// How far one object of a roll-out has come, and in words what it lacks.
package struct ObjectReadiness: Sendable, Hashable {
    /// How far an object has come.
    package enum State: String, Sendable, CaseIterable {
        /// It is as it is wanted, and works.
        case ready
        /// It is on its way, or held up by something that may pass.
        case waiting
        /// It will not become ready as it is: somebody must change it.
        case failed
    }

    /// A container whose log tells more than Kubernetes does.
    package struct Container: Sendable, Hashable {
        /// The pod's namespace.
        package let namespace: String
        /// The pod's name.
        package let pod: String
        /// The container's name.
        package let name: String
        /// Whether the run that ended is meant, not the one that goes on.
        package let isPrevious: Bool
    }

    /// How far it has come.
    package let state: State
    /// Why, as one CamelCase word.
    package let reason: String
    /// Why, in words for people: bounded and without secrets.
    package let message: String
    /// Who can release it; nil where time does.
    package let releasedBy: String?
    /// Whose last words explain it; nil where nobody's do.
    package let container: Container?

    /// That state, for that reason.
    init(
        _ state: State,
        _ reason: String,
        _ message: String,
        releasedBy: String? = nil,
        container: Container? = nil
    ) {
        self.state = state
        self.reason = reason
        self.message = VendorMessage.text(message)
        self.releasedBy = releasedBy
        self.container = container
    }

    static func ready(_ message: String) -> Self { Self(.ready, "Ready", message) }

    static func waiting(_ reason: String, _ message: String) -> Self {
        Self(.waiting, reason, message)
    }

    static func failed(_ reason: String, _ message: String, releasedBy: String) -> Self {
        Self(.failed, reason, message, releasedBy: releasedBy)
    }

    /// The same with what the container wrote last.
    package func quoting(_ line: String) -> Self {
        let last = VendorMessage.text(line)
        guard !last.isEmpty else { return self }
        return Self(
            state,
            reason,
            "\(message) Last log line: \(last)",
            releasedBy: releasedBy,
            container: container
        )
    }
}

extension ObjectReadiness {
    /// How far the object has come, by the rules that Kubernetes tools go by: a status that speaks
    /// of the newest spec, the conditions of its kind, and the pods that it keeps.
    ///
    /// Rules: `kstatus` of Flux and `kubectl`, the roll-out status of `kubectl`, and Argo CD's
    /// health checks for Jobs and addresses. Where `rules` name the kind, they hold instead.
    package init(
        of object: SeenObject,
        among seen: SeenObjects,
        events: [SeenEvent] = [],
        by rules: [ReadinessRule] = []
    ) {
        if object.deletedAt != nil {
            let finalizers = object.finalizers.joined(separator: ", ")
            let message =
                finalizers.isEmpty
                ? "It is being deleted." : "It is being deleted and held by \(finalizers)."
            self = .waiting("Terminating", message)
            return
        }
        guard object.isObserved else {
            self = .waiting("NotObserved", "Its controller has not seen the newest change yet.")
            return
        }
        if let stalled = object.condition("Stalled"), stalled.isTrue {
            self = .failed(
                stalled.reason.isEmpty ? "Stalled" : stalled.reason,
                stalled.message,
                releasedBy: "whoever changes the object"
            )
            return
        }
        let own = rules.filter { $0.kind.group == object.group && $0.kind.kind == object.kind }
        guard own.isEmpty else {
            self = ReadinessRules.byRules(own, object)
            return
        }
        let known = ReadinessRules.all["\(object.group)/\(object.kind)"]
        let scene = ReadinessScene(seen: seen, events: events)
        self = known?(object, scene) ?? ReadinessRules.byConditions(object)
    }
}

/// What surrounds an object whose readiness is asked for.
struct ReadinessScene {
    let seen: SeenObjects
    let events: [SeenEvent]

    /// The newest of the reports about the object for one of these reasons.
    func report(about object: SeenObject, _ reasons: Set<String>) -> SeenEvent? {
        events.filter { $0.object == object.title && reasons.contains($0.reason) }
            .max { $0.at < $1.at }
    }

    /// The pods that the object keeps, itself or through sets of its own.
    func pods(of owner: SeenObject) -> [SeenObject] {
        guard let uid = owner.uid else { return [] }
        let sets = seen.every("ReplicaSet", in: "apps")
            .filter { $0.owners.contains(uid) }
            .compactMap(\.uid)
        let owners = Set(sets + [uid])
        return seen.every("Pod", in: "").filter { !owners.isDisjoint(with: $0.owners) }
    }

    /// What keeps the pods of the object from running; nil where nothing is known to.
    func trouble(of owner: SeenObject) -> ObjectReadiness? {
        let refused =
            ([owner]
            + seen.every("ReplicaSet", in: "apps").filter { set in
                owner.uid.map { set.owners.contains($0) } ?? false
            })
            .lazy.compactMap { $0.condition("ReplicaFailure") }
            .first { $0.isTrue }
        if let refused { return ReadinessRules.refusal(refused.message) }
        if let told = report(about: owner, ["FailedCreate"]),
            report(about: owner, ["SuccessfulCreate"]).map({ $0.at < told.at }) ?? true
        {
            return ReadinessRules.refusal(told.message)
        }
        return pods(of: owner).lazy.compactMap { PodReading($0).trouble }.first
    }
}
