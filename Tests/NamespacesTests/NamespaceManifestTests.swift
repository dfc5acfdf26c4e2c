import Contract
import Domain
import JSON
import Namespaces
import TestSupport
import Testing
import YAML

@Suite struct NamespaceManifestTests {
    private let driver = NamespaceDriver()

    @Test(arguments: Variant.all) func `the same wish gives the same bytes`(
        _ variant: Variant
    ) throws {
        let wish = try variant.wish()
        let first = try driver.manifests(for: wish)
        #expect(try driver.manifests(for: wish) == first)
        #expect(Set(first.map(\.fileName)).count == first.count)
        ManifestDump.write(first, as: "namespace-\(variant.name)")
    }

    @Test func `the namespace is the root and comes first, the limits before the quota`() throws {
        let manifests = try driver.manifests(for: WishSample.wish(.namespace))
        #expect(manifests.first?.kind == "Namespace")
        #expect(manifests.filter { $0.part == .root }.map(\.kind) == ["Namespace"])
        let kinds = manifests.map(\.kind)
        let limits = try #require(kinds.firstIndex(of: "LimitRange"))
        #expect(limits < (try #require(kinds.firstIndex(of: "ResourceQuota"))))
    }

    @Test func `pods are restricted and have neither a token nor a way out by default`() throws {
        let manifests = try driver.manifests(for: WishSample.wish(.namespace))
        let text = manifests.map { String(decoding: $0.bytes, as: UTF8.self) }.joined()
        #expect(text.contains("\"pod-security.kubernetes.io/enforce\": \"restricted\"\n"))
        #expect(text.contains("automountServiceAccountToken: false"))
        #expect(text.contains("\"169.254.0.0/16\""))
        #expect(manifests.filter { $0.kind == "NetworkPolicy" }.count == 5)
    }

