import HTTP
import JSON
import Testing

@testable import API

extension PlatformTests {
    /// Where blueprints may come from.
    @Suite struct BlueprintSourceTests {
        @Test(arguments: ["http://git.example/x.git", "ssh://git.example/x.git", "/srv/x.git"])
        func `credentials are refused at once where they would not be sent`(
            url: String
        ) async throws {
            try await Platform.run { platform in
                let spec =
                    #"{"source":{"url":"\#(url)"},"credentials":"#
                    + #"{"username":"u","password":"p"}}"#
                let reply = try await platform.send(
                    .post,
                    "/v1/blueprints",
                    json: #"{"name":"other","spec":\#(spec)}"#
                )
                #expect(reply.status == 422)
                #expect(reply.pointers == ["/spec/source/url"], "\(reply.text)")
            }
        }

        @Test func `stored credentials stay with https`() async throws {
            try await Platform.run { platform in
                let made = try await platform.send(
                    .post,
                    "/v1/blueprints",
                    json: #"{"name":"other","spec":{"source":{"url":"https://git.example/x.git"},"#
                        + #""credentials":{"username":"u","password":"p"}}}"#
                )
                #expect(made.status == 202, "\(made.text)")
                let patch = try await platform.send(
                    .patch,
                    "/v1/blueprints/other",
                    json: #"{"spec":{"source":{"url":"http://git.example/x.git"}}}"#
                )
                #expect(patch.status == 422, "\(patch.text)")
            }
        }

        @Test func `a URL that is none is told which there are`() async throws {
            try await Platform.run { platform in
                let reply = try await platform.send(
                    .post,
                    "/v1/blueprints",
                    json: #"{"name":"other","spec":{"source":{"url":"git://git.example/x"}}}"#
                )
                #expect(reply.status == 422)
                #expect(reply.text.contains("http://"), "\(reply.text)")
            }
        }
    }
}
