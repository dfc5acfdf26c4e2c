import JSON

/// Plays a load balancer: a Service that wants one gets an address that nobody routes.
struct ServicePlayer: Player {
    let name = "service-controller"
    let kind = SandboxKind.service
    func keys(for change: SandboxChange) -> [SandboxKey] { [] }

    func play(
        _ service: SandboxObject,
        in scene: Scene
    ) async throws(SandboxStatus) -> SandboxRequeue {
        guard !service.isDeleting, service.spec["type"]?.string == "LoadBalancer" else {
            return .none
        }
        let step = SandboxPace.Step.binding
        if let rest = scene.rest(step, since: service.creationTime, for: service) {
            return .after(rest)
        }
        if scene.suffers(.neverReady, service, "") != nil { return scene.soon }
        // 203.0.113.0/24 is for documentation (RFC 5737).
        let address = "203.0.113.\(Draw.number(service.uid, below: 250) + 2)"
        try await scene.report(service) { service in
            service.status["loadBalancer"] = ["ingress": [["ip": .string(address)]]]
        }
        return .none
    }
}
