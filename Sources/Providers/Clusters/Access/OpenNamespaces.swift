import JSON
import Kubernetes

/// The namespaces of a tenant's own cluster in which people work.
///
/// Whoever runs pods in a namespace can use its service accounts. So it is closed where one of
/// them has rights that reach further: in the whole cluster, or in a namespace that is closed.
struct OpenNamespaces {
    /// Roles for everybody; with them nobody reaches further.
    private static let harmlessRoles: Set<String> = [
        "slipway-overview", "system:basic-user", "system:discovery",
        "system:public-info-viewer", "system:service-account-issuer-discovery",
        "extension-apiserver-authentication-reader",
    ]
    /// The group of all service accounts; with a namespace behind it, that of those in one.
    private static let everyAccount = "system:serviceaccounts"

    /// Their names, sorted.
    let names: [String]

    /// The open ones of all namespaces, by the bindings of the cluster and of its namespaces.
    init(
        of namespaces: [KubernetesObject],
        clusterBindings: [KubernetesObject],
        bindings: [KubernetesObject]
    ) {
        var open: Set<String> = []
        var forced: Set<String> = []
        for namespace in namespaces where !namespace.isDeleting {
            let wish = namespace.labels[SystemNamespaces.label]
            guard !SystemNamespaces.isClosedForGood(namespace), wish != "false" else {
                continue
            }
            if wish == "true" { forced.insert(namespace.name) }
            if wish == "true" || !SystemNamespaces.isClosed(namespace) {
                open.insert(namespace.name)
            }
        }
        let all = namespaces.map(\.name)
        var powerful = clusterBindings.reduce(into: Set<String>()) { found, binding in
            found.formUnion(Self.homes(of: binding, among: all))
        }
        // Ends: each turn but the first closes one namespace at least.
        repeat {
            open.subtract(powerful.subtracting(forced))
            powerful = bindings.reduce(into: Set<String>()) { found, binding in
                guard let place = binding.namespace, !open.contains(place) else { return }
                found.formUnion(Self.homes(of: binding, among: all))
            }
        } while !open.isDisjoint(with: powerful.subtracting(forced))
        names = open.sorted()
    }

    /// The namespaces whose service accounts a binding speaks of, of all there are.
    private static func homes(of binding: KubernetesObject, among all: [String]) -> [String] {
        guard !harmlessRoles.contains(binding.json["roleRef"]?["name"]?.string ?? "") else {
            return []
        }
        return (binding.json["subjects"]?.array ?? []).flatMap { subject -> [String] in
            let name = subject["name"]?.string ?? ""
            switch subject["kind"]?.string {
            case "ServiceAccount":
                return [subject["namespace"]?.string ?? binding.namespace].compactMap { $0 }
            case "Group" where name == everyAccount: return all
            case "Group" where name.hasPrefix("\(everyAccount):"):
                return [String(name.dropFirst(everyAccount.utf8.count + 1))]
            case "User" where name.hasPrefix("system:serviceaccount:"):
                return name.split(separator: ":").dropFirst(2).prefix(1).map(String.init)
            default: return []
            }
        }
    }
}
