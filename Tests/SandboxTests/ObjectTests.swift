import JSON
import Sandbox
import Testing

extension SandboxTests {
    /// Objects come, change and go by the rules of an API server.
    struct ObjectTests {
        @Test(arguments: Keeping.allCases)
        func `an object is made once, found, listed and deleted`(_ keeping: Keeping) async throws {
            try await Stage.run(keeping) { stage in
                let made = try await stage.call("POST", Stage.maps, Stage.map("a", ["k": "v"]))
                #expect(made.status == 201)
                let metadata = try #require(made.json["metadata"])
                #expect(metadata["uid"]?.string?.count == 36)
                #expect(metadata["namespace"] == "shop")
                #expect(metadata["creationTimestamp"] == "2026-11-21T01:00:00Z")
                let again = try await stage.call("POST", Stage.maps, Stage.map("a"))
                #expect(again.status == 409)
                #expect(again.json["reason"] == "AlreadyExists")
                #expect(again.json["message"] == "configmaps \"a\" already exists")
                let found = try await stage.call("GET", Stage.maps + "/a")
                #expect(found.json["data"] == ["k": "v"])
                let list = try await stage.call("GET", Stage.maps)
                #expect(list.json["kind"] == "ConfigMapList")
                #expect(list.json["items"]?.array?.count == 2)
                let gone = try await stage.call("DELETE", Stage.maps + "/a")
                #expect(gone.json["status"] == "Success")
                #expect(gone.json["details"]?["uid"] == metadata["uid"])
                let missing = try await stage.call("GET", Stage.maps + "/a")
                #expect(missing.status == 404)
                #expect(missing.json["details"]?["kind"] == "configmaps")
            }
        }

        @Test(arguments: Keeping.allCases)
        func `writes that come at once happen in an order, each once`(
            _ keeping: Keeping
        ) async throws {
            try await Stage.run(keeping) { stage in
                try await stage.call("POST", Stage.maps, Stage.map("shared"))
                let key = SandboxKey(SandboxKind("ConfigMap"), "shop", "shared")
                try await withThrowingTaskGroup(of: Int.self) { group in
                    for number in 0..<40 {
                        group.addTask {
                            // Every name is wanted twice.
                            let map = Stage.map("m\(number / 2)")
                            return try await stage.call("POST", Stage.maps, map).status
                        }
                    }
                    for number in 0..<8 {
                        group.addTask {
                            try await stage.cluster.update(key) { object in
                                object.setLabel("n\(number)", "set")
                            }
                            return 200
                        }
                    }
                    var counts: [Int: Int] = [:]
                    for try await status in group { counts[status, default: 0] += 1 }
                    #expect(counts == [200: 8, 201: 20, 409: 20])
                }
                #expect(try await stage.cluster.get(key)?.labels.count == 8)
                let list = try await stage.call("GET", Stage.maps).json["items"]?.array ?? []
                let revisions = list.compactMap { $0["metadata"]?["resourceVersion"]?.string }
                #expect(list.count == 22 && Set(revisions).count == list.count)
            }
        }

        @Test(arguments: Keeping.allCases)
        func `a writer that has seen an older state is refused`(_ keeping: Keeping) async throws {
            try await Stage.run(keeping) { stage in
                let made = try await stage.call("POST", Stage.maps, Stage.map("a"))
                var object = SandboxObject(try #require(made.json.object))
                try await stage.call(
                    "PATCH",
                    Stage.maps + "/a",
                    ["data": ["x": "1"]],
                    type: "application/merge-patch+json"
                )
                object.json["data"] = ["y": "2"]
                let stale = try await stage.call("PUT", Stage.maps + "/a", .object(object.json))
                #expect(stale.status == 409)
                #expect(stale.json["reason"] == "Conflict")
                object.metadata["resourceVersion"] = nil
                let free = try await stage.call("PUT", Stage.maps + "/a", .object(object.json))
                #expect(free.status == 200)
                #expect(free.json["data"] == ["y": "2"])
            }
        }

        @Test(arguments: Keeping.allCases)
        func `what changes nothing keeps its revision`(_ keeping: Keeping) async throws {
            try await Stage.run(keeping) { stage in
                let made = try await stage.call("POST", Stage.maps, Stage.map("a", ["k": "v"]))
                let same = try await stage.call(
                    "PATCH",
                    Stage.maps + "/a",
                    ["data": ["k": "v"]],
                    type: "application/merge-patch+json"
                )
                #expect(
                    same.json["metadata"]?["resourceVersion"]
                        == made.json["metadata"]?["resourceVersion"]
                )
            }
        }

