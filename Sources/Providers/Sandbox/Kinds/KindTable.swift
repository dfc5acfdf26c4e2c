/// The kinds that sandbox clusters serve without being told.
///
/// Each line: group, versions with the preferred one first, plural, kind, `n` in namespaces or `c`
/// in the cluster, then short names, `*` for the category `all`, `+scale`, `-status`, and
/// `@x` for a category of that name.
enum KindTable {
    /// What every cluster has.
    static let everywhere = parse(
        """
        . v1 namespaces Namespace c ns
        . v1 nodes Node c no
        . v1 pods Pod n po *
        . v1 services Service n svc *
        . v1 configmaps ConfigMap n cm -status
        . v1 secrets Secret n -status
        . v1 serviceaccounts ServiceAccount n sa -status
        . v1 endpoints Endpoints n ep -status
        . v1 events Event n ev -status
        . v1 limitranges LimitRange n limits -status
        . v1 resourcequotas ResourceQuota n quota
        . v1 persistentvolumes PersistentVolume c pv
        . v1 persistentvolumeclaims PersistentVolumeClaim n pvc
        . v1 replicationcontrollers ReplicationController n rc * +scale
        apps v1 deployments Deployment n deploy * +scale
        apps v1 replicasets ReplicaSet n rs * +scale
        apps v1 statefulsets StatefulSet n sts * +scale
        apps v1 daemonsets DaemonSet n ds *
        apps v1 controllerrevisions ControllerRevision n -status
        batch v1 jobs Job n *
        batch v1 cronjobs CronJob n cj *
        autoscaling v2,v1 horizontalpodautoscalers HorizontalPodAutoscaler n hpa *
        policy v1 poddisruptionbudgets PodDisruptionBudget n pdb
        networking.k8s.io v1 ingresses Ingress n ing
        networking.k8s.io v1 ingressclasses IngressClass c -status
        networking.k8s.io v1 networkpolicies NetworkPolicy n netpol -status
        gateway.networking.k8s.io v1 gatewayclasses GatewayClass c gc @gateway-api
        gateway.networking.k8s.io v1 gateways Gateway n gtw @gateway-api
        gateway.networking.k8s.io v1 httproutes HTTPRoute n @gateway-api
        rbac.authorization.k8s.io v1 roles Role n -status
        rbac.authorization.k8s.io v1 rolebindings RoleBinding n -status
        rbac.authorization.k8s.io v1 clusterroles ClusterRole c -status
        rbac.authorization.k8s.io v1 clusterrolebindings ClusterRoleBinding c -status
        coordination.k8s.io v1 leases Lease n -status
        events.k8s.io v1 events Event n ev -status
        discovery.k8s.io v1 endpointslices EndpointSlice n -status
        storage.k8s.io v1 storageclasses StorageClass c sc -status
        storage.k8s.io v1 csidrivers CSIDriver c -status
        scheduling.k8s.io v1 priorityclasses PriorityClass c pc -status
        admissionregistration.k8s.io v1 mutatingwebhookconfigurations \
        MutatingWebhookConfiguration c -status
        admissionregistration.k8s.io v1 validatingwebhookconfigurations \
        ValidatingWebhookConfiguration c -status
        apiextensions.k8s.io v1 customresourcedefinitions CustomResourceDefinition c crd,crds
        apiregistration.k8s.io v1 apiservices APIService c
        sandbox.slipway.dev v1 faults Fault c
        """
    )

