import Contract
import Domain
import JSON
import Kubernetes
import TestSupport
import Testing
import YAML

@testable import Clusters

@Suite struct ManagementCheckTests {
    @Test func `the manifest grants every right that is asked for, and no other`() throws {
        let file = try #require(SharedData.ownBytes("deploy/management-cluster.yaml"))
        let manager = try YAML.documents(file).map(\.value).first { document in
            document["kind"]?.string == "ClusterRole"
                && document["metadata"]?["name"]?.string == "slipway-manager"
        }
        var granted: Set<String> = []
        for rule in manager?["rules"]?.array ?? [] { granted.formUnion(Self.rights(in: rule)) }
        let asked = Set(
            ManagementRight.all.flatMap { right in
                right.verbs.map { verb in
                    "\(verb) \(right.resource).\(right.group) \(right.name ?? "")"
                }
            }
        )
        // Cluster API's own group is granted as a whole and asked for by kind.
        let whole = ".cluster.x-k8s.io "
        let kinds =
            ["clusters", "machinedeployments", "machinepools"]
            + ["machinehealthchecks", "machines"]
        let byKind = asked.filter { right in kinds.contains { right.contains(" \($0)\(whole)") } }
        let asWhole = granted.filter { $0.contains(" *\(whole)") }
        #expect(byKind.count == kinds.count * asWhole.count)
        #expect(asked.subtracting(byKind) == granted.subtracting(asWhole))
    }

    private static func rights(in rule: JSON) -> Set<String> {
        func texts(_ member: String) -> [String] {
            (rule[member]?.array ?? []).compactMap(\.string)
        }
        var rights: Set<String> = []
        let names = texts("resourceNames")
        let objects = texts("apiGroups").flatMap { group in
            texts("resources").filter { isServed($0, group) }.map { "\($0).\(group)" }
        }
        for verb in texts("verbs") {
            for object in objects {
                rights.formUnion((names.isEmpty ? [""] : names).map { "\(verb) \(object) \($0)" })
            }
        }
        return rights
    }

    /// A rule over several groups names resources that some of them do not have.
    private static func isServed(_ resource: String, _ group: String) -> Bool {
        switch group {
        case "source.toolkit.fluxcd.io":
            ["gitrepositories", "helmrepositories", "ocirepositories"].contains(resource)
        case "kustomize.toolkit.fluxcd.io": resource == "kustomizations"
        case "helm.toolkit.fluxcd.io": resource == "helmreleases"
        default: true
        }
    }

    @Test func `the policies that are looked for are those of the manifest, all in force`() throws {
        let file = try #require(SharedData.ownBytes("deploy/management-cluster.yaml"))
        let documents = try YAML.documents(file).map(\.value)
        func names(_ kind: String) -> [String] {
            documents.filter { $0["kind"]?.string == kind }
                .compactMap { $0["metadata"]?["name"]?.string }.sorted()
        }
        #expect(names("ValidatingAdmissionPolicy") == TenantPolicies.names)
        #expect(names("ValidatingAdmissionPolicyBinding") == TenantPolicies.names)
        for document in documents where document["spec"]?["policyName"] != nil {
            #expect(document["spec"]?["policyName"] == document["metadata"]?["name"])
            #expect(document["spec"]?["validationActions"] == ["Deny"])
        }
    }

    @Test func `policies that are missing are named, and do not stop orders`() {
        var facts = ManagementFacts.complete
        facts.missingPolicies = ["slipway-tenant-hosts"]
        let report = ManagementReport(facts, for: .flux)
        #expect(report.phase == .ready)
        #expect(report.findings.count == 1)
        #expect(report.findings[0].contains("slipway-tenant-hosts missing; apply deploy/"))
        #expect(report.conditions.contains { $0.type == "TenantsBound" && $0.status == .false })
    }

