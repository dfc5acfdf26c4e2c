import Testing

@testable import Domain

/// Whose environment an environment is, where forges say what becomes of it.
@Suite struct SourceBelongingTests {
    private typealias Trial = EnvironmentTrial
    private static let shop = "https://git.example.com/acme/shop"

    private static func source(
        _ repository: String? = shop,
        ref: String? = nil,
        pull number: Int? = nil
    ) -> EnvironmentSource {
        EnvironmentSource(repository: repository, ref: ref, pullRequest: number)
    }

    private static func environment(
        from source: EnvironmentSource?
    ) throws -> Environment {
        try Trial.creation(Trial.order { $0.rest.source = source }).environment
    }

    @Test func `a pull request reaches its own environment and no other repository's`() throws {
        let mine = try Self.environment(from: Self.source(pull: 7))
        #expect(mine.belongs(to: Self.source("HTTPS://git.example.com/acme/shop.git/", pull: 7)))
        #expect(!mine.mayBelong(to: Self.source("https://git.example.com/acme/other", pull: 7)))
        #expect(!mine.mayBelong(to: Self.source(pull: 8)))
        #expect(!mine.mayBelong(to: Self.source(ref: "refs/heads/main")))
    }

    @Test func `what nobody made from a source may become one's own, but is deleted by nobody`()
        throws
    {
        let plain = try Self.environment(from: nil)
        for source in [Self.source(pull: 7), Self.source(ref: "refs/heads/demo")] {
            #expect(plain.mayBelong(to: source))
            #expect(!plain.belongs(to: source))
        }
    }

    @Test func `a branch deletes what was made from it alone`() throws {
        let demo = try Self.environment(from: Self.source(ref: "refs/heads/demo"))
        #expect(demo.belongs(to: Self.source(ref: "refs/heads/demo")))
        #expect(!demo.belongs(to: Self.source(ref: "refs/heads/main")))
        #expect(demo.mayBelong(to: Self.source(ref: "refs/heads/main")))
        #expect(!demo.belongs(to: Self.source(pull: 7)))
    }
}
