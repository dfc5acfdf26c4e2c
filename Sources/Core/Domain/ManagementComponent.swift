import JSON

/// A program in a management cluster that clusters are made or delivered with.
package struct ManagementComponent: Sendable, Hashable {
    /// The name: that of a provider as Cluster API knows it, such as `infrastructure-aws`, or
    /// `flux/source-controller`, `argocd/argocd-repo-server`.
    package var name: String
    /// Its version as it is published, such as `v1.14.0`; nil where nothing tells it.
    package var version: String?
    /// The contracts of Cluster API that a provider follows, such as `v1beta2`.
    package var contracts: [String]
    /// Whether any replica of it is available.
    package var isRunning: Bool

    /// A program of that name.
    package init(name: String, version: String?, contracts: [String] = [], isRunning: Bool) {
        self.name = name
        self.version = version
        self.contracts = contracts
        self.isRunning = isRunning
    }
}

extension ManagementComponent {
    /// Writes the program as the API shows it.
    func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("name", name)
            writer.member("version", orNull: version)
            writer.key("contracts")
            writer.array(contracts) { $0.string($1) }
            writer.member("running", isRunning)
        }
    }

    /// Reads what `write` wrote; nil where it is none.
    init?(reading document: JSON) {
        guard let name = document["name"]?.string else { return nil }
        self.init(
            name: name,
            version: document["version"]?.string,
            contracts: (document["contracts"]?.array ?? []).compactMap(\.string),
            isRunning: document["running"]?.bool ?? false
        )
    }
}
