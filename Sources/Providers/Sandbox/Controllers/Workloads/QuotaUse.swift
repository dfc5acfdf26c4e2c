import JSON

/// What a ResourceQuota counts.
struct QuotaUse {
    let quota: SandboxObject

    init(_ quota: SandboxObject) { self.quota = quota }

    /// The limits, by name.
    var hard: [(name: String, limit: String)] {
        (quota.spec["hard"]?.object ?? JSONObject()).map { member in
            (member.key, member.value.string ?? member.value.number?.text ?? "0")
        }
    }

    /// What the pods use of a limit; nil for limits that are not about pods.
    func used(_ name: String, by pods: [SandboxObject]) -> Double? {
        let alive = pods.filter { pod in
            !["Succeeded", "Failed"].contains(pod.status["phase"]?.string ?? "")
        }
        switch name {
        case "pods", "count/pods": return Double(alive.count)
        case "cpu", "memory": return used("requests.\(name)", by: pods)
        case "requests.cpu", "requests.memory", "limits.cpu", "limits.memory",
            "requests.ephemeral-storage", "limits.ephemeral-storage":
            let parts = name.split(separator: ".", maxSplits: 1).map(String.init)
            return alive.reduce(0) { $0 + $1.requested(parts[0], parts[1]) }
        default: return nil
        }
    }

    /// Why one more pod is too much, as the API server words it; nil where it is not.
    func excess(adding pod: SandboxObject, to pods: [SandboxObject]) -> String? {
        var asked: [String] = []
        var used: [String] = []
        var limited: [String] = []
        for (name, limit) in hard {
            guard let before = self.used(name, by: pods), let more = self.used(name, by: [pod]),
                let bound = Quantities.value(limit), before + more > bound
            else { continue }
            asked.append("\(name)=\(Quantities.text(more, like: limit))")
            used.append("\(name)=\(Quantities.text(before, like: limit))")
            limited.append("\(name)=\(limit)")
        }
        guard !asked.isEmpty else { return nil }
        return "exceeded quota: \(quota.name), requested: \(asked.joined(separator: ",")), "
            + "used: \(used.joined(separator: ",")), limited: \(limited.joined(separator: ","))"
    }
}

extension SandboxObject {
    /// How much of a resource a pod's containers ask for; a limit stands for a request.
    fileprivate func requested(_ part: String, _ resource: String) -> Double {
        (spec["containers"]?.array ?? []).reduce(0) { sum, container in
            let resources = container["resources"]
            let amount = resources?[part]?[resource] ?? resources?["limits"]?[resource]
            let text = amount?.string ?? amount?.number?.text ?? "0"
            return sum + (Quantities.value(text) ?? 0)
        }
    }
}

/// Kubernetes' way to write amounts: `500m`, `16Gi`, `2`.
enum Quantities {
    private static let units: [(suffix: String, factor: Double)] = [
        ("Ki", 1_024), ("Mi", 1_048_576), ("Gi", 1_073_741_824), ("Ti", 1_099_511_627_776),
        ("m", 0.001), ("k", 1_000), ("M", 1_000_000), ("G", 1_000_000_000),
        ("T", 1_000_000_000_000),
    ]

    /// The largest amount that is counted; pods of one quota stay far below 2^63 thousandths.
    private static let amountMax = 1e14

    /// The amount; nil for what is none, or more than is counted.
    static func value(_ text: String) -> Double? {
        let unit = units.first { text.hasSuffix($0.suffix) }
        let digits = text.dropLast(unit?.suffix.utf8.count ?? 0)
        guard let number = Double(digits) else { return nil }
        let amount = number * (unit?.factor ?? 1)
        return (0...amountMax).contains(amount) ? amount : nil
    }

    /// The amount in the unit of another text, or in thousandths where it is not whole.
    static func text(_ amount: Double, like model: String) -> String {
        if amount == 0 { return "0" }
        let amount = min(amount, amountMax)
        let unit = units.first { model.hasSuffix($0.suffix) }
        if let unit {
            let count = amount / unit.factor
            if count == count.rounded() { return "\(Int(count))\(unit.suffix)" }
        }
        return amount == amount.rounded() ? "\(Int(amount))" : "\(Int(amount * 1_000))m"
    }
}
