import JSON
import Kubernetes
import Testing

@testable import Clusters

/// Where people work, by what runs there.
@Suite struct OpenNamespacesTests {
    private func namespace(
        _ name: String,
        people: String? = nil,
        labels: JSON = [:]
    ) throws -> KubernetesObject {
        var metadata: JSONObject = ["name": .string(name), "labels": labels]
        if let people { metadata["labels"] = [SystemNamespaces.label: .string(people)] }
        return try KubernetesObject([
            "apiVersion": "v1", "kind": "Namespace", "metadata": .object(metadata),
        ])
    }

    private func binding(
        in namespace: String? = nil,
        to role: String = "cluster-admin",
        _ subject: JSON
    ) throws -> KubernetesObject {
        var metadata: JSONObject = ["name": "b"]
        if let namespace { metadata["namespace"] = .string(namespace) }
        return try KubernetesObject([
            "apiVersion": "rbac.authorization.k8s.io/v1",
            "kind": namespace == nil ? "ClusterRoleBinding" : "RoleBinding",
            "metadata": .object(metadata),
            "roleRef": ["kind": "ClusterRole", "name": .string(role)],
            "subjects": [subject],
        ])
    }

    private func account(_ namespace: String) -> JSON {
        ["kind": "ServiceAccount", "name": "a", "namespace": .string(namespace)]
    }

    private func open(
        _ namespaces: [KubernetesObject],
        _ clusterBindings: [KubernetesObject] = [],
        _ bindings: [KubernetesObject] = []
    ) -> [String] {
        OpenNamespaces(of: namespaces, clusterBindings: clusterBindings, bindings: bindings).names
    }

    @Test(arguments: [
        "kube-system", "kube-public", "slipway-system", "flux-system", "argocd", "cert-manager",
        "capi-kubeadm-bootstrap-system", "openshift-monitoring", "cattle-system",
    ])
    func `a system's namespace is closed`(_ name: String) throws {
        #expect(try open([namespace(name), namespace("default")]) == ["default"])
    }

    @Test func `one with an account of the whole cluster is closed, however that is bound`() throws
    {
        let all = try [namespace("shop"), namespace("default")]
        let group: JSON = ["kind": "Group", "name": "system:serviceaccounts:shop"]
        let user: JSON = ["kind": "User", "name": "system:serviceaccount:shop:a"]
        for subject in [account("shop"), group, user] {
            #expect(try open(all, [binding(subject)]) == ["default"])
        }
        #expect(try open(all, [binding(["kind": "User", "name": "ada"])]).count == 2)
    }

    @Test func `what all service accounts may do closes every namespace`() throws {
        let all = try [namespace("a"), namespace("b", people: "true"), namespace("kube-system")]
        let everyone: JSON = ["kind": "Group", "name": "system:serviceaccounts"]
        #expect(try open(all, [binding(everyone)]) == ["b"])
        #expect(try open(all, [], [binding(in: "kube-system", everyone)]) == ["b"])
        #expect(try open(all, [], [binding(in: "a", everyone)]) == ["a", "b"])
        let discovery = try binding(to: "system:service-account-issuer-discovery", everyone)
        #expect(open(all, [discovery]) == ["a", "b"])
        // People are that themselves.
        let anybody: JSON = ["kind": "Group", "name": "system:authenticated"]
        #expect(try open(all, [binding(anybody)]) == ["a", "b"])
    }

    @Test func `one whose account acts in a closed one is closed, and so on`() throws {
        let all = try [namespace("a"), namespace("b"), namespace("c"), namespace("kube-system")]
        let bindings = try [
            binding(in: "kube-system", account("a")), binding(in: "a", account("b")),
        ]
        #expect(open(all, [], bindings) == ["c"])
        let harmless = "extension-apiserver-authentication-reader"
        let reader = try binding(in: "kube-system", to: harmless, account("a"))
        #expect(open(all, [], [reader]) == ["a", "b", "c"])
    }

    @Test func `a label opens and closes, but never Kubernetes' own`() throws {
        let all = try [
            namespace("shop", people: "true"), namespace("flux-system", people: "true"),
            namespace("kube-system", people: "true"), namespace("slipway-system", people: "true"),
            namespace("default", people: "false"),
        ]
        #expect(try open(all, [binding(account("shop"))]) == ["flux-system", "shop"])
    }

    @Test func `what was made for another cluster is closed`() throws {
        let other = try namespace("t-globex-main", labels: ["slipway.dev/cluster": "main"])
        #expect(try open([other, namespace("default")]) == ["default"])
    }
}
