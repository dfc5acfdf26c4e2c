import Domain
import JSON
import Secrets

/// What the API server adds to objects of Kubernetes' own kinds, as far as others rely on it.
struct Defaults {
    let resource: SandboxResource
    let now: Instant

    init(_ resource: SandboxResource, now: Instant) {
        self.resource = resource
        self.now = now
    }

    /// For a new object.
    func fill(_ object: inout SandboxObject) {
        complete(&object)
        preset(&object)
        guard resource.isBuiltIn else { return }
        switch resource.kind.name {
        case "Namespace":
            object.setLabel("kubernetes.io/metadata.name", object.name)
            object.spec["finalizers"] = ["kubernetes"]
            object.status["phase"] = "Active"
        case "Pod", "PersistentVolumeClaim": object.status["phase"] = "Pending"
        case "Service": address(&object)
        case "CustomResourceDefinition": accept(&object)
        default: break
        }
    }

    /// For any state of an object: `stringData` is another way to write `data`.
    func complete(_ object: inout SandboxObject) {
        guard resource.kind == .secret, let texts = object.json["stringData"]?.object else {
            return
        }
        var data = object.json["data"]?.object ?? JSONObject()
        for member in texts {
            data[member.key] = .string(Base64.encode(Array((member.value.string ?? "").utf8)))
        }
        object.json["data"] = .object(data)
        object.json["stringData"] = nil
    }

    /// For any state of an object: what is wanted where nothing is said.
    func preset(_ object: inout SandboxObject) {
        if resource.kind == .secret, object.json["type"] == nil { object.json["type"] = "Opaque" }
        if resource.kind == SandboxKind("Pod") { object.spec = Self.pod(object.spec) }
        guard resource.isBuiltIn, resource.group == "apps" || resource.group == "batch" else {
            return
        }
        var spec = object.spec
        if var template = spec["template"]?.object, let pod = template["spec"]?.object {
            template["spec"] = .object(Self.pod(pod))
            spec["template"] = .object(template)
        }
        object.spec = spec.filled(by: Self.specs[resource.kind.name])
    }

    private static let specs: [String: JSONObject] = [
        "Deployment": [
            "replicas": 1, "revisionHistoryLimit": 10, "progressDeadlineSeconds": 600,
            "strategy": [
                "type": "RollingUpdate",
                "rollingUpdate": ["maxSurge": "25%", "maxUnavailable": "25%"],
            ],
        ],
        "ReplicaSet": ["replicas": 1],
        "StatefulSet": [
            "replicas": 1, "podManagementPolicy": "OrderedReady",
            "updateStrategy": ["type": "RollingUpdate"],
        ],
        "Job": ["completions": 1, "parallelism": 1, "backoffLimit": 6],
    ]

    private static let podSpec: JSONObject = [
        "restartPolicy": "Always", "terminationGracePeriodSeconds": 30,
        "dnsPolicy": "ClusterFirst", "securityContext": [:], "schedulerName": "default-scheduler",
    ]

    private static let container: JSONObject = [
        "imagePullPolicy": "IfNotPresent", "resources": [:],
        "terminationMessagePath": "/dev/termination-log", "terminationMessagePolicy": "File",
    ]

    private static func pod(_ wanted: JSONObject) -> JSONObject {
        var spec = wanted.filled(by: podSpec)
        for list in ["initContainers", "containers"] {
            spec[list] = spec[list]?.mappingObjects { container in
                var filled = container
                let image = container["image"]?.string ?? ""
                let tag = image.split(separator: "/").last?.split(separator: ":").dropFirst().last
                if !image.contains("@"), tag == nil || tag == "latest" {
                    filled = filled.filled(by: ["imagePullPolicy": "Always"])
                }
                filled["ports"] = filled["ports"]?.mappingObjects {
                    $0.filled(by: ["protocol": "TCP"])
                }
                return filled.filled(by: Self.container)
            }
        }
        return spec
    }

    /// A cluster IP that nobody routes, drawn from the object's name.
    private func address(_ object: inout SandboxObject) {
        var spec = object.spec.filled(by: ["type": "ClusterIP"])
        if spec["clusterIP"] == nil, spec["type"]?.string != "ExternalName" {
            let hash = SHA256.hash("\(object.namespace ?? "")/\(object.name)")
            let address = "10.96.\(hash[0]).\(hash[1] % 254 + 1)"
            spec["clusterIP"] = .string(address)
            spec["clusterIPs"] = [.string(address)]
        }
        spec = spec.filled(by: ["sessionAffinity": "None"])
        spec["ports"] = spec["ports"]?.mappingObjects { port in
            port.filled(by: ["protocol": "TCP", "targetPort": port["port"] ?? 0])
        }
        object.spec = spec
        if object.json["status"] == nil { object.status["loadBalancer"] = [:] }
    }

    /// A declared kind is served at once.
    private func accept(_ object: inout SandboxObject) {
        let names = object.spec["names"]?.object ?? JSONObject()
        let kind = names["kind"]?.string ?? ""
        let all = JSON.object(
            names.filled(by: [
                "singular": .string(kind.lowercased()), "listKind": .string(kind + "List"),
            ])
        )
        object.spec["names"] = all
        object.status["acceptedNames"] = all
        let stored = object.spec["versions"]?.array?.filter { $0["storage"]?.bool == true } ?? []
        object.status["storedVersions"] = .array(stored.compactMap { $0["name"] })
        object.setCondition("NamesAccepted", true, reason: "NoConflicts", at: now)
        object.setCondition("Established", true, reason: "InitialNamesAccepted", at: now)
    }
}

extension JSONObject {
    /// The object with those members besides that it does not have.
    fileprivate func filled(by defaults: JSONObject?) -> JSONObject {
        var filled = self
        for member in defaults ?? JSONObject() where filled[member.key] == nil {
            filled[member.key] = member.value
        }
        return filled
    }
}

extension JSON {
    /// The list with each of its objects changed; what is no object stays.
    fileprivate func mappingObjects(_ change: (JSONObject) -> JSONObject) -> JSON {
        guard let array else { return self }
        return .array(
            array.map { element in element.object.map { .object(change($0)) } ?? element }
        )
    }
}
