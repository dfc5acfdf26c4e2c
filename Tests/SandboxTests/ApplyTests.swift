import JSON
import Sandbox
import Testing

extension SandboxTests {
    /// Server-side apply: who owns which field.
    struct ApplyTests {
        private let path = Stage.maps + "/a"

        @Test(arguments: Keeping.allCases)
        func `an applier makes, changes and takes back what it wants`(
            _ keeping: Keeping
        ) async throws {
            try await Stage.run(keeping) { stage in
                let made = try await stage.apply(
                    Stage.map("a", ["x": "1", "y": "2"]),
                    at: path,
                    as: "one"
                )
                #expect(made.status == 201)
                let same = try await stage.apply(
                    Stage.map("a", ["x": "1", "y": "2"]),
                    at: path,
                    as: "one"
                )
                #expect(same.status == 200)
                #expect(same.json == made.json, "what is the same is not written")
                let less = try await stage.apply(Stage.map("a", ["x": "1"]), at: path, as: "one")
                #expect(less.json["data"] == ["x": "1"])
            }
        }

        @Test func `another's field is a conflict that names the other`() async throws {
            try await Stage.run { stage in
                try await stage.apply(Stage.map("a", ["x": "1"]), at: path, as: "one")
                let refused = try await stage.apply(
                    Stage.map("a", ["x": "2"]),
                    at: path,
                    as: "two"
                )
                #expect(refused.status == 409)
                #expect(
                    refused.json["message"]
                        == "Apply failed with 1 conflict: conflict with \"one\": .data.x"
                )
                #expect(
                    refused.json["details"]?["causes"] == [
                        [
                            "reason": "FieldManagerConflict", "message": "conflict with \"one\"",
                            "field": ".data.x",
                        ]
                    ]
                )
                let forced = try await stage.apply(
                    Stage.map("a", ["x": "2"]),
                    at: path,
                    as: "two",
                    force: true
                )
                #expect(forced.json["data"] == ["x": "2"])
                let dropped = try await stage.apply(
                    Stage.map("a", ["y": "3"]),
                    at: path,
                    as: "one"
                )
                #expect(dropped.json["data"] == ["x": "2", "y": "3"], "it is no longer its own")
            }
        }

        @Test func `a field of two appliers stays until both let go`() async throws {
            try await Stage.run { stage in
                for name in ["one", "two"] {
                    try await stage.apply(Stage.map("a", ["x": "1"]), at: path, as: name)
                }
                let first = try await stage.apply(Stage.map("a"), at: path, as: "one")
                #expect(first.json["data"]?["x"] == "1")
                let second = try await stage.apply(Stage.map("a"), at: path, as: "two")
                #expect(second.json["data"]?["x"] == nil)
            }
        }

        @Test func `a plain change takes fields away from appliers`() async throws {
            try await Stage.run { stage in
                try await stage.apply(Stage.map("a", ["x": "1"]), at: path, as: "one")
                try await stage.call(
                    "PATCH",
                    path + "?fieldManager=hand",
                    ["data": ["x": "9"]],
                    type: "application/merge-patch+json"
                )
                let refused = try await stage.apply(
                    Stage.map("a", ["x": "1"]),
                    at: path,
                    as: "one"
                )
                #expect(
                    refused.json["details"]?["causes"]?[0]?["message"]
                        == "conflict with \"hand\" using v1"
                )
            }
        }

        @Test func `items of lists with keys belong to their appliers`() async throws {
            try await Stage.run { stage in
                let path = "/apis/cluster.x-k8s.io/v1beta2/namespaces/shop/clusters/c"
                func cluster(_ pools: [(String, JSON)]) -> JSON {
                    [
                        "apiVersion": "cluster.x-k8s.io/v1beta2", "kind": "Cluster",
                        "metadata": ["name": "c"],
                        "spec": [
                            "topology": [
                                "workers": [
                                    "machineDeployments": .array(
                                        pools.map { ["name": .string($0.0), "replicas": $0.1] }
                                    )
                                ]
                            ]
                        ],
                    ]
                }
                try await stage.apply(cluster([("a", 1), ("b", 2)]), at: path, as: "one")
                let both = try await stage.apply(cluster([("c", 3)]), at: path, as: "two")
                let place = JSONPointer(["spec", "topology", "workers", "machineDeployments"])
                #expect(both.json.value(at: place)?.array?.count == 3)
                let less = try await stage.apply(cluster([("b", 2)]), at: path, as: "one")
                let names = less.json.value(at: place)?.array?.compactMap { $0["name"]?.string }
                #expect(names == ["b", "c"])
                let clash = try await stage.apply(cluster([("b", 5)]), at: path, as: "two")
                #expect(
                    clash.json["details"]?["causes"]?[0]?["field"]
                        == ".spec.topology.workers.machineDeployments[name=\"b\"].replicas"
                )
            }
        }

        @Test func `the status belongs to whoever writes it on its own`() async throws {
            try await Stage.run { stage in
                let path = "/apis/apps/v1/namespaces/shop/deployments/d"
                let object: JSON = [
                    "apiVersion": "apps/v1", "kind": "Deployment", "metadata": ["name": "d"],
                    "spec": [
                        "selector": ["matchLabels": ["a": "b"]],
                        "template": [
                            "metadata": ["labels": ["a": "b"]],
                            "spec": ["containers": [["name": "c", "image": "i"]]],
                        ],
                    ],
                    "status": ["replicas": 9],
                ]
                let made = try await stage.apply(object, at: path, as: "one")
                #expect(made.json["status"]?["replicas"] == nil)
                try await stage.cluster.updateStatus(
                    SandboxKey(SandboxKind("apps", "Deployment"), "shop", "d")
                ) { $0.status["replicas"] = 1 }
                let again = try await stage.apply(object, at: path, as: "one")
                #expect(again.status == 200)
                #expect(again.json["status"]?["replicas"] == 1)
            }
        }

        private static func text(_ value: String) -> String {
            #"{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a"},"#
                + #""data":{"x":"\#(value)"}}"#
        }

        @Test(arguments: [
            (text(#"\/"#), 400), (text(#"\ud83d\ude00"#), 400), (text(#"\\/ é"#), 201),
            ("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: {x: '1', x: '2'}\n", 400),
            ("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n", 201),
            ("{apiVersion: v1, kind: ConfigMap, metadata: {name: a}}", 201),
            (#"{"metadata":{"name":"a"}}"#, 400),
        ])
        func `an applied body is read as YAML`(_ body: String, _ status: Int) async throws {
            try await Stage.run { stage in
                let answer = try await stage.send(
                    "PATCH",
                    path + "?fieldManager=one",
                    Array(body.utf8),
                    type: "application/apply-patch+yaml"
                )
                #expect(answer.status == status, "\(answer.json)")
            }
        }

        @Test func `an applier must have a name`() async throws {
            try await Stage.run { stage in
                let answer = try await stage.call(
                    "PATCH",
                    path,
                    Stage.map("a"),
                    type: "application/apply-patch+yaml"
                )
                #expect(answer.status == 422)
            }
        }
    }
}
