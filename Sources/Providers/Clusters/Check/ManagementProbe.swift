import Contract
package import Domain
import JSON
package import Kubernetes

/// Looks at a management cluster: what is installed, and what Slipway may do there.
package struct ManagementProbe: Sendable {
    /// Questions about rights that are asked at once.
    private static let questionsAtOnceMax = 8

    /// The kinds of Flux that Slipway writes, with the version that it writes.
    static let fluxKinds: [(kind: GroupKind, version: String)] = [
        (GroupKind(group: "source.toolkit.fluxcd.io", kind: "GitRepository"), "v1"),
        (GroupKind(group: "kustomize.toolkit.fluxcd.io", kind: "Kustomization"), "v1"),
        (GroupKind(group: "helm.toolkit.fluxcd.io", kind: "HelmRelease"), "v2"),
    ]

    private let client: KubernetesClient
    private let spec: ManagementClusterSpec

    /// A look through that client at a cluster that is used like that.
    package init(_ client: KubernetesClient, for spec: ManagementClusterSpec) {
        self.client = client
        self.spec = spec
    }

    /// Looks at everything; `known` is what was seen before.
    package func report(keeping known: ManagementFeatures) async -> ManagementReport {
        do throws(KubernetesFault) {
            return ManagementReport(try await facts(), for: spec)
        } catch {
            return ManagementReport(error, keeping: known)
        }
    }

    private func facts() async throws(KubernetesFault) -> ManagementFacts {
        var facts = ManagementFacts()
        let version = try await client.version()
        facts.features.kubernetesVersion = String(version.drop { $0 == "v" })
        facts.features.isSandbox = spec.connection == .sandbox
        client.forgetDirectory()
        facts.read(try await client.directory())
        do throws(KubernetesFault) { facts.user = try await client.whoAmI().user } catch {
            // Servers before 1.28 cannot say; nothing hangs on it.
            guard case .notFound = error else { throw error }
        }
        facts.providers = try await providers()
        facts.features.components = try await components(facts.providers)
        facts.missingSource = try await missingSource(with: facts.features)
        if !facts.features.isSandbox {
            facts.missingPolicies = try await TenantPolicies.missing(through: client)
        }
        facts.missingRights = try await missingRights(facts.features)
        return facts
    }

    /// What clusterctl says that it installed.
    private func providers() async throws(KubernetesFault) -> [String: String] {
        let kind = GroupKind(group: "clusterctl.cluster.x-k8s.io", kind: "Provider")
        var versions: [String: String] = [:]
        do throws(KubernetesFault) {
            for provider in try await client.list(kind).items {
                guard let version = provider.json["version"]?.string else { continue }
                versions[provider.name] = version
            }
        } catch {
            switch error {
            case .noSuchKind, .forbidden: return [:]  // Only shown, never needed.
            default: throw error
            }
        }
        return versions
    }

    /// What runs; nothing of the sandbox, which plays it all.
    private func components(
        _ installed: [String: String]
    ) async throws(KubernetesFault) -> [ManagementComponent] {
        guard spec.connection != .sandbox else { return [] }
        do throws(KubernetesFault) {
            return try await ComponentProbe(client: client).components(installed: installed)
        } catch .forbidden {
            return []  // The missing right is a finding of its own.
        }
    }

    /// That Flux has no source of the management repository, though it is to apply it.
    private func missingSource(
        with features: ManagementFeatures
    ) async throws(KubernetesFault) -> String? {
        let engine = GitOpsEngine(of: spec, features, repositoryURL: "")
        guard spec.connection != .sandbox, spec.delivery == .gitops, let engine,
            engine.kind == .flux
        else { return nil }
        let key = ObjectKey(
            Self.fluxKinds[0].kind,
            namespace: engine.namespace,
            name: engine.sourceName
        )
        do throws(KubernetesFault) {
            guard try await client.get(key, projection: .metadata) == nil else { return nil }
        } catch .forbidden {
            return nil  // The missing right is a finding of its own.
        }
        return "Flux does not read the management repository: there is no GitRepository "
            + "\(engine.namespace)/\(engine.sourceName); make it as docs/management-clusters.md "
            + "shows."
    }

    private func missingRights(
        _ features: ManagementFeatures
    ) async throws(KubernetesFault) -> [String] {
        let questions = ManagementRight.all.filter { $0.isUsed(with: features) }
            .flatMap(\.questions)
        let answers = await withTaskGroup(of: Result<String?, KubernetesFault>.self) { group in
            var answers: [Result<String?, KubernetesFault>] = []
            for (place, question) in questions.enumerated() {
                if place >= Self.questionsAtOnceMax, let answer = await group.next() {
                    answers.append(answer)
                    // The others would not be answered either.
                    if case .failure = answer { break }
                }
                group.addTask { await missingRight(question) }
            }
            for await answer in group { answers.append(answer) }
            return answers
        }
        var missing: [String] = []
        for answer in answers {
            if let right = try answer.get() { missing.append(right) }
        }
        return missing.sorted()
    }

    private func missingRight(
        _ question: AccessQuestion
    ) async -> Result<String?, KubernetesFault> {
        do throws(KubernetesFault) {
            let answer = try await client.allowed(question)
            return .success(answer.isAllowed ? nil : question.text)
        } catch {
            return .failure(error)
        }
    }
}

extension ManagementFacts {
    /// Takes from discovery what is installed.
    mutating func read(_ directory: APIDirectory) {
        let core = GroupKind(group: "cluster.x-k8s.io", kind: "Cluster")
        let served = directory.versions(of: core).map(\.version)
        features.clusterAPI = ["v1beta2", "v1beta1"].first(where: served.contains)
        for resource in directory.resources {
            guard resource.kind.group == "infrastructure.cluster.x-k8s.io",
                resource.kind.kind.hasSuffix("Cluster")
            else { continue }
            // The preferred version comes first.
            if features.infrastructure[resource.kind.kind] == nil {
                features.infrastructure[resource.kind.kind] = resource.version
            }
        }
        missingFluxKinds = ManagementProbe.fluxKinds.filter { wanted in
            !directory.versions(of: wanted.kind).contains { $0.version == wanted.version }
        }.map { "\($0.kind) \($0.version)" }
        features.hasFlux = missingFluxKinds.isEmpty
        let application = GroupKind(group: "argoproj.io", kind: "Application")
        features.hasArgoCD = !directory.versions(of: application).isEmpty
        staleGroups = directory.staleGroups.sorted()
    }
}

extension ManagementRight {
    /// Whether the right is of use where that is installed.
    func isUsed(with features: ManagementFeatures) -> Bool {
        switch purpose {
        case .everything: true
        case .clusterAPI: features.clusterAPI != nil
        case .flux: features.hasFlux
        case .argocd: features.hasArgoCD
        }
    }
}

extension AccessQuestion {
    /// The right in words: `create secrets`, `patch clusters.cluster.x-k8s.io`.
    var text: String {
        let whole = resource + (subresource.map { "/\($0)" } ?? "")
        let object = group.isEmpty ? whole : "\(whole).\(group)"
        return "\(verb) \(object)\(name.map { " \($0)" } ?? "")"
    }
}
