package import Domain
package import JSON

/// What the platform says of a class beside its template; everything may be left out.
package struct ClassDefinition: Sendable, Equatable {
    /// What the class is for, in a sentence.
    package var description: String
    /// Who the machines are from, as sizes call it (`aws`, `azure`, …); nil to tell it from the
    /// template.
    package var provider: String?
    /// Values for the template's variables.
    ///
    /// They may use `TENANT`, `CLUSTER`, `CLUSTER_NAME`,
    /// `NAMESPACE`, `KUBERNETES_VERSION` and `REGION` in `${…}`.
    package var variables: [String: String]
    /// Where Slipway's words go.
    package var mapping: ClassMapping
    /// What sizes stand for, over the provider's own table: an instance type, or the members to
    /// set.
    package var sizes: [String: JSON]
    /// The versions that may be ordered: whole (`1.34.2`) or a minor (`1.34`); empty for any.
    package var kubernetesVersions: [String]
    /// The regions that may be ordered; empty for any.
    package var regions: [String]
    /// What one tenant may have of it.
    package var allowance: ClassAllowance
    /// How ill machines are found.
    package var healthChecks: ClassHealthChecks

    /// Reads a definition.
    ///
    /// - Throws: everything that is wrong with it, with pointers.
    package init(parsing json: JSON) throws(ClassFault) {
        var reader = DefinitionReader()
        self = reader.definition(json)
        guard reader.fault.findings.isEmpty else { throw reader.fault }
    }

    /// A definition that leaves everything to the template and the defaults.
    package init() {
        description = ""
        variables = [:]
        mapping = ClassMapping()
        sizes = [:]
        kubernetesVersions = []
        regions = []
        allowance = ClassAllowance()
        healthChecks = ClassHealthChecks()
    }

    /// Whether clusters of this version may be ordered.
    package func allows(kubernetesVersion version: String) -> Bool {
        kubernetesVersions.isEmpty
            || kubernetesVersions.contains { version == $0 || version.hasPrefix($0 + ".") }
    }

    /// The version of clusters that ask for none: the last whole one of the list.
    package var defaultVersion: String? {
        kubernetesVersions.last { $0.utf8.count { $0 == UInt8(ascii: ".") } > 1 }
    }
}

/// What one tenant may have of a class.
package struct ClassAllowance: Sendable, Equatable {
    /// The tenants that may order it, by their labels; nil for all.
    package var tenants: LabelSelector?
    /// The most clusters of a tenant; nil for any number.
    package var clusters: Int?
    /// The most nodes of one cluster, pools together; nil for any number.
    package var nodes: Int?
    /// The sizes that may be ordered; empty for all.
    package var sizes: [String]

    /// No limits.
    package init() {
        sizes = []
    }
}

/// How ill machines are found and replaced.
package struct ClassHealthChecks: Sendable, Equatable {
    /// Whether Slipway adds checks where the template has none.
    package var isEnabled = true
    /// How long a machine may take to become a node.
    package var nodeStartupSeconds = 1_200
    /// How long a node may be out of order.
    package var unhealthySeconds = 300

    /// Checks with the usual times.
    package init() {}
}
