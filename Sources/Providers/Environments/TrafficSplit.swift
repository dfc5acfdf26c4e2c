import Contract
import Domain
import JSON
import Kubernetes
import YAML

/// What runs and what is new, side by side, with the traffic split between them.
///
/// What is new has objects of its own beside those of the template: its Deployment, its Service,
/// and each ConfigMap and Secret that it reads and that changes, all named with `suffix`. The
/// template's route leads to both.
struct TrafficSplit: Sendable {
    /// Who gets what is new.
    enum Share: Sendable, Equatable {
        /// That many of a hundred requests.
        case weight(Int)
        /// Requests that are known by one of these.
        case match([RolloutMatch])
    }

    /// What the names of objects of what is new end in.
    static let suffix = "-canary"
    /// Marks the objects and pods of what is new.
    static let track = "slipway.dev/track"
    /// Names the roll-out whose pods are to answer, whatever the weights are: what checks send.
    static let header = "slipway-canary"
    /// The file in which the objects of what is new lie.
    private static let file = "slipway-canary.yaml"

    /// The objects of the template.
    let objects: RolloutObjects
    /// The kind of its route.
    let route: RouteKind
    /// What the header names this roll-out by.
    let token: String

    /// The files of `stable`, whose route also leads to the objects that `new` brings.
    func files(
        of stable: [RenderedRelease.File],
        and new: [RenderedRelease.File],
        _ share: Share
    ) throws(ProviderFault) -> [RenderedRelease.File] {
        let running = try ManifestFiles(stable)
        let coming = try ManifestFiles(new)
        guard !stable.contains(where: { $0.path.text == Self.file }) else {
            throw .refused(reason: "the template has a file \(Self.file) of its own; rename it")
        }
        for (kind, name) in [("Deployment", objects.deployment), ("Service", objects.service)] {
            for (files, which) in [(running, "runs"), (coming, "is new")]
            where files.document(kind, name) == nil {
                throw .refused(
                    reason: "the template names \(kind)/\(name), and what \(which) has none"
                )
            }
        }
        let rewriting = RouteRewriting(
            service: objects.service,
            canary: objects.service + Self.suffix,
            header: (Self.header, token)
        )
        var files = try running.replacing(route.rawValue, objects.route) {
            (document: JSON) throws(ProviderFault) in
            try rewriting.rewritten(document, of: route, share)
        }
        let path: RepositoryPath
        do { path = try RepositoryPath(parsing: Self.file) } catch {
            throw .refused(reason: error.reason)
        }
        let documents = try canary(of: coming, beside: running)
        files.append(RenderedRelease.File(path: path, bytes: YAML.text(documents)))
        return files.sorted { $0.path < $1.path }
    }

    /// The objects of what is new.
    private func canary(
        of coming: ManifestFiles,
        beside running: ManifestFiles
    ) throws(ProviderFault) -> [JSON] {
        guard let deployment = coming.document("Deployment", objects.deployment),
            let service = coming.document("Service", objects.service)
        else { return [] }
        let labels = CanaryLabels(of: deployment, behind: service)
        var documents: [JSON] = []
        var renamed: Set<CanaryReferences.Name> = []
        for document in coming.documents {
            guard let kind = document["kind"]?.string, ["ConfigMap", "Secret"].contains(kind),
                let name = document["metadata"]?["name"]?.string,
                running.document(kind, name) != document
            else { continue }
            renamed.insert(CanaryReferences.Name(kind: kind, name: name))
            documents.append(try copy(document))
        }
        var workload = try copy(deployment)
        workload = workload.changing(["spec", "selector", "matchLabels"], labels.renamed)
        workload = workload.changing(["spec", "template", "metadata", "labels"]) { template in
            var template = labels.renamed(template).object ?? JSONObject()
            template[Self.track] = "canary"
            return .object(template)
        }
        workload = workload.changing(["spec", "template", "spec"]) { pod in
            CanaryReferences(renamed: renamed, suffix: Self.suffix).rewritten(pod)
        }
        var front = try copy(service)
        front = front.changing(["spec"]) { spec in
            var spec = spec.object ?? JSONObject()
            // What only one Service can have, or nobody asks this one for.
            for member in [
                "clusterIP", "clusterIPs", "loadBalancerIP", "loadBalancerClass", "externalIPs",
                "healthCheckNodePort", "externalTrafficPolicy", "loadBalancerSourceRanges",
            ] { spec[member] = nil }
            if spec["type"] != nil { spec["type"] = "ClusterIP" }
            let ports: [JSON] = (spec["ports"]?.array ?? []).map { port in
                var port = port.object ?? JSONObject()
                port["nodePort"] = nil
                return .object(port)
            }
            spec["ports"] = .array(ports)
            spec["selector"] = labels.renamed(spec["selector"] ?? .object(JSONObject()))
            return .object(spec)
        }
        return documents + [workload, front]
    }

