import Testing

@testable import Blueprints

@Suite struct PathGlobTests {
    @Test(arguments: [
        ("**", "a"), ("**", "a/b/c"), ("**/*.yaml", "a.yaml"), ("**/*.yaml", "x/y/a.yaml"),
        ("clusters/**", "clusters/a/b"), ("*.md", "README.md"), ("a?c", "abc"),
        ("apps/**/values.yaml", "apps/values.yaml"),
        ("apps/**/values.yaml", "apps/x/y/values.yaml"),
        ("apps/*/values.yaml", "apps/x/values.yaml"),
        ("clusters/${CLUSTER_NAME}/*", "clusters/${CLUSTER_NAME}/a"),
    ])
    func `a pattern takes what it should`(_ glob: String, _ path: String) throws {
        #expect(try #require(PathGlob(glob)).matches(path))
    }

    @Test(arguments: [
        ("*.md", "docs/README.md"), ("clusters/**", "cluster/a"), ("a?c", "a/c"), ("a", "ab"),
        ("apps/*/values.yaml", "apps/x/y/values.yaml"), ("**/a.yaml", "xa.yaml"),
        ("clusters/**", "clusters"),
    ])
    func `a pattern leaves the rest`(_ glob: String, _ path: String) throws {
        #expect(try !#require(PathGlob(glob)).matches(path))
    }

    @Test(arguments: ["", "/a", String(repeating: "a", count: 513)])
    func `an unusable pattern is refused`(_ glob: String) {
        #expect(PathGlob(glob) == nil)
    }

    @Test func `many stars take no more than linear time`() throws {
        let glob = try #require(PathGlob(String(repeating: "*a", count: 200)))
        #expect(!glob.matches(String(repeating: "a", count: 2_000) + "b"))
    }
}
