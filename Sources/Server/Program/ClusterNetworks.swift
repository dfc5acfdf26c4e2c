import Clusters
import Contract
import Domain
import Kubernetes
import Sandbox
import Secrets
import Storage

/// How this installation reaches API servers: over the network, from inside a cluster, or in the
/// sandbox of its own.
struct ClusterNetworks: ClusterNetwork {
    let lanes: OutboundLanes
    let sandbox: SandboxServer
    let storage: Storage
    let sealer: Sealer
    let readFile: @Sendable (String) async throws -> [UInt8]

    /// The most bytes of a file of the service account: 64 KiB.
    static let fileBytesMax = 64 << 10

    func way(to management: ManagementCluster) async throws(ProviderFault) -> ClusterWay {
        switch management.spec.connection {
        case .sandbox: sandboxWay(to: SandboxServer.management)
        case .inCluster: try inClusterWay()
        case .kubeconfig: way(with: Credentials(try await kubeconfig(of: management).access))
        }
    }

    func way(
        to cluster: Cluster,
        in management: ManagementCluster,
        kubeconfig: @escaping @Sendable () async throws(KubernetesFault) -> SecretBytes
    ) async throws(ProviderFault) -> ClusterWay {
        if management.spec.connection == .sandbox {
            return sandboxWay(to: cluster.slug.description)
        }
        // Clouds give tokens of fifteen minutes and write new ones in time.
        return way(
            with: Credentials(ageMax: Self.tenantCredentialsAgeMax) { () throws(KubernetesFault) in
                try Self.access(by: try await kubeconfig())
            }
        )
    }

    private static let tenantCredentialsAgeMax = Duration.seconds(300)

    private func sandboxWay(to name: String) -> ClusterWay {
        let cluster = sandbox.cluster(name)
        return ClusterWay(transport: SandboxTransport(sandbox, cluster: name, as: "slipway")) {
            visitor in
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
        ClusterWay(
            transport: OutboundTransport(lanes: lanes, credentials: credentials)
        ) { visitor throws(KubernetesFault) in
            KubeconfigDraft(
                name: visitor.cluster,
                like: try await credentials.access().access,
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
        let sealed: String?
        do throws(StorageFault) {
            sealed = try await storage.managementClusters.kubeconfig(of: management.id, as: .system)
        } catch {
            throw error.providerFault
        }
        guard let sealed else {
            throw .refused(reason: "no kubeconfig was sent for \(management.name); send one")
        }
        let text: SecretBytes
        do throws(SealFault) {
            text = try sealer.open(
                SealedSecret(parsing: sealed),
                context: management.id.kubeconfigContext
            )
        } catch {
            throw .refused(
                reason: "the kubeconfig of \(management.name) cannot be opened with this "
                    + "installation's key; send it again"
            )
        }
        do throws(KubeconfigFault) {
            return try Kubeconfig(
                parsing: text.revealed(),
                origin: .uploaded(allowsThisMachine: true)
            )
        } catch {
            throw .refused(reason: "the kubeconfig of \(management.name): \(error)")
        }
    }

    private static func access(
        by text: SecretBytes
    ) throws(KubernetesFault) -> Kubernetes.ClusterAccess {
        do throws(KubeconfigFault) {
            return try Kubeconfig(
                parsing: text.revealed(),
                origin: .uploaded(allowsThisMachine: true)
            ).access
        } catch {
            // Its makers write it; they may be at it.
            throw .unauthorized(reason: "its kubeconfig cannot be used: \(error)")
        }
    }
}