    /// The object under the name that it has beside the template's.
    private func copy(_ document: JSON) throws(ProviderFault) -> JSON {
        let name = (document["metadata"]?["name"]?.string ?? "") + Self.suffix
        guard name.utf8.count <= 63 else {
            throw .refused(reason: "the name \(name) has more than 63 characters")
        }
        return document.changing(["metadata"]) { metadata in
            var metadata = metadata.object ?? JSONObject()
            metadata["name"] = .string(name)
            var labels = metadata["labels"]?.object ?? JSONObject()
            labels[Self.track] = "canary"
            metadata["labels"] = .object(labels)
            return .object(metadata)
        }
    }
}

/// Labels under which the pods of what is new are found, and no others.
struct CanaryLabels: Sendable {
    /// The most characters of a label's value.
    private static let lengthMax = 63

    private let values: [String: String]

    /// Labels for a Deployment, and for the Service in front of it.
    ///
    /// One that both select by where there is one, else one of each, so that neither the Service
    /// nor the Deployment of what runs takes pods of what is new for its own.
    init(of deployment: JSON, behind service: JSON) {
        let selector = service["spec"]?["selector"]?.object ?? JSONObject()
        let match = deployment["spec"]?["selector"]?["matchLabels"]?.object ?? JSONObject()
        let common = selector.keys.first { match[$0] != nil }
        let chosen =
            common.map { [$0] }
            ?? [selector.keys.first { _ in true }, match.keys.first { _ in true }]
            .compactMap { $0 }
        var values: [String: String] = [:]
        for key in chosen {
            let value = (match[key] ?? selector[key])?.string ?? ""
            let room = Self.lengthMax - TrafficSplit.suffix.utf8.count
            values[key] = value.prefix(room) + TrafficSplit.suffix
        }
        self.values = values
    }

    /// The labels with those values.
    func renamed(_ labels: JSON) -> JSON {
        var labels = labels.object ?? JSONObject()
        for (key, value) in values where labels[key] != nil { labels[key] = .string(value) }
        return .object(labels)
    }
}

/// What a pod reads under another name.
struct CanaryReferences: Sendable {
    /// A ConfigMap or a Secret.
    struct Name: Hashable, Sendable {
        var kind: String
        var name: String
    }

    /// The members of a pod that name one, and which kind.
    private static let members = [
        "configMap": ("ConfigMap", "name"), "configMapRef": ("ConfigMap", "name"),
        "configMapKeyRef": ("ConfigMap", "name"), "secretRef": ("Secret", "name"),
        "secretKeyRef": ("Secret", "name"), "secret": ("Secret", "secretName"),
    ]

    let renamed: Set<Name>
    let suffix: String

    /// The value with every such name, at whatever depth.
    func rewritten(_ value: JSON) -> JSON {
        if let elements = value.array { return .array(elements.map(rewritten)) }
        guard var object = value.object else { return value }
        object.changeValues { key, value in
            guard let (kind, usual) = Self.members[key], var reference = value.object else {
                return rewritten(value)
            }
            // A projected Secret is named by `name`.
            let member = reference[usual] != nil ? usual : "name"
            if let name = reference[member]?.string,
                renamed.contains(Name(kind: kind, name: name))
            {
                reference[member] = .string(name + suffix)
            }
            return .object(reference)
        }
        return .object(object)
    }
}

extension JSON {
    /// The value with what is there changed; a path that leads nowhere changes nothing.
    func changing(
        _ path: ArraySlice<String>,
        _ change: (JSON) -> JSON
    ) -> JSON {
        guard let key = path.first else { return change(self) }
        guard var object, let value = object[key] else { return self }
        object[key] = value.changing(path.dropFirst(), change)
        return .object(object)
    }

    /// The same for a whole path.
    func changing(_ path: [String], _ change: (JSON) -> JSON) -> JSON {
        changing(path[...], change)
    }
}
