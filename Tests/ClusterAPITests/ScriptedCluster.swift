import Domain
import JSON
import TestSupport

/// The objects of one cluster as Cluster API would leave them, in either version of its API.
struct ScriptedCluster {
    static let versions = ["v1beta1", "v1beta2"]

    let version: String
    var infrastructure = "True"
    var controlPlane = "True"
    var isInitialized = true
    var probe = "True"
    var sum = "True"
    var phase = "Provisioned"
    var observed = 2
    var isPaused = false
    var isDeleting = false
    var annotations: JSON = [:]
    var desired = 2
    var ready = 2
    var planeVersion = "v1.35.0"
    var nodeVersion = "v1.35.0"

    init(version: String) {
        self.version = version
    }

    private var isNew: Bool { version == "v1beta2" }
    private var core: JSON { .string("cluster.x-k8s.io/\(version)") }

    var objects: [JSON] { [root, plane, pool, machine] }

    private func metadata(_ name: String, _ more: JSON = [:]) -> JSON {
        var metadata = more.object ?? JSONObject()
        metadata["name"] = .string(name)
        metadata["namespace"] = "t-acme-main"
        metadata["uid"] = .string("uid-\(name)")
        metadata["generation"] = 2
        metadata["creationTimestamp"] = .string("\(WishSample.moment)")
        if isDeleting { metadata["deletionTimestamp"] = .string("\(WishSample.moment)") }
        return .object(metadata)
    }

    private func condition(_ type: String, _ status: String) -> JSON {
        var condition = JSONObject()
        condition["type"] = .string(type)
        condition["status"] = .string(status)
        condition["reason"] = "Because"
        condition["message"] = .string(status == "True" ? "" : "\(type) is not there")
        condition["lastTransitionTime"] = .string("\(WishSample.moment)")
        if isNew { condition["observedGeneration"] = .integer(observed) }
        return .object(condition)
    }

    private var root: JSON {
        let initialized = isInitialized ? "True" : "False"
        var status = JSONObject()
        status["phase"] = .string(phase)
        if isNew {
            status["initialization"] = [
                "infrastructureProvisioned": .bool(infrastructure == "True"),
                "controlPlaneInitialized": .bool(isInitialized),
            ]
            status["conditions"] = [
                condition("InfrastructureReady", infrastructure),
                condition("ControlPlaneInitialized", initialized),
                condition("ControlPlaneAvailable", controlPlane),
                condition("RemoteConnectionProbe", probe), condition("Available", sum),
                condition("RollingOut", "False"),
            ]
        } else {
            status["infrastructureReady"] = .bool(infrastructure == "True")
            status["conditions"] = [
                condition("InfrastructureReady", infrastructure),
                condition("ControlPlaneInitialized", initialized),
                condition("ControlPlaneReady", controlPlane), condition("Ready", sum),
            ]
        }
        return [
            "apiVersion": core, "kind": "Cluster",
            "metadata": metadata(
                "acme-main",
                ["finalizers": ["cluster.cluster.x-k8s.io"], "annotations": annotations]
            ),
            "spec": [
                "paused": .bool(isPaused),
                "controlPlaneEndpoint": ["host": "10.0.0.1", "port": 6443],
            ],
            "status": .object(status),
        ]
    }

    private var plane: JSON {
        [
            "apiVersion": .string("controlplane.cluster.x-k8s.io/\(version)"),
            "kind": "KubeadmControlPlane", "metadata": metadata("acme-main-control-plane"),
            "status": ["version": .string(planeVersion)],
        ]
    }

    private var pool: JSON {
        let managed: JSON = [
            "managedFields": [
                ["manager": "kubectl-edit", "fieldsV1": ["f:spec": ["f:replicas": [:]]]]
            ]
        ]
        return [
            "apiVersion": core, "kind": "MachineDeployment",
            "metadata": metadata("acme-main-md-0", managed),
            "spec": [
                "replicas": .integer(desired),
                "template": ["spec": ["version": .string(nodeVersion)]],
            ],
            "status": [
                "observedGeneration": 2, "replicas": .integer(desired),
                "readyReplicas": .integer(ready),
            ],
        ]
    }

    private var machine: JSON {
        [
            "apiVersion": core, "kind": "Machine",
            "metadata": metadata(
                "acme-main-md-0-x",
                [
                    "labels": ["cluster.x-k8s.io/deployment-name": "acme-main-md-0"],
                    "finalizers": ["machine.cluster.x-k8s.io"],
                    "ownerReferences": [["uid": "uid-acme-main"]],
                ]
            ),
            "status": ["nodeInfo": ["kubeletVersion": .string(nodeVersion)]],
        ]
    }
}