    @Test func `a hostile group stays one subject`() throws {
        let hostile = "a\"\n- kind: Group\n  name: system:masters\u{2028}"
        let manifests = try driver.manifests(
            for: WishSample.wish(.namespace) {
                $0.cluster.spec.access = [ClusterGrant(group: hostile, role: .viewer)]
            }
        )
        let binding = try #require(
            manifests.first { $0.kind == "RoleBinding" && $0.name == "slipway-viewer" }
        )
        let lines = String(decoding: binding.bytes, as: UTF8.self).split(separator: "\n")
        #expect(lines.filter { $0.contains("name: \"a\\\"\\n- kind") }.count == 1)
        #expect(!lines.contains { $0.hasPrefix("- kind") })
    }

    @Test(arguments: ["", "8 cores", "-1", "1e3", "0.0001", "9999999999999999Gi"])
    func `a quota that is no quantity is refused`(_ amount: String) throws {
        let wish = try WishSample.wish(.namespace) { $0.cluster.spec.quota.cpu = amount }
        #expect(throws: ProviderFault.self) { try driver.manifests(for: wish) }
    }

    @Test func `without an engine a platform repository is refused, naming what to install`()
        throws
    {
        let wish = try WishSample.wish(.namespace) {
            $0.features.hasFlux = false
            $0.features.hasArgoCD = false
        }
        #expect(
            throws: ProviderFault.refused(
                reason: "management cluster 'local' lacks Flux and Argo CD; install one of them"
            )
        ) { try driver.manifests(for: wish) }
    }

    @Test func `whoever runs pods in the namespace finds neither accounts nor credentials there`()
        throws
    {
        let wish = try WishSample.wish(.namespace)
        let own = wish.cluster.slug.namespace
        let access = wish.cluster.slug.accessNamespace
        let manifests = try driver.manifests(for: wish)
        let accounts = manifests.filter { $0.kind == "ServiceAccount" && $0.namespace == own }
        #expect(accounts.map(\.name) == ["default"])
        let flux = manifests.filter { ["GitRepository", "Kustomization"].contains($0.kind) }
        #expect(flux.count == 2 && flux.allSatisfy { $0.namespace == access })
        #expect(manifests.contains { $0.name == access && $0.part == .namespace })
        let bindings = manifests.filter { $0.kind == "RoleBinding" }
        #expect(bindings.count == 4 && bindings.allSatisfy { $0.namespace == own })
        for binding in bindings {
            let subjects = try YAML.parse(binding.bytes)["subjects"]?.array ?? []
            #expect(subjects.allSatisfy { $0["namespace"]?.string == access })
        }
    }

    @Test func `no role becomes somebody else`() throws {
        let words: Set = ["impersonate", "escalate", "bind", "approve", "sign", "*"]
        for role in TenantRoles.objects {
            for rule in role["rules"]?.array ?? [] {
                let verbs = Set((rule["verbs"]?.array ?? []).compactMap(\.string))
                let resources = (rule["resources"]?.array ?? []).compactMap(\.string)
                #expect(verbs.isDisjoint(with: words))
                #expect(!resources.contains("serviceaccounts/token"))
            }
        }
    }

    @Test func `the admins' role has the rules of every role with the label`() throws {
        let roles = Dictionary(
            uniqueKeysWithValues: TenantRoles.objects.map { ($0["metadata"]?["name"]?.string, $0) }
        )
        let admin = try #require(roles[TenantRoles.name(.admin)])
        #expect(admin["rules"] == nil, "Kubernetes fills them in.")
        let labels = admin["aggregationRule"]?["clusterRoleSelectors"]?[0]?["matchLabels"]
        #expect(labels?.object?.members.count == 1)
        let rules = try #require(roles[TenantRoles.adminRules])
        let label = ClusterRole.aggregateLabel
        #expect(labels?[label] == "true" && rules["metadata"]?["labels"]?[label] == "true")
        #expect(rules["rules"]?.array?.isEmpty == false)
    }

    @Test func `no role writes what makes up the fence`() throws {
        let fence: Set = ["networkpolicies", "resourcequotas", "limitranges", "namespaces"]
        for role in TenantRoles.objects {
            for rule in role["rules"]?.array ?? [] {
                let names = Set((rule["resources"]?.array ?? []).compactMap(\.string))
                let verbs = Set((rule["verbs"]?.array ?? []).compactMap(\.string))
                guard !names.isDisjoint(with: fence) else { continue }
                #expect(verbs == ["get", "list", "watch"])
            }
        }
        ManifestDump.write(TenantRoles.manifests, as: "roles")
    }

    @Test func `of whatever a role may make there is a most`() throws {
        let wish = try WishSample.wish(.namespace)
        let quota = try driver.manifests(for: wish)
            .first { $0.kind == "ResourceQuota" && $0.name == "slipway" }
        let hard = try YAML.parse(try #require(quota).bytes)["spec"]?["hard"]?.object
        for rule in TenantRoles.objects.flatMap({ $0["rules"]?.array ?? [] }) {
            let verbs = (rule["verbs"]?.array ?? []).compactMap(\.string)
            guard verbs.contains("create") else { continue }
            let group = rule["apiGroups"]?.array?.first?.string ?? ""
            for resource in (rule["resources"]?.array ?? []).compactMap(\.string)
            where !resource.contains("/") {
                let name = group.isEmpty ? resource : "\(resource).\(group)"
                #expect(hard?[name] != nil || hard?["count/\(name)"] != nil, "\(name)")
            }
        }
    }

    @Test func `Argo CD applies with its own rights, and so nothing that gives any`() throws {
        let wish = try WishSample.wish(.namespace) { $0.management.engine = .argocd }
        let project = try driver.manifests(for: wish).first { $0.kind == "AppProject" }
        let spec = try YAML.parse(try #require(project).bytes)["spec"]
        let kinds = try #require(spec?["namespaceResourceWhitelist"]?.array)
        let groups = Set(kinds.compactMap { $0["group"]?.string })
        #expect(groups.isDisjoint(with: ["rbac.authorization.k8s.io", "argoproj.io", "*"]))
        let fence = ["LimitRange", "NetworkPolicy", "ResourceQuota", "*"]
        #expect(kinds.allSatisfy { !fence.contains($0["kind"]?.string ?? "*") })
        #expect(spec?["clusterResourceWhitelist"] == [])
    }

    @Test func `pods may not be of a class that pushes the platform's away`() throws {
        let quota = try driver.manifests(for: WishSample.wish(.namespace))
            .first { $0.name == "slipway-priority" }
        let spec = try YAML.parse(try #require(quota).bytes)["spec"]
        #expect(spec?["hard"] == ["pods": "0"])
        let scope = spec?["scopeSelector"]?["matchExpressions"]?[0]
        #expect(scope?["scopeName"] == "PriorityClass")
        #expect(scope?["values"] == ["system-cluster-critical", "system-node-critical"])
    }

    @Test func `both namespaces are restricted, and the one where tenants work is marked`() throws {
        let wish = try WishSample.wish(.namespace)
        let labels = try driver.manifests(for: wish).filter { $0.kind == "Namespace" }
            .map { try YAML.parse($0.bytes)["metadata"]?["labels"] }
        #expect(labels.count == 2)
        for level in ["enforce", "audit", "warn"] {
            let label = "pod-security.kubernetes.io/\(level)"
            #expect(labels.allSatisfy { $0?[label] == "restricted" })
        }
        #expect(labels.map { $0?["slipway.dev/fenced"]?.string } == ["true", nil])
    }

    @Test func `the roles to install are those that are bound`() throws {
        let texts = TenantRoles.manifests.map { String(decoding: $0.bytes, as: UTF8.self) }
        let file = try #require(RepositoryFile.text("deploy/management-cluster.yaml"))
        #expect(file.hasSuffix(texts.joined(separator: "---\n")))
    }
}

/// A wish that is written differently.
struct Variant: Sendable, CustomTestStringConvertible {
    let name: String
    var tenant = "acme"
    var cluster = "main"
    var change: @Sendable (inout ClusterWish) -> Void = { _ in }

    var testDescription: String { name }

    func wish() throws -> ClusterWish {
        try WishSample.wish(.namespace, tenant: tenant, name: cluster, change: change)
    }

    static let all = [
        Variant(name: "plain"),
        Variant(
            name: "longest",
            tenant: String(repeating: "t", count: 63),
            cluster: String(repeating: "c-", count: 31) + "c"
        ),
        Variant(name: "alone") { $0.platform = nil },
        Variant(name: "argocd") { $0.management.engine = .argocd },
        Variant(name: "suspended") { $0.platform?.isSuspended = true },
        Variant(name: "granted") {
            $0.cluster.spec.access = [
                ClusterGrant(group: "oidc:acme \"devs\"\nx", role: .developer),
                ClusterGrant(group: "oidc:all", role: .viewer),
                ClusterGrant(group: "oidc:acme-admins", role: .admin),
                ClusterGrant(group: "oidc:acme-ops", role: .developer),
            ]
        },
        Variant(name: "odd-quota") {
            $0.cluster.spec.quota = ClusterQuota(
                cpu: "0.5",
                memory: "1.5Gi",
                storage: "1Ti",
                pods: 0,
                loadBalancers: 3
            )
        },
    ]
}
