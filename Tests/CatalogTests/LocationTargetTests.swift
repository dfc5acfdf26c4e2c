import Testing

@testable import Catalog

@Suite struct LocationTargetTests {
    @Test(arguments: [
        (
            "https://github.com/acme/shop/blob/main/svc/catalog-info.yaml",
            "https://github.com/acme/shop", "main", "svc/catalog-info.yaml", "github"
        ),
        (
            "https://github.com/acme/shop/tree/v1.2/svc?x=1#L3",
            "https://github.com/acme/shop", "v1.2", "svc/catalog-info.yaml", "github"
        ),
        (
            "https://GitLab.example/a/b/c/-/blob/main/**/catalog-info.yaml",
            "https://gitlab.example/a/b/c", "main", "**/catalog-info.yaml", "gitlab"
        ),
        (
            "https://gitea.example/acme/shop/src/branch/feature%2Fx/a%20b.yaml",
            "https://gitea.example/acme/shop", "feature/x", "a b.yaml", "gitea"
        ),
        (
            "https://git.example/x/y.git//deploy/*.yaml?ref=main",
            "https://git.example/x/y", "main", "deploy/*.yaml", "plain"
        ),
        (
            "https://git.example/x/y.git", "https://git.example/x/y", "", "catalog-info.yaml",
            "plain"
        ),
        (
            "https://github.com/acme/shop/blob/HEAD/catalog-info.yaml",
            "https://github.com/acme/shop", "", "catalog-info.yaml", "github"
        ),
    ])
    func `a target is an address at which a forge shows a file`(
        text: String,
        page: String,
        ref: String,
        path: String,
        form: String
    ) throws {
        let target = try LocationTarget(parsing: text)
        #expect(target.page == page)
        #expect(target.ref ?? "" == ref)
        #expect(target.path == path)
        #expect(target.form.rawValue == form)
        #expect(target.description == text)
        #expect(target.repositoryKey == String(page.dropFirst("https://".count)))
    }

    @Test(arguments: [
        ("", LocationTargetFault.badLength), ("ftp://x/y", .noAddress), ("file:///etc", .noAddress),
        ("/etc/passwd", .noAddress), ("https://", .noAddress), ("https://-x/y", .noAddress),
        ("https://me:pw@x/y", .hasUser), ("https://x", .noRepository),
        ("https://x/", .noRepository),
        ("https://x/a/b/blob/main/../../x.yaml", .badPath), ("https://x/a b", .badCharacter),
        ("https://x/a/b/blob/main/.git/config.yaml", .badPath),
        ("https://x/a/b/blob/--upload-pack=x/c.yaml", .badReference),
        ("https://x/a.git//c.yaml?ref=a..b", .badReference),
        ("https://x/a/b/blob/main/%2e%2e/c.yaml", .badPath),
        ("https://x/a/b/blob/main/%zz.yaml", .badPath), ("https://x/a\\b", .badCharacter),
    ])
    func `what is no address of a file is refused with a reason`(
        text: String,
        fault: LocationTargetFault
    ) {
        #expect(throws: fault) { try LocationTarget(parsing: text) }
        #expect(fault.detail.hasSuffix("."))
    }

    @Test func `a file of a target says where people read and change it`() throws {
        let github = try LocationTarget(parsing: "https://github.com/a/b/blob/main/**/x.yaml")
        let file = github.file("svc/x y.yaml", branch: "other")
        #expect(file.description == "https://github.com/a/b/blob/main/svc/x%20y.yaml")
        #expect(file.viewURL == file.description)
        #expect(file.editURL == "https://github.com/a/b/edit/main/svc/x%20y.yaml")
        #expect(file.sourceLocation == "url:https://github.com/a/b/blob/main/svc/")
        #expect(try LocationTarget(parsing: file.description).path == "svc/x y.yaml")
        let gitea = try LocationTarget(parsing: "https://x/a/b/src/branch/main/c.yaml")
        #expect(gitea.editURL == "https://x/a/b/_edit/main/c.yaml")
        let plain = try LocationTarget(parsing: "https://x/a.git//c.yaml")
        #expect(
            plain.file("c.yaml", branch: "main").description == "https://x/a.git//c.yaml?ref=main"
        )
        #expect(plain.viewURL == nil && plain.editURL == nil)
    }

    @Test func `a branch may have slashes, and the longest that is there is meant`() throws {
        let page = "https://github.com/acme/shop"
        let target = try LocationTarget(parsing: "\(page)/blob/feature/x/svc/catalog-info.yaml")
        #expect(
            target.revisions == [
                "feature/x/svc/catalog-info.yaml", "feature/x/svc", "feature/x", "feature",
            ]
        )
        let settled = target.settled { $0 == "feature/x" }
        #expect(settled.ref == "feature/x")
        #expect(settled.path == "svc/catalog-info.yaml")
        #expect(settled.description == "\(page)/blob/feature%2Fx/svc/catalog-info.yaml")
        #expect(settled.revisions == ["feature/x"])
        #expect(try settled.resolving("./api.yaml").ref == "feature/x")
        #expect(try LocationTarget(parsing: settled.description).revisions == ["feature/x"])
        #expect(target.settled { _ in false }.path == "x/svc/catalog-info.yaml")
        let pattern = try LocationTarget(parsing: "\(page)/blob/main/**/catalog-info.yaml")
        #expect(pattern.revisions == ["main"])
        #expect(try LocationTarget(parsing: page).revisions == [])
    }

    @Test func `a path beside a file stays in the repository`() throws {
        let file = try LocationTarget(parsing: "https://x/a/b/blob/main/svc/one/catalog-info.yaml")
        #expect(try file.resolving("./api.yaml").path == "svc/one/api.yaml")
        #expect(try file.resolving("../two/**/c.yaml").path == "svc/two/**/c.yaml")
        #expect(try file.resolving("/all.yaml").path == "all.yaml")
        #expect(try file.resolving("https://y/c/d/blob/main/e.yaml").page == "https://y/c/d")
        #expect(throws: LocationTargetFault.leavesRepository) {
            try file.resolving("../../../etc/passwd")
        }
        #expect(throws: LocationTargetFault.noAddress) { try file.resolving("file:///etc/x.yaml") }
    }
}
