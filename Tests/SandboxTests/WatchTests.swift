import Domain
import EventLoop
import JSON
import Kubernetes
import Sandbox
import Synchronization
import Testing

extension SandboxTests {
    /// Watches tell what happens, from where the watcher stands.
    struct WatchTests {
        /// A watch that is read line by line.
        private struct Watch {
            let body: any KubernetesBody
            var rest: [UInt8] = []

            mutating func next() async throws -> (type: String, object: JSON) {
                while true {
                    if let end = rest.firstIndex(of: 0x0A) {
                        let event = try JSON.parse(Array(rest[..<end]))
                        rest.removeFirst(end + 1)
                        return (event["type"]?.string ?? "", event["object"] ?? .null)
                    }
                    rest += try #require(try await body.next(), "the watch has ended")
                }
            }
        }

        private func watch(_ stage: Stage, _ target: String) async throws -> Watch {
            let transport = SandboxTransport(
                stage.server,
                cluster: SandboxServer.management,
                as: "t"
            )
            let parts = target.split(separator: "?").map(String.init)
            let query = parts[1].split(separator: "&").map { part in
                let pair = part.split(separator: "=", maxSplits: 1).map(String.init)
                return (name: pair[0], value: pair[1])
            }
            let answer = try await transport.send(
                KubernetesRequest("GET", parts[0], query: query, lane: .watch)
            )
            #expect(answer.status == 200)
            return Watch(body: answer.body)
        }

        private func version(_ stage: Stage) async throws -> String {
            let list = try await stage.call("GET", Stage.maps)
            return list.json["metadata"]?["resourceVersion"]?.string ?? ""
        }

        @Test(arguments: Keeping.allCases)
        func `a watch from a list's revision misses nothing`(_ keeping: Keeping) async throws {
            try await Stage.run(keeping) { stage in
                let start = try await version(stage)
                var watch = try await watch(stage, Stage.maps + "?watch=1&resourceVersion=\(start)")
                try await stage.call("POST", Stage.maps, Stage.map("a", ["k": "1"]))
                #expect(try await watch.next().type == "ADDED")
                try await stage.call(
                    "PATCH",
                    Stage.maps + "/a",
                    ["data": ["k": "2"]],
                    type: "application/merge-patch+json"
                )
                let changed = try await watch.next()
                #expect(changed.type == "MODIFIED")
                #expect(changed.object["data"]?["k"] == "2")
                try await stage.call("DELETE", Stage.maps + "/a")
                #expect(try await watch.next().type == "DELETED")
                try await stage.call("POST", Stage.maps, Stage.map("a"))
                #expect(try await watch.next().type == "ADDED")
            }
        }

        @Test func `what leaves a selection is deleted for its watcher`() async throws {
            try await Stage.run { stage in
                try await stage.call("POST", Stage.maps, Stage.map("a", labels: ["tier": "gold"]))
                let start = try await version(stage)
                var watch = try await watch(
                    stage,
                    Stage.maps + "?watch=1&labelSelector=tier=gold&resourceVersion=\(start)"
                )
                let merge = "application/merge-patch+json"
                for (value, type) in [("tin", "DELETED"), ("gold", "ADDED")] {
                    try await stage.call(
                        "PATCH",
                        Stage.maps + "/a",
                        ["metadata": ["labels": ["tier": .string(value)]]],
                        type: merge
                    )
                    #expect(try await watch.next().type == type)
                }
            }
        }

        @Test func `a watch can begin with what is there and mark the end of it`() async throws {
            try await Stage.run { stage in
                var watch = try await watch(
                    stage,
                    Stage.maps
                        + "?watch=1&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&"
                        + "allowWatchBookmarks=true"
                )
                #expect(try await watch.next().object["metadata"]?["name"] == "kube-root-ca.crt")
                let mark = try await watch.next()
                #expect(mark.type == "BOOKMARK")
                #expect(
                    mark.object["metadata"]?["annotations"]?["k8s.io/initial-events-end"] == "true"
                )
            }
        }

        @Test func `a watch from before what was forgotten is refused, then ended`() async throws {
            try await Stage.run { stage in
                let start = try await version(stage)
                var open = try await watch(stage, Stage.maps + "?watch=1&resourceVersion=\(start)")
                try await stage.call("POST", Stage.maps, Stage.map("a"))
                #expect(try await open.next().type == "ADDED")
                try await stage.call("DELETE", Stage.maps + "/a")
                #expect(try await open.next().type == "DELETED")
                stage.clock.advance(by: .seconds(3_600))
                let controllers = SandboxControllers(stage.server, controllers: [], holder: "t")
                try await controllers.compactNow()
                let late = try await stage.call(
                    "GET",
                    Stage.maps + "?watch=1&resourceVersion=\(start)"
                )
                #expect(late.status == 410)
                #expect(late.json["reason"] == "Expired")
            }
        }

        @Test func `an informer of Slipway's client follows a sandbox cluster`() async throws {
            try await Stage.run { stage in
                let start = try await version(stage)
                var watch = try await watch(
                    stage,
                    "/api/v1/configmaps?watch=1&timeoutSeconds=60&resourceVersion=\(start)"
                )
                try await stage.cluster.create(Self.inDefault("b"))
                #expect(try await watch.next().object["metadata"]?["namespace"] == "default")
            }
        }

        private static func inDefault(_ name: String) -> JSON {
            [
                "apiVersion": "v1", "kind": "ConfigMap",
                "metadata": ["name": .string(name), "namespace": "default"],
            ]
        }
    }
}
