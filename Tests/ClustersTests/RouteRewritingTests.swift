import Contract
import Domain
import JSON
import Testing
import YAML

@testable import Environments

/// Routes of templates that lead to what is new as well.
@Suite struct RouteRewritingTests {
    private static let rewriting = RouteRewriting(
        service: "app",
        canary: "app-canary",
        header: ("slipway-canary", "id")
    )

    private static func rewritten(
        _ text: String,
        _ kind: RouteKind,
        _ share: TrafficSplit.Share
    ) throws -> JSON {
        let route = try YAML.parse(Array(text.utf8))
        return try rewriting.rewritten(route, of: kind, share)["spec"] ?? .null
    }

    private static let service = """
        apiVersion: networking.istio.io/v1
        kind: VirtualService
        metadata: {name: app}
        spec:
          hosts: [shop.example.com]
          http:
            - name: shop
              match: [{uri: {prefix: /shop}}]
              route: [{destination: {host: app.e-pr-7.svc.cluster.local, port: {number: 80}}}]
            - route: [{destination: {host: other}}]
        """

    @Test func `a VirtualService sends percent, and whoever bears the header`() throws {
        let spec = try Self.rewritten(Self.service, .virtualService, .weight(10))
        let rules = spec["http"]?.array ?? []
        try #require(rules.count == 3)
        #expect(rules[0]["name"] == nil)
        #expect(
            rules[0]["match"] == [
                ["uri": ["prefix": "/shop"], "headers": ["slipway-canary": ["exact": "id"]]]
            ]
        )
        let canary = JSON.string("app-canary.e-pr-7.svc.cluster.local")
        #expect(rules[0]["route"]?[0]?["destination"]?["host"] == canary)
        #expect(rules[1]["route"]?.array?.map { $0["weight"] } == [90, 10])
        #expect(rules[1]["route"]?[1]?["destination"]?["host"] == canary)
        #expect(rules[2]["route"]?[0]?["destination"]?["host"] == "other")
    }

    @Test func `a VirtualService sends chosen people by header or cookie`() throws {
        let share = TrafficSplit.Share.match([
            RolloutMatch(kind: .header, name: "X-Tester", value: "yes"),
            RolloutMatch(kind: .cookie, name: "beta", value: "1.0"),
        ])
        let spec = try Self.rewritten(Self.service, .virtualService, share)
        let matches = spec["http"]?[0]?["match"]?.array ?? []
        #expect(
            matches.map { $0["uri"] } == [
                ["prefix": "/shop"], ["prefix": "/shop"], ["prefix": "/shop"],
            ]
        )
        #expect(matches[1]["headers"] == ["x-tester": ["exact": "yes"]])
        #expect(matches[2]["headers"] == ["cookie": ["regex": #"^(.*; *)?beta=1\.0(;.*)?$"#]])
        #expect(spec["http"]?[1]?["route"]?[0]?["weight"] == nil)
    }

    private static let route = """
        apiVersion: gateway.networking.k8s.io/v1
        kind: HTTPRoute
        metadata: {name: app}
        spec:
          rules:
            - matches: [{path: {type: PathPrefix, value: /a}}, {path: {type: Exact, value: /b}}]
              backendRefs: [{name: app, port: 80, weight: 3}, {name: old, port: 80, weight: 1}]
        """

    @Test func `weights that an HTTPRoute has already keep their proportion`() throws {
        let spec = try Self.rewritten(Self.route, .httpRoute, .weight(25))
        let weights = spec["rules"]?[1]?["backendRefs"]?.array ?? []
        #expect(weights.map { $0["name"] } == ["app", "app-canary", "old"])
        #expect(weights.map { $0["weight"] } == [225, 75, 100])
        let chosen = spec["rules"]?[0]?["matches"]?.array ?? []
        #expect(chosen.map { $0["path"]?["value"] } == ["/a", "/b"])
        #expect(chosen.allSatisfy { $0["headers"]?[0]?["value"] == "id" })
    }

    @Test(arguments: [
        (1_000_000, [750_000, 250_000, 1]), (20_000, [750_000, 250_000, 50]),
        (Int.max, [750_000, 250_000, 1]), (-1, [0, 0, 100]),
    ])
    func `weights stay within what an HTTPRoute may have`(_ weight: Int, _ wanted: [JSON]) throws {
        let route = Self.route.replacing("weight: 3", with: "weight: \(weight)")
        let spec = try Self.rewritten(route, .httpRoute, .weight(25))
        let weights = spec["rules"]?[1]?["backendRefs"]?.array ?? []
        #expect(weights.map { $0["weight"] } == wanted)
    }

    @Test func `a route that leads elsewhere, or has the header already, is refused in words`() {
        #expect(throws: ProviderFault.self) {
            _ = try Self.rewritten("kind: HTTPRoute\nspec: {rules: []}\n", .httpRoute, .weight(1))
        }
        let share = TrafficSplit.Share.match([
            .init(kind: .header, name: "Slipway-Canary", value: "x")
        ])
        #expect(throws: Never.self) { _ = try Self.rewritten(Self.route, .httpRoute, share) }
    }

    @Test(arguments: [
        (
            #"{"status":"success","data":{"resultType":"vector","result":[{"value":[1,"0.5"]}]}}"#,
            [0.5]
        ),
        (#"{"status":"success","data":{"resultType":"scalar","result":[1,"2"]}}"#, [2]),
        (
            #"{"status":"success","data":{"resultType":"vector","result":[{"value":[1,"NaN"]}]}}"#,
            []
        ),
        (#"{"status":"success","data":{"resultType":"matrix","result":[]}}"#, nil),
        (#"{"status":"error","error":"bad"}"#, nil), ("<html>", nil),
    ])
    func `what a Prometheus answers is read as its values`(text: String, values: [Double]?) {
        #expect(PrometheusAnswer.values(in: Array(text.utf8)) == values)
    }

    @Test func `a query is part of the address as it is`() {
        let question = PrometheusQuestion(url: "http://p:9090/", query: #"up{a="b"} > 0"#, min: 1)
        let url = "http://p:9090/api/v1/query?query=up%7Ba%3D%22b%22%7D%20%3E%200"
        #expect(PrometheusAnswer.url(of: question) == url)
    }
}
