@testable import Classes

/// Templates in the shapes that providers publish, as short as they can be.
enum Templates {
    /// Machines of a cloud with kubeadm, in the core's v1beta2.
    static func machines(
        kind: String = "OpenStackMachineTemplate",
        group: String = "infrastructure.cluster.x-k8s.io/v1beta1",
        machine: String = "{flavor: ${FLAVOR:=m1.small}}",
        bootstrap: String = "KubeadmConfigTemplate",
        bootstrapVersion: String = "bootstrap.cluster.x-k8s.io/v1beta2",
        join: String = "{joinConfiguration: {nodeRegistration: {kubeletExtraArgs: []}}}"
    ) -> String {
        """
        apiVersion: cluster.x-k8s.io/v1beta2
        kind: Cluster
        metadata: {name: "${CLUSTER_NAME}", namespace: "${NAMESPACE}"}
        spec:
          clusterNetwork: {pods: {cidrBlocks: ["${POD_CIDR:=10.1.0.0/16}"]}, serviceDomain: ""}
          controlPlaneRef:
            {apiGroup: controlplane.cluster.x-k8s.io, kind: KubeadmControlPlane,
             name: "${CLUSTER_NAME}-control-plane"}
          infrastructureRef:
            {apiGroup: infrastructure.cluster.x-k8s.io, kind: CloudCluster, name: "${CLUSTER_NAME}"}
        ---
        apiVersion: controlplane.cluster.x-k8s.io/v1beta2
        kind: KubeadmControlPlane
        metadata: {name: "${CLUSTER_NAME}-control-plane"}
        spec:
          replicas: ${CONTROL_PLANE_MACHINE_COUNT}
          version: ${KUBERNETES_VERSION}
          machineTemplate:
            spec:
              infrastructureRef:
                {apiGroup: infrastructure.cluster.x-k8s.io, kind: \(kind),
                 name: "${CLUSTER_NAME}-control-plane"}
          kubeadmConfigSpec:
            files:
              - path: /etc/kubernetes/azure.json
                contentFrom:
                  secret: {name: "${CLUSTER_NAME}-control-plane-azure-json", key: value}
        ---
        apiVersion: infrastructure.cluster.x-k8s.io/v1beta1
        kind: CloudCluster
        metadata: {name: "${CLUSTER_NAME}", namespace: default}
        spec: {region: "${REGION:-nowhere}"}
        ---
        apiVersion: \(group)
        kind: \(kind)
        metadata: {name: "${CLUSTER_NAME}-control-plane"}
        spec: {template: {spec: \(machine)}}
        ---

        """
            + deployment(
                kind: kind,
                machine: machine,
                group: group,
                bootstrap: (bootstrap, bootstrapVersion, join)
            )
    }

    private static func deployment(
        kind: String,
        machine: String,
        group: String,
        bootstrap: (kind: String, version: String, join: String)
    ) -> String {
        """
        apiVersion: cluster.x-k8s.io/v1beta2
        kind: MachineDeployment
        metadata: {name: "${CLUSTER_NAME}-md-0"}
        spec:
          clusterName: "${CLUSTER_NAME}"
          replicas: ${WORKER_MACHINE_COUNT:=3}
          selector: {matchLabels: null}
          template:
            spec:
              clusterName: "${CLUSTER_NAME}"
              version: "${KUBERNETES_VERSION}"
              bootstrap:
                configRef:
                  {apiGroup: bootstrap.cluster.x-k8s.io, kind: \(bootstrap.kind),
                   name: "${CLUSTER_NAME}-md-0"}
              infrastructureRef:
                {apiGroup: infrastructure.cluster.x-k8s.io, kind: \(kind),
                 name: "${CLUSTER_NAME}-md-0"}
        ---
        apiVersion: \(group)
        kind: \(kind)
        metadata: {name: "${CLUSTER_NAME}-md-0"}
        spec: {template: {spec: \(machine)}}
        ---
        apiVersion: \(bootstrap.version)
        kind: \(bootstrap.kind)
        metadata: {name: "${CLUSTER_NAME}-md-0"}
        spec: {template: {spec: \(bootstrap.join)}}

        """
    }

