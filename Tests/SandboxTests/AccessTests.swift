import Domain
import JSON
import Sandbox
import Testing

extension SandboxTests {
    /// Who may do what, and what the server says of itself.
    struct AccessTests {
        private let token = "/api/v1/namespaces/shop/serviceaccounts/default/token"

        private func token(_ stage: Stage, seconds: Int = 600) async throws -> String {
            let made = try await stage.call(
                "POST",
                token,
                [
                    "apiVersion": "authentication.k8s.io/v1", "kind": "TokenRequest",
                    "spec": ["expirationSeconds": .integer(seconds)],
                ]
            )
            #expect(made.status == 201)
            return try #require(made.json["status"]?["token"]?.string)
        }

        private static func bytes(_ answer: SandboxAnswer) -> [UInt8] {
            if case .bytes(let bytes) = answer.body { bytes } else { [] }
        }

        private func bind(_ stage: Stage, _ role: String) async throws {
            try await stage.call(
                "POST",
                "/apis/rbac.authorization.k8s.io/v1/namespaces/shop/rolebindings",
                [
                    "apiVersion": "rbac.authorization.k8s.io/v1", "kind": "RoleBinding",
                    "metadata": ["name": .string(role)],
                    "roleRef": [
                        "apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole",
                        "name": .string(role),
                    ],
                    "subjects": [
                        ["kind": "ServiceAccount", "name": "default", "namespace": "shop"]
                    ],
                ]
            )
        }

        @Test(arguments: Keeping.allCases)
        func `a token does what the roles of its account allow`(_ keeping: Keeping) async throws {
            try await Stage.run(keeping) { stage in
                let token = try await token(stage)
                let before = try await stage.call("GET", Stage.maps, token: token)
                #expect(before.status == 403)
                try await bind(stage, "view")
                #expect(try await stage.call("GET", Stage.maps, token: token).status == 200)
                for (method, path) in [
                    ("GET", "/api/v1/namespaces/shop/secrets"), ("GET", "/api/v1/configmaps"),
                    ("GET", "/api/v1/namespaces/default/configmaps"),
                    ("DELETE", Stage.maps + "/kube-root-ca.crt"),
                ] {
                    let refused = try await stage.call(method, path, token: token)
                    #expect(refused.status == 403, "\(method) \(path)")
                }
                try await bind(stage, "edit")
                let made = try await stage.call("POST", Stage.maps, Stage.map("a"), token: token)
                #expect(made.status == 201)
            }
        }

        @Test func `a role that selects others has their rules as long as they are there`()
            async throws
        {
            try await Stage.run { stage in
                let token = try await token(stage)
                let roles = "/apis/rbac.authorization.k8s.io/v1/clusterroles"
                func role(_ name: String, _ labels: JSON, _ more: JSON) -> JSON {
                    let role: JSON = [
                        "apiVersion": "rbac.authorization.k8s.io/v1", "kind": "ClusterRole",
                        "metadata": ["name": .string(name), "labels": labels],
                    ]
                    return role.merging(patch: more)
                }
                let selects: JSON = [
                    "aggregationRule": [
                        "clusterRoleSelectors": [["matchLabels": ["team": "a", "for": "maps"]]]
                    ]
                ]
                let maps: JSON = [
                    "rules": [
                        [
                            "apiGroups": [""], "resources": ["configmaps"],
                            "verbs": ["get", "list"],
                        ]
                    ]
                ]
                let made = try await stage.call("POST", roles, role("sum", [:], selects))
                #expect(made.status == 201)
                try await bind(stage, "sum")
                let half = role("half", ["team": "a"], maps)
                #expect(try await stage.call("POST", roles, half).status == 201)
                #expect(try await stage.call("GET", Stage.maps, token: token).status == 403)
                let whole = role("whole", ["team": "a", "for": "maps"], maps)
                #expect(try await stage.call("POST", roles, whole).status == 201)
                #expect(try await stage.call("GET", Stage.maps, token: token).status == 200)
                let rules = try await stage.call(
                    "POST",
                    "/apis/authorization.k8s.io/v1/selfsubjectrulesreviews",
                    [
                        "apiVersion": "authorization.k8s.io/v1",
                        "kind": "SelfSubjectRulesReview", "spec": ["namespace": "shop"],
                    ],
                    token: token
                )
                let listed = rules.json["status"]?["resourceRules"]?.array ?? []
                #expect(listed.contains { $0["resources"] == ["configmaps"] })
                try await stage.call("DELETE", "\(roles)/whole")
                #expect(try await stage.call("GET", Stage.maps, token: token).status == 403)
            }
        }

