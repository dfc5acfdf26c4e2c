import Domain
import HTTP
import JSON
import TestSupport
import Testing

@testable import API

extension PlatformTests {
    /// Deliveries that come in another order than they were sent in.
    @Suite struct HookOrderOperationTests {
        private static let branch = """
            ,"branches":[{"pattern":"main","environment":"trunk","type":"development",\
            "images":{"app":"r.example.com/shop:${REVISION}"}}]
            """

        private func run(
            _ forge: ForgeKind,
            more: String = "",
            _ body: (Platform) async throws -> Void
        ) async throws {
            try await Platform.run { platform in
                try await platform.plantEnvironments()
                try platform.database.run("DELETE FROM source")
                try platform.database.run("DELETE FROM deployment WHERE environment_name = 'pr-7'")
                try platform.database.run("DELETE FROM environment WHERE name = 'pr-7'")
                let url = forge == .gitea ? #","url":"https://git.example.com/api/v1""# : ""
                let made = try await platform.send(
                    .put,
                    "/v1/forges/\(forge.rawValue)",
                    json: #"{"spec":{"kind":"\#(forge.rawValue)"\#(url)}}"#
                )
                #expect([200, 201].contains(made.status), "\(made.text)")
                let images = #"{"images":{"app":"r.example.com/shop:${REVISION}"}}"#
                let source = try await platform.plantSource(
                    of: "acme",
                    images,
                    on: forge.rawValue,
                    more: more
                )
                #expect(source.status == 201, "\(source.text)")
                try await body(platform)
            }
        }

        private static func hash(_ letter: Character) -> String {
            String(repeating: letter, count: 40)
        }

        private static func push(_ before: Character, _ after: Character) -> SentHook {
            SentHook(
                .gitea,
                "push",
                key: "\(before)\(after)",
                """
                {"ref":"refs/heads/main","before":"\(hash(before))","after":"\(hash(after))",\
                "repository":{"full_name":"acme/shop","html_url":"https://x.example/acme/shop"}}
                """
            )
        }

        private func revision(_ platform: Platform, _ name: String) async throws -> String? {
            let path = "/v1/tenants/acme/environments/\(name)"
            let found = try await platform.send(.get, path)
            return found.json["spec"]?["source"]?["revision"]?.string
        }

        @Test func `an older delivery behind a newer one does not take its place`()
            async throws
        {
            try await run(.github) { platform in
                let newest = TestClock.start.description
                let older = TestClock.start.advanced(by: .seconds(-60)).description
                let second = try await platform.deliver(
                    .pull("synchronize", key: "2", at: newest)
                )
                let first = try await platform.deliver(
                    .pull("synchronize", key: "1", at: older, head: Self.hash("d"))
                )
                for taken in [second, first] { _ = try await platform.handle(taken) }
                #expect(try await revision(platform, "pr-7") == SentHook.head)
            }
        }

        @Test func `a delivery from the future does not keep later ones out`() async throws {
            try await run(.github) { platform in
                let future = TestClock.start.advanced(by: .seconds(86_400)).description
                let wrong = try await platform.deliver(
                    .pull("synchronize", key: "1", at: future, head: Self.hash("d"))
                )
                _ = try await platform.handle(wrong)
                platform.clock.advance(by: .seconds(5))
                let next = try await platform.deliver(
                    .pull("synchronize", key: "2", at: platform.clock.now.description)
                )
                _ = try await platform.handle(next)
                #expect(try await revision(platform, "pr-7") == SentHook.head)
            }
        }

        @Test(arguments: [[0, 1, 2], [2, 1, 0], [2, 0, 1], [1, 2, 0]])
        func `pushes that wait together come to the last of them, however they came`(
            order: [Int]
        ) async throws {
            try await run(.gitea, more: Self.branch) { platform in
                let pushes = [Self.push("a", "b"), Self.push("b", "c"), Self.push("c", "d")]
                var taken: [Reply] = []
                for place in order { taken.append(try await platform.deliver(pushes[place])) }
                for reply in taken { _ = try await platform.handle(reply) }
                #expect(try await revision(platform, "trunk") == Self.hash("d"))
                let rollOuts = "SELECT 1 FROM deployment WHERE environment_name = 'trunk'"
                #expect(try platform.database.run(rollOuts).count == 1)
            }
        }

        @Test func `a push leaves what the environment depends on as it is`() async throws {
            try await run(.gitea, more: Self.branch) { platform in
                _ = try await platform.handle(try await platform.deliver(Self.push("a", "b")))
                let path = "/v1/tenants/acme/environments/trunk"
                let patched = try await platform.send(
                    .patch,
                    path,
                    json: #"{"spec":{"dependencies":[{"offering":{"name":"cache"}}]}}"#
                )
                #expect(patched.status == 202, "\(patched.text)")
                _ = try await platform.handle(try await platform.deliver(Self.push("b", "c")))
                #expect(try await revision(platform, "trunk") == Self.hash("c"))
                let kept = try await platform.send(.get, path)
                let offering = kept.json["spec"]?["dependencies"]?[0]?["offering"]
                #expect(offering?["name"] == "cache", "\(kept.text)")
            }
        }

        @Test func `a push that comes after the one that went on from it is old`() async throws {
            try await run(.gitea, more: Self.branch) { platform in
                for push in [Self.push("b", "c"), Self.push("a", "b")] {
                    _ = try await platform.handle(try await platform.deliver(push))
                }
                #expect(try await revision(platform, "trunk") == Self.hash("c"))
                let back = try await platform.deliver(Self.push("c", "b"))
                _ = try await platform.handle(back)
                #expect(try await revision(platform, "trunk") == Self.hash("b"))
            }
        }
    }
}
