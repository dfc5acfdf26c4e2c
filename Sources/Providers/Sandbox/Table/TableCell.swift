import Domain
import JSON

/// Cells that are more than the value at a path.
struct TableCell {
    let object: SandboxObject
    let now: Instant

    init(_ object: SandboxObject, _ now: Instant) {
        self.object = object
        self.now = now
    }

    func value(of word: String) -> JSON {
        switch word {
        case "@name": return .string(object.name)
        case "@age": return .string(age("metadata", "creationTimestamp"))
        case "@data":
            let entries = ["data", "binaryData"].map { object.json[$0]?.object?.count ?? 0 }
            return .integer(entries[0] + entries[1])
        case "@secrets": return .integer(object.json["secrets"]?.array?.count ?? 0)
        case "@active": return .integer(object.status["active"]?.array?.count ?? 0)
        default: return .string(text(of: word))
        }
    }

    private func text(of word: String) -> String {
        switch word {
        case "@ready": ready
        case "@podStatus": podStatus
        case "@restarts": restarts
        case "@replicas":
            "\(object.status["readyReplicas"]?.int ?? 0)/\(object.spec["replicas"]?.int ?? 1)"
        case "@containers": containers.compactMap { $0["name"]?.string }.joined(separator: ",")
        case "@images": containers.compactMap { $0["image"]?.string }.joined(separator: ",")
        case "@selector": pairs(object.spec["selector"]?["matchLabels"])
        case "@podSelector": pairs(object.spec["podSelector"]?["matchLabels"])
        case "@plainSelector": pairs(object.spec["selector"])
        case "@ports": ports
        case "@hosts": hosts
        case "@nodeStatus": nodeStatus
        case "@roles": roles
        case "@jobStatus": jobStatus
        case "@completions":
            "\(object.status["succeeded"]?.int ?? 0)/\(object.spec["completions"]?.int ?? 1)"
        case "@duration": duration
        case "@lastSeen": lastSeen
        case "@involved":
            named(object.json["involvedObject"] ?? object.json["regarding"], lower: true)
        case "@role": named(object.json["roleRef"])
        default: "<none>"
        }
    }

    // MARK: pods

    private var statuses: [JSON] { object.status["containerStatuses"]?.array ?? [] }

    private var containers: [JSON] {
        let template = object.spec["template"]?["spec"]
        return (template?["containers"] ?? object.spec["containers"])?.array ?? []
    }

    private var ready: String {
        "\(statuses.filter { $0["ready"]?.bool == true }.count)/\(containers.count)"
    }

    private var restarts: String {
        String(statuses.reduce(0) { $0 + ($1["restartCount"]?.int ?? 0) })
    }

    /// A container's own trouble says more than the phase.
    private var podStatus: String {
        if object.isDeleting { return "Terminating" }
        for status in statuses {
            if let reason = status["state"]?["waiting"]?["reason"]?.string { return reason }
            if let reason = status["state"]?["terminated"]?["reason"]?.string { return reason }
        }
        return object.status["reason"]?.string ?? object.status["phase"]?.string ?? "Unknown"
    }

    // MARK: others

    private var ports: String {
        let ports = object.spec["ports"]?.array ?? []
        return ports.map { port in
            let node = port["nodePort"]?.int.map { ":\($0)" } ?? ""
            return "\(port["port"]?.int ?? 0)\(node)/\(port["protocol"]?.string ?? "TCP")"
        }.joined(separator: ",")
    }

    private var hosts: String {
        let hosts = (object.spec["rules"]?.array ?? []).compactMap { $0["host"]?.string }
        return hosts.isEmpty ? "*" : hosts.joined(separator: ",")
    }

    private var nodeStatus: String {
        let isReady = object.condition("Ready")?["status"]?.string == "True"
        let isClosed = object.spec["unschedulable"]?.bool == true
        return (isReady ? "Ready" : "NotReady") + (isClosed ? ",SchedulingDisabled" : "")
    }

    private var roles: String {
        let prefix = "node-role.kubernetes.io/"
        let roles = object.labels.keys.filter { $0.hasPrefix(prefix) }.sorted()
        return roles.isEmpty
            ? "<none>" : roles.map { String($0.dropFirst(prefix.count)) }.joined(separator: ",")
    }

    private var jobStatus: String {
        for type in ["Complete", "Failed", "Suspended"]
        where object.condition(type)?["status"]?.string == "True" {
            return type
        }
        return "Running"
    }

    private var duration: String {
        guard let start = object.status["startTime"]?.string else { return "" }
        guard let end = object.status["completionTime"]?.string else {
            return Self.age(since: start, now)
        }
        // Not a time: no duration.
        guard let end = try? Instant(parsing: end) else { return "" }
        return Self.age(since: start, end)
    }

    private var lastSeen: String {
        let time = object.json["lastTimestamp"]?.string ?? object.json["eventTime"]?.string
        return time.map { Self.age(since: $0, now) } ?? age("metadata", "creationTimestamp")
    }

    private func named(_ reference: JSON?, lower: Bool = false) -> String {
        let kind = reference?["kind"]?.string ?? ""
        return "\(lower ? kind.lowercased() : kind)/\(reference?["name"]?.string ?? "")"
    }

    private func pairs(_ labels: JSON?) -> String {
        let labels = labels?.object ?? JSONObject()
        return labels.isEmpty
            ? "<none>"
            : labels.map { "\($0.key)=\($0.value.string ?? "")" }.joined(separator: ",")
    }

    private func age(_ path: String...) -> String {
        let time = JSON.object(object.json).value(at: JSONPointer(path))?.string
        return time.map { Self.age(since: $0, now) } ?? "<unknown>"
    }

    /// The time since a moment as kubectl writes it: `7s`, `5m3s`, `26h`, `3d`.
    static func age(since text: String, _ now: Instant) -> String {
        // Not a time: not known.
        guard let start = try? Instant(parsing: text) else { return "<unknown>" }
        let seconds = max(0, (now.microseconds - start.microseconds) / 1_000_000)
        let (minutes, hours, days) = (seconds / 60, seconds / 3_600, seconds / 86_400)
        func pair(_ large: Int64, _ unit: String, _ small: Int64, _ part: String) -> String {
            small == 0 ? "\(large)\(unit)" : "\(large)\(unit)\(small)\(part)"
        }
        switch seconds {
        case ..<120: return "\(seconds)s"
        case ..<600: return pair(minutes, "m", seconds % 60, "s")
        case ..<10_800: return "\(minutes)m"
        case ..<28_800: return pair(hours, "h", minutes % 60, "m")
        case ..<172_800: return "\(hours)h"
        case ..<691_200: return pair(days, "d", hours % 24, "h")
        case ..<63_072_000: return "\(days)d"
        default: return pair(days / 365, "y", days % 365, "d")
        }
    }
}
