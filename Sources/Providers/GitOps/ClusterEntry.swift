import Contract
import Domain

/// What the management repository holds for one cluster: a folder with its objects, and the one
/// object that makes the GitOps engine apply that folder.
///
/// One such object for each cluster, so that a cluster that cannot be applied never holds up the
/// others.
struct ClusterEntry: Sendable, Equatable {
    static let folder = "clusters"

    let target: DeliveryTarget
    let engine: GitOpsEngine

    /// The folder of the objects of all clusters of a tenant.
    static func folder(of tenant: TenantName) -> String { "\(folder)/\(tenant)" }

    /// The folder of a cluster's objects.
    static func folder(of target: DeliveryTarget) -> String {
        "\(folder(of: target.tenant))/\(target.cluster)"
    }

    /// The list of a cluster's objects.
    static func indexPath(of target: DeliveryTarget) -> String {
        "\(folder(of: target))/kustomization.yaml"
    }

    /// The file of the object that makes the engine apply the cluster, within what the tenant has
    /// in that management cluster.
    static func reconciliationFile(of target: DeliveryTarget) -> String {
        "\(folder)/\(target.cluster).yaml"
    }

    /// The same from the top of the repository.
    static func reconciliationPath(of target: DeliveryTarget) -> String {
        let folder = ReaderEntry.folder(of: target.tenant, in: target.managementCluster)
        return "\(folder)/\(reconciliationFile(of: target))"
    }

    /// The object that makes the engine apply the cluster.
    var reconciliation: [UInt8] {
        switch engine.kind {
        case .flux: Array(kustomization.utf8)
        case .argocd: Array(application.utf8)
        }
    }

    private var labels: String {
        """
          labels:
            "app.kubernetes.io/managed-by": "slipway"
            "slipway.dev/cluster": \(target.cluster.text.yaml)
            "slipway.dev/tenant": \(target.tenant.text.yaml)
        """
    }

    /// Pruned by Flux: what leaves the folder goes, and with this object everything in it.
    ///
    /// Roots leave the folder first and alone, so that nothing goes before what belongs to it.
    private var kustomization: String {
        """
        apiVersion: "kustomize.toolkit.fluxcd.io/v1"
        kind: "Kustomization"
        metadata:
          name: \(target.reconciliationName.yaml)
          namespace: \(engine.namespace.yaml)
        \(labels)
        spec:
          interval: "10m0s"
          path: \("./\(Self.folder(of: target))".yaml)
          prune: true
          retryInterval: "30s"
        \(account)  sourceRef:
            kind: "GitRepository"
            name: \(engine.sourceName.yaml)
          timeout: "2m0s"
          wait: false

        """
    }

    /// As whom Flux applies the cluster where Flux is: its own account.
    ///
    /// A Flux that tenants share would otherwise take one without rights; elsewhere there is none
    /// of that name.
    private var account: String {
        engine.namespace == ManagementClusterSpec.Engine.flux.defaultNamespace
            ? "  serviceAccountName: \"kustomize-controller\"\n" : ""
    }

    /// The finalizer makes Argo CD remove what it applied before the object is gone.
    private var application: String {
        """
        apiVersion: "argoproj.io/v1alpha1"
        kind: "Application"
        metadata:
          name: \(target.reconciliationName.yaml)
          namespace: \(engine.namespace.yaml)
        \(labels)
          finalizers:
            - "resources-finalizer.argocd.argoproj.io"
        spec:
          project: "default"
          source:
            repoURL: \(engine.repositoryURL.yaml)
            path: \(Self.folder(of: target).yaml)
            targetRevision: \(RepositoryLayout.branch.yaml)
          destination:
            server: "https://kubernetes.default.svc"
            namespace: \(target.slug.namespace.yaml)
          syncPolicy:
            automated:
              prune: true
              selfHeal: true
              allowEmpty: true
            syncOptions:
              - "ServerSideApply=true"
              - "CreateNamespace=false"
            retry:
              limit: -1
              backoff:
                duration: "5s"
                factor: 2
                maxDuration: "3m0s"

        """
    }
}

extension DeliveryTarget {
    /// The name of the object that makes the GitOps engine apply the cluster.
    package var reconciliationName: String { slug.namespace }
}
