import Domain
import JSON
import Sandbox
import Synchronization
import Testing

extension SandboxTests {
    /// What acts on changes by itself.
    struct ControllerTests {
        private func owned(_ name: String, by owner: JSON) -> JSON {
            [
                "apiVersion": "v1", "kind": "ConfigMap",
                "metadata": [
                    "name": .string(name), "namespace": "shop", "ownerReferences": [owner],
                ],
            ]
        }

        private func runner(_ stage: Stage) -> SandboxControllers {
            SandboxControllers(stage.server, controllers: [], holder: "test")
        }

        @Test(arguments: Keeping.allCases)
        func `what has lost its owner goes, also over generations`(
            _ keeping: Keeping
        ) async throws {
            try await Stage.run(keeping) { stage in
                let runner = runner(stage)
                let one = try await stage.cluster.create(
                    owned(
                        "one",
                        by: [
                            "apiVersion": "v1", "kind": "Namespace", "name": "shop",
                            "uid":
                                .string(try await uid(stage)),
                        ]
                    )
                )
                let two = try await stage.cluster.create(owned("two", by: one.reference()))
                try await stage.cluster.create(owned("three", by: two.reference()))
                try await runner.settle()
                #expect(try await names(stage) == ["kube-root-ca.crt", "one", "three", "two"])
                try await stage.cluster.delete(one.key)
                try await runner.settle()
                #expect(try await names(stage) == ["kube-root-ca.crt"])
            }
        }

        private func uid(_ stage: Stage) async throws -> String {
            try #require(try await stage.cluster.get(SandboxKey(.namespace, "shop"))).uid
        }

        private func names(_ stage: Stage) async throws -> [String] {
            try await stage.cluster.list(SandboxKind("ConfigMap"), namespace: "shop").map(\.name)
        }

        @Test func `orphans stay, and an owner waits for those that block it`() async throws {
            try await Stage.run { stage in
                let runner = runner(stage)
                let one = try await stage.cluster.create(Stage.inShop("one"))
                try await stage.cluster.create(owned("child", by: one.reference()))
                try await stage.cluster.delete(one.key, propagation: .orphan)
                try await runner.settle()
                #expect(try await names(stage) == ["child", "kube-root-ca.crt"])
                let child = try await stage.cluster.get(
                    SandboxKey(SandboxKind("ConfigMap"), "shop", "child")
                )
                #expect(child?.owners.isEmpty == true)

                let two = try await stage.cluster.create(Stage.inShop("two"))
                let blocker = try await stage.cluster.create(owned("block", by: two.reference()))
                try await stage.cluster.update(blocker.key) { $0.finalizers = ["x.io/hold"] }
                try await stage.cluster.delete(two.key, propagation: .foreground)
                try await runner.settle()
                let waiting = try await stage.cluster.get(two.key)
                #expect(waiting?.isDeleting == true)
                try await stage.cluster.update(blocker.key) { $0.finalizers = [] }
                stage.clock.advance(by: .seconds(2))
                try await runner.settle()
                let gone = try await stage.cluster.get(two.key)
                #expect(gone == nil)
            }
        }

        @Test(arguments: Keeping.allCases)
        func `a namespace goes when all in it is gone, and takes nothing new`(
            _ keeping: Keeping
        ) async throws {
            try await Stage.run(keeping) { stage in
                let runner = runner(stage)
                let held = try await stage.cluster.create(Stage.inShop("held"))
                try await stage.cluster.update(held.key) { $0.finalizers = ["x.io/hold"] }
                try await stage.call("DELETE", "/api/v1/namespaces/shop")
                try await runner.settle()
                let waiting = try await stage.call("GET", "/api/v1/namespaces/shop")
                #expect(waiting.json["status"]?["phase"] == "Terminating")
                let conditions = waiting.json["status"]?["conditions"]?.array ?? []
                let remaining = conditions.first {
                    $0["type"] == "NamespaceFinalizersRemaining"
                }
                #expect(remaining?["status"] == "True")
                #expect(remaining?["message"]?.string?.contains("x.io/hold") == true)
                let late = try await stage.call("POST", Stage.maps, Stage.map("late"))
                #expect(late.status == 403)
                #expect(late.json["details"]?["causes"]?[0]?["reason"] == "NamespaceTerminating")
                try await stage.cluster.update(held.key) { $0.finalizers = [] }
                stage.clock.advance(by: .seconds(1))
                try await runner.settle()
                #expect(try await stage.call("GET", "/api/v1/namespaces/shop").status == 404)
            }
        }

        /// Counts in an annotation how often it was asked, and comes back twice.
        private struct Counter: SandboxController {
            let name = "counter"
            let kinds = [SandboxKind("ConfigMap")]

            func reconcile(
                _ key: SandboxKey,
                in cluster: SandboxCluster
            ) async throws(SandboxStatus) -> SandboxRequeue {
                guard key.name == "counted" else { return .none }
                let object = try await cluster.updateStatus(key, as: name) { object in
                    let count = object.json["data"]?["n"]?.string.flatMap { Int($0) } ?? 0
                    if count < 3 { object.json["data"] = ["n": .string(String(count + 1))] }
                }
                return object?.json["data"]?["n"] == "3" ? .none : .after(.seconds(5))
            }
        }

        @Test func `a controller sees every change and comes back when it said`() async throws {
            try await Stage.run { stage in
                let runner = SandboxControllers(
                    stage.server,
                    controllers: [Counter()],
                    holder: "test"
                )
                let made = try await stage.cluster.create(Stage.inShop("counted"))
                try await runner.settle()
                let counted = try await stage.cluster.get(made.key)
                #expect(counted?.json["data"]?["n"] == "3")
            }
        }

        @Test func `one process at a time runs the controllers`() async throws {
            try await Stage.run { stage in
                let first = SandboxControllers(stage.server, controllers: [], holder: "first")
                let second = SandboxControllers(stage.server, controllers: [], holder: "second")
                let one = try await first.leads()
                #expect(one)
                #expect(try await !second.leads())
                stage.clock.advance(by: .seconds(16))
                #expect(try await second.leads())
                #expect(try await !first.leads())
            }
        }
    }
}

extension Stage {
    /// A ConfigMap in the namespace `shop`.
    static func inShop(_ name: String) -> JSON {
        [
            "apiVersion": "v1", "kind": "ConfigMap",
            "metadata": ["name": .string(name), "namespace": "shop"],
        ]
    }
}
