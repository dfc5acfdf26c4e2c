package import JSON

extension ManagementClusterSpec {
    /// Writes the spec as the API shows it; the kubeconfig is not part of it.
    package func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("connection", connection.rawValue)
            writer.member("context", orNull: context)
            writer.member("delivery", delivery.rawValue)
            writer.member("engine", orNull: engine?.rawValue)
            writer.member("virtualClusters", orNull: virtualClusters?.rawValue)
            writer.member("engineNamespace", orNull: engineNamespace)
            writer.member("sourceName", orNull: sourceName)
            writer.key("gateway")
            gateway.write(to: &writer)
            writer.member("default", isDefault)
            writer.member("cordoned", isCordoned)
            writer.key("capacity")
            capacity.write(to: &writer)
        }
    }

    /// Reads what `write` wrote.
    package init(reading document: JSON) throws(DocumentFault) {
        guard
            let connection = (document["connection"]?.string).flatMap(Connection.init(rawValue:))
        else { throw DocumentFault(member: "connection") }
        self.init(
            connection: connection,
            context: document["context"]?.string,
            delivery: (document["delivery"]?.string).flatMap(Delivery.init(rawValue:)) ?? .gitops,
            engine: (document["engine"]?.string).flatMap(Engine.init(rawValue:)),
            virtualClusters: (document["virtualClusters"]?.string)
                .flatMap(VirtualClusters.init(rawValue:)),
            engineNamespace: document["engineNamespace"]?.string,
            sourceName: document["sourceName"]?.string,
            gateway: Gateway(reading: document["gateway"]),
            isDefault: document["default"]?.bool ?? false,
            isCordoned: document["cordoned"]?.bool ?? false,
            capacity: [ClusterKind: Int](reading: document["capacity"])
        )
    }
}

extension ManagementClusterSpec.Gateway? {
    /// Writes the gateway as the API shows it; `null` for none.
    fileprivate func write(to writer: inout JSONWriter) {
        guard let self else { return writer.null() }
        writer.object { writer in
            writer.member("name", self.name)
            writer.member("namespace", self.namespace)
        }
    }
}

extension ManagementClusterSpec.Gateway {
    /// Reads what was written; nil where there is none.
    fileprivate init?(reading document: JSON?) {
        guard let name = document?["name"]?.string,
            let namespace = document?["namespace"]?.string
        else { return nil }
        self.init(name: name, namespace: namespace)
    }
}

extension [ClusterKind: Int] {
    /// Writes the numbers by kind; kinds without one are left out.
    package func write(to writer: inout JSONWriter) {
        writer.object { writer in
            for kind in ClusterKind.allCases {
                guard let number = self[kind] else { continue }
                writer.key(named: kind.rawValue)
                writer.int(number)
            }
        }
    }

    /// Reads what `write` wrote.
    package init(reading document: JSON?) {
        self.init()
        for kind in ClusterKind.allCases { self[kind] = document?[kind.rawValue]?.int }
    }
}

extension ManagementClusterStatus {
    /// Writes the status as it is stored; the API adds what is used up.
    package func write(to writer: inout JSONWriter) {
        writer.object { writeMembers(to: &$0) }
    }

    /// Writes the members of the status into an object that is under way.
    package func writeMembers(to writer: inout JSONWriter) {
        writer.member("phase", phase.rawValue)
        writer.key("conditions")
        writer.array(conditions) { $1.write(to: &$0) }
        writer.member("observedGeneration", observedGeneration)
        writer.key("features")
        features.write(to: &writer)
        writer.key("findings")
        writer.array(findings) { $0.string($1) }
        writer.member("checkedAt", orNull: checkedAt?.description)
        writer.member("job", orNull: job?.description)
    }

    /// Reads what `write` wrote.
    package init(reading document: JSON) throws(DocumentFault) {
        guard let phase = (document["phase"]?.string).flatMap(Phase.init(rawValue:)) else {
            throw DocumentFault(member: "phase")
        }
        self.init(
            phase: phase,
            conditions: try [Condition](reading: document["conditions"]),
            observedGeneration: Int64(document["observedGeneration"]?.int ?? 0),
            features: ManagementFeatures(reading: document["features"] ?? .null),
            findings: (document["findings"]?.array ?? []).compactMap(\.string),
            checkedAt: Instant(stored: document["checkedAt"]),
            // What is no id names no job.
            job: (document["job"]?.string).flatMap { try? JobID(parsing: $0) }
        )
    }
}

extension ManagementFeatures {
    /// Writes what is installed as the API shows it.
    package func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("kubernetesVersion", orNull: kubernetesVersion)
            writer.member("clusterAPI", orNull: clusterAPI)
            writer.key("infrastructure")
            writer.object { writer in
                for (kind, version) in infrastructure.sorted(by: { $0.key < $1.key }) {
                    writer.key(named: kind)
                    writer.string(version)
                }
            }
            writer.member("flux", hasFlux)
            writer.member("argocd", hasArgoCD)
            writer.member("sandbox", isSandbox)
            writer.key("components")
            writer.array(components) { $1.write(to: &$0) }
        }
    }

    /// Reads what `write` wrote.
    package init(reading document: JSON) {
        var infrastructure: [String: String] = [:]
        if let members = document["infrastructure"]?.object {
            for member in members { infrastructure[member.key] = member.value.string }
        }
        self.init(
            kubernetesVersion: document["kubernetesVersion"]?.string,
            clusterAPI: document["clusterAPI"]?.string,
            infrastructure: infrastructure,
            hasFlux: document["flux"]?.bool ?? false,
            hasArgoCD: document["argocd"]?.bool ?? false,
            isSandbox: document["sandbox"]?.bool ?? false,
            components: (document["components"]?.array ?? [])
                .compactMap(ManagementComponent.init(reading:))
        )
    }
}
