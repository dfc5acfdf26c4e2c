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
        case "Pod":
            object.status["phase"] = "Pending"
        case "PersistentVolumeClaim":
            object.status["phase"] = "Pending"
        case "Service":
            address(&object)
        case "CustomResourceDefinition":
            accept(&object)
        default: break
        }
    }

    /// For any state of an object: what is written in another way than it is kept.
    func complete(_ object: inout SandboxObject) {
        guard resource.isBuiltIn else { return }
        switch resource.kind.name {
        case "Secret":
            encode(&object)
        default: break
        }
    }

    /// For any state of an object: what is wanted where nothing is said.
    func preset(_ object: inout SandboxObject) {
        guard resource.isBuiltIn else { return }
        if resource.kind.name == "Secret", object.json["type"] == nil {
            object.json["type"] = "Opaque"
        }
        if resource.kind == SandboxKind("Pod") {
            var spec = object.spec
            PodDefaults.fill(&spec)
            object.spec = spec
        }
        guard resource.group == "apps" || resource.group == "batch" else { return }
        var spec = object.spec
        if var template = spec["template"]?.object, var pod = template["spec"]?.object {
            PodDefaults.fill(&pod)
            template["spec"] = .object(pod)
            spec["template"] = .object(template)
        }
        func set(_ field: String, _ value: JSON) {
            if spec[field] == nil { spec[field] = value }
        }
        switch resource.kind.name {
        case "Deployment":
            set("replicas", 1)
            set("revisionHistoryLimit", 10)
            set("progressDeadlineSeconds", 600)
            set(
                "strategy",
                [
                    "type": "RollingUpdate",
                    "rollingUpdate": ["maxSurge": "25%", "maxUnavailable": "25%"],
                ]
            )
        case "ReplicaSet": set("replicas", 1)
        case "StatefulSet":
            set("replicas", 1)
            set("podManagementPolicy", "OrderedReady")
            set("updateStrategy", ["type": "RollingUpdate"])
        case "Job":
            set("completions", 1)
            set("parallelism", 1)
            set("backoffLimit", 6)
        default: break
        }
        object.spec = spec
    }

    /// `stringData` is another way to write `data`.
    private func encode(_ object: inout SandboxObject) {
        guard let texts = object.json["stringData"]?.object else { return }
        var data = object.json["data"]?.object ?? JSONObject()
        for member in texts {
            data[member.key] = .string(Base64.encode(Array((member.value.string ?? "").utf8)))
        }
        object.json["data"] = .object(data)
        object.json["stringData"] = nil
    }

    /// A cluster IP that nobody routes, drawn from the object's name.
    private func address(_ object: inout SandboxObject) {
        var spec = object.spec
        if spec["type"] == nil { spec["type"] = "ClusterIP" }
        if spec["clusterIP"] == nil, spec["type"]?.string != "ExternalName" {
            let hash = SHA256.hash("\(object.namespace ?? "")/\(object.name)")
            let address = "10.96.\(hash[0]).\(hash[1] % 254 + 1)"
            spec["clusterIP"] = .string(address)
            spec["clusterIPs"] = [.string(address)]
        }
        if spec["sessionAffinity"] == nil { spec["sessionAffinity"] = "None" }
        spec["ports"] = spec["ports"]?.array.map { ports in
            .array(
                ports.map { port in
                    var port = port.object ?? JSONObject()
                    if port["protocol"] == nil { port["protocol"] = "TCP" }
                    if port["targetPort"] == nil { port["targetPort"] = port["port"] }
                    return .object(port)
                }
            )
        }
        object.spec = spec
        if object.json["status"] == nil { object.status["loadBalancer"] = .object(JSONObject()) }
    }

    /// A declared kind is served at once.
    private func accept(_ object: inout SandboxObject) {
        var names = object.spec["names"]?.object ?? JSONObject()
        let kind = names["kind"]?.string ?? ""
        if names["singular"] == nil { names["singular"] = .string(kind.lowercased()) }
        if names["listKind"] == nil { names["listKind"] = .string(kind + "List") }
        object.spec["names"] = .object(names)
        object.status["acceptedNames"] = .object(names)
        let stored = object.spec["versions"]?.array?.filter { $0["storage"]?.bool == true } ?? []
        object.status["storedVersions"] = .array(stored.compactMap { $0["name"] })
        object.setCondition("NamesAccepted", true, reason: "NoConflicts", at: now)
        object.setCondition("Established", true, reason: "InitialNamesAccepted", at: now)
    }
}

/// What is wanted of a Pod where nothing is said.
enum PodDefaults {
    static func fill(_ spec: inout JSONObject) {
        set(&spec, "restartPolicy", "Always")
        set(&spec, "terminationGracePeriodSeconds", 30)
        set(&spec, "dnsPolicy", "ClusterFirst")
        set(&spec, "securityContext", .object(JSONObject()))
        set(&spec, "schedulerName", "default-scheduler")
        for list in ["initContainers", "containers"] {
            guard let containers = spec[list]?.array else { continue }
            spec[list] = .array(containers.map(container))
        }
    }

    private static func container(_ json: JSON) -> JSON {
        guard var container = json.object else { return json }
        let image = container["image"]?.string ?? ""
        let tag = image.split(separator: "/").last?.split(separator: ":").dropFirst().last
        let isNewest = !image.contains("@") && (tag == nil || tag == "latest")
        set(&container, "imagePullPolicy", isNewest ? "Always" : "IfNotPresent")
        set(&container, "resources", .object(JSONObject()))
        set(&container, "terminationMessagePath", "/dev/termination-log")
        set(&container, "terminationMessagePolicy", "File")
        guard let ports = container["ports"]?.array else { return .object(container) }
        container["ports"] = .array(
            ports.map { port in
                guard var port = port.object else { return port }
                set(&port, "protocol", "TCP")
                return .object(port)
            }
        )
        return .object(container)
    }

    private static func set(_ object: inout JSONObject, _ field: String, _ value: JSON) {
        if object[field] == nil { object[field] = value }
    }
}
