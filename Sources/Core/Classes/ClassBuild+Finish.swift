import Domain
import JSON

extension ClassBuild {
    /// The objects in their order, in their namespace, with the cluster's labels.
    ///
    /// - Throws: what keeps the objects from being applied together.
    func finished() throws(ClassFault) -> ClassRendering {
        var all = objects + pools.flatMap(\.all)
        all = try Self.unique(all)
        let named = Set(all.filter { !$0.isClusterScoped }.map(\.key))
        for place in all.indices {
            settle(&all[place], named)
            mark(&all[place])
            all[place].json = EmptyMembers.removed(from: all[place])
        }
        let ordered = all.enumerated()
            .sorted { (Self.rank($0.1), $0.0) < (Self.rank($1.1), $1.0) }
            .map(\.1)
        return ClassRendering(
            objects: ordered.map { object in
                ClassObject(
                    json: object.json.object ?? JSONObject(),
                    isRoot: object.isRoot,
                    isTemplate: object.isTemplate,
                    isClusterScoped: object.isClusterScoped
                )
            },
            poolNames: poolNames,
            poolObjects: poolObjects,
            findings: notes + remarks(on: ordered)
        )
    }

    /// One object is said once; saying it twice alike does no harm.
    private static func unique(
        _ objects: [TemplateObject]
    ) throws(ClassFault) -> [TemplateObject] {
        var kept: [TemplateObject] = []
        var fault = ClassFault()
        for object in objects {
            guard
                let before = kept.first(where: { $0.key == object.key && $0.group == object.group })
            else {
                kept.append(object)
                continue
            }
            guard before.json != object.json else { continue }
            let message = "the template says \(object.kind) \(object.name) twice, and differently"
            fault.add(ClassFinding(.badTemplate, line: object.line, message))
        }
        guard fault.findings.isEmpty else { throw fault }
        return kept
    }

    /// Puts the object, and what it says of its neighbours, into the cluster's namespace.
    private func settle(_ object: inout TemplateObject, _ named: Set<TemplateObject.Key>) {
        let namespace = JSON.string(wish.slug.namespace)
        let isShared = object.isClusterScoped
        object.json = object.json.replacingObjects { member in
            guard member["namespace"] != nil, let kind = member["kind"]?.string,
                let name = member["name"]?.string,
                named.contains(TemplateObject.Key(kind: kind, name: name))
            else { return member }
            var changed = member
            changed["namespace"] = namespace
            return changed
        }
        object.json.set(.present(namespace, if: !isShared), at: ["metadata", "namespace"])
        let topology = ["spec", "topology"]
        guard object.isRoot, clusterClass != nil else { return }
        for path in [topology + ["classRef", "namespace"], topology + ["classNamespace"]]
        where object.json.value(at: path) != nil {
            object.json.set(namespace, at: path)
        }
    }

    /// Objects that clusters share carry no tenant.
    private func mark(_ object: inout TemplateObject) {
        let labels = ["metadata", "labels"]
        object.json.set(nil, at: ["status"])
        object.json.set("slipway", at: labels + [WellKnown.managedBy])
        guard !object.isClusterScoped else { return }
        object.json.set(.string(wish.tenant), at: labels + [WellKnown.tenant])
        object.json.set(.string(wish.cluster), at: labels + [WellKnown.cluster])
        if object.kind == HealthCheck.kind {
            object.json.set(.string(slug), at: labels + [WellKnown.clusterName])
        }
        guard object.isRoot else { return }
        let path = ["metadata", "annotations", WellKnown.clusterID]
        object.json.set(.string(wish.clusterID), at: path)
    }

    /// What is referenced comes before what references it.
    private static func rank(_ object: TemplateObject) -> Int {
        switch object.kind {
        case "Secret", "ConfigMap", "ServiceAccount", "Role", "ClusterRole": 0
        case _ where object.isClusterScoped: 0
        case "ClusterClass": 2
        case _ where object.kind.hasSuffix("Template"): 1
        case "KubeadmConfig", "EKSConfig", "NodeadmConfig", "RKE2Config", "KThreesConfig": 1
        case _ where object.isRoot: 4
        case _ where object.isPool: 5
        case HealthCheck.kind: 6
        case _ where object.group == "addons.cluster.x-k8s.io": 6
        default: 3
        }
    }

    private func remarks(on objects: [TemplateObject]) -> [ClassFinding] {
        var remarks = [missingClass].compactMap(\.self)
        for object in objects where object.kind == "Secret" && object.group.isEmpty {
            let message =
                "the Secret \(object.name) holds its values in clear wherever manifests are kept"
            remarks.append(ClassFinding(.note, line: object.line, message))
        }
        return remarks
    }
}

/// Members that mean the same empty as absent, and that v1beta2 of Cluster API refuses when empty.
enum EmptyMembers {
    private static let groups: Set<String> = [
        TemplateObject.coreGroup, "bootstrap.cluster.x-k8s.io", "controlplane.cluster.x-k8s.io",
        "addons.cluster.x-k8s.io",
    ]

    /// Members that mean something when empty, and those whose content is not Cluster API's.
    private static let kept: Set<String> = [
        "annotations", "dataSecretName", "labels", "matchLabels", "patches", "selector", "taints",
        "value", "variables",
    ]

    static func removed(from object: TemplateObject) -> JSON {
        let isOurs =
            object.group == TemplateObject.coreGroup || object.kind.hasPrefix("Kubeadm")
            || object.kind == "ClusterResourceSet"
        guard let members = object.json.object else { return object.json }
        guard object.version == "v1beta2" else {
            return object.kind.hasPrefix("Kubeadm") ? withoutEmptyKeys(object.json) : object.json
        }
        if object.kind.hasPrefix("VSphere") { return withoutEmptyTexts(members) }
        guard isOurs, groups.contains(object.group) else { return object.json }
        var result = members
        result["spec"] = members["spec"].flatMap { pruned($0, isRequired: true) }
        return .object(result)
    }

    /// A template's empty default leaves `[""]`, which no version of the core takes.
    private static func withoutEmptyKeys(_ json: JSON) -> JSON {
        json.replacingObjects { object in
            guard let keys = object["sshAuthorizedKeys"]?.array, keys.contains("") else {
                return object
            }
            var changed = object
            let left = keys.filter { $0 != "" }
            changed["sshAuthorizedKeys"] = .present(.array(left), if: !left.isEmpty)
            return changed
        }
    }

    /// vSphere's provider refuses empty texts; empty objects mean something to it.
    private static func withoutEmptyTexts(_ members: JSONObject) -> JSON {
        var result = members
        result["spec"] = members["spec"]?.replacingObjects { object in
            var changed = object
            for member in object where member.value == "" { changed[member.key] = nil }
            return changed
        }
        return .object(result)
    }

    private static func pruned(_ value: JSON, isRequired: Bool = false) -> JSON? {
        switch value {
        case .object(let object):
            var members = JSONObject(reserving: object.count)
            for member in object {
                members[member.key] =
                    kept.contains(member.key) ? member.value : pruned(member.value)
            }
            return .present(.object(members), if: !members.isEmpty || isRequired)
        case .array(let elements):
            let left = elements.filter { $0 != "" }.map { pruned($0, isRequired: true) ?? $0 }
            return .present(.array(left), if: !left.isEmpty)
        case .string(let text):
            return .present(value, if: !text.isEmpty || isRequired)
        case .null, .bool, .number:
            return value
        }
    }
}