        @Test func `a token ends by time, with its account, and at the cluster's border`()
            async throws
        {
            try await Stage.run { stage in
                try await bind(stage, "view")
                let token = try await token(stage)
                try await stage.server.cluster("other").make()
                let abroad = try await stage.call(
                    "GET",
                    "/api/v1/namespaces",
                    token: token,
                    cluster: "other"
                )
                #expect(abroad.status == 401)
                // A cluster of others, and one that is not there.
                for path in ["/version", "/healthz", "/readyz", "/api", "/nope", "/api/v1/pods"] {
                    for token in [token, "nobody"] {
                        let json = "application/json"
                        let other = await stage.answer("GET", path, [], json, nil, token, "other")
                        let none = await stage.answer("GET", path, [], json, nil, token, "none")
                        #expect(other.status == 401 && none.status == 401, "\(path)")
                        #expect(Self.bytes(other) == Self.bytes(none), "\(path)")
                        #expect(other.headers.map(\.value) == none.headers.map(\.value))
                    }
                    let own = try await stage.call("GET", path, token: token)
                    #expect(own.status != 401, "\(path)")
                }
                stage.clock.advance(by: .seconds(601))
                #expect(try await stage.call("GET", Stage.maps, token: token).status == 401)
                let next = try await self.token(stage)
                try await stage.call("DELETE", "/api/v1/namespaces/shop/serviceaccounts/default")
                #expect(try await stage.call("GET", Stage.maps, token: next).status == 401)
                for nonsense in ["", "a.b.c", next + "x", String(next.dropLast())] {
                    let answer = try await stage.call("GET", Stage.maps, token: nonsense)
                    #expect(answer.status == 401)
                }
            }
        }

        @Test func `anyone may ask what they may do`() async throws {
            try await Stage.run { stage in
                let token = try await token(stage)
                func ask(_ verb: String) async throws -> JSON? {
                    try await stage.call(
                        "POST",
                        "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews",
                        [
                            "apiVersion": "authorization.k8s.io/v1",
                            "kind": "SelfSubjectAccessReview",
                            "spec": [
                                "resourceAttributes": [
                                    "verb": .string(verb), "resource": "pods", "namespace": "shop",
                                ]
                            ],
                        ],
                        token: token
                    ).json["status"]?["allowed"]
                }
                #expect(try await ask("list") == false)
                try await bind(stage, "view")
                #expect(try await ask("list") == true)
                #expect(try await ask("delete") == false)
                let me = try await stage.call(
                    "POST",
                    "/apis/authentication.k8s.io/v1/selfsubjectreviews",
                    ["apiVersion": "authentication.k8s.io/v1", "kind": "SelfSubjectReview"],
                    token: token
                )
                #expect(
                    me.json["status"]?["userInfo"]?["username"]
                        == "system:serviceaccount:shop:default"
                )
            }
        }

