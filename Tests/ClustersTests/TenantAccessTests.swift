import Domain
import EventLoop
import JSON
import Kubernetes
import Sandbox
import SandboxSupport
import Secrets
import Testing

@testable import Clusters

/// What people may do in a tenant's own cluster, asked with tokens as they are handed out.
@Suite struct TenantAccessTests {
    @Test func `a developer works in open namespaces and reaches no further`() async throws {
        try await PeoplesCluster.run { cluster in
            try await cluster.make(["shop", "team-system", "flux-system", "cert-manager"])
            try await TenantAccess([]).apply(through: cluster.client)
            let developer = try await cluster.person(.developer)
            for place in ["shop", "default"] {
                #expect(try await developer.may("create", "pods", in: place))
                #expect(try await developer.may("create", "deployments", of: "apps", in: place))
                #expect(try await developer.may("get", "secrets", in: place))
                #expect(try await !developer.may("create", "serviceaccounts/token", in: place))
                #expect(try await !developer.may("impersonate", "serviceaccounts", in: place))
                #expect(try await !developer.may("create", "rolebindings", of: rbac, in: place))
                #expect(try await !developer.may("create", "pods/ephemeralcontainers", in: place))
            }
            for place in closed {
                for (verb, resource) in [
                    ("create", "serviceaccounts/token"), ("get", "secrets"), ("get", "pods/log"),
                    ("list", "configmaps"), ("create", "pods"), ("create", "pods/exec"),
                    ("impersonate", "serviceaccounts"),
                ] {
                    let isAllowed = try await developer.may(verb, resource, in: place)
                    #expect(!isAllowed, "\(verb) \(resource) in \(place)")
                }
            }
            #expect(try await developer.may("list", "nodes"))
            #expect(try await developer.may("list", "pods"))
            #expect(try await !developer.may("list", "secrets"))
            #expect(try await !developer.may("patch", "namespaces", in: "shop"))
            #expect(try await !developer.may("create", "namespaces"))
            let flux = "kustomize.toolkit.fluxcd.io"
            #expect(try await !developer.may("create", "kustomizations", of: flux, in: "shop"))
        }
    }

    @Test func `what the server lists for an account is what it allows`() async throws {
        try await PeoplesCluster.run { cluster in
            try await cluster.make(["shop"])
            try await TenantAccess([]).apply(through: cluster.client)
            let developer = try await cluster.person(.developer)
            let rights = try await developer.client.rights(in: "shop")
            var applied: Set<String> = []
            let resources = try await developer.client.directory().resources
            for resource in resources where resource.isNamespaced {
                var isAllowed = true
                for verb in ["get", "create", "patch", "delete"] where isAllowed {
                    isAllowed = try await developer.may(
                        verb,
                        resource.plural,
                        of: resource.kind.group,
                        in: "shop"
                    )
                }
                #expect(rights.allowsApplying(resource) == isAllowed, "\(resource.permissionName)")
                if isAllowed { applied.insert(resource.permissionName) }
            }
            #expect(applied.isSuperset(of: ["configmaps", "secrets", "deployments.apps"]))
            #expect(!applied.contains("rolebindings.\(rbac)"))
        }
    }

    @Test func `a viewer looks at everything but secrets and changes nothing`() async throws {
        try await PeoplesCluster.run { cluster in
            try await cluster.make(["shop"])
            try await TenantAccess([]).apply(through: cluster.client)
            let viewer = try await cluster.person(.viewer)
            #expect(try await viewer.may("list", "pods", in: "shop"))
            #expect(try await viewer.may("get", "pods/log", in: "shop"))
            #expect(try await !viewer.may("list", "secrets", in: "shop"))
            #expect(try await !viewer.may("list", "secrets"))
            #expect(try await !viewer.may("create", "pods", in: "shop"))
            #expect(try await !viewer.may("create", "pods/exec", in: "shop"))
        }
    }

