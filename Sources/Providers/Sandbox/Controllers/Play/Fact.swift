import Domain
import JSON

/// One condition, as a controller states it.
struct Fact {
    let type: String
    /// Nil for `Unknown`.
    let isTrue: Bool?
    let reason: String
    let message: String

    init(_ type: String, _ isTrue: Bool?, _ reason: String, _ message: String = "") {
        self.type = type
        self.isTrue = isTrue
        self.reason = reason
        self.message = message
    }

    /// One that says why where it does not hold, and `reason` alone where it does.
    init(_ type: String, _ isTrue: Bool, _ reason: String, or no: String, _ message: String = "") {
        self.init(type, isTrue, isTrue ? reason : no, isTrue ? "" : message)
    }
}

extension SandboxObject {
    /// States conditions; the others stay.
    mutating func state(_ facts: [Fact], at now: Instant) {
        for fact in facts {
            let (reason, message) = (fact.reason, fact.message)
            setCondition(fact.type, fact.isTrue, reason: reason, message: message, at: now)
        }
    }

    /// Whether a condition is true.
    func holds(_ type: String) -> Bool { condition(type)?["status"]?.string == "True" }

    /// What a condition says; nil where it says nothing.
    func words(of type: String) -> String? {
        condition(type)?["message"]?.string.flatMap { $0.isEmpty ? nil : $0 }
    }

    /// Takes a condition away.
    mutating func removeCondition(_ type: String) {
        guard condition(type) != nil, let conditions = status["conditions"]?.array else { return }
        let rest = conditions.filter { $0["type"]?.string != type }
        status["conditions"] = rest.isEmpty ? nil : .array(rest)
    }

    /// Sets counters of the status to one number.
    mutating func count(_ number: Int, _ fields: String...) {
        for field in fields { status[field] = .integer(number) }
    }

    /// How many of it are wanted.
    var wantedReplicas: Int { max(0, spec["replicas"]?.int ?? 1) }
}

extension JSON {
    /// A manifest: the head that all have, and what else it says.
    static func manifest(
        _ apiVersion: String,
        _ kind: String,
        _ name: String,
        in namespace: String? = nil,
        labels: [String: String] = [:],
        annotations: [String: String] = [:],
        owner: JSON? = nil,
        _ rest: JSONObject = [:]
    ) -> JSON {
        var metadata: JSONObject = ["name": .string(name)]
        metadata["namespace"] = namespace.map { .string($0) }
        metadata["labels"] = labels.isEmpty ? nil : .texts(labels)
        metadata["annotations"] = annotations.isEmpty ? nil : .texts(annotations)
        metadata["ownerReferences"] = owner.map { [$0] }
        let head: JSON = [
            "apiVersion": .string(apiVersion), "kind": .string(kind),
            "metadata": .object(metadata),
        ]
        return head.merging(patch: .object(rest))
    }

    /// An object of texts, by key.
    static func texts(_ texts: [String: String]) -> JSON {
        var object = JSONObject()
        for (key, value) in texts.sorted(by: { $0.key < $1.key }) { object[key] = .string(value) }
        return .object(object)
    }
}

extension JSONObject {
    /// A time that the object names; nil where it names none.
    func moment(_ field: String) -> Instant? {
        self[field]?.string.flatMap { try? Instant(parsing: $0) }  // No time: as if not there.
    }
}
