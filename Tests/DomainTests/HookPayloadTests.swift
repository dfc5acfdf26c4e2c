import Domain
import JSON
import Testing

/// What forges send, and what anybody may send instead.
@Suite struct HookPayloadTests {
    private static let head = "9f1c3e5a7b9d0f2e4c6a8b0d1e3f5a7c9b1d3e5f"

    private static let pull: JSON = [
        "action": "synchronize", "number": 7,
        "pull_request": [
            "number": 7, "draft": true, "updated_at": "2026-11-21T12:00:00Z",
            "labels": [["name": "preview"]],
            "head": ["ref": "more", "sha": .string(head), "repo": ["full_name": "Acme/Shop"]],
        ],
        "repository": ["full_name": "acme/shop", "html_url": "https://x/acme/shop"],
    ]

    @Test func `a pull request is read in the words of all forges`() throws {
        let event = try #require(HookPayload(Self.pull).event(named: "pull_request", from: .github))
        guard case .pullRequest(let news) = event.subject else {
            Issue.record("\(event)")
            return
        }
        #expect(news.number == 7 && news.action == .changed && news.revision == Self.head)
        #expect(!news.isFork && news.isDraft && news.labels == ["preview"])
        #expect(event.at?.description == "2026-11-21T12:00:00.000000Z" || event.at != nil)
        #expect(event.key == "pull/7")
    }

    @Test func `a stored event is read as it was written`() throws {
        for event in [
            try #require(HookPayload(Self.pull).event(named: "pull_request", from: .github)),
            HookEvent(
                repository: "a/b",
                subject: .branch(BranchNews(name: "main", revision: nil)),
                at: nil
            ),
            HookEvent(repository: "a/b", subject: .other("issues"), at: nil),
        ] {
            var writer = JSONWriter(reserving: 256)
            event.write(to: &writer)
            #expect(try HookEvent(reading: try JSON.parse(writer.finish())) == event)
        }
    }

    @Test func `a head without a repository is a fork's`() throws {
        var pull = Self.pull.object ?? JSONObject()
        var inner = pull["pull_request"]?.object ?? JSONObject()
        inner["head"] = ["ref": "more", "sha": .string(Self.head), "repo": nil]
        pull["pull_request"] = .object(inner)
        let event = HookPayload(.object(pull)).event(named: "pull_request", from: .gitea)
        guard case .pullRequest(let news) = event?.subject else {
            Issue.record("\(String(describing: event))")
            return
        }
        #expect(news.isFork)
    }

    /// Every member of a good payload in turn is something else; nothing traps, and what is not
    /// understood makes nothing.
    @Test(arguments: ForgeKind.allCases)
    func `whatever stands in a payload, it is read or refused`(forge: ForgeKind) {
        let odd: [JSON] = [
            nil, true, -1, 1_000_000_000_000, "", "\u{0}", [], [:], .string(Self.head),
            .string(String(repeating: "x", count: 10_000)), [["name": [1]]],
        ]
        func variants(of document: JSON) -> [JSON] {
            guard let object = document.object else { return odd }
            var all = odd
            for member in object {
                for variant in variants(of: member.value) {
                    var changed = object
                    changed[member.key] = variant
                    all.append(.object(changed))
                }
            }
            return all
        }
        for payload in variants(of: Self.pull) {
            for name in ["pull_request", "push", "ping", "", "Merge Request Hook"] {
                let event = HookPayload(payload).event(named: name, from: forge)
                guard case .pullRequest(let news) = event?.subject else { continue }
                #expect(news.number > 0 && [40, 64].contains(news.revision.count))
            }
        }
    }

    @Test func `branches fit patterns, and become names`() {
        func fits(_ pattern: String, _ branch: String) -> Bool {
            BranchRule(
                pattern: pattern,
                environment: SourcePattern("x"),
                type: .ephemeral,
                images: [:]
            ).matches(branch)
        }
        #expect(fits("main", "main") && !fits("main", "main2") && !fits("main", "mai"))
        #expect(fits("release/*", "release/1.2") && !fits("release/*", "hotfix/1"))
        #expect(fits("*", "") && fits("a*b*c", "axxbyyc") && !fits("a*b*c", "axxc"))
        #expect(SourcePattern.slug(of: "feature/Cart_2--x") == "feature-cart-2-x")
        #expect(SourcePattern.slug(of: "///") == "")
        let values: [SourcePattern.Variable: String] = [.pullRequest: "7"]
        #expect(SourcePattern("pr-${PULL_REQUEST}").filled(with: values) == "pr-7")
        #expect(throws: SourcePatternFault.self) { try SourcePattern(parsing: "${NOPE}") }
        #expect(throws: SourcePatternFault.self) { try SourcePattern(parsing: "a${open") }
    }
}
