import HTTP
import Testing

@testable import Routing

struct `The route table` {
    private static let routes = [
        Route(operation: "root", method: .get, pattern: "/"),
        Route(operation: "listTenants", method: .get, pattern: "/v1/tenants"),
        Route(operation: "createTenant", method: .post, pattern: "/v1/tenants"),
        Route(operation: "getTenant", method: .get, pattern: "/v1/tenants/{tenant}"),
        Route(operation: "putTenant", method: .put, pattern: "/v1/tenants/{tenant}"),
        Route(operation: "suspendTenant", method: .post, pattern: "/v1/tenants/{tenant}:suspend"),
        Route(operation: "special", method: .get, pattern: "/v1/tenants/special"),
        Route(operation: "specialPart", method: .get, pattern: "/v1/tenants/special/one"),
        Route(operation: "repository", method: .get, pattern: "/v1/tenants/{tenant}/repository"),
        Route(
            operation: "render",
            method: .post,
            pattern: "/v1/blueprints/{blueprint}/versions/{version}/render"
        ),
        Route(operation: "gitGet", method: .get, pattern: "/git/{tenant}/{repository}/{path...}"),
        Route(operation: "gitPost", method: .post, pattern: "/git/{tenant}/{repository}/{path...}"),
        Route(operation: "purge", method: .delete, pattern: "/v1/jobs:purge"),
    ]

    private let table: RouteTable

    init() throws {
        table = try RouteTable(Self.routes)
    }

    /// The operation and its parameters in one line.
    private func found(_ method: HTTP.Method, _ path: String) -> String {
        switch table.match(method, path: path) {
        case .found(let index, let values):
            ([table.routes[index].operation] + (0..<values.count).map { values[$0] })
                .joined(separator: " ")
        case .methodNotAllowed(let allow):
            "allow " + allow.map(\.name).joined(separator: " ")
        case .notFound: "not found"
        case .malformed: "malformed"
        }
    }

    @Test(arguments: [
        ("/", "root"),
        ("/v1/tenants", "listTenants"),
        ("/v1/tenants/acme", "getTenant acme"),
        ("/v1/tenants/special", "special"),
        ("/v1/tenants/special/repository", "repository special"),
        ("/v1/tenants/special/one", "specialPart"),
        ("/v1/tenants/acme:other", "getTenant acme:other"),
        ("/v1/tenants/:suspend", "getTenant :suspend"),
        ("/v1/%74enants/acme", "getTenant acme"),
        ("/v1/tenants/a%2Fb", "getTenant a/b"),
        ("/v1/tenants/a%252Fb", "getTenant a%2Fb"),
        ("/v1/tenants/caf%C3%A9", "getTenant café"),
        ("/v1/tenants/%3Asuspend", "getTenant :suspend"),
        ("/git/acme/platform.git/info/refs", "gitGet acme platform.git info/refs"),
        ("/git/acme/platform.git/info", "gitGet acme platform.git info"),
    ])
    func `a path leads to its operation`(path: String, operation: String) {
        #expect(found(.get, path) == operation)
        #expect(found(.head, path) == operation)
    }

    @Test(arguments: [
        "/v1", "/v1/", "/v1/tenants/", "//v1/tenants", "/v1//tenants", "/V1/tenants",
        "/v1/tenants/acme/", "/v1/tenants/acme/other", "/git/acme/platform.git",
        "/git/acme/platform.git/", "/git/acme/platform.git/a//b", "/git/acme/p.git/a%2Fb", "*",
    ])
    func `a path that no route has is not found`(path: String) {
        #expect(found(.get, path) == "not found")
    }

    @Test(arguments: [
        "/v1/tenants/..", "/v1/./tenants", "/v1/tenants/%2e%2e", "/v1/tenants/.%2E/x",
        "/v1/tenants/%", "/v1/tenants/%4", "/v1/tenants/%zz", "/v1/tenants/%00",
        "/v1/tenants/%0A", "/v1/tenants/%7F", "/v1/tenants/%C3", "/v1/tenants/%FF",
        "/git/acme/platform.git/../../etc", "relative",
    ])
    func `a path that cannot be decoded is malformed`(path: String) {
        #expect(found(.get, path) == "malformed")
    }

    @Test(arguments: [
        ("/v1/tenants", "allow GET HEAD POST OPTIONS"),
        ("/v1/tenants/acme", "allow GET HEAD PUT OPTIONS"),
        ("/v1/tenants/acme:suspend", "allow POST OPTIONS"),
        ("/v1/jobs:purge", "allow DELETE OPTIONS"),
        ("/git/a/b/c", "allow GET HEAD POST OPTIONS"),
    ])
    func `another method gets the list of those allowed`(path: String, allow: String) {
        #expect(found(.patch, path) == allow)
        #expect(found(.other("TRACE"), path) == allow)
    }

    @Test func `a verb after the last colon chooses its own operation`() {
        #expect(found(.post, "/v1/tenants/acme:suspend") == "suspendTenant acme")
        #expect(found(.post, "/v1/tenants/a:b:suspend") == "suspendTenant a:b")
        #expect(found(.delete, "/v1/jobs:purge") == "purge")
        #expect(found(.post, "/v1/blueprints/b/versions/v1.2.0/render") == "render b v1.2.0")
    }

    @Test func `parameters are found by name`() throws {
        guard case .found(_, let values) = table.match(.get, path: "/git/a/b/c/d") else {
            Issue.record("no route")
            return
        }
        #expect(values["tenant"] == "a" && values["repository"] == "b" && values["path"] == "c/d")
        #expect(values["other"] == nil)
    }

    @Test func `a path deeper than any route is refused in linear time`() {
        #expect(found(.get, String(repeating: "/a", count: 4_000)) == "malformed")
    }

    @Test func `all faults of a table are told at once`() {
        let routes = [
            Route(operation: "one", method: .get, pattern: "/a/{x}"),
            Route(operation: "one", method: .post, pattern: "/b"),
            Route(operation: "two", method: .get, pattern: "/a/{x}"),
            Route(operation: "three", method: .get, pattern: "/a/{y}/z"),
            Route(operation: "four", method: .get, pattern: "a"),
            Route(operation: "five", method: .get, pattern: "/a/{x/z"),
            Route(operation: "six", method: .get, pattern: "/{x...}/z"),
            Route(operation: "seven", method: .get, pattern: "/{x}/{x}"),
            Route(operation: "eight", method: .get, pattern: "/a//b"),
            Route(operation: "nine", method: .get, pattern: "/.."),
        ]
        #expect {
            _ = try RouteTable(routes)
        } throws: { error in
            (error as? RouteFaults)?.faults.count == 9
        }
    }

    @Test func `a request finds its route by the bytes of its path`() throws {
        let request = try Request(.get, "http://localhost/v1/tenants/acme?x=1")
        guard case .found(let index, let values) = table.match(request) else {
            Issue.record("no route")
            return
        }
        #expect(table.routes[index].operation == "getTenant" && values["tenant"] == "acme")
    }
}
