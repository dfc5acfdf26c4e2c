import JSON
import Testing

@testable import Domain

struct VersionWishTests {
    private func content(_ images: [String: String], revision: String? = nil) -> DeploymentContent {
        DeploymentContent(
            source: EnvironmentSource(revision: revision),
            images: EnvironmentImages(
                images.map { EnvironmentImages.Image(name: $0.key, reference: $0.value) }
            ),
            template: EnvironmentTemplateName("web"),
            parameters: JSONObject()
        )
    }

    @Test(
        arguments: [
            ("^1.4", ["1.4.0", "v1.9.3"], ["1.3.9", "2.0.0", "2.0.0-rc.1", "latest"]),
            ("^0.4", ["0.4.7"], ["0.5.0", "1.0.0"]),
            ("~1.4.2", ["1.4.2", "1.4.9"], ["1.4.1", "1.5.0", "1.5.0-beta"]),
            (">=1.4 <2", ["1.4.0", "1.99.0"], ["2.0.0", "1.3.0"]),
            (">1", ["1.0.1"], ["1.0.0"]),
            ("<=1.4.2 >=1", ["1.4.2", "1.0.0"], ["1.4.3", "0.9.0"]),
            ("=1.4.2", ["1.4.2"], ["1.4.3"]),
            ("1.4.2", ["1.4.2"], ["v1.4.2", "1.4.20"]),
            ("release-7", ["release-7"], ["release-8"]),
        ]
    )
    func `a version is met by tags`(_ text: String, _ right: [String], _ wrong: [String]) throws {
        let wish = try #require(VersionWish(parsing: text))
        #expect(wish.text == text)
        for tag in right {
            #expect(wish.isMet(by: content(["app": "r.example.com:5000/a:\(tag)"])), "\(tag)")
        }
        for tag in wrong {
            #expect(!wish.isMet(by: content(["app": "r.example.com:5000/a:\(tag)"])), "\(tag)")
        }
    }

    @Test func `every image counts unless one is named, and one without a tag meets nothing`()
        throws
    {
        let wish = try #require(VersionWish(parsing: "^1.4"))
        let digest = "@sha256:" + String(repeating: "a", count: 64)
        let two = content(["app": "shop:1.5.0\(digest)", "db": "postgres:16"])
        #expect(!wish.isMet(by: two) && wish.isMet(by: two, image: "app"))
        #expect(!wish.isMet(by: two, image: "worker"))
        #expect(!wish.isMet(by: content(["app": "host:5000/shop\(digest)"])))
        #expect(!wish.isMet(by: content([:])))
    }

    @Test func `a commit is met by what was built of it`() throws {
        let commit = String(repeating: "aB", count: 20)
        let wish = try #require(VersionWish(parsing: commit))
        #expect(wish.isMet(by: content([:], revision: commit.lowercased())))
        #expect(!wish.isMet(by: content([:], revision: String(repeating: "c", count: 40))))
        #expect(!wish.isMet(by: content([:])))
    }

    @Test(
        arguments: [
            "", "^", ">=", "^x", ">=1.4  <2", ">=1.4,<2", "1 2", ".1", "-1", "a/b", "=>1",
            ">=1 <2 >3 <4 >5", ">=1.2.3.4", "ä", String(repeating: "a", count: 129),
        ]
    )
    func `what is no version is none`(_ text: String) {
        #expect(VersionWish(parsing: text) == nil)
    }
}
