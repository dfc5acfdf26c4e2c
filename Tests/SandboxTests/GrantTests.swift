import JSON
import Testing

@testable import Sandbox

extension SandboxTests {
    /// Nobody gives others more rights than they have, as with Kubernetes.
    struct GrantTests {
        private static let rbac = "/apis/rbac.authorization.k8s.io/v1"
        private static let roles = "\(rbac)/namespaces/shop/roles"
        private static let bindings = "\(rbac)/namespaces/shop/rolebindings"

        private static func rule(_ resource: String, _ verbs: JSON...) -> JSON {
            ["apiGroups": [""], "resources": [.string(resource)], "verbs": .array(verbs)]
        }

        private static func role(_ name: String, _ rules: JSON...) -> JSON {
            [
                "apiVersion": "rbac.authorization.k8s.io/v1", "kind": "Role",
                "metadata": ["name": .string(name)], "rules": .array(rules),
            ]
        }

        private static func binding(_ name: String, _ kind: String, _ role: String) -> JSON {
            [
                "apiVersion": "rbac.authorization.k8s.io/v1", "kind": "RoleBinding",
                "metadata": ["name": .string(name)],
                "roleRef": [
                    "apiGroup": "rbac.authorization.k8s.io", "kind": .string(kind),
                    "name": .string(role),
                ],
                "subjects": [["kind": "ServiceAccount", "name": "default", "namespace": "shop"]],
            ]
        }

        /// Whoever writes roles in `shop`, and may read its pods besides.
        private static func writer(_ stage: Stage) async throws -> String {
            let verbs: JSON = ["get", "list", "create", "update", "patch", "delete"]
            try await stage.call(
                "POST",
                roles,
                role(
                    "writer",
                    [
                        "apiGroups": ["rbac.authorization.k8s.io"],
                        "resources": ["roles", "rolebindings"], "verbs": verbs,
                    ],
                    rule("pods", "get", "list")
                )
            )
            try await stage.call("POST", bindings, binding("writer", "Role", "writer"))
            let made = try await stage.call(
                "POST",
                "/api/v1/namespaces/shop/serviceaccounts/default/token",
                [
                    "apiVersion": "authentication.k8s.io/v1", "kind": "TokenRequest",
                    "spec": ["expirationSeconds": 600],
                ]
            )
            return try #require(made.json["status"]?["token"]?.string)
        }

        private static func message(_ object: String, _ missing: String...) -> JSON {
            let groups =
                #""system:serviceaccounts" "system:serviceaccounts:shop" "system:authenticated""#
            return .string(
                "\(object) is forbidden: user \"system:serviceaccount:shop:default\" "
                    + "(groups=[\(groups)]) is attempting to grant RBAC permissions not currently "
                    + "held:\n" + missing.joined(separator: "\n")
            )
        }

