import Domain
import JSON

/// Plays the infrastructure provider: network and load balancer, by contract v1beta1 and v1beta2.
struct InfrastructurePart {
    let scene: Scene

    func play(_ family: ClusterFamily) async throws(SandboxStatus) -> SandboxRequeue {
        guard let infrastructure = family.infrastructure else { return .none }
        try await Adoption(scene: scene).adopt(infrastructure, by: family.cluster)
        guard infrastructure.kind != .virtualCluster else {
            return try await endpoint(of: family, infrastructure)
        }
        if infrastructure.isDeleting {
            return try await Departure(scene: scene).play(infrastructure, family)
        }
        let usual = "the provider refuses: played by the sandbox"
        let fault =
            scene.suffers(.infrastructureFails, infrastructure, usual)
            ?? scene.suffers(.infrastructureFails, family.cluster, usual)
        if let fault {
            try await report(infrastructure, isReady: false, "ProvisioningFailed", fault)
            try await scene.event(infrastructure, "ProvisioningFailed", fault, isWarning: true)
            return scene.soon
        }
        let step = SandboxPace.Step.infrastructure
        if !family.isInfrastructureReady,
            let rest = scene.rest(step, since: infrastructure.creationTime, for: family.cluster)
        {
            try await report(infrastructure, isReady: false, "Provisioning", "being provisioned")
            return .after(rest)
        }
        if infrastructure.spec["controlPlaneEndpoint"]?["host"]?.string?.isEmpty ?? true {
            let endpoint = self.endpoint
            try await scene.cluster.update(infrastructure.key, as: scene.manager) { object in
                object.spec["controlPlaneEndpoint"] = endpoint
            }
        }
        try await report(infrastructure, isReady: true, "Provisioned", "")
        return try await endpoint(of: family, infrastructure)
    }

    /// The Cluster says where its API server is.
    private func endpoint(
        of family: ClusterFamily,
        _ infrastructure: SandboxObject
    ) async throws(SandboxStatus) -> SandboxRequeue {
        let isSet = family.cluster.spec["controlPlaneEndpoint"]?["host"]?.string != nil
        guard family.isInfrastructureReady, !isSet else { return .none }
        let endpoint =
            infrastructure.spec["controlPlaneEndpoint"]?["host"]?.string == nil
            ? self.endpoint : infrastructure.spec["controlPlaneEndpoint"]
        try await scene.cluster.update(family.cluster.key, as: scene.manager) { cluster in
            cluster.spec["controlPlaneEndpoint"] = endpoint
        }
        return .none
    }

    private func report(
        _ infrastructure: SandboxObject,
        isReady: Bool,
        _ reason: String,
        _ message: String
    ) async throws(SandboxStatus) {
        try await scene.report(infrastructure) { object in
            let wasReady = object.status["ready"]?.bool == true
            if isReady {
                object.status["initialization"] = ["provisioned": true]
                object.status["ready"] = true
            } else if !wasReady {
                object.status["ready"] = false
            }
            object.status["observedGeneration"] = .integer(object.generation)
            object.setCondition("Ready", isReady, reason: reason, message: message, at: scene.now)
        }
    }

    /// Host and port of the sandbox itself.
    private var endpoint: JSON {
        let url = scene.cluster.url
        let rest = url.range(of: "://").map { url[$0.upperBound...] } ?? url[...]
        let authority = rest.prefix { $0 != "/" }
        let isSecure = url.hasPrefix("https")
        let colon = authority.lastIndex(of: ":")
        let port = colon.flatMap { Int(authority[authority.index(after: $0)...]) }
        let host = port == nil ? authority : colon.map { authority[..<$0] } ?? authority
        return ["host": .string(String(host)), "port": .integer(port ?? (isSecure ? 443 : 80))]
    }
}

extension String {
    /// Where a text occurs first.
    fileprivate func range(of text: String) -> Range<String.Index>? {
        var start = startIndex
        while start < endIndex {
            if self[start...].hasPrefix(text) {
                return start..<index(start, offsetBy: text.count)
            }
            start = index(after: start)
        }
        return nil
    }
}

/// Objects become part of a Cluster: label, owner, finalizer.
struct Adoption {
    let scene: Scene

    func adopt(
        _ object: SandboxObject,
        by cluster: SandboxObject
    ) async throws(SandboxStatus) {
        let finalizer = Departure.finalizer(of: object)
        let isOwned = object.owners.contains { $0["uid"]?.string == cluster.uid }
        guard !object.isDeleting else { return }
        guard !isOwned || !object.finalizers.contains(finalizer) else { return }
        let reference = cluster.reference(isController: false)
        try await scene.cluster.update(object.key, as: scene.manager) { object in
            object.setLabel(ClusterMark.cluster, cluster.name)
            if !object.finalizers.contains(finalizer) { object.finalizers.append(finalizer) }
            if !isOwned {
                let owners = object.metadata["ownerReferences"]?.array ?? []
                object.metadata["ownerReferences"] = .array(owners + [reference])
            }
        }
    }
}