    /// What the management cluster has besides: Cluster API, vCluster and Argo CD.
    static let management = parse(
        """
        cluster.x-k8s.io v1beta2,v1beta1 clusters Cluster n cl @cluster-api
        cluster.x-k8s.io v1beta2,v1beta1 clusterclasses ClusterClass n cc @cluster-api
        cluster.x-k8s.io v1beta2,v1beta1 machines Machine n ma @cluster-api
        cluster.x-k8s.io v1beta2,v1beta1 machinesets MachineSet n ms +scale @cluster-api
        cluster.x-k8s.io v1beta2,v1beta1 machinedeployments MachineDeployment n md +scale \
        @cluster-api
        cluster.x-k8s.io v1beta2,v1beta1 machinepools MachinePool n mp +scale @cluster-api
        cluster.x-k8s.io v1beta2,v1beta1 machinehealthchecks MachineHealthCheck n mhc,mhcs \
        @cluster-api
        cluster.x-k8s.io v1beta2,v1beta1 machinedrainrules MachineDrainRule n -status @cluster-api
        addons.cluster.x-k8s.io v1beta2,v1beta1 clusterresourcesets ClusterResourceSet n \
        @cluster-api
        addons.cluster.x-k8s.io v1beta2,v1beta1 clusterresourcesetbindings \
        ClusterResourceSetBinding n @cluster-api
        ipam.cluster.x-k8s.io v1beta2 ipaddresses IPAddress n -status @cluster-api
        ipam.cluster.x-k8s.io v1beta2 ipaddressclaims IPAddressClaim n @cluster-api
        runtime.cluster.x-k8s.io v1beta2 extensionconfigs ExtensionConfig c ext @cluster-api
        controlplane.cluster.x-k8s.io v1beta2,v1beta1 kubeadmcontrolplanes KubeadmControlPlane n \
        kcp +scale @cluster-api
        controlplane.cluster.x-k8s.io v1beta2,v1beta1 kubeadmcontrolplanetemplates \
        KubeadmControlPlaneTemplate n -status @cluster-api
        bootstrap.cluster.x-k8s.io v1beta2,v1beta1 kubeadmconfigs KubeadmConfig n @cluster-api
        bootstrap.cluster.x-k8s.io v1beta2,v1beta1 kubeadmconfigtemplates KubeadmConfigTemplate n \
        -status @cluster-api
        infrastructure.cluster.x-k8s.io v1beta2 devclusters DevCluster n @cluster-api
        infrastructure.cluster.x-k8s.io v1beta2 devclustertemplates DevClusterTemplate n -status \
        @cluster-api
        infrastructure.cluster.x-k8s.io v1beta2 devmachines DevMachine n @cluster-api
        infrastructure.cluster.x-k8s.io v1beta2 devmachinetemplates DevMachineTemplate n -status \
        @cluster-api
        infrastructure.cluster.x-k8s.io v1beta2 devmachinepools DevMachinePool n @cluster-api
        infrastructure.cluster.x-k8s.io v1alpha1 vclusters VCluster n @cluster-api
        source.toolkit.fluxcd.io v1 buckets Bucket n
        notification.toolkit.fluxcd.io v1 receivers Receiver n
        notification.toolkit.fluxcd.io v1beta3 alerts Alert n -status
        notification.toolkit.fluxcd.io v1beta3 providers Provider n -status
        argoproj.io v1alpha1 applications Application n app,apps -status
        argoproj.io v1alpha1 appprojects AppProject n appproj,appprojs -status
        """
    )

    /// Flux, which every cluster has, so that a platform repository can be applied to it.
    static let flux = parse(
        """
        source.toolkit.fluxcd.io v1 gitrepositories GitRepository n gitrepo
        source.toolkit.fluxcd.io v1 helmrepositories HelmRepository n helmrepo
        source.toolkit.fluxcd.io v1 helmcharts HelmChart n hc
        source.toolkit.fluxcd.io v1 ocirepositories OCIRepository n ocirepo
        kustomize.toolkit.fluxcd.io v1 kustomizations Kustomization n ks
        helm.toolkit.fluxcd.io v2 helmreleases HelmRelease n hr
        """
    )

    /// The kinds of one cluster.
    static func kinds(of cluster: String) -> [SandboxResource] {
        cluster == SandboxServer.management ? onManagement : onTenant
    }

    private static let onManagement = onTenant + management
    private static let onTenant = everywhere + flux + operators

    static func parse(_ text: String) -> [SandboxResource] {
        text.split(separator: "\n").map { line in
            let words = line.split(separator: " ").map(String.init)
            precondition(words.count >= 5, "the table of kinds has a short line: \(line)")
            var resource = SandboxResource(
                kind: SandboxKind(words[0] == "." ? "" : words[0], words[3]),
                versions: words[1].split(separator: ",").map(String.init),
                plural: words[2],
                isNamespaced: words[4] == "n"
            )
            for word in words.dropFirst(5) {
                switch word {
                case "*": resource.categories.append("all")
                case "+scale": resource.hasScale = true
                case "-status": resource.hasStatus = false
                case let word where word.hasPrefix("@"):
                    resource.categories.append(String(word.dropFirst()))
                default: resource.shortNames += word.split(separator: ",").map(String.init)
                }
            }
            return resource
        }
    }
}
