import JSON

/// Plays a controller of the Gateway API that takes every class and every gateway.
struct GatewayPlayer: Player {
    /// Who a GatewayClass says that takes care of it, in the sandbox.
    static let controller: JSON = "sandbox.slipway.dev/gateway"

    let kind: SandboxKind
    var name: String { "\(kind.name.lowercased())-controller" }
    func keys(for change: SandboxChange) -> [SandboxKey] { [] }

    func play(_ object: SandboxObject, in scene: Scene) async throws(SandboxStatus) {
        guard !object.isDeleting, scene.suffers(.neverReady, object) == nil,
            scene.hasPassed(SandboxPace.Step.binding, since: object.creationTime, for: object)
        else { return }
        let accepted = Fact("Accepted", true, "Accepted")
        guard kind == .gateway else { return try await scene.report(object, [accepted]) }
        let facts = [accepted, Fact("Programmed", true, "Programmed")]
        try await scene.report(object, facts) { object in
            object.status["addresses"] = [
                ["type": "IPAddress", "value": .string(AddressPlayer.address(for: object))]
            ]
        }
    }
}

/// Plays what a gateway's controller does with HTTPRoutes: every gateway that is there takes them.
struct RoutePlayer: Player {
    let name = "gateway-controller"
    let kind = SandboxKind.httpRoute
    var others: [SandboxKind] { [.gateway, .service] }

    func keys(for change: SandboxChange) -> [SandboxKey] {
        [all(in: change.object.kind == .service ? change.object.namespace : nil)]
    }

    func play(_ route: SandboxObject, in scene: Scene) async throws(SandboxStatus) {
        guard !route.isDeleting, scene.suffers(.neverReady, route) == nil,
            scene.hasPassed(SandboxPace.Step.binding, since: route.creationTime, for: route)
        else { return }
        let resolved = try await resolved(route, scene)
        let before = route.status["parents"]?.array ?? []
        var parents: [JSON] = []
        for reference in route.spec["parentRefs"]?.array ?? [] {
            guard try await isThere(reference, for: route, scene) else { continue }
            // Conditions are kept as an object's own, so that their times stay.
            var parent = SandboxObject(["metadata": .object(route.metadata)])
            let known = before.first { $0["parentRef"] == reference }
            parent.status["conditions"] = known?["conditions"]
            parent.state([Fact("Accepted", true, "Accepted"), resolved], at: scene.now)
            parents.append([
                "parentRef": reference, "controllerName": GatewayPlayer.controller,
                "conditions": parent.status["conditions"] ?? [],
            ])
        }
        let all = JSON.array(parents)
        try await scene.report(route) { $0.status["parents"] = all }
    }

    /// Whether there is such a gateway; nobody says anything for one that is not.
    private func isThere(
        _ reference: JSON,
        for route: SandboxObject,
        _ scene: Scene
    ) async throws(SandboxStatus) -> Bool {
        guard reference["kind"]?.string ?? "Gateway" == "Gateway",
            let name = reference["name"]?.string
        else { return false }
        let namespace = reference["namespace"]?.string ?? route.namespace
        return try await scene.cluster.get(SandboxKey(.gateway, namespace, name)) != nil
    }

    /// Whether every backend is there.
    private func resolved(
        _ route: SandboxObject,
        _ scene: Scene
    ) async throws(SandboxStatus) -> Fact {
        let backends = HTTPBackends(of: route)
        for rule in route.spec["rules"]?.array ?? [] {
            for reference in rule["backendRefs"]?.array ?? [] {
                if let refusal = backends.refusal(of: reference) {
                    return Fact("ResolvedRefs", false, refusal.reason, refusal.message)
                }
                let name = reference["name"]?.string ?? ""
                let key = SandboxKey(.service, route.namespace, name)
                let service = try await scene.cluster.get(key)
                guard service?.hasPort(reference["port"]) == true else {
                    let text = "there is no Service \(name) with that port"
                    return Fact("ResolvedRefs", false, "BackendNotFound", text)
                }
            }
        }
        return Fact("ResolvedRefs", true, "ResolvedRefs")
    }
}