        @Test(arguments: [
            ("POST", "/api/v1/namespaces/nope/configmaps", "a", 404, "NotFound"),
            ("POST", "/api/v1/namespaces/shop/configmaps", "A_b", 422, "Invalid"),
            ("POST", "/api/v1/namespaces/shop/configmaps", "", 422, "Invalid"),
            ("PUT", "/api/v1/namespaces/shop/configmaps/b", "c", 400, "BadRequest"),
            ("PUT", "/api/v1/namespaces/shop/configmaps/c", "c", 404, "NotFound"),
            ("PUT", "/api/v1/namespaces/shop/configmaps", "c", 405, "MethodNotAllowed"),
            ("POST", "/api/v1/namespaces/shop/secrets", "c", 400, "BadRequest"),
            ("POST", "/apis/nope.io/v1/things", "c", 404, "NotFound"),
        ])
        func `a wrong request is refused with the reason`(
            _ method: String,
            _ path: String,
            _ name: String,
            _ status: Int,
            _ reason: String
        ) async throws {
            try await Stage.run { stage in
                let answer = try await stage.call(method, path, Stage.map(name))
                #expect(answer.status == status)
                #expect(answer.json["reason"] == .string(reason))
                #expect(answer.json["kind"] == "Status")
                #expect(answer.json["code"] == .integer(status))
            }
        }

        @Test func `what is wanted is counted, what was seen is not`() async throws {
            try await Stage.run { stage in
                let path = "/apis/cluster.x-k8s.io/v1beta2/namespaces/shop/clusters"
                let merge = "application/merge-patch+json"
                try await stage.call(
                    "POST",
                    path,
                    [
                        "apiVersion": "cluster.x-k8s.io/v1beta2", "kind": "Cluster",
                        "metadata": ["name": "c"], "spec": ["paused": false],
                        "status": ["phase": "Provisioned"],
                    ]
                )
                let made = try await stage.call("GET", path + "/c")
                #expect(made.json["status"] == nil, "a status is not made with the object")
                var steps: [(String, JSON, Int)] = []
                steps.append(("/c/status", ["status": ["phase": "Pending"]], 1))
                steps.append(("/c", ["metadata": ["labels": ["a": "b"]]], 1))
                steps.append(("/c", ["status": ["phase": "Failed"]], 1))
                steps.append(("/c", ["spec": ["paused": true]], 2))
                for (place, patch, generation) in steps {
                    let answer = try await stage.call("PATCH", path + place, patch, type: merge)
                    #expect(answer.json["metadata"]?["generation"]?.int == generation, "\(patch)")
                    #expect(answer.json["status"]?["phase"] == "Pending")
                }
            }
        }

        @Test(arguments: Keeping.allCases)
        func `finalizers hold an object that was told to go`(_ keeping: Keeping) async throws {
            try await Stage.run(keeping) { stage in
                var object = try #require(Stage.map("a").object)
                object["metadata"] = ["name": "a", "finalizers": ["x.io/hold"]]
                try await stage.call("POST", Stage.maps, .object(object))
                let marked = try await stage.call("DELETE", Stage.maps + "/a")
                #expect(marked.json["kind"] == "ConfigMap")
                #expect(marked.json["metadata"]?["deletionTimestamp"] != nil)
                let more = try await stage.call(
                    "PATCH",
                    Stage.maps + "/a",
                    ["metadata": ["finalizers": ["x.io/hold", "y.io/hold"]]],
                    type: "application/merge-patch+json"
                )
                #expect(more.status == 422)
                try await stage.call(
                    "PATCH",
                    Stage.maps + "/a",
                    ["metadata": ["finalizers": nil]],
                    type: "application/merge-patch+json"
                )
                #expect(try await stage.call("GET", Stage.maps + "/a").status == 404)
            }
        }

