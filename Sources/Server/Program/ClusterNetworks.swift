import Clusters
import Contract
import Domain
import Kubernetes
import Outbound
import Sandbox
import Secrets

/// How this installation reaches API servers: over the network, from inside a cluster, or in the
/// sandbox of its own.
struct ClusterNetworks: ClusterNetwork {
    let lanes: OutboundLanes
    /// Those to servers that tenants name: they go where these may, and nowhere else.
    let tenantLanes: OutboundLanes
    let tenantAddresses: AddressLimits
    let sandbox: SandboxServer
    let kubeconfigs: SealedKubeconfigs
    let furniture: SandboxFurniture
    let readFile: @Sendable (String) async throws -> [UInt8]

    /// The most bytes of a file of the service account: 64 KiB.
    static let fileBytesMax = 64 << 10

    func way(to management: ManagementCluster) async throws(ProviderFault) -> ClusterWay {
        switch management.spec.connection {
        case .sandbox: try await sandboxWay(to: management)
        case .inCluster: try inClusterWay()
        case .kubeconfig: way(with: Credentials(try await kubeconfig(of: management).access))
        }
    }

    func way(
        to cluster: Cluster,
        in management: ManagementCluster,
        kubeconfig:
            @escaping @Sendable (ClusterVantage) async throws(KubernetesFault) -> SecretBytes
    ) async throws(ProviderFault) -> ClusterWay {
        if cluster.spec.adopt != nil { return adoptedWay(to: cluster) }
        if management.spec.connection == .sandbox {
            return sandboxWay(to: cluster.slug.description)
        }
        // A host under which it is exposed is a name that the tenant gives.
        let isNamed = if case .host = cluster.spec.exposure { true } else { false }
        let addresses = isNamed ? tenantAddresses : .beyondLink
        // Clouds give tokens of fifteen minutes and write new ones in time.
        let own = Credentials(ageMax: Self.tenantCredentialsAgeMax) { () throws(KubernetesFault) in
            try Self.access(by: try await kubeconfig(.slipway), within: addresses)
        }
        let transport = OutboundTransport(lanes: isNamed ? tenantLanes : lanes, credentials: own)
        return way(over: transport) { () throws(KubernetesFault) in
            try Self.access(by: try await kubeconfig(.visitor), within: .beyondLink)
        }
    }

    func transport(
        over way: ClusterWay,
        to management: ManagementCluster,
        token: @escaping @Sendable () async throws(KubernetesFault) -> SecretBytes
    ) -> any KubernetesTransport {
        if management.spec.connection == .sandbox {
            return TokenTransport(
                inner: SandboxTransport(sandbox, cluster: SandboxServer.management),
                token: token
            )
        }
        let credentials = Credentials(ageMax: Self.accountTokenAgeMax) {
            () throws(KubernetesFault) in
            let visitor = ClusterVisitor(
                cluster: management.name.text,
                user: "account",
                namespace: nil,
                token: try await token()
            )
            return try Self.access(by: try await way.kubeconfig(visitor), within: .beyondLink)
        }
        return OutboundTransport(lanes: lanes, credentials: credentials)
    }

    /// Tokens of accounts are made for an hour; servers may make them shorter, but not this short.
    private static let accountTokenAgeMax = Duration.seconds(300)
    private static let tenantCredentialsAgeMax = Duration.seconds(300)

    /// Where the tenant says, but never to this machine, its link or its cloud's secrets: looked at
    /// once DNS has spoken, connection by connection.
    private func adoptedWay(to cluster: Cluster) -> ClusterWay {
        let credentials = Credentials(ageMax: Self.tenantCredentialsAgeMax) {
            () throws(KubernetesFault) in
            let text: SecretBytes
            do throws(ProviderFault) {
                text = try await kubeconfigs.kubeconfig(of: cluster)
            } catch .transient(_, let reason), .busy(let reason) {
                throw .unreachable(reason: reason)
            } catch {
                throw .malformed(reason: error.words)
            }
            return try Self.access(by: text, within: tenantAddresses)
        }
        let transport = OutboundTransport(lanes: tenantLanes, credentials: credentials)
        return way(over: transport) { () throws(KubernetesFault) in
            try await credentials.access().access
        }
    }

    /// The sandbox's management cluster, with everything that belongs into it.
    private func sandboxWay(
        to management: ManagementCluster
    ) async throws(ProviderFault) -> ClusterWay {
        do {
            try await furniture.make(for: management)
        } catch {
            throw .transient(reason: "the sandbox cannot be made ready: \(error)")
        }
        return sandboxWay(to: SandboxServer.management)
    }

    private func sandboxWay(to name: String) -> ClusterWay {
        let cluster = sandbox.cluster(name)
        let transport = SandboxTransport(sandbox, cluster: name, as: "slipway")
        return ClusterWay(transport: transport, endpoint: { cluster.url }) { visitor in
            SecretBytes(
                cluster.kubeconfig(
                    token: visitor.token.revealedText(),
                    user: visitor.user,
                    namespace: visitor.namespace
                )
            )
        }
    }

    private func inClusterWay() throws(ProviderFault) -> ClusterWay {
        do throws(KubernetesFault) {
            let inside = try InCluster(
                environment: { Environment.value($0) },
                readFile: readFile
            )
            return way(with: inside.credentials())
        } catch {
            throw error.providerFault
        }
    }

    private func way(with credentials: Credentials) -> ClusterWay {
        way(over: OutboundTransport(lanes: lanes, credentials: credentials)) {
            () throws(KubernetesFault) in
            try await credentials.access().access
        }
    }

    /// A way over that transport; `visited` is where people are sent.
    private func way(
        over transport: OutboundTransport,
        visited: @escaping @Sendable () async throws(KubernetesFault) -> Kubernetes.ClusterAccess
    ) -> ClusterWay {
        let endpoint: ClusterWay.Endpoint = { () throws(KubernetesFault) in
            "\(try await visited().server)"
        }
        return ClusterWay(transport: transport, endpoint: endpoint) {
            visitor throws(KubernetesFault) in
            KubeconfigDraft(
                name: visitor.cluster,
                like: try await visited(),
                user: visitor.user,
                token: visitor.token,
                namespace: visitor.namespace
            ).text()
        }
    }

    /// What was sent along with a management cluster.
    private func kubeconfig(
        of management: ManagementCluster
    ) async throws(ProviderFault) -> Kubeconfig {
        let text = try await kubeconfigs.kubeconfig(of: management)
        do throws(KubeconfigFault) {
            return try Kubeconfig(
                parsing: text.revealed(),
                origin: .uploaded(.beyondLink)
            )
        } catch {
            throw .refused(reason: "the kubeconfig of \(management.name): \(error)")
        }
    }

    private static func access(
        by text: SecretBytes,
        within addresses: AddressLimits
    ) throws(KubernetesFault) -> Kubernetes.ClusterAccess {
        do throws(KubeconfigFault) {
            return try Kubeconfig(
                parsing: text.revealed(),
                origin: .uploaded(addresses)
            ).access
        } catch {
            // Its makers write it; they may be at it.
            throw .unauthorized(reason: "its kubeconfig cannot be used: \(error)")
        }
    }
}

/// A way into the sandbox with a token of its own.
private struct TokenTransport: KubernetesTransport {
    let inner: SandboxTransport
    let token: @Sendable () async throws(KubernetesFault) -> SecretBytes

    func send(_ request: KubernetesRequest) async throws(KubernetesFault) -> KubernetesAnswer {
        var request = request
        let text = try await token().revealedText()
        request.headers.append(("authorization", "Bearer \(text)"))
        return try await inner.send(request)
    }
}
