package import Domain
package import JSON

/// What environments are made from: a folder of a blueprint with parameters of its own.
///
/// It is an entry of `environments` in `blueprint.yaml`. Its files are rendered as the blueprint's
/// are, for each environment anew; a tenant's repository does not hold them.
package struct EnvironmentBlueprint: Sendable {
    /// The most templates of one blueprint.
    package static let countMax = 50
    /// The most images, and the most outputs, of one template.
    package static let namesMax = 20

    /// The name by which environments ask for it.
    package let name: String
    /// What it is, in a sentence or more.
    package let description: String
    /// The folder in the blueprint, without a slash at the end.
    package let folder: String
    /// The types of environments that it is for; empty for all.
    package let types: [String]
    /// The names of the images that it runs: each is `${IMAGE_<NAME>}` in its files.
    package let images: [String]
    /// Where the environment answers, with variables; nil for one that serves nothing.
    package let url: String?
    /// What else callers are told, by name, with variables.
    package let outputs: [(name: String, text: String)]
    /// The objects through which traffic is split, with variables; nil where it never is.
    package let rollout: RolloutObjects?
    /// Parts of an environment's spec that hold where a caller says nothing.
    package let defaults: JSONObject
    /// The longest `ttl`, `max` and `keep` that a caller may ask for, as lengths of time; what is
    /// missing is limited by the platform alone.
    package let limits: JSONObject
    let manifest: BlueprintManifest

    /// The JSON Schema of its parameters.
    package var parameters: JSONSchema { manifest.parameters }

    /// Whether the file of a blueprint belongs to it.
    package func holds(_ path: String) -> Bool { path.hasPrefix(folder + "/") }

    /// Whether environments of that type can be made from it.
    package func isFor(_ type: String) -> Bool { types.isEmpty || types.contains(type) }

    /// Whether the content of a file of the blueprint must be known to render it.
    package func takesSubstitution(_ path: String) -> Bool {
        holds(path) && manifest.takesSubstitution(String(path.dropFirst(folder.utf8.count + 1)))
    }

    /// What is said where the blueprint does not have the folder.
    var isEmpty: Finding {
        Finding(
            .badManifest,
            file: BlueprintManifest.path,
            message: "the environment template `\(name)` has no file in `\(folder)/`; add some"
        )
    }
}

/// An environment's files and what callers are told of it.
package struct RenderedEnvironment: Sendable {
    /// The files, below the environment's own folder.
    package let tree: RenderedTree
    /// Where it answers; nil for one that serves nothing.
    package let url: String?
    /// What else callers are told, in the order of the template.
    package let outputs: [(name: String, value: String)]
    /// The objects through which traffic is split; nil where it never is.
    package let rollout: RolloutObjects?
}

extension EnvironmentBlueprint {
    /// Renders the template from the files of its blueprint.
    ///
    /// Throws everything that keeps it from being rendered, at once.
    package func render(
        _ files: [BlueprintFile],
        parameters: JSON,
        values: EnvironmentValues
    ) throws(RenderFault) -> RenderedEnvironment {
        var fault = RenderFault()
        let own = files.filter { holds($0.path.text) }.compactMap { $0.below(folder, &fault) }
        if own.isEmpty { fault.add(isEmpty) }
        guard fault.isEmpty else { throw fault }
        let template = BlueprintTemplate(manifest: manifest, files: own)
        let all = values.all
        let tree = try template.render(parameters: parameters, values: all)
        let substitution = template.substitution(for: tree.parameters, builtIns: all)
        func fill(_ text: String) -> String {
            substitution.expand(text, file: BlueprintManifest.path, fault: &fault) ?? text
        }
        let url = url.map(fill)
        let outputs = outputs.map { (name: $0.name, value: fill($0.text)) }
        let rollout = rollout.map { objects in
            RolloutObjects(
                deployment: fill(objects.deployment),
                service: fill(objects.service),
                route: fill(objects.route)
            )
        }
        guard fault.isEmpty else { throw fault }
        return RenderedEnvironment(tree: tree, url: url, outputs: outputs, rollout: rollout)
    }
}

/// Variables that every environment template may use without declaring them.
package struct EnvironmentValues: Sendable, Equatable {
    /// `ENVIRONMENT`: the environment's name.
    package var environment: String
    /// `ENVIRONMENT_TYPE`: its type, such as `ephemeral`.
    package var type: String
    /// `TENANT`: the tenant's name.
    package var tenant: String
    /// `CLUSTER_NAME`: the cluster that it is in.
    package var cluster: String
    /// `NAMESPACE`: the namespace that it is in.
    package var namespace: String
    /// `HOST`: the host name at which it answers.
    package var host: String
    /// `SERVICE`: the service that runs in it; empty where none is named.
    package var service = ""
    /// `REVISION`: the commit that is rolled out; empty where none is named.
    package var revision = ""
    /// `REF`: the branch or tag of the commit; empty where none is named.
    package var ref = ""
    /// `PULL_REQUEST`: the number of the pull request; empty where there is none.
    package var pullRequest = ""
    /// `DEPLOYMENT`: the number of the roll-out, from 1.
    package var deployment = 1
    /// `IMAGE_<NAME>`: image references by the names that the template gives them.
    package var images: [String: String] = [:]

    /// `DEPENDENCY_…`: what the environments that it depends on say of themselves, by variable.
    package var dependencies: [String: String] = [:]

    /// What the variables of dependencies begin with.
    static let dependencyPrefix = "DEPENDENCY_"
    /// Characters of `REVISION_SHORT`.
    private static let shortRevision = 7

    /// The names of the variables, in the order of the documentation.
    package static let names = [
        "ENVIRONMENT", "ENVIRONMENT_TYPE", "TENANT", "CLUSTER_NAME", "NAMESPACE", "HOST",
        "SERVICE", "REVISION", "REVISION_SHORT", "REF", "PULL_REQUEST", "DEPLOYMENT",
    ]

    /// The values of one roll-out.
    package init(
        environment: String,
        type: String,
        tenant: String,
        cluster: String,
        namespace: String,
        host: String
    ) {
        self.environment = environment
        self.type = type
        self.tenant = tenant
        self.cluster = cluster
        self.namespace = namespace
        self.host = host
    }

    /// The variable of an image: `web-app` is `IMAGE_WEB_APP`.
    package static func variable(ofImage name: String) -> String {
        "IMAGE_" + name.uppercased().map { $0 == "-" ? "_" : String($0) }.joined()
    }

    /// The values by name.
    var all: [String: String] {
        var values = [
            "ENVIRONMENT": environment, "ENVIRONMENT_TYPE": type, "TENANT": tenant,
            "CLUSTER_NAME": cluster, "NAMESPACE": namespace, "HOST": host, "SERVICE": service,
            "REVISION": revision, "REVISION_SHORT": String(revision.prefix(Self.shortRevision)),
            "REF": ref, "PULL_REQUEST": pullRequest, "DEPLOYMENT": String(deployment),
        ]
        for (name, reference) in images {
            values[Self.variable(ofImage: name)] = reference
        }
        values.merge(dependencies) { own, _ in own }
        return values
    }
}