        @Test func `a deletion that is meant for another incarnation is refused`() async throws {
            try await Stage.run { stage in
                try await stage.call("POST", Stage.maps, Stage.map("a"))
                let answer = try await stage.call(
                    "DELETE",
                    Stage.maps + "/a",
                    ["preconditions": ["uid": "another"]]
                )
                #expect(answer.status == 409)
                #expect(try await stage.call("GET", Stage.maps + "/a").status == 200)
            }
        }

        @Test func `a trial changes nothing`() async throws {
            try await Stage.run { stage in
                let made = try await stage.call("POST", Stage.maps + "?dryRun=All", Stage.map("a"))
                #expect(made.status == 201)
                #expect(try await stage.call("GET", Stage.maps + "/a").status == 404)
                try await stage.call("POST", Stage.maps, Stage.map("a"))
                try await stage.call("DELETE", Stage.maps + "/a?dryRun=All")
                #expect(try await stage.call("GET", Stage.maps + "/a").status == 200)
            }
        }

        @Test(arguments: Keeping.allCases)
        func `lists come in pages and by selector`(_ keeping: Keeping) async throws {
            try await Stage.run(keeping) { stage in
                for number in 0..<7 {
                    try await stage.call(
                        "POST",
                        Stage.maps,
                        Stage.map("m\(number)", labels: ["tier": number % 2 == 0 ? "gold" : "tin"])
                    )
                }
                var names: [String] = []
                var next = ""
                var pages = 0
                repeat {
                    let page = try await stage.call(
                        "GET",
                        Stage.maps + "?labelSelector=tier%20in%20(gold)&limit=2\(next)"
                    )
                    names +=
                        page.json["items"]?.array?.compactMap {
                            $0["metadata"]?["name"]?.string
                        } ?? []
                    next =
                        page.json["metadata"]?["continue"]?.string.map { "&continue=\($0)" } ?? ""
                    pages += 1
                } while !next.isEmpty && pages < 9
                #expect(names == ["m0", "m2", "m4", "m6"])
                let one = try await stage.call(
                    "GET",
                    "/api/v1/configmaps?fieldSelector=metadata.name%3Dm3,metadata.namespace%3Dshop"
                )
                #expect(one.json["items"]?.array?.count == 1)
            }
        }

        @Test(arguments: Keeping.allCases)
        func `an old place in a list has expired once deletions are forgotten`(
            _ keeping: Keeping
        ) async throws {
            try await Stage.run(.memory) { stage in
                for name in ["a", "b", "c"] {
                    try await stage.call("POST", Stage.maps, Stage.map(name))
                }
                let page = try await stage.call("GET", Stage.maps + "?limit=1")
                let next = try #require(page.json["metadata"]?["continue"]?.string)
                try await stage.call("DELETE", Stage.maps + "/c")
                stage.clock.advance(by: .seconds(3_600))
                let controllers = SandboxControllers(stage.server, controllers: [], holder: "t")
                try await controllers.compactNow()
                let late = try await stage.call("GET", Stage.maps + "?limit=1&continue=\(next)")
                #expect(late.status == 410)
                #expect(late.json["reason"] == "Expired")
            }
        }

        @Test func `a JSON patch removes, adds and tests`() async throws {
            try await Stage.run { stage in
                try await stage.call("POST", Stage.maps, Stage.map("a", ["x": "1", "y": "2"]))
                let type = "application/json-patch+json"
                let patch: JSON = [
                    ["op": "test", "path": "/data/x", "value": "1"],
                    ["op": "remove", "path": "/data/x"],
                    ["op": "add", "path": "/data/z", "value": "3"],
                ]
                let changed = try await stage.call("PATCH", Stage.maps + "/a", patch, type: type)
                #expect(changed.json["data"] == ["y": "2", "z": "3"])
                let failed = try await stage.call("PATCH", Stage.maps + "/a", patch, type: type)
                #expect(failed.status == 422)
            }
        }
    }
}
