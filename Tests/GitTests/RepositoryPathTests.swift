import Domain
import Testing

@Suite struct RepositoryPathTests {
    @Test(arguments: [
        "a", "a/b/c.yaml", ".github/workflows/x.yml", ".gitignore", ".gitattributes", "a b", "ü/ß",
        "clusters/${CLUSTER_NAME}/x", "git~", "git~x", "..a", "a..", "...", ".gita", "a:b",
    ])
    func `an ordinary path is taken as it is`(_ text: String) throws {
        #expect(try RepositoryPath(parsing: text).text == text)
    }

    @Test(arguments: [
        ("", PathFault.empty), ("/a", .absolute), ("a//b", .empty), ("a/", .empty),
        ("..", .dotSegment), ("a/../b", .dotSegment), (".", .dotSegment), ("./a", .dotSegment),
        (".git", .gitFolder), (".GIT/config", .gitFolder), ("a/.Git/x", .gitFolder),
        (".git ", .gitFolder), (".git.", .gitFolder), (".git...  .", .gitFolder),
        (".git::$INDEX_ALLOCATION", .gitFolder), (".git:x", .gitFolder), ("git~1", .gitFolder),
        ("GIT~1/config", .gitFolder), ("git~2", .gitFolder), (".g\u{200C}it", .gitFolder),
        ("\u{FEFF}.git", .gitFolder), (".gi\u{206F}t", .gitFolder), ("a\\b", .backslash),
        (".git\\config", .backslash), ("a\nb", .controlCharacter), ("a\u{0}", .controlCharacter),
        ("a\u{7F}", .controlCharacter),
    ])
    func `a path that some file system misreads is refused`(_ text: String, _ fault: PathFault) {
        #expect(throws: fault) { try RepositoryPath(parsing: text) }
    }

    @Test func `length and depth are limited`() {
        let deep = Array(repeating: "a", count: 33).joined(separator: "/")
        #expect(throws: PathFault.tooDeep) { try RepositoryPath(parsing: deep) }
        let long = String(repeating: "a", count: 256)
        #expect(throws: PathFault.tooLong) { try RepositoryPath(parsing: long) }
        let longer = Array(repeating: String(repeating: "a", count: 250), count: 9)
        #expect(throws: PathFault.tooLong) {
            try RepositoryPath(parsing: longer.joined(separator: "/"))
        }
    }
}

@Suite struct SemanticVersionTests {
    @Test func `versions have the order of semver 11`() throws {
        let texts = [
            "1.0.0-alpha", "1.0.0-alpha.1", "1.0.0-alpha.beta", "1.0.0-beta", "1.0.0-beta.2",
            "1.0.0-beta.11", "1.0.0-rc.1", "v1.0.0", "1.0.1", "v1.10.0", "2.0.0-1", "2.0.0",
        ]
        let versions = try texts.map { try #require(SemanticVersion($0)) }
        for (left, right) in zip(versions, versions.dropFirst()) { #expect(left < right) }
    }

    @Test(arguments: [
        "", "1", "1.2", "1.2.3.4", "01.2.3", "1.2.3-", "1.2.3-01", "1.2.3+", "1.2.3-a..b", "v",
        "1.2.+3", "a.b.c", " 1.2.3", "1.2.3 ", "1.2.99999999999999999999", "1.2.3-ä",
    ])
    func `what is no version is none`(_ text: String) {
        #expect(SemanticVersion(text) == nil)
    }

    @Test func `a version says itself without the v`() {
        #expect(SemanticVersion("v1.2.3-rc.1+b.5")?.description == "1.2.3-rc.1+b.5")
    }
}
