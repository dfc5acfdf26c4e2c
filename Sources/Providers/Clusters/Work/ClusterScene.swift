import Contract
import Domain
import JSON
import Kubernetes

/// What the management cluster holds of one cluster right now.
struct ClusterScene: Sendable {
    /// Events that are read at most; the newest tell most.
    static let eventsMax = 100

    let objects: [JSONObject]

    /// Reads the objects of those kinds; a kind that is not installed has none.
    init(
        of target: DeliveryTarget,
        in namespaces: [String],
        kinds: [WatchedKind],
        engineNamespace: String?,
        through client: KubernetesClient
    ) async throws(ProviderFault) {
        var objects: [JSONObject] = []
        for kind in kinds {
            for object in try await Self.objects(of: kind, in: namespaces, client) {
                objects.append(object.json)
            }
            // Argo CD keeps what is its own in a namespace of its own.
            guard kind.group == "argoproj.io", let engineNamespace else { continue }
            for object in try await Self.objects(of: kind, target, in: engineNamespace, client) {
                objects.append(object.json)
            }
        }
        self.objects = objects
    }

    /// The newest events in the namespace of a cluster; none where they may not be read.
    static func events(
        in namespace: String,
        through client: KubernetesClient
    ) async throws(ProviderFault) -> [JSONObject] {
        do throws(KubernetesFault) {
            let list = try await client.list(GroupKind(kind: "Event"), namespace: namespace)
            return list.items.suffix(eventsMax).map(\.json)
        } catch {
            if case .forbidden = error { return [] }  // Shown only, never needed.
            throw error.providerFault
        }
    }

    /// Kinds whose controllers say which wish their status speaks of.
    private static let noticing: Set<String> = [
        "Cluster", "KubeadmControlPlane", "MachineDeployment", "MachinePool", "HelmRelease",
    ]

    /// An object whose status speaks of an older wish than its newest one.
    ///
    /// Whatever it says is not about what was delivered last.
    var unnoticed: String? {
        for object in objects {
            guard let kind = object["kind"]?.string, Self.noticing.contains(kind),
                object["spec"]?["suspend"]?.bool != true,
                let wanted = object["metadata"]?["generation"]?.int,
                let noticed = object["status"]?["observedGeneration"]?.int, noticed < wanted
            else { continue }
            return "\(kind)/\(object["metadata"]?["name"]?.string ?? "")"
        }
        return nil
    }

    private static func objects(
        of kind: WatchedKind,
        _ target: DeliveryTarget,
        in namespace: String,
        _ client: KubernetesClient
    ) async throws(ProviderFault) -> [KubernetesObject] {
        let labels = "slipway.dev/tenant=\(target.tenant),slipway.dev/cluster=\(target.cluster)"
        do throws(KubernetesFault) {
            return try await client.list(
                GroupKind(group: kind.group, kind: kind.kind),
                namespace: namespace,
                labels: labels
            ).items
        } catch {
            switch error {
            case .noSuchKind, .notFound: return []
            default: throw error.providerFault
            }
        }
    }

    private static func objects(
        of kind: WatchedKind,
        in namespaces: [String],
        _ client: KubernetesClient
    ) async throws(ProviderFault) -> [KubernetesObject] {
        let group = GroupKind(group: kind.group, kind: kind.kind)
        var found: [KubernetesObject] = []
        for own in namespaces {
            do throws(KubernetesFault) {
                if group == GroupKind(kind: "Namespace") {
                    let namespace = try await client.get(ObjectKey(group, name: own))
                    found += namespace.map { [$0] } ?? []
                    continue
                }
                found += try await client.list(
                    group,
                    namespace: own,
                    labels: kind.labelSelector
                ).items
            } catch {
                switch error {
                case .noSuchKind, .notFound: continue
                default: throw error.providerFault
                }
            }
        }
        return found
    }
}
