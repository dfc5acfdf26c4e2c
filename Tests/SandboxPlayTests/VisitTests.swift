import Domain
import JSON
import Testing

@testable import Sandbox

/// What a browser sees of what is published in a sandbox cluster.
@Suite struct VisitTests {
    private static func web(_ name: String = "web", replicas: Int = 2) -> String {
        """
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: \(name), namespace: t-acme}
        spec:
          replicas: \(replicas)
          selector: {matchLabels: {app: \(name)}}
          template:
            metadata: {labels: {app: \(name), app.kubernetes.io/version: "2f1c9"}}
            spec: {containers: [{name: app, image: "shop:\(name)"}]}
        ---
        apiVersion: v1
        kind: Service
        metadata: {name: \(name), namespace: t-acme}
        spec: {selector: {app: \(name)}, ports: [{name: http, port: 80, targetPort: 8080}]}
        ---

        """
    }

    private static let ingress = """
        apiVersion: networking.k8s.io/v1
        kind: Ingress
        metadata: {name: web, namespace: t-acme}
        spec:
          rules:
            - host: shop.example.com
              http:
                paths:
                  - path: /
                    pathType: Prefix
                    backend: {service: {name: web, port: {name: http}}}
                  - path: /api
                    pathType: Prefix
                    backend: {service: {name: api, port: {number: 80}}}
                  - path: /api/only
                    pathType: Exact
                    backend: {service: {name: web, port: {number: 80}}}
                  - path: /wrong
                    pathType: Prefix
                    backend: {service: {name: web, port: {number: 81}}}
        """

    /// A Gateway, and a route to `web` and `canary` with those rules.
    private static func route(_ rules: String) -> String {
        """
        apiVersion: gateway.networking.k8s.io/v1
        kind: Gateway
        metadata: {name: public, namespace: t-acme}
        spec:
          gatewayClassName: sandbox
          listeners: [{name: http, port: 80, protocol: HTTP}]
        ---
        apiVersion: gateway.networking.k8s.io/v1
        kind: HTTPRoute
        metadata: {name: shop, namespace: t-acme}
        spec:
          parentRefs: [{name: public}]
          hostnames: ["*.example.com"]
          rules: \(rules)
        """
    }

    private static let canary = "[{name: canary, port: 80}]"
    private static let stable = "[{name: web, port: 80}]"

    @Test func `an ingress leads to a ready pod of its service, in turns`() async throws {
        try await Trial.run { trial in
            try await trial.apply(Self.web() + Self.web("api") + Self.ingress)
            let early = try await trial.visit("/shop.example.com/")
            #expect(early.status == 404, "no controller has seen it yet")
            try await trial.pass(3)
            var pods: Set<String> = []
            for _ in 0..<2 {
                let seen = try await trial.visit("/shop.example.com/cart/7?x=1")
                #expect(seen.status == 200)
                #expect(seen.json["sandbox"] == true && seen.json["service"] == "web")
                #expect(seen.json["namespace"] == "t-acme" && seen.json["path"] == "/cart/7")
                #expect(seen.json["images"] == ["app": "shop:web"])
                #expect(seen.json["revision"] == "2f1c9")
                pods.insert(seen.json["pod"]?.string ?? "")
            }
            #expect(pods.count == 2)
            #expect(try await trial.service("/Shop.Example.com") == "web")
        }
    }

    @Test(arguments: [
        ("/api", "api"), ("/api/7", "api"), ("/apis", "web"), ("/api/only", "web"),
        ("/api/only/1", "api"), ("/%61pi", "api"),
    ])
    func `the longest path that matches in whole elements decides`(
        path: String,
        service: String
    ) async throws {
        try await Trial.run { trial in
            try await trial.apply(Self.web() + Self.web("api") + Self.ingress)
            try await trial.pass(3)
            #expect(try await trial.service("/shop.example.com\(path)") == service)
        }
    }

    @Test func `what is not published is answered alike, and what cannot answer is 503`()
        async throws
    {
        try await Trial.run { trial in
            try await trial.apply(Self.web(replicas: 0) + Self.ingress)
            try await trial.pass(3)
            let host = try await trial.visit("/other.example.com/")
            #expect(host.status == 404)
            let cluster = try await trial.visit("/shop.example.com/", in: "nobody")
            #expect(cluster.status == 404 && cluster.json == host.json)
            #expect(try await trial.visit("/shop.example.com/").status == 503)
            #expect(try await trial.visit("/shop.example.com/api").status == 503)
            #expect(try await trial.visit("/shop.example.com/wrong").status == 503)
            let post = try await trial.visit("/shop.example.com/", method: "POST")
            #expect(post.status == 405)
            let head = try await trial.visit("/shop.example.com/", method: "HEAD")
            #expect(head.status == 503)
            try await trial.management.delete(SandboxKey(.ingress, "t-acme", "web"))
            #expect(try await trial.visit("/shop.example.com/").status == 404)
        }
    }

