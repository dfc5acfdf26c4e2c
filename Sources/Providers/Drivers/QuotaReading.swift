package import Domain
import JSON

/// How much of a namespace's quota is used.
package struct QuotaReading {
    private let quota: SeenObject?
    private let share: NamespaceFence.Share

    /// The quota of the fence among the objects, with the share of it that is the platform's own.
    package init(among seen: SeenObjects, share: NamespaceFence.Share = .none) {
        quota = seen.first("ResourceQuota", NamespaceFence.name, group: "")
        self.share = share
    }

    /// Whether something is used up; nil before the quota has been counted.
    package var condition: SeenCondition? {
        guard let hard = quota?.status("hard")?.object, let used = quota?.status("used") else {
            return nil
        }
        let full = hard.compactMap { member -> String? in
            let own = member.key == "services.loadbalancers" ? share.loadBalancers : 0
            // Of what the tenant has none of, nothing is used up.
            guard let limit = member.value.string.flatMap(Quantity.init),
                limit.thousandths > own * 1_000,
                let text = used[member.key]?.string, let amount = Quantity(text), amount >= limit
            else { return nil }
            return "\(member.key) (\(text) of \(member.value.string ?? ""))"
        }
        guard !full.isEmpty else {
            return .holds("WithinQuota", "WithinQuota", "There is room in the quota.")
        }
        return .fails(
            "WithinQuota",
            "QuotaExhausted",
            "Used up: \(full.joined(separator: ", ")). Raise spec.quota or remove something."
        )
    }

    /// How many pods there are in the namespace; nil before they have been counted.
    package var pods: Int? { quota?.status("used")?["pods"]?.string.flatMap { Int($0) } }
}