    @Test func `an admin owns the cluster`() async throws {
        try await PeoplesCluster.run { cluster in
            try await TenantAccess([]).apply(through: cluster.client)
            #expect(try await cluster.person(.admin).may("delete", "secrets", in: "kube-system"))
        }
    }

    @Test func `a namespace is open from the next look on, and closed again`() async throws {
        try await PeoplesCluster.run { cluster in
            let access = TenantAccess([ClusterGrant(group: "oidc:devs", role: .developer)])
            try await access.apply(through: cluster.client)
            let developer = try await cluster.person(.developer)
            try await cluster.make(["shop"])
            #expect(try await !developer.may("create", "pods", in: "shop"))
            try await access.refresh(through: cluster.client)
            #expect(try await developer.may("create", "pods", in: "shop"))
            #expect(try await cluster.groups("slipway-developer", in: "shop") == ["oidc:devs"])

            // Something powerful moves in.
            try await cluster.empower("shop", "operator", "cluster-admin")
            try await access.refresh(through: cluster.client)
            #expect(try await !developer.may("create", "pods", in: "shop"))
            #expect(try await developer.may("create", "pods", in: "default"))
        }
    }

    @Test func `grants that were taken back are gone with the next look`() async throws {
        try await PeoplesCluster.run { cluster in
            let before = TenantAccess([ClusterGrant(group: "oidc:devs", role: .developer)])
            try await before.apply(through: cluster.client)
            #expect(try await cluster.groups("slipway-developer", in: "default") == ["oidc:devs"])
            try await TenantAccess([]).refresh(through: cluster.client)
            #expect(try await cluster.groups("slipway-developer", in: "default") == [])
        }
    }

    @Test func `bindings of the whole cluster from before are removed`() async throws {
        try await PeoplesCluster.run { cluster in
            try await cluster.bindOutdated()
            try await TenantAccess([]).apply(through: cluster.client)
            let developer = try await cluster.person(.developer)
            #expect(try await !developer.may("create", "pods", in: "kube-system"))
        }
    }

    @Test func `from a management cluster Slipway's own account is not taken away`() async throws {
        try await PeoplesCluster.run { cluster in
            let own = ObjectKey(GroupKind(kind: "Namespace"), name: TenantAccess.namespace)
            try await TenantAccess([]).apply(through: cluster.client)
            try await cluster.hire("slipway")
            try await TenantAccess([]).remove(through: cluster.client)
            #expect(try await cluster.client.get(own)?.isDeleting == false)
            #expect(try await cluster.bindings().isEmpty)
        }
    }

    @Test func `what is as it should be is not written again`() async throws {
        try await PeoplesCluster.run { cluster in
            try await cluster.make(["shop"])
            try await TenantAccess([]).apply(through: cluster.client)
            let before = try await cluster.bindings()
            try await TenantAccess([]).refresh(through: cluster.client)
            #expect(try await cluster.bindings() == before)
            #expect(before.count == 4)
        }
    }

    private let rbac = "rbac.authorization.k8s.io"
    private let closed = [
        "kube-system", "slipway-system", "team-system", "flux-system", "cert-manager",
    ]
}

/// A tenant's cluster in the sandbox.
private struct PeoplesCluster: Sendable {
    private static let rbac = "rbac.authorization.k8s.io"

    let server: SandboxServer
    let client: KubernetesClient

    static func run(_ body: @escaping @Sendable (PeoplesCluster) async throws -> Void) async throws
    {
        let group = try EventLoopGroup(count: 1)
        group.start()
        defer { group.stop() }
        try await withTaskExecutorPreference(group.loops[0]) {
            let server = SandboxServer(
                records: MemorySandbox(),
                settings: SandboxServer.Settings(
                    baseURL: "http://localhost/sandbox",
                    clock: { ClusterBench.moment }
                ),
                key: [UInt8](repeating: 7, count: 32)
            )
            try await server.cluster("acme").make()
            let transport = SandboxTransport(server, cluster: "acme", as: "test")
            try await body(
                PeoplesCluster(server: server, client: KubernetesClient(transport: transport))
            )
            server.close()
        }
    }

