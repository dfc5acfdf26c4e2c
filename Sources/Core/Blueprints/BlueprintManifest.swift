package import JSON

/// `blueprint.yaml`: what a blueprint asks for and how its files become a tenant's repository.
package struct BlueprintManifest: Sendable {
    /// Where the file is in a blueprint.
    package static let path = "blueprint.yaml"
    /// The value of `apiVersion`.
    package static let apiVersion = "slipway.dev/v1"
    /// The value of `kind`.
    package static let kind = "Blueprint"
    /// Sections that are kept for later use and not looked into here.
    package static let reservedSections = ["clusterClasses"]

    /// The blueprint's own name.
    package let name: String
    /// What it is, in a sentence or more.
    package let description: String
    /// The JSON Schema of the parameters.
    package let parameters: JSONSchema
    /// Variables beside the built-in ones, each with the parameter it takes its value from.
    package let variables: [String: JSONPointer]
    /// Which files take substitution.
    package let substitute: PathSelection
    /// Which files depend on a parameter.
    package let conditions: [FileCondition]
    /// What tenants' environments can be made from.
    package let environments: [EnvironmentBlueprint]
    /// The folders of what tenants may order; `OfferingBlueprint` reads them.
    package let offeringFolders: [String]
    /// The reserved sections that are present, as they were written.
    package let reserved: JSONObject

    /// Reads `blueprint.yaml`.
    ///
    /// Throws everything that is wrong with it, with lines.
    package init(parsing bytes: [UInt8]) throws(RenderFault) {
        var reader = try ManifestReader(bytes)
        self = try reader.manifest()
    }

    init(
        name: String,
        description: String,
        parameters: JSONSchema,
        variables: [String: JSONPointer],
        substitute: PathSelection,
        conditions: [FileCondition],
        environments: [EnvironmentBlueprint] = [],
        offeringFolders: [String] = [],
        reserved: JSONObject = JSONObject()
    ) {
        self.name = name
        self.description = description
        self.parameters = parameters
        self.variables = variables
        self.substitute = substitute
        self.conditions = conditions
        self.environments = environments
        self.offeringFolders = offeringFolders
        self.reserved = reserved
    }

    /// The kinds of clusters that come with the blueprint, as they were written.
    package var clusterClasses: [JSON] { reserved["clusterClasses"]?.array ?? [] }

    /// The files that `template` of a class names.
    package static func templatePaths(of entry: JSON) -> [String] {
        let template = entry["template"]
        return template?.array?.compactMap(\.string) ?? [template?.string].compactMap(\.self)
    }

    /// Whether the file is one that only Slipway reads: a tenant's repository has none of them.
    func isOwn(_ path: String) -> Bool {
        path == Self.path || clusterClasses.contains { Self.templatePaths(of: $0).contains(path) }
            || environments.contains { $0.holds(path) }
            || isOffering(path)
    }

    /// Whether the file belongs to an offering.
    package func isOffering(_ path: String) -> Bool {
        offeringFolders.contains { path.hasPrefix($0 + "/") }
    }

    /// Whether the content of a file must be known to render it.
    package func takesSubstitution(_ path: String) -> Bool {
        substitute.contains(path) && path != Self.path
    }
}

/// Paths chosen by patterns: in when one matches, unless one that starts with `!` matches too.
package struct PathSelection: Sendable, Equatable {
    let included: [PathGlob]
    let excluded: [PathGlob]

    /// Every path.
    static let all = PathSelection(included: PathGlob("**").map { [$0] } ?? [], excluded: [])

    /// Whether the path is chosen.
    package func contains(_ path: String) -> Bool {
        included.contains { $0.matches(path) } && !excluded.contains { $0.matches(path) }
    }
}

/// Files that are kept only when a parameter says so.
package struct FileCondition: Sendable {
    /// What the parameter must be.
    enum Test: Sendable {
        /// Present, and neither false, null nor empty.
        case isSet
        case equals(JSON)
        case differs(JSON)
        case isOneOf([JSON])
    }

    let files: [PathGlob]
    let parameter: JSONPointer
    let test: Test

    /// Whether the files are kept with these parameters.
    package func holds(for parameters: JSON) -> Bool {
        let value = parameters.value(at: parameter)
        switch test {
        case .isSet:
            guard let value else { return false }
            return value != .null && value != .bool(false) && value != .string("")
        case .equals(let wanted): return value == wanted
        case .differs(let unwanted): return value != unwanted
        case .isOneOf(let wanted): return value.map(wanted.contains) ?? false
        }
    }
}

/// Variables that every blueprint may use without declaring them.
package struct BuiltIns: Sendable, Equatable {
    /// `TENANT`: the tenant's name.
    package var tenant: String
    /// `CLUSTER_NAME`: the name of the tenant's cluster.
    package var clusterName: String
    /// `REPOSITORY_URL`: where the tenant's repository is cloned from.
    package var repositoryURL: String
    /// `REPOSITORY_BRANCH`: its default branch.
    package var branch: String
    /// `BLUEPRINT_NAME`: the blueprint's name in Slipway.
    package var blueprint: String
    /// `BLUEPRINT_VERSION`: the version that was forked.
    package var version: String

    /// The names of the variables, in the order of the documentation.
    package static let names = [
        "TENANT", "CLUSTER_NAME", "REPOSITORY_URL", "REPOSITORY_BRANCH", "BLUEPRINT_NAME",
        "BLUEPRINT_VERSION",
    ]

    /// The values of one tenant's repository.
    package init(
        tenant: String,
        clusterName: String,
        repositoryURL: String,
        branch: String = "main",
        blueprint: String,
        version: String
    ) {
        self.tenant = tenant
        self.clusterName = clusterName
        self.repositoryURL = repositoryURL
        self.branch = branch
        self.blueprint = blueprint
        self.version = version
    }

    /// The values by name.
    package var values: [String: String] {
        [
            "TENANT": tenant, "CLUSTER_NAME": clusterName, "REPOSITORY_URL": repositoryURL,
            "REPOSITORY_BRANCH": branch, "BLUEPRINT_NAME": blueprint, "BLUEPRINT_VERSION": version,
        ]
    }
}