    @Test func `a deployment that cannot start leaves the visits to the one before`() async throws {
        try await Trial.run { trial in
            try await trial.apply(Self.web() + Self.ingress)
            try await trial.pass(3)
            let annotation = "metadata: {annotations: {\(FaultBook.annotation): crashLoop}, labels"
            let broken = Self.web().replacing("metadata: {labels", with: annotation)
                .replacing("shop:web", with: "shop:new")
            try await trial.apply(broken)
            try await trial.pass(4)
            for _ in 0..<4 {
                let seen = try await trial.visit("/shop.example.com/")
                #expect(seen.json["images"] == ["app": "shop:web"])
            }
            try await trial.apply(broken.replacing("crashLoop", with: "slow"))
            try await trial.pass(20)
            let seen = try await trial.visit("/shop.example.com/")
            #expect(seen.json["images"] == ["app": "shop:new"])
        }
    }

    @Test func `weights give each service its exact share`() async throws {
        try await Trial.run { trial in
            let backends =
                "[{name: web, port: 80, weight: 90}, {name: canary, port: 80, weight: 10}]"
            let route = Self.route("[{backendRefs: \(backends)}]")
            try await trial.apply(Self.web() + Self.web("canary") + route)
            try await trial.pass(3)
            var seen: [String: Int] = [:]
            for _ in 0..<20 {
                seen[try await trial.service("/shop.example.com/"), default: 0] += 1
            }
            #expect(seen == ["web": 18, "canary": 2])
            try await trial.apply(route.replacing("weight: 90", with: "weight: 0"))
            try await trial.pass(1)
            #expect(try await trial.service("/shop.example.com/") == "canary")
        }
    }

    @Test(arguments: [
        ("X-Canary", "yes", "canary"), ("X-Canary", "no", "web"),
        ("Cookie", "a=b; canary=always", "canary"),
        ("Cookie", "canary=never", "web"), ("X-Other", "yes", "web"),
    ])
    func `chosen people see the new version`(
        header: String,
        value: String,
        service: String
    ) async throws {
        try await Trial.run { trial in
            let cookie = "(.*;\\\\s*)?canary=always(;.*)?"
            let chosen = """
                [{matches: [{headers: [{name: x-canary, value: "yes"}]}, {headers: \
                [{name: cookie, type: RegularExpression, value: "\(cookie)"}]}], \
                backendRefs: \(Self.canary)}, {backendRefs: \(Self.stable)}]
                """
            try await trial.apply(Self.web() + Self.web("canary") + Self.route(chosen))
            try await trial.pass(3)
            let seen = try await trial.service("/shop.example.com/", [(header, value)])
            #expect(seen == service)
        }
    }

    @Test func `a gateway takes a route and says which backend is missing`() async throws {
        try await Trial.run { trial in
            let key = SandboxKey(.httpRoute, "t-acme", "shop")
            let route = Self.route("[{backendRefs: \(Self.stable)}]")
            try await trial.apply(route)
            try await trial.pass(2)
            let gateway = SandboxKey(.gateway, "t-acme", "public")
            #expect(try await trial.condition(gateway, "Programmed") == "True")
            func parent() async throws -> JSON? {
                try await trial.management.get(key)?.status["parents"]?[0]?["conditions"]
            }
            #expect(try await parent()?[0]?["type"] == "Accepted")
            #expect(try await parent()?[1]?["reason"] == "BackendNotFound")
            try await trial.apply(Self.web())
            try await trial.pass(3)
            #expect(try await parent()?[1]?["status"] == "True")
            let before = try await trial.revisions()
            try await trial.pass(10)
            #expect(try await trial.revisions() == before)
            try await trial.management.delete(gateway)
            try await trial.pass(1)
            #expect(try await parent() == nil)
            #expect(try await trial.visit("/shop.example.com/").status == 404)
        }
    }

    @Test(arguments: [[1], [1, 1], [9, 1], [3, 0, 5], [50, 30, 20], [999, 1]])
    func `turns come to the shares whatever they are`(shares: [Int]) {
        let total = shares.reduce(0, +)
        var seen = shares.map { _ in 0 }
        for turn in 0..<(2 * total) {
            if let place = RouteTables.place(of: turn, in: shares) { seen[place] += 1 }
        }
        #expect(zip(seen, shares).allSatisfy { $0 * shares.reduce(0, +) == $1 * 2 * total })
        #expect(RouteTables.place(of: 0, in: [0, 0]) == nil)
    }
}

extension Trial {
    /// What a browser sees at an address.
    func visit(
        _ address: String,
        _ headers: [(name: String, value: String)] = [],
        method: String = "GET",
        in cluster: String = SandboxServer.management
    ) async throws -> (status: Int, json: JSON) {
        let parts = address.split(separator: "?")
        let answer = await server.respond(
            to: SandboxRequest(
                cluster: cluster,
                method: method,
                path: "/ingress\(parts[0])",
                query: parts.count > 1 ? String(parts[1]) : nil,
                headers: headers
            )
        )
        guard case .bytes(let bytes) = answer.body else { return (answer.status, .null) }
        return (answer.status, try JSON.parse(bytes))
    }

    /// The Service that takes a visit.
    fileprivate func service(
        _ address: String,
        _ headers: [(name: String, value: String)] = []
    ) async throws -> String {
        let seen = try await visit(address, headers)
        return seen.json["service"]?.string ?? "\(seen.status)"
    }
}