    /// Somebody with a token of that role.
    func person(_ role: ClusterRole) async throws -> Person {
        let token = try await client.token(
            forAccount: TenantAccess.account(of: role),
            namespace: TenantAccess.namespace,
            lifetime: .seconds(600)
        )
        let transport = TokenTransport(
            inner: SandboxTransport(server, cluster: "acme"),
            token: token.token
        )
        return Person(client: KubernetesClient(transport: transport))
    }

    func make(_ namespaces: [String]) async throws {
        for name in namespaces {
            try await apply([
                "apiVersion": "v1", "kind": "Namespace", "metadata": ["name": .string(name)],
            ])
        }
    }

    /// Lets a service account of the namespace do something in the whole cluster.
    func empower(_ namespace: String, _ account: String, _ role: String) async throws {
        try await bind(
            "ClusterRoleBinding",
            ["name": .string("\(namespace)-\(account)")],
            role,
            [["kind": "ServiceAccount", "name": .string(account), "namespace": .string(namespace)]]
        )
    }

    /// Another service account beside those of people.
    func hire(_ account: String) async throws {
        try await apply([
            "apiVersion": "v1", "kind": "ServiceAccount",
            "metadata": ["name": .string(account), "namespace": .string(TenantAccess.namespace)],
        ])
    }

    func bindOutdated() async throws {
        try await bind(
            "ClusterRoleBinding",
            [
                "name": "slipway-developer",
                "labels": ["app.kubernetes.io/managed-by": "slipway"],
            ],
            "edit",
            [
                [
                    "kind": "ServiceAccount", "name": "slipway-developer",
                    "namespace": "slipway-system",
                ]
            ]
        )
    }

    private func bind(
        _ kind: String,
        _ metadata: JSON,
        _ role: String,
        _ subjects: JSON
    ) async throws {
        try await apply([
            "apiVersion": .string("\(Self.rbac)/v1"), "kind": .string(kind), "metadata": metadata,
            "roleRef": [
                "apiGroup": .string(Self.rbac), "kind": "ClusterRole", "name": .string(role),
            ],
            "subjects": subjects,
        ])
    }

    private func apply(_ object: JSON) async throws {
        _ = try await client.apply(object.object ?? JSONObject(), force: true)
    }

    func groups(_ binding: String, in namespace: String) async throws -> [String] {
        let kind = GroupKind(group: Self.rbac, kind: "RoleBinding")
        let object = try await client.get(ObjectKey(kind, namespace: namespace, name: binding))
        let subjects = try #require(object).json["subjects"]?.array ?? []
        return subjects.filter { $0["kind"]?.string == "Group" }.compactMap { $0["name"]?.string }
    }

    /// All bindings of namespaces, with the state they are in.
    func bindings() async throws -> [String] {
        let kind = GroupKind(group: Self.rbac, kind: "RoleBinding")
        return try await client.list(kind).items.map { "\($0.key) \($0.resourceVersion)" }.sorted()
    }
}

/// Somebody who was given a kubeconfig.
private struct Person: Sendable {
    let client: KubernetesClient

    func may(
        _ verb: String,
        _ resource: String,
        of group: String = "",
        in namespace: String? = nil
    ) async throws -> Bool {
        let parts = resource.split(separator: "/").map(String.init)
        let question = AccessQuestion(
            verb,
            group: group,
            resource: parts[0],
            subresource: parts.count > 1 ? parts[1] : nil,
            namespace: namespace
        )
        return try await client.allowed(question).isAllowed
    }
}

/// Sends a token along.
private struct TokenTransport: KubernetesTransport {
    let inner: SandboxTransport
    let token: SecretBytes

    func send(_ request: KubernetesRequest) async throws(KubernetesFault) -> KubernetesAnswer {
        var request = request
        request.headers.append(("authorization", "Bearer \(token.revealedText())"))
        return try await inner.send(request)
    }
}
