/// The columns that `kubectl get` shows of the kinds that clusters serve without being told.
///
/// Each line: plural and group, then `Title=source`, `#` behind a title for a whole number, `+`
/// for one that only `-o wide` shows, `_` for a space. A source is a path, `@word` for what a path
/// cannot say, `?Type` for a condition's status, or `!Type` for its message. Every kind without a
/// line has its age.
enum TableColumns {
    static let byKind = parse(
        """
        pods Ready=@ready Status=@podStatus Restarts=@restarts Age=@age IP+=.status.podIP \
        Node+=.spec.nodeName Nominated_Node+=@none Readiness_Gates+=@none
        deployments.apps Ready=@replicas Up-to-date#=.status.updatedReplicas \
        Available#=.status.availableReplicas Age=@age Containers+=@containers Images+=@images \
        Selector+=@selector
        replicasets.apps Desired#=.spec.replicas Current#=.status.replicas \
        Ready#=.status.readyReplicas Age=@age Containers+=@containers Images+=@images \
        Selector+=@selector
        statefulsets.apps Ready=@replicas Age=@age Containers+=@containers Images+=@images
        daemonsets.apps Desired#=.status.desiredNumberScheduled \
        Current#=.status.currentNumberScheduled Ready#=.status.numberReady \
        Up-to-date#=.status.updatedNumberScheduled Available#=.status.numberAvailable \
        Node_Selector=@none Age=@age Containers+=@containers Images+=@images Selector+=@selector
        jobs.batch Status=@jobStatus Completions=@completions Duration=@duration Age=@age \
        Containers+=@containers Images+=@images Selector+=@selector
        cronjobs.batch Schedule=.spec.schedule Timezone=@none Suspend=.spec.suspend \
        Active#=@active Last_Schedule=@none Age=@age
        services Type=.spec.type Cluster-IP=.spec.clusterIP External-IP=@none Port(s)=@ports \
        Age=@age Selector+=@plainSelector
        namespaces Status=.status.phase Age=@age
        nodes Status=@nodeStatus Roles=@roles Age=@age Version=.status.nodeInfo.kubeletVersion \
        Internal-IP+=.status.addresses[0].address External-IP+=@none \
        OS-Image+=.status.nodeInfo.osImage Kernel-Version+=.status.nodeInfo.kernelVersion \
        Container-Runtime+=.status.nodeInfo.containerRuntimeVersion
        configmaps Data#=@data Age=@age
        secrets Type=.type Data#=@data Age=@age
        serviceaccounts Secrets#=@secrets Age=@age
        events Last_Seen=@lastSeen Type=.type Reason=.reason Object=@involved \
        Message=.message
        persistentvolumeclaims Status=.status.phase Volume=.spec.volumeName \
        Capacity=.status.capacity.storage Access_Modes=.spec.accessModes[0] \
        StorageClass=.spec.storageClassName Age=@age
        ingresses.networking.k8s.io Class=.spec.ingressClassName Hosts=@hosts \
        Address=.status.loadBalancer.ingress[0].ip Ports=@none Age=@age
        networkpolicies.networking.k8s.io Pod-Selector=@podSelector Age=@age
        roles.rbac.authorization.k8s.io Created_At=.metadata.creationTimestamp
        clusterroles.rbac.authorization.k8s.io Created_At=.metadata.creationTimestamp
        rolebindings.rbac.authorization.k8s.io Role=@role Age=@age
        clusterrolebindings.rbac.authorization.k8s.io Role=@role Age=@age
        leases.coordination.k8s.io Holder=.spec.holderIdentity Age=@age
        customresourcedefinitions.apiextensions.k8s.io Created_At=.metadata.creationTimestamp
        faults.sandbox.slipway.dev Kind=.spec.kind Target=.spec.target Count#=.spec.count \
        Played#=.status.played Until=.spec.until Age=@age
        clusters.cluster.x-k8s.io ClusterClass=.spec.topology.classRef.name Available=?Available \
        CP_Desired#=.status.controlPlane.desiredReplicas \
        CP_Available#=.status.controlPlane.availableReplicas \
        W_Desired#=.status.workers.desiredReplicas \
        W_Available#=.status.workers.availableReplicas Phase=.status.phase Age=@age \
        Version=.spec.topology.version
        machines.cluster.x-k8s.io Cluster=.spec.clusterName Node_Name=.status.nodeRef.name \
        Ready=?Ready Phase=.status.phase Age=@age Version=.spec.version
        machinedeployments.cluster.x-k8s.io Cluster=.spec.clusterName Available=?Available \
        Desired#=.spec.replicas Current#=.status.replicas Ready#=.status.readyReplicas \
        Available_Replicas#=.status.availableReplicas Phase=.status.phase Age=@age \
        Version=.spec.template.spec.version
        machinesets.cluster.x-k8s.io Cluster=.spec.clusterName Desired#=.spec.replicas \
        Current#=.status.replicas Ready#=.status.readyReplicas Age=@age \
        Version=.spec.template.spec.version
        kubeadmcontrolplanes.controlplane.cluster.x-k8s.io Available=?Available \
        Desired#=.spec.replicas Current#=.status.replicas Ready#=.status.readyReplicas Age=@age \
        Version=.spec.version
        vclusters.infrastructure.cluster.x-k8s.io Phase=.status.phase Ready=.status.ready Age=@age
        gitrepositories.source.toolkit.fluxcd.io URL=.spec.url Age=@age Ready=?Ready Status=!Ready
        helmrepositories.source.toolkit.fluxcd.io URL=.spec.url Age=@age Ready=?Ready Status=!Ready
        ocirepositories.source.toolkit.fluxcd.io URL=.spec.url Age=@age Ready=?Ready Status=!Ready
        kustomizations.kustomize.toolkit.fluxcd.io Age=@age Ready=?Ready Status=!Ready
        helmreleases.helm.toolkit.fluxcd.io Age=@age Ready=?Ready Status=!Ready
        applications.argoproj.io Sync_Status=.status.sync.status \
        Health_Status=.status.health.status Revision+=.status.sync.revision
        """
    )

    private static func parse(_ text: String) -> [String: [TableColumn]] {
        var columns: [String: [TableColumn]] = [:]
        for line in text.split(separator: "\n") {
            let words = line.split(separator: " ")
            guard let kind = words.first else { continue }
            columns[String(kind)] = words.dropFirst().map { word in
                let parts = word.split(separator: "=", maxSplits: 1)
                precondition(parts.count == 2, "the table of columns has a bad word: \(word)")
                let title = parts[0].filter { $0 != "#" && $0 != "+" }
                let source = String(parts[1])
                let condition = ".status.conditions[?(@.type==\"\(source.dropFirst())\")]"
                return TableColumn(
                    name: String(title.map { $0 == "_" ? " " : $0 }),
                    type: parts[0].contains("#") ? "integer" : "string",
                    priority: parts[0].contains("+") ? 1 : 0,
                    source: source.hasPrefix("?")
                        ? "\(condition).status"
                        : source.hasPrefix("!") ? "\(condition).message" : source
                )
            }
        }
        return columns
    }
}
