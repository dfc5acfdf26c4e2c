import JSON
import Synchronization

/// The kinds that CustomResourceDefinitions declare, remembered for each cluster until one of
/// them changes.
final class CustomKinds: Sendable {
    private struct Known: Sendable {
        var revision: Int64
        var resources: [SandboxResource]
    }

    /// Clusters whose kinds are remembered: a thousand; beyond that all are forgotten.
    private static let clustersMax = 1_000

    private let known = Mutex<[String: Known]>([:])

    /// The declared kinds of a cluster, of which the newest was written at that revision.
    func resources(
        of cluster: String,
        at newest: Int64,
        in records: any SandboxRecords
    ) async throws(SandboxOutage) -> [SandboxResource] {
        if newest == 0 { return [] }
        let before = known.withLock { $0[cluster] }
        if let before, before.revision == newest { return before.resources }
        let page = try await records.list(SandboxQuery(.definition), in: cluster)
        let resources = (page?.records ?? []).compactMap { record in
            // Written by the server itself: always JSON.
            (try? JSON.parse(record.body, limits: .document))
                .flatMap { SandboxResource(definition: $0) }
        }
        known.withLock { known in
            if known.count >= Self.clustersMax { known.removeAll() }
            known[cluster] = Known(revision: newest, resources: resources)
        }
        return resources
    }
}

extension SandboxKind {
    /// What declares kinds.
    package static let definition = SandboxKind("apiextensions.k8s.io", "CustomResourceDefinition")
    /// A namespace.
    package static let namespace = SandboxKind("Namespace")
    /// A Secret.
    package static let secret = SandboxKind("Secret")
    /// A ServiceAccount.
    package static let serviceAccount = SandboxKind("ServiceAccount")
    /// What the API server is to play; `Fault.sandbox.slipway.dev`.
    package static let fault = SandboxKind("sandbox.slipway.dev", "Fault")
}

extension SandboxResource {
    /// The kind that a CustomResourceDefinition declares; nil where it is incomplete.
    init?(definition: JSON) {
        let spec = definition["spec"]
        guard let group = spec?["group"]?.string, let names = spec?["names"],
            let kind = names["kind"]?.string, let plural = names["plural"]?.string
        else { return nil }
        let served = (spec?["versions"]?.array ?? []).filter { $0["served"]?.bool == true }
        self.init(
            kind: SandboxKind(group, kind),
            versions: served.compactMap { $0["name"]?.string }.sorted(by: Self.isPreferred),
            plural: plural,
            isNamespaced: spec?["scope"]?.string != "Cluster"
        )
        guard !versions.isEmpty else { return nil }
        shortNames = names["shortNames"]?.array?.compactMap(\.string) ?? []
        categories = names["categories"]?.array?.compactMap(\.string) ?? []
        hasStatus = served.contains { $0["subresources"]?["status"] != nil }
        hasScale = served.contains { $0["subresources"]?["scale"] != nil }
        isCustom = true
        for version in served {
            if let name = version["name"]?.string, let list = version["additionalPrinterColumns"] {
                columns[name] = list
            }
        }
    }

    /// Kubernetes' order of versions: `v2` before `v1` before `v1beta1` before `v1alpha1`.
    private static func isPreferred(_ left: String, _ right: String) -> Bool {
        rank(left).lexicographicallyPrecedes(rank(right), by: >)
    }

    private static func rank(_ version: String) -> [Int] {
        let parts = version.dropFirst().split(whereSeparator: { !$0.isNumber })
        let numbers = parts.compactMap { Int($0) }
        let stability = version.contains("alpha") ? 0 : version.contains("beta") ? 1 : 2
        return [stability] + numbers
    }
}