    @Test func `a complete management cluster is ready`() {
        let report = ManagementReport(.complete, for: .flux)
        #expect(report.phase == .ready)
        #expect(report.findings == [])
        #expect(report.conditions.allSatisfy { $0.status == .true })
    }

    @Test func `what cannot be reached keeps what was known, and says what goes on`() {
        let known = ManagementFacts.complete.features
        let report = ManagementReport(unreachable: "connection refused", keeping: known)
        #expect(report.phase == .unreachable)
        #expect(report.features == known)
        #expect(report.findings.count == 1)
    }

    @Test(arguments: [
        ("an old server", "older than 1.33"), ("no rights", "may not create secrets"),
        ("old Flux", "Flux is too old or incomplete: HelmRelease"),
        ("no engine", "needs Flux or Argo CD"), ("no infrastructure", "no infrastructure provider"),
        ("a stale group", "metrics.k8s.io is registered"),
        ("another engine for virtual clusters", "which is not installed"),
    ])
    func `what is missing is named with what to do`(lack: String, words: String) {
        var facts = ManagementFacts.complete
        var spec = ManagementClusterSpec.flux
        switch lack {
        case "an old server": facts.features.kubernetesVersion = "1.30.2+k3s1"
        case "no rights": facts.missingRights = ["create secrets"]
        case "old Flux":
            facts.features.hasFlux = false
            facts.missingFluxKinds = ["HelmRelease.helm.toolkit.fluxcd.io v2"]
        case "no engine": facts.features.hasFlux = false
        case "no infrastructure": facts.features.infrastructure = [:]
        case "a stale group": facts.staleGroups = ["metrics.k8s.io"]
        default: spec.virtualClusters = .argocd
        }
        let report = ManagementReport(facts, for: spec)
        #expect(report.phase == .degraded)
        #expect(report.findings.contains { $0.contains(words) })
    }

    @Test(arguments: [
        ("no controller", "Cluster API's kinds are served, but its controller was not found"),
        ("no pods", "infrastructure-docker is installed, but none of its replicas"),
        ("no engine", "Flux's kinds are served, but none of its programs"),
        ("no source", "there is no GitRepository"),
    ])
    func `what does not run is named, and does not stop orders`(lack: String, words: String) {
        var facts = ManagementFacts.complete
        switch lack {
        case "no controller": facts.features.components.removeAll { $0.name == "cluster-api" }
        case "no pods": facts.features.components[1].isRunning = false
        case "no engine": facts.features.components.removeLast()
        default: facts.missingSource = "there is no GitRepository"
        }
        let report = ManagementReport(facts, for: .flux)
        #expect(report.phase == .ready)
        #expect(report.findings.count == 1)
        #expect(report.findings[0].contains(words))
        #expect(report.conditions.contains { $0.type == "Running" && $0.status == .false })
    }

    @Test func `delivery by Slipway itself needs no engine`() {
        var facts = ManagementFacts.complete
        facts.features.hasFlux = false
        facts.features.infrastructure["VCluster"] = "v1alpha1"
        var spec = ManagementClusterSpec.flux
        spec.delivery = .direct
        let report = ManagementReport(facts, for: spec)
        #expect(report.phase == .ready)
        #expect(spec.virtualClusters(with: facts.features) == .clusterAPI)
    }
}

extension ManagementFacts {
    fileprivate static let complete = ManagementFacts(
        user: "system:serviceaccount:slipway-system:slipway",
        features: ManagementFeatures(
            kubernetesVersion: "1.34.1",
            clusterAPI: "v1beta2",
            infrastructure: ["DevCluster": "v1beta2"],
            hasFlux: true,
            components: ["cluster-api", "infrastructure-docker", "flux/source-controller"].map {
                ManagementComponent(name: $0, version: "v1", isRunning: true)
            }
        ),
        providers: ["cluster-api": "v1.14.0"]
    )
}

extension ManagementClusterSpec {
    fileprivate static let flux = ManagementClusterSpec(connection: .kubeconfig)
}
