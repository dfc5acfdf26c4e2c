import Domain
import JSON
import TestSupport

/// Templates in the form in which providers publish them.
enum Templates {
    /// A cluster with machines of its own, without a ClusterClass.
    static let plain = """
        apiVersion: cluster.x-k8s.io/v1beta2
        kind: Cluster
        metadata:
          name: ${CLUSTER_NAME}
          namespace: ${NAMESPACE}
        spec:
          clusterNetwork:
            pods:
              cidrBlocks: ["192.168.0.0/16"]
          controlPlaneRef:
            apiGroup: controlplane.cluster.x-k8s.io
            kind: KubeadmControlPlane
            name: ${CLUSTER_NAME}-control-plane
          infrastructureRef:
            apiGroup: infrastructure.cluster.x-k8s.io
            kind: DevCluster
            name: ${CLUSTER_NAME}
        ---
        apiVersion: infrastructure.cluster.x-k8s.io/v1beta2
        kind: DevCluster
        metadata:
          name: ${CLUSTER_NAME}
          namespace: ${NAMESPACE}
        spec:
          backend:
            inMemory: {}
        ---
        apiVersion: controlplane.cluster.x-k8s.io/v1beta2
        kind: KubeadmControlPlane
        metadata:
          name: ${CLUSTER_NAME}-control-plane
          namespace: ${NAMESPACE}
        spec:
          replicas: ${CONTROL_PLANE_MACHINE_COUNT:=1}
          version: ${KUBERNETES_VERSION}
          machineTemplate:
            spec:
              infrastructureRef:
                apiGroup: infrastructure.cluster.x-k8s.io
                kind: DevMachineTemplate
                name: ${CLUSTER_NAME}-control-plane
          kubeadmConfigSpec:
            clusterConfiguration:
              apiServer:
                certSANs: [localhost]
        ---
        apiVersion: infrastructure.cluster.x-k8s.io/v1beta2
        kind: DevMachineTemplate
        metadata:
          name: ${CLUSTER_NAME}-control-plane
          namespace: ${NAMESPACE}
        spec:
          template:
            spec:
              backend:
                inMemory: {}
        ---
        apiVersion: cluster.x-k8s.io/v1beta2
        kind: MachineDeployment
        metadata:
          name: ${CLUSTER_NAME}-md-0
          namespace: ${NAMESPACE}
        spec:
          clusterName: ${CLUSTER_NAME}
          replicas: ${WORKER_MACHINE_COUNT:=2}
          selector:
            matchLabels:
              cluster.x-k8s.io/cluster-name: ${CLUSTER_NAME}
          template:
            spec:
              clusterName: ${CLUSTER_NAME}
              version: ${KUBERNETES_VERSION}
              bootstrap:
                configRef:
                  apiGroup: bootstrap.cluster.x-k8s.io
                  kind: KubeadmConfigTemplate
                  name: ${CLUSTER_NAME}-md-0
              infrastructureRef:
                apiGroup: infrastructure.cluster.x-k8s.io
                kind: DevMachineTemplate
                name: ${CLUSTER_NAME}-md-0
        ---
        apiVersion: infrastructure.cluster.x-k8s.io/v1beta2
        kind: DevMachineTemplate
        metadata:
          name: ${CLUSTER_NAME}-md-0
          namespace: ${NAMESPACE}
        spec:
          template:
            spec:
              backend:
                inMemory: {}
        ---
        apiVersion: bootstrap.cluster.x-k8s.io/v1beta2
        kind: KubeadmConfigTemplate
        metadata:
          name: ${CLUSTER_NAME}-md-0
          namespace: ${NAMESPACE}
        spec:
          template:
            spec:
              joinConfiguration:
                nodeRegistration:
                  kubeletExtraArgs:
                    - name: v
                      value: "2"
        """

    /// A cluster of a ClusterClass that is somewhere else.
    static let topology = """
        apiVersion: cluster.x-k8s.io/v1beta2
        kind: Cluster
        metadata:
          name: ${CLUSTER_NAME}
          namespace: ${NAMESPACE}
        spec:
          topology:
            classRef:
              name: in-memory
              namespace: slipway-classes
            version: ${KUBERNETES_VERSION}
            controlPlane:
              replicas: ${CONTROL_PLANE_MACHINE_COUNT:=1}
            workers:
              machineDeployments:
                - class: default-worker
                  name: md-0
                  replicas: ${WORKER_MACHINE_COUNT:=1}
        """

    /// A wish for a cluster of a template.
    static func wish(
        _ template: String = plain,
        tenant: String = "acme",
        name: String = "main",
        change: (inout ClusterWish) -> Void = { _ in }
    ) throws -> ClusterWish {
        try WishSample.wish(.cluster, tenant: tenant, name: name) {
            $0.definition = ["kubernetesVersions": ["1.34", "1.35"]]
            $0.template = template
            $0.cluster.spec.kubernetesVersion = "1.35.0"
            change(&$0)
        }
    }
}