        @Test func `the server says that it is a sandbox`() async throws {
            try await Stage.run { stage in
                let version = try await stage.call("GET", "/version")
                #expect(version.json["gitVersion"] == "v1.34.0+slipway-sandbox")
                let system = try await stage.call("GET", "/api/v1/namespaces/kube-system")
                #expect(
                    system.json["metadata"]?["labels"]?["sandbox.slipway.dev/sandbox"] == "true"
                )
                let answer = await stage.answer("GET", "/livez")
                #expect(answer.headers.contains { $0.name == "x-slipway-sandbox" })
                #expect(try await stage.call("GET", "/version", cluster: "nowhere").status == 404)
            }
        }

        @Test func `both forms of discovery name the same kinds, declared ones too`() async throws {
            try await Stage.run { stage in
                try await stage.call(
                    "POST",
                    "/apis/apiextensions.k8s.io/v1/customresourcedefinitions",
                    [
                        "apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition",
                        "metadata": ["name": "boats.sea.example"],
                        "spec": [
                            "group": "sea.example", "scope": "Namespaced",
                            "names": ["kind": "Boat", "plural": "boats"],
                            "versions": [
                                ["name": "v1alpha1", "served": true, "storage": false],
                                ["name": "v1", "served": true, "storage": true],
                            ],
                        ],
                    ]
                )
                let accept =
                    "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,"
                    + "application/json"
                let new = try await stage.call("GET", "/apis", accept: accept)
                var groups: Set<String> = []
                for item in new.json["items"]?.array ?? [] {
                    for version in item["versions"]?.array ?? [] {
                        groups.insert(
                            "\(item["metadata"]?["name"]?.string ?? "")/"
                                + "\(version["version"]?.string ?? "")"
                        )
                    }
                }
                let old = try await stage.call("GET", "/apis")
                let listed = (old.json["groups"]?.array ?? []).flatMap { group in
                    (group["versions"]?.array ?? []).compactMap { $0["groupVersion"]?.string }
                }
                #expect(groups == Set(listed))
                #expect(groups.isSuperset(of: ["sea.example/v1", "sea.example/v1alpha1"]))
                let boat = try await stage.apply(
                    ["apiVersion": "sea.example/v1", "kind": "Boat", "metadata": ["name": "b"]],
                    at: "/apis/sea.example/v1/namespaces/shop/boats/b",
                    as: "t"
                )
                #expect(boat.status == 201)
            }
        }

        @Test(arguments: [
            ("unavailable", 503), ("throttle", 429), ("unauthorized", 401),
        ])
        func `a fault is played as often as it says`(_ kind: String, _ status: Int) async throws {
            try await Stage.run { stage in
                try await stage.call(
                    "POST",
                    "/apis/sandbox.slipway.dev/v1/faults",
                    [
                        "apiVersion": "sandbox.slipway.dev/v1", "kind": "Fault",
                        "metadata": ["name": "f"],
                        "spec": [
                            "target": "api", "kind": .string(kind), "count": 2,
                            "resources": ["configmaps"], "verbs": ["list"],
                        ],
                    ]
                )
                #expect(try await stage.call("GET", Stage.maps + "/nope").status == 404)
                for _ in 0..<2 {
                    #expect(try await stage.call("GET", Stage.maps).status == status)
                }
                #expect(try await stage.call("GET", Stage.maps).status == 200)
            }
        }

        @Test func `a server that is away is not ready either`() async throws {
            try await Stage.run { stage in
                #expect(try await stage.call("GET", "/readyz").status == 200)
                let spec: JSON = ["target": "api", "kind": "unavailable"]
                try await stage.cluster.create([
                    "apiVersion": "sandbox.slipway.dev/v1", "kind": "Fault",
                    "metadata": ["name": "away"], "spec": spec,
                ])
                #expect(try await stage.call("GET", "/readyz").status == 503)
                #expect(try await stage.call("GET", Stage.maps).status == 503)
                let faults = "/apis/sandbox.slipway.dev/v1/faults"
                #expect(try await stage.call("DELETE", faults + "/away").status == 200)
                #expect(try await stage.call("GET", "/readyz").status == 200)
            }
        }

        @Test func `the version is that of the newest node`() async throws {
            try await Stage.run { stage in
                for (name, version) in [("a", "v1.9.3"), ("b", "v1.35.1"), ("c", "v1.34.0")] {
                    try await stage.cluster.create([
                        "apiVersion": "v1", "kind": "Node", "metadata": ["name": .string(name)],
                    ])
                    let key = SandboxKey(SandboxKind("Node"), name)
                    try await stage.cluster.updateStatus(key) {
                        $0.status["nodeInfo"] = ["kubeletVersion": .string(version)]
                    }
                }
                let version = try await stage.call("GET", "/version")
                #expect(version.json["gitVersion"] == "v1.35.1+slipway-sandbox")
                #expect(version.json["minor"] == "35")
            }
        }

        private static let purposes: [(String, String, String?, String, String?)] = [
            ("GET", "/api/v1/pods", "watch=1", "watch", "pods"),
            ("GET", "/apis/apps/v1/namespaces/a/deployments", nil, "list", "deployments.apps"),
            ("PATCH", "/api/v1/namespaces/a/pods/b/status", nil, "patch", "pods/status"),
            ("GET", "/openapi/v3", "token=secret", "get", nil),
        ]

        @Test(arguments: purposes)
        func `a request is told by verb and kind`(
            _ method: String,
            _ path: String,
            _ query: String?,
            _ verb: String,
            _ resource: String?
        ) {
            let purpose = SandboxRequest.purpose(method: method, path: path, query: query)
            #expect(purpose.verb == verb)
            #expect(purpose.resource == resource)
        }

        @Test func `rows for people have a cell for each column`() async throws {
            try await Stage.run { stage in
                let accept = "application/json;as=Table;v=v1;g=meta.k8s.io,application/json"
                for path in [
                    "/api/v1/namespaces", Stage.maps, "/api/v1/services", "/api/v1/pods",
                    "/apis/rbac.authorization.k8s.io/v1/clusterroles",
                ] {
                    let table = try await stage.call("GET", path, accept: accept)
                    #expect(table.json["kind"] == "Table")
                    let columns = table.json["columnDefinitions"]?.array?.count
                    for row in table.json["rows"]?.array ?? [] {
                        #expect(row["cells"]?.array?.count == columns)
                        #expect(row["object"]?["kind"] == "PartialObjectMetadata")
                    }
                }
            }
        }

        @Test func `a body in protobuf is understood as far as commands write it`() async throws {
            try await Stage.run { stage in
                // k8s\0, then v1/ConfigMap with the name "p" and the data a=b.
                let type: [UInt8] =
                    [0x0A, 2] + Array("v1".utf8) + [0x12, 9]
                    + Array("ConfigMap".utf8)
                let raw: [UInt8] =
                    [0x0A, 5, 0x0A, 1, 0x70, 0x1A, 0, 0x12, 6, 0x0A, 1, 0x61, 0x12, 1]
                    + [0x62]
                let body: [UInt8] =
                    Array("k8s\0".utf8) + [0x0A, UInt8(type.count)] + type
                    + [0x12, UInt8(raw.count)] + raw
                let made = try await stage.send(
                    "POST",
                    Stage.maps,
                    body,
                    type: "application/vnd.kubernetes.protobuf"
                )
                #expect(made.status == 201)
                #expect(made.json["metadata"]?["name"] == "p")
                #expect(made.json["data"] == ["a": "b"])
                for count in 0..<body.count {
                    let cut = try await stage.send(
                        "POST",
                        Stage.maps,
                        Array(body.prefix(count)),
                        type: "application/vnd.kubernetes.protobuf"
                    )
                    #expect(cut.status >= 400)
                }
                let deep = try await stage.send(
                    "POST",
                    Stage.maps,
                    Array("k8s\0".utf8) + [0x0A, UInt8(type.count)] + type + nested(of: 1_000_000),
                    type: "application/vnd.kubernetes.protobuf"
                )
                #expect(deep.status == 415)
            }
        }

        /// A field that holds a field that holds a field, numbered as nobody knows.
        private func nested(of bytes: Int) -> [UInt8] {
            var reversed: [UInt8] = []
            while reversed.count < bytes {
                var length: [UInt8] = []
                var rest = reversed.count
                repeat {
                    length.append(UInt8(rest & 0x7F) | (rest > 0x7F ? 0x80 : 0))
                    rest >>= 7
                } while rest > 0
                reversed += length.reversed() + [9 << 3 | 2]
            }
            return reversed.reversed()
        }
    }
}
