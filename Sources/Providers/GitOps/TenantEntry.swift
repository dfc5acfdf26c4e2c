import Domain

/// What the management repository holds for one tenant: a namespace, and a Flux source and
/// reconciliation of the tenant's platform repository.
///
/// The repository is applied with the kubeconfig of the tenant's own cluster and never with the
/// rights of the management cluster: whoever may push to it must not reach further than that.
struct TenantEntry: Sendable, Equatable {
    static let folder = "tenants"

    let tenant: TenantName
    let url: String
    var isSuspended: Bool

    /// The folder of a tenant in the repository.
    static func folder(of tenant: TenantName) -> String { "\(folder)/\(tenant)" }

    /// The files of every entry, by their names.
    static let fileNames = [
        "gitrepository.yaml", "kustomization.yaml", "namespace.yaml", "sync.yaml",
    ]

    /// The name of everything that belongs to the tenant.
    var name: String {
        let whole = "tenant-\(tenant)"
        guard whole.utf8.count > Self.nameBytesMax else { return whole }
        // FNV-1a, 32 bits: two long names that begin alike stay apart.
        let hash = whole.utf8.reduce(UInt32(2_166_136_261)) { ($0 ^ UInt32($1)) &* 16_777_619 }
        let digits = String(hash, radix: 16)
        return whole.prefix(Self.nameBytesMax - 9) + "-"
            + String(repeating: "0", count: 8 - digits.utf8.count) + digits
    }

    /// The most characters of a namespace's name (RFC 1123 §2.1, as Kubernetes wants it).
    private static let nameBytesMax = 63

    /// The files and their content, by their paths.
    var files: [(path: String, text: String)] {
        let folder = Self.folder(of: tenant)
        return [
            ("\(folder)/gitrepository.yaml", source),
            ("\(folder)/kustomization.yaml", index),
            ("\(folder)/namespace.yaml", namespace),
            ("\(folder)/sync.yaml", sync),
        ]
    }

    private var labels: String {
        """
          labels:
            "app.kubernetes.io/managed-by": "slipway"
            "slipway.dev/tenant": \(tenant.text.yaml)
        """
    }

    private var namespace: String {
        """
        apiVersion: "v1"
        kind: "Namespace"
        metadata:
          name: \(name.yaml)
        \(labels)

        """
    }

    private var source: String {
        """
        apiVersion: "source.toolkit.fluxcd.io/v1"
        kind: "GitRepository"
        metadata:
          name: "platform"
          namespace: \(name.yaml)
        \(labels)
        spec:
          interval: "1m0s"
          ref:
            branch: \(RepositoryLayout.branch.yaml)
          secretRef:
            name: "platform-git"
          suspend: \(isSuspended)
          timeout: "1m0s"
          url: \(url.yaml)

        """
    }

    private var sync: String {
        """
        apiVersion: "kustomize.toolkit.fluxcd.io/v1"
        kind: "Kustomization"
        metadata:
          name: "platform"
          namespace: \(name.yaml)
        \(labels)
        spec:
          interval: "10m0s"
          kubeConfig:
            secretRef:
              name: \("\(tenant)-kubeconfig".yaml)
          path: \("./clusters/\(tenant)".yaml)
          prune: true
          retryInterval: "1m0s"
          sourceRef:
            kind: "GitRepository"
            name: "platform"
          suspend: \(isSuspended)
          timeout: "5m0s"

        """
    }

    private var index: String {
        """
        apiVersion: "kustomize.config.k8s.io/v1beta1"
        kind: "Kustomization"
        resources:
          - "gitrepository.yaml"
          - "namespace.yaml"
          - "sync.yaml"

        """
    }
}
