import CEmbedded
import Domain
import Git
import GitOps
import HTTP
import JSON
import TestSupport
import Testing

@testable import API

extension PlatformTests {
    /// Rendering the example blueprint out of a real repository.
    @Suite struct RenderingTests {
        private static let path = "/v1/blueprints/platform/versions/1.0.0/render"

        private var files: [(path: String, bytes: [UInt8])] {
            var count = 0
            let table = UnsafeBufferPointer(start: embedded_files(&count), count: count)
            return table.compactMap { file in
                let path = String(cString: file.path)
                guard path.hasPrefix(ExampleBlueprint.prefix) else { return nil }
                let bytes = UnsafeBufferPointer(start: file.bytes, count: file.count)
                return (String(path.dropFirst(ExampleBlueprint.prefix.count)), Array(bytes))
            }
        }

        /// Puts the repository where the refresh would, and the commit where it is looked for.
        private func plant(_ platform: Platform) throws -> String {
            let mirror = platform.layout.mirror(of: try BlueprintName(parsing: "platform"))
            try ExampleBlueprint.build(files: files, into: mirror)
            let tags = try Repository(opening: mirror).tags()
            let commit = try #require(tags.first { $0.name == "v1.0.0" }).commit
            try platform.database.run(
                "UPDATE blueprint_version SET commit = '\(commit)' WHERE version = '1.0.0'"
            )
            return mirror
        }

        @Test func `the files are filled in, shown with their diff, and nothing is written`()
            async throws
        {
            try await Platform.run { platform in
                let mirror = try plant(platform)
                let shell = Shell()
                let state = "git -C '\(mirror)' for-each-ref && find '\(mirror)' -type f | sort"
                let before = shell.output(of: state)
                let reply = try await platform.send(
                    .post,
                    Self.path,
                    json: #"{"tenant":"initech","parameters":{"domain":"apps.initech.example"}}"#
                )
                #expect(reply.status == 200, "\(reply.text.prefix(500))")
                #expect(reply.json["parameters"]?["ingressReplicas"]?.int == 2)
                let files = reply.json["files"]?.array ?? []
                let contents = files.compactMap { $0["content"]?.string }
                #expect(files.count > 10)
                #expect(contents.contains { $0.contains("apps.initech.example") })
                #expect(!contents.contains { $0.contains("${DOMAIN}") })
                let paths = files.compactMap { $0["path"]?.string }
                #expect(paths.contains { $0.hasPrefix("clusters/initech/") })
                #expect(reply.json["diff"]?.string?.contains("+++ b/README.md") == true)
                #expect(shell.output(of: state) == before)
            }
        }

        @Test func `every parameter that does not fit is named`() async throws {
            try await Platform.run { platform in
                _ = try plant(platform)
                let reply = try await platform.send(
                    .post,
                    Self.path,
                    json: #"{"parameters":{"domain":5,"ingressReplicas":99,"colour":"red"}}"#
                )
                #expect(reply.status == 422)
                #expect(
                    Set(reply.pointers) == [
                        "/parameters/domain", "/parameters/ingressReplicas", "/parameters/colour",
                    ],
                    "\(reply.text)"
                )
            }
        }

        @Test func `a version whose repository is gone is not found`() async throws {
            try await Platform.run { platform in
                let reply = try await platform.send(.post, Self.path, json: "{}")
                #expect(reply.status == 404, "\(reply.text)")
            }
        }
    }
}
