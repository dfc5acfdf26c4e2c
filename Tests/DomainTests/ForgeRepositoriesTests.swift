import JSON
import Testing

@testable import Domain

struct ForgeRepositoriesTests {
    private static let key = "AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabg"

    @Test func `a line of known hosts says where the server is`() throws {
        let plain = try KnownHost(parsing: "git.example.com ssh-ed25519 \(Self.key) me@here")
        #expect(plain.host == "git.example.com" && plain.port == nil)
        #expect(plain.line == "git.example.com ssh-ed25519 \(Self.key)")
        let other = try KnownHost(parsing: "[git.example.com]:2222 ssh-ed25519 \(Self.key)")
        #expect(other.host == "git.example.com" && other.port == 2_222)
        #expect(try KnownHost(parsing: KnownHost.github).host == "github.com")
    }

    @Test(arguments: [
        "", "git.example.com", "git.example.com ssh-ed25519", "a,b ssh-ed25519 KEY",
        "*.example.com ssh-ed25519 KEY", "|1|abc|def ssh-ed25519 KEY", "-oX ssh-ed25519 KEY",
        "@revoked git.example.com ssh-ed25519 KEY", "[h]:0 ssh-ed25519 KEY",
        "[h]:70000 ssh-ed25519 KEY", "[h:22 ssh-ed25519 KEY", "h ssh-ed25519 KEY\nh2 x KEY",
        "h$(id) ssh-ed25519 KEY", "h'x ssh-ed25519 KEY",
    ])
    func `what says less, or more, is no such line`(line: String) {
        let line = line.replacing("KEY", with: Self.key)
        #expect(throws: KnownHostFault.self) { try KnownHost(parsing: line) }
    }

    @Test(arguments: [
        (ForgeKind.github, "https://api.github.com", "https://github.com/o/n"),
        (.github, "https://ghe.example.com/api/v3", "https://ghe.example.com/o/n"),
        (.gitlab, "https://example.com/gitlab/api/v4", "https://example.com/gitlab/o/n"),
        (.gitea, "https://git.example.com/api/v1", "https://git.example.com/o/n"),
    ])
    func `addresses are made from the forge's own`(
        kind: ForgeKind,
        url: String,
        web: String
    ) throws {
        let known = try KnownHost(parsing: "[ssh.example.com]:2222 ssh-ed25519 \(Self.key)")
        var spec = ForgeSpec(kind: kind, url: url, hasToken: true)
        #expect(spec.place(owner: "o", name: "n") == nil)
        spec.repositories = ForgeRepositories(owner: "o", knownHosts: [known])
        let place = try #require(spec.place(owner: "o", name: "n"))
        #expect(place.webURL == web && place.cloneURL == "\(web).git")
        #expect(place.pushURL == place.cloneURL)
        let ssh = "ssh://git@ssh.example.com:2222/o/n.git"
        #expect(place.readURL == (kind == .gitlab ? place.cloneURL : ssh))
        spec.repositories?.push = .ssh
        #expect(spec.place(owner: "o", name: "n")?.pushURL == ssh)
    }

    @Test func `the rule for owners tells no upper from lower case`() {
        let rule = ForgeRepositories(owner: "Acme", owners: [Wildcard("team-*")])
        #expect(rule.allows(owner: "acme") && rule.allows(owner: "TEAM-a"))
        #expect(!rule.allows(owner: "mallory") && !rule.allows(owner: "xteam-a"))
    }
}
