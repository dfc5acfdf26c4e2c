package import JSON

extension ClusterSpec {
    /// Writes the spec as the API shows it; the kubeconfig of an adopted cluster is not part of
    /// it.
    package func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("kind", kind.rawValue)
            writer.member("managementCluster", managementCluster.text)
            writer.member("class", orNull: className?.text)
            writer.member("kubernetesVersion", orNull: kubernetesVersion)
            writer.member("region", orNull: region)
            writer.key("controlPlane")
            writer.object { writer in
                writer.key("replicas")
                if let controlPlaneReplicas {
                    writer.int(controlPlaneReplicas)
                } else {
                    writer.null()
                }
            }
            writer.key("nodePools")
            if let nodePools {
                writer.array(nodePools) { $1.write(to: &$0) }
            } else {
                writer.null()
            }
            writer.key("quota")
            quota.write(to: &writer)
            writer.key("exposure")
            exposure.write(to: &writer)
            writer.member("volumes", volumes.rawValue)
            writer.key("access")
            writer.array(access) { writer, grant in
                writer.object { writer in
                    writer.member("group", grant.group)
                    writer.member("role", grant.role.rawValue)
                }
            }
            writer.member("platform", platform)
            writer.member("paused", paused)
            writer.member("asleep", asleep)
            writer.member("deleteProtection", deleteProtection)
            writer.key("adopt")
            if let adopt {
                writer.object { $0.member("context", orNull: adopt.context) }
            } else {
                writer.null()
            }
        }
    }

    /// Reads what `write` wrote.
    package init(reading document: JSON) throws(DocumentFault) {
        guard let kind = (document["kind"]?.string).flatMap(ClusterKind.init(rawValue:)) else {
            throw DocumentFault(member: "kind")
        }
        guard let management = document["managementCluster"]?.string,
            // The fault below says all that there is to say.
            let management = try? ManagementClusterName(parsing: management)
        else { throw DocumentFault(member: "managementCluster") }
        self.init(kind: kind, managementCluster: management)
        // What is no name names no class.
        className = document["class"]?.string.flatMap { try? ClusterClassName(parsing: $0) }
        kubernetesVersion = document["kubernetesVersion"]?.string
        region = document["region"]?.string
        controlPlaneReplicas = document["controlPlane"]?["replicas"]?.int
        if let pools = document["nodePools"]?.array {
            var read: [NodePool] = []
            for pool in pools { read.append(try NodePool(reading: pool)) }
            nodePools = read
        }
        if let quota = document["quota"] { self.quota = ClusterQuota(reading: quota) }
        if let exposure = document["exposure"] {
            self.exposure = ClusterExposure(reading: exposure)
        }
        volumes = (document["volumes"]?.string).flatMap(VolumePolicy.init(rawValue:)) ?? .delete
        access = (document["access"]?.array ?? []).compactMap(ClusterGrant.init(reading:))
        platform = document["platform"]?.bool ?? true
        paused = document["paused"]?.bool ?? false
        asleep = document["asleep"]?.bool ?? false
        deleteProtection = document["deleteProtection"]?.bool ?? false
        adopt = document["adopt"]?.object.map { ClusterAdoption(context: $0["context"]?.string) }
    }
}

extension NodePool {
    /// Writes the pool as the API shows it: `count`, or `min` and `max`.
    package func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("name", name)
            writer.member("size", orNull: size)
            switch count {
            case .fixed(let count): writer.member("count", count)
            case .scaled(let least, let most):
                writer.member("min", least)
                writer.member("max", most)
            }
            writer.key("labels")
            labels.write(to: &writer)
            writer.key("taints")
            writer.array(taints) { writer, taint in
                writer.object { writer in
                    writer.member("key", taint.key)
                    writer.member("value", taint.value)
                    writer.member("effect", taint.effect.rawValue)
                }
            }
        }
    }

    /// Reads what `write` wrote.
    package init(reading document: JSON) throws(DocumentFault) {
        guard let name = document["name"]?.string else { throw DocumentFault(member: "nodePools") }
        let count: NodeCount
        if let fixed = document["count"]?.int {
            count = .fixed(fixed)
        } else if let least = document["min"]?.int, let most = document["max"]?.int {
            count = .scaled(least, through: most)
        } else {
            throw DocumentFault(member: "nodePools")
        }
        self.init(
            name: name,
            size: document["size"]?.string,
            count: count,
            labels: try document["labels"].map { json throws(DocumentFault) in
                try Labels(reading: json)
            } ?? Labels(),
            taints: (document["taints"]?.array ?? []).compactMap { taint in
                guard let key = taint["key"]?.string,
                    let effect = (taint["effect"]?.string).flatMap(NodeTaint.Effect.init(rawValue:))
                else { return nil }
                return NodeTaint(key: key, value: taint["value"]?.string ?? "", effect: effect)
            }
        )
    }
}

extension ClusterQuota {
    /// Writes the quota as the API shows it.
    package func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("cpu", cpu)
            writer.member("memory", memory)
            writer.member("storage", storage)
            writer.member("pods", pods)
            writer.member("loadBalancers", loadBalancers)
        }
    }

    /// Reads what `write` wrote; what is missing is as it is by default.
    init(reading document: JSON) {
        let usual = ClusterQuota()
        self.init(
            cpu: document["cpu"]?.string ?? usual.cpu,
            memory: document["memory"]?.string ?? usual.memory,
            storage: document["storage"]?.string ?? usual.storage,
            pods: document["pods"]?.int ?? usual.pods,
            loadBalancers: document["loadBalancers"]?.int ?? usual.loadBalancers
        )
    }
}

extension ClusterExposure {
    /// The words of the API.
    package enum Word: String, Sendable, CaseIterable {
        case `internal`
        case loadBalancer
        case host
    }

    /// Writes the exposure as the API shows it.
    package func write(to writer: inout JSONWriter) {
        writer.object { writer in
            switch self {
            case .internal: writer.member("type", Word.internal.rawValue)
            case .loadBalancer: writer.member("type", Word.loadBalancer.rawValue)
            case .host(let host):
                writer.member("type", Word.host.rawValue)
                writer.member("host", host)
            }
        }
    }

    /// Reads what `write` wrote.
    init(reading document: JSON) {
        self =
            switch (document["type"]?.string).flatMap(Word.init(rawValue:)) {
            case .host: document["host"]?.string.map { .host($0) } ?? .internal
            case .loadBalancer: .loadBalancer
            case .internal, nil: .internal
            }
    }
}

extension ClusterGrant {
    /// Reads what was written; nil where it is none.
    fileprivate init?(reading document: JSON) {
        guard let group = document["group"]?.string,
            let role = (document["role"]?.string).flatMap(ClusterRole.init(rawValue:))
        else { return nil }
        self.init(group: group, role: role)
    }
}
