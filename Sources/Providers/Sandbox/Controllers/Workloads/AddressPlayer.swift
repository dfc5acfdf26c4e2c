import JSON

/// Plays a load balancer: a Service that wants one, or an Ingress, gets an address that nobody
/// routes.
struct AddressPlayer: Player {
    let kind: SandboxKind
    var name: String { kind == .service ? "service-controller" : "ingress-controller" }
    func keys(for change: SandboxChange) -> [SandboxKey] { [] }

    func play(_ object: SandboxObject, in scene: Scene) async throws(SandboxStatus) {
        let isWanted = kind == .ingress || object.spec["type"]?.string == "LoadBalancer"
        guard !object.isDeleting, isWanted, scene.suffers(.neverReady, object) == nil,
            scene.hasPassed(SandboxPace.Step.binding, since: object.creationTime, for: object)
        else { return }
        let address = Self.address(for: object)
        try await scene.report(object) { object in
            object.status["loadBalancer"] = ["ingress": [["ip": .string(address)]]]
        }
    }

    /// Out of 203.0.113.0/24, which is for documentation (RFC 5737).
    static func address(for object: SandboxObject) -> String {
        "203.0.113.\(Draw.number(object.uid, below: 250) + 2)"
    }
}
