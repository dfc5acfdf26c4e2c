import Domain
import JSON
import Kubernetes

/// Looks which programs run in a management cluster: kinds that are served are of no use while
/// nobody acts on them.
struct ComponentProbe: Sendable {
    private static let providerLabel = "cluster.x-k8s.io/provider"
    private static let partLabel = "app.kubernetes.io/part-of"
    private static let versionLabel = "app.kubernetes.io/version"
    /// What labels of resource definitions start with that name the contracts of a provider.
    private static let contractPrefix = "cluster.x-k8s.io/v1"

    let client: KubernetesClient

    /// The programs, by name; `installed` are the versions that clusterctl noted.
    func components(
        installed: [String: String]
    ) async throws(KubernetesFault) -> [ManagementComponent] {
        let contracts = try await contracts()
        var found: [String: ManagementComponent] = [:]
        for workload in try await workloads() {
            guard let name = Self.name(of: workload) else { continue }
            let isRunning = Self.isRunning(workload) || found[name]?.isRunning ?? false
            found[name] = ManagementComponent(
                name: name,
                version: installed[name] ?? Self.version(of: workload),
                contracts: contracts[name] ?? [],
                isRunning: isRunning
            )
        }
        return found.values.sorted { $0.name < $1.name }
    }

    private func workloads() async throws(KubernetesFault) -> [KubernetesObject] {
        var found: [KubernetesObject] = []
        for kind in ["Deployment", "StatefulSet"] {
            for labels in [Self.providerLabel, "\(Self.partLabel) in (argocd,flux)"] {
                let kind = GroupKind(group: "apps", kind: kind)
                found += try await client.list(kind, labels: labels).items
            }
        }
        return found
    }

    /// The contracts of each provider, as its resource definitions are labelled.
    private func contracts() async throws(KubernetesFault) -> [String: [String]] {
        let definitions = try await client.list(
            GroupKind(group: "apiextensions.k8s.io", kind: "CustomResourceDefinition"),
            labels: Self.providerLabel,
            projection: .metadata
        )
        var contracts: [String: Set<String>] = [:]
        for definition in definitions.items {
            guard let provider = definition.labels[Self.providerLabel] else { continue }
            let versions = definition.labels.keys.filter { $0.hasPrefix(Self.contractPrefix) }
            contracts[provider, default: []].formUnion(
                versions.map { String($0.dropFirst("cluster.x-k8s.io/".utf8.count)) }
            )
        }
        return contracts.mapValues { $0.sorted() }
    }

    private static func name(of workload: KubernetesObject) -> String? {
        if let provider = workload.labels[providerLabel] { return provider }
        return workload.labels[partLabel].map { "\($0)/\(workload.name)" }
    }

    private static func isRunning(_ workload: KubernetesObject) -> Bool {
        let status = workload.status
        return (status["availableReplicas"] ?? status["readyReplicas"])?.int ?? 0 > 0
    }

    /// The version that the label tells, else the tag of the image.
    private static func version(of workload: KubernetesObject) -> String? {
        if let version = workload.labels[versionLabel] { return version }
        let containers = workload.spec["template"]?["spec"]?["containers"]?.array ?? []
        let image = containers.first?["image"]?.string?.split(separator: "@").first
        guard let tag = image?.split(separator: "/").last?.split(separator: ":"), tag.count == 2
        else { return nil }
        return String(tag[1])
    }
}

extension ManagementFacts {
    /// What is served or asked for and does not run, in sentences that say what to do.
    ///
    /// Such a cluster is used all the same: not everybody labels what they install.
    func idle(for spec: ManagementClusterSpec) -> [String] {
        guard !features.isSandbox else { return [] }
        var findings = features.components.filter { !$0.isRunning }.map {
            "\($0.name) is installed, but none of its replicas is available; look at its pods."
        }
        let names = Set(features.components.map(\.name))
        if features.clusterAPI != nil, !names.contains("cluster-api") {
            findings.append(
                "Cluster API's kinds are served, but its controller was not found (a Deployment "
                    + "labelled cluster.x-k8s.io/provider=cluster-api): clusters are not made "
                    + "until it runs."
            )
        }
        let engines = [
            ("flux", "Flux", features.hasFlux), ("argocd", "Argo CD", features.hasArgoCD),
        ]
        for (part, name, isServed) in engines
        where isServed && !names.contains(where: { $0.hasPrefix("\(part)/") }) {
            findings.append(
                "\(name)'s kinds are served, but none of its programs was found (Deployments "
                    + "labelled app.kubernetes.io/part-of=\(part)): nothing is applied until they "
                    + "run."
            )
        }
        if let missingSource { findings.append(missingSource) }
        return findings
    }
}
