import API
import Clusters
import Domain
import EventLoop
import HTTP
import Kubernetes
import Outbound
import Secrets

extension Services {
    /// Kubernetes, as far as the API needs it.
    var apiClusters: APIClusters {
        let settings = settings
        return APIClusters(
            examine: { upload throws(KubeconfigRefusal) in
                let addresses =
                    switch upload.purpose {
                    case .management: settings.isLocal ? AddressLimits.beyondLink : .beyondLoopback
                    case .adoption: settings.adoptedAddresses
                    }
                return try KubeconfigSummary(upload, within: addresses)
            },
            access: ClusterDoor(parts: clusters),
            rehearse: { [clusters, pool] cluster, tenant, made in
                let rehearsal = ClusterRehearsal(
                    records: clusters.records,
                    drivers: ClusterParts.drivers
                )
                // What cannot be found out now, the cluster's job finds out.
                guard let wish = try? await rehearsal.wish(for: cluster, of: tenant, from: made)
                else { return nil }
                let reason = try? await pool.run { rehearsal.refusal(of: wish) }  // nor this
                return reason.flatMap { $0 }.map { "It cannot be made so: \($0)." }
            }
        )
    }
}

extension KubeconfigSummary {
    /// Reads an uploaded kubeconfig.
    fileprivate init(
        _ upload: KubeconfigUpload,
        within addresses: AddressLimits
    ) throws(KubeconfigRefusal) {
        do {
            let kubeconfig = try Kubeconfig(
                parsing: upload.bytes,
                context: upload.context,
                origin: .uploaded(addresses)
            )
            self.init(
                context: kubeconfig.context,
                warnings: kubeconfig.warnings.map(\.description),
                kept: kubeconfig.text()
            )
        } catch {
            throw KubeconfigRefusal(error.findings.map(\.description))
        }
    }
}

extension Settings {
    /// Where Slipway goes because a tenant says so: never to itself unasked.
    var adoptedAddresses: AddressLimits { allowsLocalClusters ? .beyondLink : .otherMachines }

    /// Whether nobody but this machine reaches the API: a cluster on it may then be meant.
    fileprivate var isLocal: Bool {
        listen.allSatisfy { address in
            switch address {
            case .unix: true
            case .host(let host, _): ["localhost", "127.0.0.1", "::1"].contains(host)
            }
        }
    }
}
