import JSON
import YAML

/// Manifests of tests.
enum Manifests {
    static func read(_ yaml: String) throws -> [JSON] {
        try YAML.documents(Array(yaml.utf8)).map(\.value)
    }

    /// A Cluster without topology, `workers` nodes and one control plane.
    static func plain(workers: Int = 2, version: String = "v1.34.0") -> String {
        """
        apiVersion: cluster.x-k8s.io/v1beta2
        kind: Cluster
        metadata: {name: acme, namespace: t-acme}
        spec:
          controlPlaneRef:
            {apiGroup: controlplane.cluster.x-k8s.io, kind: KubeadmControlPlane, name: acme}
          infrastructureRef:
            {apiGroup: infrastructure.cluster.x-k8s.io, kind: DevCluster, name: acme}
        ---
        apiVersion: infrastructure.cluster.x-k8s.io/v1beta2
        kind: DevCluster
        metadata: {name: acme, namespace: t-acme}
        spec: {backend: {docker: {}}}
        ---
        apiVersion: controlplane.cluster.x-k8s.io/v1beta2
        kind: KubeadmControlPlane
        metadata: {name: acme, namespace: t-acme}
        spec:
          replicas: 3
          version: \(version)
          machineTemplate:
            spec:
              infrastructureRef:
                {apiGroup: infrastructure.cluster.x-k8s.io, kind: DevMachineTemplate, name: acme}
        ---
        apiVersion: cluster.x-k8s.io/v1beta2
        kind: MachineDeployment
        metadata: {name: acme-md-0, namespace: t-acme}
        spec:
          clusterName: acme
          replicas: \(workers)
          selector: {matchLabels: {cluster.x-k8s.io/cluster-name: acme}}
          template:
            metadata: {labels: {cluster.x-k8s.io/cluster-name: acme}}
            spec:
              clusterName: acme
              version: \(version)
              bootstrap:
                configRef:
                  {apiGroup: bootstrap.cluster.x-k8s.io, kind: KubeadmConfigTemplate, name: acme}
              infrastructureRef:
                {apiGroup: infrastructure.cluster.x-k8s.io, kind: DevMachineTemplate, name: acme}
        """
    }

    /// A class of clusters, and one of it.
    static let topology = """
        apiVersion: cluster.x-k8s.io/v1beta2
        kind: ClusterClass
        metadata: {name: quick, namespace: t-acme}
        spec:
          infrastructure:
            templateRef:
              apiVersion: infrastructure.cluster.x-k8s.io/v1beta2
              kind: DevClusterTemplate
              name: quick
          controlPlane:
            templateRef:
              apiVersion: controlplane.cluster.x-k8s.io/v1beta2
              kind: KubeadmControlPlaneTemplate
              name: quick
            machineInfrastructure:
              templateRef:
                apiVersion: infrastructure.cluster.x-k8s.io/v1beta2
                kind: DevMachineTemplate
                name: quick
          workers:
            machineDeployments:
              - class: default-worker
                bootstrap:
                  templateRef:
                    apiVersion: bootstrap.cluster.x-k8s.io/v1beta2
                    kind: KubeadmConfigTemplate
                    name: quick
                infrastructure:
                  templateRef:
                    apiVersion: infrastructure.cluster.x-k8s.io/v1beta2
                    kind: DevMachineTemplate
                    name: quick
        ---
        apiVersion: cluster.x-k8s.io/v1beta2
        kind: Cluster
        metadata: {name: acme, namespace: t-acme}
        spec:
          topology:
            classRef: {name: quick}
            version: v1.34.0
            controlPlane: {replicas: 1}
            workers:
              machineDeployments:
                - {class: default-worker, name: md-0, replicas: 2}
        """

    /// A virtual cluster by Flux.
    static func release(policy: String = "Delete", suspend: Bool = false) -> String {
        """
        apiVersion: source.toolkit.fluxcd.io/v1
        kind: HelmRepository
        metadata: {name: loft-sh, namespace: t-acme}
        spec: {interval: 1h, url: "https://charts.loft.sh"}
        ---
        apiVersion: helm.toolkit.fluxcd.io/v2
        kind: HelmRelease
        metadata: {name: acme-v, namespace: t-acme}
        spec:
          interval: 1h
          releaseName: acme-v
          suspend: \(suspend)
          chart:
            spec:
              chart: vcluster
              version: "0.36.1"
              sourceRef: {kind: HelmRepository, name: loft-sh}
          values:
            controlPlane:
              statefulSet: {persistence: {volumeClaim: {retentionPolicy: \(policy)}}}
            policies:
              resourceQuota: {enabled: true, quota: {pods: "20"}}
        """
    }
}
