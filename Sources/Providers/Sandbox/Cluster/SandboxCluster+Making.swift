import JSON

extension SandboxCluster {
    /// Says that this is no Kubernetes; on `kube-system`, and in what the server says of itself.
    static let mark = "sandbox.slipway.dev/sandbox"

    /// Makes the cluster itself, with its first namespaces and roles; nothing where it is there.
    package func make() async throws(SandboxStatus) {
        // What is made last: where it is, everything is.
        let last = SandboxKey(SandboxKind("Service"), "default", "kubernetes")
        guard try await get(last) == nil else { return }
        _ = try await asking { () async throws(SandboxOutage) in
            try await server.records.makeCluster(name)
        }
        for namespace in ["default", "kube-system", "kube-public", "kube-node-lease"] {
            try await ensure([
                "apiVersion": "v1", "kind": "Namespace",
                "metadata": [
                    "name": .string(namespace), "labels": [Self.mark: "true"],
                    "annotations": [
                        "sandbox.slipway.dev/about":
                            "Played by Slipway's sandbox; nothing here runs anywhere."
                    ],
                ],
            ])
        }
        for role in BuiltInRoles.objects { try await ensure(role) }
        try await ensure([
            "apiVersion": "v1", "kind": "Service",
            "metadata": ["name": "kubernetes", "namespace": "default"],
            "spec": ["ports": [["name": "https", "port": 443]]],
        ])
    }

    private func ensure(_ object: JSON) async throws(SandboxStatus) {
        do throws(SandboxStatus) {
            try await create(object, as: "slipway-sandbox")
        } catch {
            if error.reason != .alreadyExists { throw error }
        }
    }

    /// What every namespace has from the start.
    func furnish(_ namespace: String) async throws(SandboxStatus) {
        try await ensure([
            "apiVersion": "v1", "kind": "ServiceAccount",
            "metadata": ["name": "default", "namespace": .string(namespace)],
        ])
        try await ensure([
            "apiVersion": "v1", "kind": "ConfigMap",
            "metadata": ["name": "kube-root-ca.crt", "namespace": .string(namespace)],
            "data": ["ca.crt": ""],
        ])
    }
}
