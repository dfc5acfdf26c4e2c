import JSON

/// Plays the infrastructure provider: network and load balancer, by contract v1beta1 and v1beta2.
struct InfrastructurePart {
    let scene: Scene

    func play(_ family: ClusterFamily) async throws(SandboxStatus) {
        guard let infrastructure = family.infrastructure else { return }
        try await scene.adopt(infrastructure, by: family.cluster)
        guard infrastructure.kind != .virtualCluster else {
            return try await publish(infrastructure.spec["controlPlaneEndpoint"], of: family)
        }
        if infrastructure.isDeleting { return try await scene.depart(infrastructure, of: family) }
        let usual = "the provider refuses: played by the sandbox"
        let fault =
            scene.suffers(.infrastructureFails, infrastructure, usual)
            ?? scene.suffers(.infrastructureFails, family.cluster, usual)
        if let fault {
            try await report(infrastructure, isReady: false, "ProvisioningFailed", fault)
            let reason = "ProvisioningFailed"
            return try await scene.event(infrastructure, reason, fault, isWarning: true)
        }
        let step = SandboxPace.Step.infrastructure
        guard
            family.isInfrastructureReady
                || scene.hasPassed(step, since: infrastructure.creationTime, for: family.cluster)
        else {
            let message = "being provisioned"
            return try await report(infrastructure, isReady: false, "Provisioning", message)
        }
        let given = infrastructure.spec["controlPlaneEndpoint"]
        let isSet = given?["host"]?.string?.isEmpty == false
        if !isSet {
            try await scene.cluster.update(infrastructure.key, as: scene.manager) { object in
                object.spec["controlPlaneEndpoint"] = endpoint
            }
        }
        try await report(infrastructure, isReady: true, "Provisioned", "")
        try await publish(isSet ? given : endpoint, of: family)
    }

    /// The Cluster says where its API server is.
    private func publish(
        _ endpoint: JSON?,
        of family: ClusterFamily
    ) async throws(SandboxStatus) {
        let cluster = family.cluster
        let isSet = cluster.spec["controlPlaneEndpoint"]?["host"]?.string != nil
        let address = scene.other(cluster.name).url
        let isTold = cluster.annotations[TenantPlace.address] == address
        guard family.isInfrastructureReady, !isSet || !isTold else { return }
        try await scene.cluster.update(cluster.key, as: scene.manager) { cluster in
            if !isSet { cluster.spec["controlPlaneEndpoint"] = endpoint ?? self.endpoint }
            cluster.setAnnotation(TenantPlace.address, address)
        }
    }

    private func report(
        _ infrastructure: SandboxObject,
        isReady: Bool,
        _ reason: String,
        _ message: String
    ) async throws(SandboxStatus) {
        try await scene.report(infrastructure, [Fact("Ready", isReady, reason, message)]) {
            // What was provisioned once stays so.
            $0.status["ready"] = .bool(isReady || $0.status["ready"] == true)
            if isReady { $0.status["initialization"] = ["provisioned": true] }
            $0.count($0.generation, "observedGeneration")
        }
    }

    /// Host and port of the sandbox itself.
    private var endpoint: JSON {
        let parts = scene.cluster.url.split(separator: "/", maxSplits: 2)
        let authority = parts.count > 1 ? parts[1] : ""
        let colon = authority.lastIndex(of: ":")
        let port = colon.flatMap { Int(authority[authority.index(after: $0)...]) }
        let host = port == nil ? authority : authority[..<(colon ?? authority.endIndex)]
        let usual = parts.first == "https:" ? 443 : 80
        return ["host": .string(String(host)), "port": .integer(port ?? usual)]
    }
}
