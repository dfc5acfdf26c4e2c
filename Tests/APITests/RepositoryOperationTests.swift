import Domain
import HTTP
import JSON
import Testing

@testable import API

extension PlatformTests {
    /// Forges that keep repositories of tenants, and tenants that are there.
    @Suite struct RepositoryOperationTests {
        private static let forge = #"""
            {"spec":{"kind":"gitea","url":"https://git.example.com/api/v1","token":"t0ken",
             "repositories":{"owner":"acme-platform","owners":["team-*"],"knownHosts":[
              "git.example.com ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabg"]}}}
            """#

        private func tenant(_ repository: String, name: String = "initech") -> String {
            #"{"name":"\#(name)","spec":{"blueprint":"platform","repository":\#(repository)}}"#
        }

        @Test func `a tenant names a forge, and gets the owner and name that are usual there`()
            async throws
        {
            try await Platform.run { platform in
                let forge = try await platform.send(.put, "/v1/forges/own", json: Self.forge)
                #expect(forge.status == 201, "\(forge.text)")
                let made = try await platform.send(
                    .post,
                    "/v1/tenants",
                    json: tenant(#"{"forge":"own"}"#)
                )
                #expect(made.status == 202, "\(made.text)")
                let repository = made.json["spec"]?["repository"]
                #expect(repository?["owner"] == "acme-platform")
                #expect(repository?["name"] == "initech")
                #expect(repository?["onDelete"] == "archive")
                let read = try await platform.send(.get, "/v1/tenants/initech")
                #expect(read.json == made.json)
                let again = try await platform.send(
                    .put,
                    "/v1/tenants/initech",
                    json: #"{"spec":{"blueprint":"platform"}}"#
                )
                #expect(again.json["spec"]?["repository"] == repository)
                let refs = "/git/initech/platform.git/info/refs?service=git-upload-pack"
                let served = try await platform.send(.get, refs)
                #expect(served.status == 409)
            }
        }

        @Test func `a forge does not move away from under its tenants`() async throws {
            try await Platform.run { platform in
                func put(_ spec: String) async throws -> Reply {
                    try await platform.send(.put, "/v1/forges/own", json: spec)
                }
                #expect(try await put(Self.forge).status == 201)
                let moved = Self.forge.replacing("//git.example.com", with: "//new.example.com")
                #expect(try await put(moved).status == 200)
                #expect(try await put(Self.forge).status == 200)
                let wish = tenant(#"{"forge":"own"}"#)
                let made = try await platform.send(.post, "/v1/tenants", json: wish)
                #expect(made.status == 202, "\(made.text)")
                let refused = try await put(moved)
                #expect(refused.code == "in-use", "\(refused.text)")
            }
        }

        @Test func `where a repository is stays, and what becomes of it may change`() async throws {
            try await Platform.run { platform in
                _ = try await platform.send(.put, "/v1/forges/own", json: Self.forge)
                let wish = tenant(#"{"forge":"own","owner":"Team-A","name":"it"}"#)
                let made = try await platform.send(.post, "/v1/tenants", json: wish)
                #expect(made.status == 202, "\(made.text)")
                func patch(_ name: String, _ repository: String) async throws -> Reply {
                    try await platform.send(
                        .patch,
                        "/v1/tenants/\(name)",
                        json: #"{"spec":{"repository":\#(repository)}}"#,
                        [(.contentType, "application/merge-patch+json")]
                    )
                }
                let ending = try await patch("initech", #"{"onDelete":"delete"}"#)
                #expect(ending.json["spec"]?["repository"]?["onDelete"] == "delete")
                #expect(ending.json["spec"]?["repository"]?["owner"] == "Team-A")
                let moved = try await patch("initech", #"{"name":"other"}"#)
                #expect(moved.status == 422, "\(moved.text)")
                let taken = try await patch("acme", #"{"forge":"own"}"#)
                #expect(taken.status == 422, "\(taken.text)")
            }
        }

        @Test(arguments: [
            (#"{"forge":"none"}"#, "/spec/repository/forge", "unknown"),
            (#"{"forge":"plain"}"#, "/spec/repository/forge", "keeps-none"),
            (#"{"forge":"own","owner":"mallory"}"#, "/spec/repository/owner", "not-allowed"),
            (#"{"forge":"own","owner":"team-a/b"}"#, "/spec/repository/owner", "not-allowed"),
            (#"{"forge":"own","name":"a/b"}"#, "/spec/repository/name", "not-a-name"),
            (#"{"forge":"own","name":"a.git"}"#, "/spec/repository/name", "not-a-name"),
            (#"{"forge":"own","protected":true}"#, "/spec/repository/protected", "not-ours"),
            (#"{"owner":"team-a"}"#, "/spec/repository/owner", "without-a-forge"),
        ])
        func `what the forge does not allow is refused`(
            wish: String,
            pointer: String,
            code: String
        ) async throws {
            try await Platform.run { platform in
                _ = try await platform.send(.put, "/v1/forges/own", json: Self.forge)
                let plain = #"{"spec":{"kind":"github","token":"t"}}"#
                _ = try await platform.send(.put, "/v1/forges/plain", json: plain)
                let reply = try await platform.send(.post, "/v1/tenants", json: tenant(wish))
                #expect(reply.status == 422)
                let fault = reply.json["errors"]?[0]
                #expect(fault?["pointer"]?.string == pointer, "\(reply.text)")
                #expect(fault?["code"]?.string == code, "\(reply.text)")
            }
        }

        @Test func `a forge that keeps a tenant's repository stays, and goes on keeping it`()
            async throws
        {
            try await Platform.run { platform in
                _ = try await platform.send(.put, "/v1/forges/own", json: Self.forge)
                let wish = tenant(#"{"forge":"own"}"#)
                _ = try await platform.send(.post, "/v1/tenants", json: wish)
                let deleted = try await platform.send(.delete, "/v1/forges/own")
                #expect(deleted.status == 409, "\(deleted.text)")
                let without = try await platform.send(
                    .put,
                    "/v1/forges/own",
                    json: #"{"spec":{"kind":"gitea","url":"https://git.example.com/api/v1"}}"#
                )
                #expect(without.status == 409, "\(without.text)")
            }
        }

        @Test func `a key is kept, never shown, and removed`() async throws {
            try await Platform.run { platform in
                func put(_ more: String) async throws -> Reply {
                    let known =
                        "git.example.com ssh-ed25519 "
                        + "AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabg"
                    return try await platform.send(
                        .put,
                        "/v1/forges/own",
                        json: """
                            {"spec":{"kind":"gitlab","url":"https://git.example.com/api/v4",\
                            "token":"t","repositories":{"owner":"a/b","knownHosts":["\(known)"]\
                            \(more)}}}
                            """
                    )
                }
                let key = #"-----BEGIN PRIVATE KEY-----\nc2VjcmV0\n-----END PRIVATE KEY-----"#
                let missing = try await put(#","push":"ssh""#)
                #expect(missing.json["errors"]?[0]?["pointer"] == "/spec/repositories/sshKey")
                let made = try await put(#","push":"ssh","sshKey":"\#(key)""#)
                #expect(made.status == 201, "\(made.text)")
                #expect(made.json["status"]?["hasKey"] == true)
                #expect(!made.text.contains("c2VjcmV0"))
                let kept = try await put(#","push":"ssh""#)
                #expect(kept.json["status"]?["hasKey"] == true)
                let gone = try await put(#","sshKey":null"#)
                #expect(gone.json["status"]?["hasKey"] == false)
            }
        }

        @Test(arguments: [
            (#""owner":"a""#, "knownHosts", "missing"),
            (#""owner":"a/b","knownHosts":["h ssh-ed25519 AAAA"]"#, "owner", "not-an-owner"),
            (#""owner":"a","knownHosts":["h x"]"#, "knownHosts/0", "not-a-known-host"),
            (
                #""owner":"a","knownHosts":["-oProxyCommand=x ssh-ed25519 A"]"#, "knownHosts/0",
                "not-a-known-host"
            ),
            (#""owner":"a","sshKey":"x""#, "sshKey", "not-a-key"),
        ])
        func `what makes no sense of repositories is refused`(
            members: String,
            member: String,
            code: String
        ) async throws {
            try await Platform.run { platform in
                let reply = try await platform.send(
                    .put,
                    "/v1/forges/own",
                    json: """
                        {"spec":{"kind":"gitea","url":"https://git.example.com/api/v1",\
                        "token":"t","repositories":{\(members)}}}
                        """
                )
                let faults = reply.json["errors"]?.array ?? []
                #expect(
                    faults.contains {
                        $0["pointer"]?.string == "/spec/repositories/\(member)"
                            && $0["code"]?.string == code
                    },
                    "\(reply.text)"
                )
            }
        }
    }
}