        @Test func `a role holds no more than its writer may do`() async throws {
            try await Stage.run { stage in
                let token = try await Self.writer(stage)
                let own = Self.role("a", Self.rule("pods", "get"))
                #expect(try await stage.call("POST", Self.roles, own, token: token).status == 201)
                let more = Self.role("b", Self.rule("secrets", "get"))
                for target in [Self.roles, "\(Self.roles)?dryRun=All"] {
                    let refused = try await stage.call("POST", target, more, token: token)
                    #expect(refused.status == 403)
                    #expect(
                        refused.json["message"]
                            == Self.message(
                                #"roles.rbac.authorization.k8s.io "b""#,
                                #"{APIGroups:[""], Resources:["secrets"], Verbs:["get"]}"#
                            )
                    )
                    #expect(
                        refused.json["details"] == [
                            "name": "b", "group": "rbac.authorization.k8s.io", "kind": "roles",
                        ]
                    )
                }
                let rules: JSON = ["rules": [Self.rule("secrets", "get")]]
                let apply = "application/apply-patch+yaml"
                for (method, path, body, type) in [
                    ("PUT", "a", Self.role("a", Self.rule("secrets", "get")), "application/json"),
                    ("PATCH", "a", rules, "application/merge-patch+json"),
                    ("PATCH", "a?fieldManager=t&force=true", more.renamed("a"), apply),
                    ("PATCH", "b?fieldManager=t", more, apply),
                ] {
                    let target = "\(Self.roles)/\(path)"
                    let refused = try await stage.call(
                        method,
                        target,
                        body,
                        type: type,
                        token: token
                    )
                    #expect(refused.status == 403, "\(method) \(path) \(refused.json.text)")
                }
                // Those who may do everything are not asked.
                #expect(try await stage.call("POST", Self.roles, more).status == 201)
                let label: JSON = ["metadata": ["labels": ["a": "b"]]]
                for (body, status) in [(label, 403), (["metadata": [:]], 200)] {
                    let answer = try await stage.call(
                        "PATCH",
                        "\(Self.roles)/b",
                        body,
                        type: "application/merge-patch+json",
                        token: token
                    )
                    #expect(answer.status == status, "\(answer.json.text)")
                }
            }
        }

        @Test func `a refusal names each right that is missing`() async throws {
            try await Stage.run { stage in
                let token = try await Self.writer(stage)
                let mixed: JSON = [
                    "apiGroups": ["", "apps"], "resources": ["secrets", "deployments/scale"],
                    "verbs": ["get", "*"], "resourceNames": ["x", "y"],
                ]
                let refused = try await stage.call(
                    "POST",
                    Self.roles,
                    Self.role("c", Self.rule("pods", "get", "list", "delete"), mixed),
                    token: token
                )
                func line(_ group: String, _ resource: String, _ name: String) -> String {
                    "{APIGroups:[\"\(group)\"], Resources:[\"\(resource)\"], "
                        + "ResourceNames:[\"\(name)\"], Verbs:[\"get\" \"*\"]}"
                }
                #expect(
                    refused.json["message"]
                        == Self.message(
                            #"roles.rbac.authorization.k8s.io "c""#,
                            line("", "deployments/scale", "x"),
                            line("", "deployments/scale", "y"),
                            #"{APIGroups:[""], Resources:["pods"], Verbs:["delete"]}"#,
                            line("", "secrets", "x"),
                            line("", "secrets", "y"),
                            line("apps", "deployments/scale", "x"),
                            line("apps", "deployments/scale", "y"),
                            line("apps", "secrets", "x"),
                            line("apps", "secrets", "y")
                        )
                )
            }
        }

        @Test func `a binding gives no more than its writer may do, unless bind lets it`()
            async throws
        {
            try await Stage.run { stage in
                let token = try await Self.writer(stage)
                func bind(_ kind: String, _ role: String) async throws -> (Int, JSON?) {
                    let body = Self.binding("t-\(role)", kind, role)
                    let answer = try await stage.call("POST", Self.bindings, body, token: token)
                    return (answer.status, answer.json["message"])
                }
                try await stage.call(
                    "POST",
                    Self.roles,
                    Self.role("big", Self.rule("secrets", "get"))
                )
                try await stage.call("POST", Self.roles, Self.role("own", Self.rule("pods", "get")))
                let refused = try await bind("Role", "big")
                #expect(
                    refused
                        == (
                            403,
                            Self.message(
                                #"rolebindings.rbac.authorization.k8s.io "t-big""#,
                                #"{APIGroups:[""], Resources:["secrets"], Verbs:["get"]}"#
                            )
                        )
                )
                #expect(try await bind("Role", "own").0 == 201)
                #expect(try await bind("ClusterRole", "view").0 == 403)
                let missing = try await bind("Role", "missing")
                let words: JSON = #"rolebindings.rbac.authorization.k8s.io "missing" not found"#
                #expect(missing == (404, words))
                let rbac: JSON = ["rbac.authorization.k8s.io"]
                try await stage.call(
                    "POST",
                    Self.roles,
                    Self.role(
                        "binder",
                        [
                            "apiGroups": rbac, "resources": ["clusterroles"], "verbs": ["bind"],
                            "resourceNames": ["view"],
                        ],
                        ["apiGroups": rbac, "resources": ["roles"], "verbs": ["escalate"]]
                    )
                )
                try await stage.call(
                    "POST",
                    Self.bindings,
                    Self.binding("binder", "Role", "binder")
                )
                #expect(try await bind("ClusterRole", "view").0 == 201)
                #expect(try await bind("ClusterRole", "admin").0 == 403)
                #expect(try await bind("Role", "big").0 == 403)
                let more = Self.role("more", Self.rule("nodes", "get"))
                #expect(try await stage.call("POST", Self.roles, more, token: token).status == 201)
            }
        }
    }
}

extension JSON {
    /// The object under another name.
    fileprivate func renamed(_ name: String) -> JSON {
        merging(patch: ["metadata": ["name": .string(name)]])
    }
}