    /// A control plane that the provider runs, with its own pools, in the core's v1beta1.
    static func managed(kind: String, pool: String) -> String {
        """
        apiVersion: cluster.x-k8s.io/v1beta1
        kind: Cluster
        metadata: {name: "${CLUSTER_NAME}"}
        spec:
          controlPlaneRef:
            {apiVersion: infrastructure.cluster.x-k8s.io/v1beta2, kind: CloudControlPlane,
             name: "${CLUSTER_NAME}-control-plane"}
          infrastructureRef:
            {apiVersion: infrastructure.cluster.x-k8s.io/v1beta2, kind: CloudCluster,
             name: "${CLUSTER_NAME}"}
        ---
        apiVersion: infrastructure.cluster.x-k8s.io/v1beta2
        kind: CloudControlPlane
        metadata: {name: "${CLUSTER_NAME}-control-plane"}
        spec: {region: "${AWS_REGION}", version: "${KUBERNETES_VERSION}"}
        ---
        apiVersion: infrastructure.cluster.x-k8s.io/v1beta2
        kind: CloudCluster
        metadata: {name: "${CLUSTER_NAME}"}
        spec: {}
        ---
        apiVersion: cluster.x-k8s.io/v1beta1
        kind: MachinePool
        metadata: {name: "${CLUSTER_NAME}-pool-0"}
        spec:
          clusterName: "${CLUSTER_NAME}"
          replicas: ${WORKER_MACHINE_COUNT}
          template:
            spec:
              clusterName: "${CLUSTER_NAME}"
              bootstrap: {dataSecretName: ""}
              infrastructureRef:
                {apiVersion: infrastructure.cluster.x-k8s.io/v1beta2, kind: \(kind),
                 name: "${CLUSTER_NAME}-pool-0"}
        ---
        apiVersion: infrastructure.cluster.x-k8s.io/v1beta2
        kind: \(kind)
        metadata: {name: "${CLUSTER_NAME}-pool-0"}
        spec: \(pool)

        """
    }

    /// A topology; its class is brought along unless `isAlone`.
    static func topology(isAlone: Bool = false, version: String = "v1beta2") -> String {
        let reference =
            version == "v1beta1"
            ? "class: plain" : "classRef: {name: plain, namespace: platform}"
        let cluster = """
            apiVersion: cluster.x-k8s.io/\(version)
            kind: Cluster
            metadata: {name: "${CLUSTER_NAME}"}
            spec:
              topology:
                \(reference)
                version: ${KUBERNETES_VERSION}
                controlPlane: {replicas: 1}
                workers:
                  machineDeployments:
                    - {class: default-worker, name: md-0, replicas: 2}

            """
        let machineClass = """
            ---
            apiVersion: cluster.x-k8s.io/v1beta2
            kind: ClusterClass
            metadata: {name: plain}
            spec:
              infrastructure:
                templateRef:
                  {apiVersion: infrastructure.cluster.x-k8s.io/v1beta2, kind: DevClusterTemplate,
                   name: plain}
              controlPlane:
                templateRef:
                  {apiVersion: controlplane.cluster.x-k8s.io/v1beta2,
                   kind: KubeadmControlPlaneTemplate, name: plain}
                machineInfrastructure:
                  templateRef:
                    {apiVersion: infrastructure.cluster.x-k8s.io/v1beta2, kind: DevMachineTemplate,
                     name: plain}
              workers:
                machineDeployments:
                  - class: default-worker
                    bootstrap:
                      templateRef:
                        {apiVersion: bootstrap.cluster.x-k8s.io/v1beta2,
                         kind: KubeadmConfigTemplate, name: plain}
                    infrastructure:
                      templateRef:
                        {apiVersion: infrastructure.cluster.x-k8s.io/v1beta2,
                         kind: DevMachineTemplate, name: plain}
              variables:
                - {name: workerMachineType, required: false,
                   schema: {openAPIV3Schema: {type: string, default: ""}}}
            ---
            apiVersion: infrastructure.cluster.x-k8s.io/v1beta2
            kind: DevMachineTemplate
            metadata: {name: plain}
            spec: {template: {spec: {backend: {inMemory: {}}}}}

            """
        return isAlone ? cluster : cluster + machineClass
    }
}
