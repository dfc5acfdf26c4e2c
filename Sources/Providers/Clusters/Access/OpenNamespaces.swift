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
    private static let groupPrefix = "system:serviceaccounts:"

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
        var powerful = clusterBindings.reduce(into: Set<String>()) { found, binding in
            found.formUnion(Self.homes(of: binding))
        }
        // Ends: each turn but the first closes one namespace at least.
        repeat {
            open.subtract(powerful.subtracting(forced))
            powerful = bindings.reduce(into: Set<String>()) { found, binding in
                guard let place = binding.namespace, !open.contains(place) else { return }
                found.formUnion(Self.homes(of: binding))
            }
        } while !open.isDisjoint(with: powerful.subtracting(forced))
        names = open.sorted()
    }

    /// The namespaces whose service accounts a binding speaks of.
    private static func homes(of binding: KubernetesObject) -> [String] {
        guard !harmlessRoles.contains(binding.json["roleRef"]?["name"]?.string ?? "") else {
            return []
        }
        return (binding.json["subjects"]?.array ?? []).compactMap { subject in
            let name = subject["name"]?.string ?? ""
            return switch subject["kind"]?.string {
            case "ServiceAccount": subject["namespace"]?.string ?? binding.namespace
            case "Group" where name.hasPrefix(groupPrefix):
                String(name.dropFirst(groupPrefix.count))
            case "User" where name.hasPrefix("system:serviceaccount:"):
                name.split(separator: ":").dropFirst(2).first.map(String.init)
            default: nil
            }
        }
    }
}
