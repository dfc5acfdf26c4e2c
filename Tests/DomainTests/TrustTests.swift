import JSON
import Testing

@testable import Domain

@Suite struct TrustTests {
    private static let github: JSONObject = [
        "repository": "acme/shop", "repository_id": "42", "ref": "refs/pull/7/merge",
        "event_name": "pull_request", "run_id": "1",
    ]
    private static let gitlab: JSONObject = [
        "project_path": "acme/shop", "project_id": "42", "ref": "fix", "ref_path": "refs/heads/fix",
        "ref_protected": "true", "pipeline_source": "push",
    ]

    private static func run(_ claims: JSONObject, _ issuer: String) -> PipelineClaims {
        PipelineClaims(issuer: issuer, audiences: ["here"], all: claims)
    }

    @Test func `a run is trusted only where everything is as the trust says`() {
        let issuer = "https://token.actions.githubusercontent.com"
        let usual = TrustSpec(issuer: issuer, audience: "here", repository: "acme/shop")
        #expect(usual.trusts(Self.run(Self.github, issuer)))
        let changes: [(inout TrustSpec) -> Void] = [
            { $0.issuer = "https://gitlab.com" }, { $0.audience = "there" },
            { $0.repository = "acme/sho" }, { $0.repositoryID = "43" },
            { $0.refs = [Wildcard("x")] },
            { $0.protectedRefs = true }, { $0.environment = "review" },
            { $0.claims = [.init(name: "actor", pattern: Wildcard("*"))] },
            { $0.excludedEvents = ["pull_request"] },
        ]
        for (place, change) in changes.enumerated() {
            var spec = usual
            change(&spec)
            #expect(!spec.trusts(Self.run(Self.github, issuer)), "\(place)")
        }
        var narrow = usual
        narrow.refs = [Wildcard("refs/heads/main"), Wildcard("refs/pull/*/merge")]
        narrow.repositoryID = "42"
        #expect(narrow.trusts(Self.run(Self.github, issuer)))
        var target = Self.github
        target["event_name"] = "pull_request_target"
        #expect(!usual.trusts(Self.run(target, issuer)))
    }

    @Test func `a source has one address, whatever the issuer calls it`() {
        let github = Self.run(Self.github, "https://token.actions.githubusercontent.com")
        #expect(github.repositoryURL == "https://github.com/acme/shop")
        let own = Self.run(Self.github, "https://git.example/_services/token")
        #expect(own.repositoryURL == "https://git.example/acme/shop")
        let gitlab = Self.run(Self.gitlab, "https://gitlab.example/git")
        #expect(gitlab.repositoryURL == "https://gitlab.example/git/acme/shop")
        #expect(gitlab.ref == "refs/heads/fix" && gitlab.isRefProtected)
        #expect(PipelineGrant.source("https://GitHub.com/Acme/Shop.git/") != nil)
        #expect(
            PipelineGrant.source("https://github.com/Acme/Shop.git")
                == PipelineGrant.source("https://github.com/acme/shop/")
        )
        for none in ["http://h/x", "https://u:p@h/x", "git@h:x", "https://", "https:// h"] {
            #expect(PipelineGrant.source(none) == nil, "\(none)")
        }
    }

    @Test(arguments: [
        ("refs/heads/*", "refs/heads/a/b", true), ("refs/heads/*", "refs/tags/a", false),
        ("a*b*c", "abc", true), ("a*b*c", "acb", false), ("*", "", true), ("", "", true),
        ("ab*ba", "aba", false), ("main", "main2", false), ("a*a", "a", false),
    ])
    func `a star stands for any characters`(pattern: String, text: String, matches: Bool) {
        #expect(Wildcard(pattern).matches(text) == matches)
    }

    @Test func `what is stored of trust and grant is read again`() throws {
        var spec = TrustSpec(issuer: "https://gitlab.com", audience: "a", repository: "r")
        spec.claims = [.init(name: "sub", pattern: Wildcard("job/*"))]
        spec.refs = [Wildcard("refs/*")]
        spec.dependencies = [Wildcard("staging*")]
        spec.environmentTypes = [.development, .ephemeral]
        var writer = JSONWriter(reserving: 64)
        spec.write(to: &writer)
        #expect(try TrustSpec(reading: try JSON.parse(writer.finish())) == spec)
        let grant = PipelineGrant(
            trust: TrustID(high: 1, low: 2),
            name: TrustName("ci"),
            repository: "https://h/r",
            permissions: [.readTenant],
            environmentTypes: [.ephemeral],
            environmentsMax: 3,
            ttlMax: .seconds(60),
            dependencies: [Wildcard("staging*")]
        )
        var second = JSONWriter(reserving: 64)
        grant.write(to: &second)
        #expect(try PipelineGrant(reading: try JSON.parse(second.finish())) == grant)
    }
}
